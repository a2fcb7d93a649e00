"""Meetings unblind nobody: whoever reads gets the same bytes whether or not others wait for one."""

import re
from contextlib import ExitStack

import pytest
from gradio.context import Context

from mottling.scale import Zone
from mottling.services.views import Answer
from tests.house import NINA, OLGA, RAVI, RITA, ROSA, charter_text, confirm, read
from tests.tiny_model import a_jpeg
from tests.web_house import call, shown, web_house

ROOM = "/committee/en/"
# A third reader is asked either way; only in one of the two trials do the first two and he leave it open.
JOINS = charter_text('third_reader = "decides"', 'third_reader = "joins"')
KNEES = a_jpeg([Zone.COIN])


def undrawn(text: str) -> str:
    times = r'"(?:\w+_)?(?:duration|eta|time)":\s*(?:null|[0-9.e-]+)'
    return re.sub(rf'[0-9a-f]{{32}}|"turn":\s*"[0-9a-f]{{8}}"|{times}', "DRAWN", text)


@pytest.fixture(scope="module")
def houses(tmp_path_factory):
    """In the first trial Rita, Ravi and Rosa said three things of a photograph; in the other two agree."""
    with ExitStack() as stack:
        made = []
        for name, scores in (("open", (0, 2, 4)), ("settled", (0, 2, 2))):
            Context.id = 0
            house = stack.enter_context(web_house(tmp_path_factory.mktemp(name), charter=JOINS))
            confirm(house.services, "01-001", data=KNEES)
            for reader, score in zip((RITA, RAVI, ROSA), scores, strict=True):
                read(house.services, reader, Answer.scored(score))
            made.append(house)
        yield made


def stream(house, reader, session_hash):
    client = house.enter(reader)
    call(client, ROOM, fn_index=0, event_data=None, session_hash=session_hash)
    said = client.get(f"{ROOM}gradio_api/queue/data", params={"session_hash": session_hash})
    return undrawn(said.text), {
        name: value for name, value in said.headers.items() if name != "content-length"
    }


def test_the_reading_room_does_not_tell_whether_the_committee_has_to_meet(houses):
    assert stream(houses[0], RITA, "allread") == stream(houses[1], RITA, "allread")


def test_with_photographs_to_read_the_bytes_are_the_same_and_the_meeting_is_shut(houses):
    for house in houses:
        confirm(house.services, "02-001", data=KNEES)
    assert stream(houses[0], RAVI, "reading") == stream(houses[1], RAVI, "reading")
    refused = [shown(house.enter(RAVI), ROOM, "meeting")["problem"] for house in houses]
    assert refused[0] == refused[1]
    assert "1 photographs to read" in refused[0][0]


@pytest.mark.parametrize("stranger", [NINA, OLGA], ids=lambda user: user.name)
def test_the_meeting_is_for_readers_only(houses, stranger):
    answer = call(
        houses[0].enter(stranger),
        ROOM,
        fn_index=1,
        event_data={"deed": "meeting", "form": {}},
        session_hash="stranger",
    )
    assert answer.status_code == 403
