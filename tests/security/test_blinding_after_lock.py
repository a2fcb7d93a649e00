"""Where readers are shown the model: before the lock no byte tells what it said, nor whether it did."""

import re
from contextlib import ExitStack

import pytest
from gradio.context import Context

from mottling.scale import Zone
from mottling.services.views import Answer
from tests.house import DAY1, NINA, RAVI, RITA, charter_text, take
from tests.security.test_blinding_stores import said_by_model
from tests.tiny_model import a_jpeg
from tests.web_house import HTML, call, shown, web_house

ROOM = "/committee/en/"
AFTER_LOCK = charter_text('model = "silent"', 'model = "after_lock"\nmodel_shown_counts = "after"').replace(
    "repeats_share = 0.1", "repeats_share = 0.0"
)
KNEES = a_jpeg([Zone.COIN])
LOCK = {"reading_s": "7", "answer": {"score": "3"}}


def undrawn(text: str) -> str:
    times = r'"(?:\w+_)?(?:duration|eta|time)":\s*(?:null|[0-9.e-]+)'
    drawn = r'nonce="[^"]+"|nonce-[\w-]+|"app_id":\d+'
    return re.sub(rf'[0-9a-f]{{32}}|"turn":\s*"[0-9a-f]{{8}}"|{times}|{drawn}', "DRAWN", text)


def headers_of(answer) -> dict[str, str]:
    kept = {name: undrawn(value) for name, value in answer.headers.items()}
    return {name: value for name, value in kept.items() if name != "content-length"}


def all_before_the_lock(rita) -> tuple[list[object], str]:
    """Open the room, look at the photograph, ask for what the model drew: as often as anybody likes."""
    document = rita.get(ROOM, headers=HTML)
    call(rita, ROOM, fn_index=0, event_data=None, session_hash="before")
    stream = rita.get(f"{ROOM}gradio_api/queue/data", params={"session_hash": "before"})
    (name,) = set(re.findall(r"/committee/readings/([0-9a-f]{32})/picture", stream.text))
    picture, overlay = (rita.get(f"/committee/readings/{name}/{what}") for what in ("picture", "overlay"))
    deeds = [shown(rita, ROOM, deed, {"reading_id": name}) | {"turn": ""} for deed in ("keep_after", "again")]
    got = [headers_of(document), undrawn(document.text), undrawn(stream.text), headers_of(stream)]
    got += [picture.content, headers_of(picture), overlay.status_code, overlay.text, headers_of(overlay)]
    return [*got, undrawn(str(deeds))], name


def reads_nothing(*_photo, **_file):
    raise RuntimeError("no network runs here")


@pytest.fixture(scope="module")
def houses(tmp_path_factory):
    """The model said 0 of the photograph in the first trial and 5 in the second; in the third nothing."""
    made = []
    with ExitStack() as stack:
        for said in (0, 5, None):
            Context.id = 0
            folder = tmp_path_factory.mktemp(f"model{said}")
            house = stack.enter_context(web_house(folder, charter=AFTER_LOCK))
            services, photo_id = house.services, take(house.services, data=KNEES)
            if said is not None:
                book = services.office._store.ward
                drawn = a_jpeg([]) if said else KNEES
                book.add_assessment(photo_id, said_by_model(said), overlay=drawn, by="server", at=DAY1)
            services.ward._model._scorer.score = reads_nothing
            services.ward.lock_own_score(NINA, photo_id, Answer.scored(2), at=DAY1)
            services.ward.proposal(NINA, photo_id, at=DAY1)
            services.ward.keep(NINA, photo_id, at=DAY1)
            made.append((house, *all_before_the_lock(house.enter(RITA))))
        yield made


@pytest.mark.parametrize("other", [1, 2])
def test_before_the_lock_no_byte_tells_what_the_model_said(houses, other):
    assert houses[0][1] == houses[other][1]


def test_after_the_lock_its_reader_is_shown_it_and_nobody_else(houses):
    house, _, name = houses[1]
    body = shown(house.enter(RITA), ROOM, "lock", {"reading_id": name, **LOCK})["body"]
    assert "<dd>5</dd>" in body
    overlay = house.enter(RITA).get(f"/committee/readings/{name}/overlay")
    assert (overlay.status_code, len(overlay.content) % (512 * 1024)) == (200, 0)
    assert overlay.headers["cache-control"] == "private, no-store"
    assert house.enter(RAVI).get(f"/committee/readings/{name}/overlay").status_code == 403


def test_where_the_model_said_nothing_the_next_photograph_comes_at_once(houses):
    house, _, name = houses[2]
    body = shown(house.enter(RITA), ROOM, "lock", {"reading_id": name, **LOCK})["body"]
    assert "Your readings, not signed yet" in body
