"""Byte by byte: why a reader is given a photograph changes nothing that reaches him.

The same photograph comes to the same reader as one of the first two, as the third of two who differ, and as a
second look because the model lies far from the verdict.
"""

import re
from contextlib import ExitStack

import pytest
from gradio.context import Context

from mottling.scale import Zone
from mottling.services.views import Answer
from tests.house import RAVI, RITA, ROSA, charter_text, confirm, read
from tests.tiny_model import a_jpeg
from tests.web_house import HTML, call, shown, web_house

ROOM = "/committee/en/"
SECOND_LOOK = charter_text('model = "silent"', 'model = "second_look"\nsecond_look_from = 2').replace(
    "repeats_share = 0.1", "repeats_share = 0.0"
)
KNEES = a_jpeg([Zone.COIN])
REASONS = {"first": (), "second": (0,), "third": (0, 5), "second look": (5, 5)}
"""What others had said before."""


def undrawn(text: str) -> str:
    times = r'"(?:\w+_)?(?:duration|eta|time)":\s*(?:null|[0-9.e-]+)'
    drawn = r'nonce="[^"]+"|nonce-[\w-]+|"app_id":\d+'
    return re.sub(rf'[0-9a-f]{{32}}|"turn":\s*"[0-9a-f]{{8}}"|{times}|{drawn}', "DRAWN", text)


def headers_of(answer) -> dict[str, str]:
    return {name: undrawn(value) for name, value in answer.headers.items()}


def all_that_rosa_gets(house) -> dict[str, object]:
    """Open the room, look at the photograph, lock an answer and look at the batch."""
    rosa = house.enter(ROSA)
    document = rosa.get(ROOM, headers=HTML)
    call(rosa, ROOM, fn_index=0, event_data=None, session_hash="reasons")
    stream = rosa.get(f"{ROOM}gradio_api/queue/data", params={"session_hash": "reasons"})
    (name,) = set(re.findall(r"/committee/readings/([0-9a-f]{32})/picture", stream.text))
    picture = rosa.get(f"/committee/readings/{name}/picture")
    locked = shown(rosa, ROOM, "lock", {"reading_id": name, "reading_s": "7", "answer": {"score": "3"}})
    return {
        "headers": {key: value for key, value in headers_of(document).items() if key != "content-length"},
        "stream": undrawn(stream.text),
        "stream's headers": headers_of(stream),
        "picture": picture.content,
        "picture's headers": headers_of(picture),
        "locked": undrawn(locked["body"]),
        "notice": locked["notice"],
    }


@pytest.fixture(scope="module")
def got(tmp_path_factory):
    found = {}
    for reason, scores in REASONS.items():
        Context.id = 0
        with ExitStack() as stack:
            folder = tmp_path_factory.mktemp(reason.replace(" ", "-"))
            house = stack.enter_context(web_house(folder, charter=SECOND_LOOK))
            confirm(house.services, "01-001", data=KNEES)
            for reader, score in zip((RITA, RAVI), scores, strict=False):
                read(house.services, reader, Answer.scored(score))
            found[reason] = all_that_rosa_gets(house)
            asked = house.services.office._store.committee.second_looks()
            assert bool(asked) is (reason == "second look")
    return found


@pytest.mark.parametrize("what", ["headers", "stream", "stream's headers", "locked", "notice"])
@pytest.mark.parametrize("reason", ["second", "third", "second look"])
def test_the_reason_changes_no_byte(got, reason, what):
    assert got[reason][what] == got["first"][what]


@pytest.mark.parametrize("what", ["picture", "picture's headers"])
def test_the_picture_of_a_second_look_is_that_of_any_photograph(got, what):
    assert got["second look"][what] == got["first"][what]
