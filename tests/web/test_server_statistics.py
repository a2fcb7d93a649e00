"""Gradio keeps no table of what was done on the pages, and its queues are quiet while nothing is done."""

import asyncio

from starlette.routing import Mount

from tests.house import NINA
from tests.web_house import shown, web_house

WARD = "/ward/en/"


def _queue_of(app, path):
    mount = next(one for one in app.routes if isinstance(one, Mount) and one.path == path.rstrip("/"))
    return mount.app.get_blocks()._queue


def test_deeds_are_not_tabulated_and_only_the_last_one_is_known(web):
    nina = web.enter(NINA)
    for _ in range(3):
        assert shown(nina, WARD)["problem"] is None
    queue = _queue_of(web.app, WARD)
    assert queue.events_recorded >= 3
    assert queue.cached_event_analytics_summary == {"functions": {}}
    assert len(queue.event_analytics) == 1


def test_a_queue_without_work_looks_for_it_some_hundred_times_a_second_and_not_a_thousand(web):
    for path in (WARD, "/office/fr/", "/committee/en/"):
        queue = _queue_of(web.app, path)
        assert (queue.sleep_when_free, queue.progress_update_sleep_when_free) == (0.005, 1.0)


async def _loops() -> int:
    return sum(one.get_coro().__name__ == "start_processing" for one in asyncio.all_tasks())


def test_a_queue_begins_with_the_first_deed_of_its_page_and_once(tmp_path):
    with web_house(tmp_path) as house:
        assert house.running.portal.call(_loops) == 0
        nina = house.enter(NINA)
        nina.get(f"{WARD}gradio_api/startup-events")
        for _ in range(2):
            assert shown(nina, WARD)["problem"] is None
            assert house.running.portal.call(_loops) == 1
