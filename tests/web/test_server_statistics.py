"""Gradio keeps no table of what was done on the pages, and its queues are quiet while nothing is done."""

import asyncio
from datetime import UTC, datetime
from threading import Event

from gradio import blocks, routes
from starlette.routing import Mount

from mottling.web import parts
from tests.house import NINA, NOAH
from tests.web_house import call, heard, shown, web_house

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


def test_nobody_looks_for_work_a_deed_is_begun_when_it_is_brought(tmp_path):
    with web_house(tmp_path) as house:
        queue = _queue_of(house.app, WARD)
        queue.sleep_when_free = "never"  # whoever sleeps until the next look, as Gradio's loop does, fails
        nina = house.enter(NINA)
        for _ in range(2):
            assert shown(nina, WARD)["problem"] is None
        assert queue.progress_update_sleep_when_free == 1.0


def test_what_finds_no_place_is_begun_when_one_is_free(tmp_path, monkeypatch):
    gate = Event()

    def now() -> datetime:
        assert gate.wait(20)
        return datetime.now(UTC)

    with web_house(tmp_path) as house:
        queue = _queue_of(house.app, WARD)
        queue.max_thread_count = 1
        nina, noah = house.enter(NINA), house.enter(NOAH)
        monkeypatch.setattr(parts, "_now", now)
        for one in (nina, noah):
            assert call(one, WARD, fn_index=0, event_data=None).status_code == 200
        assert len(queue) == 1, "noah's waits for nina's"
        gate.set()
        for one in (nina, noah):
            assert '"success":true' in heard(one, WARD)


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


def test_a_page_has_one_app_of_gradio_s_and_that_is_the_one_that_is_mounted(tmp_path, monkeypatch):
    made = []
    create_app = routes.App.create_app
    monkeypatch.setattr(
        routes.App, "create_app", lambda *a, **b: made.append(create_app(*a, **b)) or made[-1]
    )
    with web_house(tmp_path) as house:
        mounted = [one.app for one in house.app.routes if isinstance(one, Mount) and one.path.count("/") == 2]
        assert made == [one for one in mounted if isinstance(one, routes.App)]
        assert blocks.App is routes.App
