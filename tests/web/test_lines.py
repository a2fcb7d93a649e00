"""Who waits for what: a picture and the list do not stand in line behind photographs that come in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Semaphore

from starlette.testclient import TestClient

from tests.house import NINA, enrol, take
from tests.tiny_model import a_jpeg
from tests.web_house import send_photo, shown, web_house

PATIENCE_S = 60
COMING_IN = ("01-003", "01-004", "01-005")


class Places:
    """Places of the darkroom that are taken until the door opens."""

    def __init__(self):
        self.taken = Semaphore(0)
        self.door = Event()

    def __enter__(self):
        self.taken.release()
        assert self.door.wait(PATIENCE_S)

    def __exit__(self, *_):
        return None


@contextmanager
def every_place_taken(tmp_path) -> Iterator[tuple[TestClient, str]]:
    """Nina, and a photograph of hers, while more photographs come in than are decoded at a time."""
    with web_house(tmp_path) as house, ThreadPoolExecutor(len(COMING_IN)) as wards:
        enrol(house.services, *COMING_IN)
        photo_id = take(house.services)
        nina = house.enter(NINA)
        places = house.services.ward._darkroom._places = Places()
        sent = [
            wards.submit(
                send_photo, house.enter(NINA), a_jpeg(), Mottling_Patient=one, Idempotency_Key=f"key of {one}"
            )
            for one in COMING_IN
        ]
        for _ in range(2):
            assert places.taken.acquire(timeout=PATIENCE_S)
        try:
            yield nina, photo_id
            assert not any(one.done() for one in sent)
        finally:
            places.door.set()
        assert [one.result().status_code for one in sent] == [201] * len(COMING_IN)


def test_a_picture_is_shown_while_every_place_for_photographs_that_come_in_is_taken(tmp_path):
    with every_place_taken(tmp_path) as (nina, photo_id):
        answer = nina.get(f"/ward/photos/{photo_id}/picture")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")


def test_the_list_is_shown_while_every_place_for_photographs_that_come_in_is_taken(tmp_path):
    with every_place_taken(tmp_path) as (nina, _):
        assert "ward-list" in shown(nina, "/ward/en/")["body"]
