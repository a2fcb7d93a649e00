"""Any two stores that differ only in what must stay hidden give a reader the same, on every route."""

import io
import re
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from starlette.testclient import TestClient

from mottling.scale import Zone
from mottling.services.opening import Services
from mottling.services.views import Answer
from mottling.trial.markings import Outline, Patch, Point
from mottling.web.server import build_app
from tests.house import (
    DAY1,
    RAVI,
    RITA,
    charter_text,
    confirm,
    enrol,
    house_settings,
    lock,
    open_house,
    sign,
)
from tests.tiny_model import a_jpeg
from tests.web_house import WebHouse, call

ROOM = "/committee/en/"
# Which photographs come back is drawn too, and has its own tests beside this one.
PLAIN = charter_text("repeats_share = 0.1", "repeats_share = 0.0")
# All alike to look at: the order in which a reader sees them is drawn, and must not be what differs.
KNEES = a_jpeg([Zone.COIN])
SIZE = Image.open(io.BytesIO(KNEES)).size
BORDER = Outline(
    width_px=SIZE[0], height_px=SIZE[1], patches=(Patch(corners=(Point(9, 9), Point(80, 9), Point(9, 70))),)
)
PATIENTS = st.from_regex(r"0[12]-[1-9][0-9]{2}", fullmatch=True)
ANSWERS = st.one_of(st.builds(Answer.scored, st.integers(0, 5)), st.just(Answer.not_assessable("blurred")))


@dataclass(frozen=True)
class Hidden:
    """What a reader must not be able to tell of one photograph."""

    patient: str
    bedside: int
    before: Answer | None
    """What another reader said of it."""
    is_signed: bool
    is_marked: bool
    """With the mottled border on it."""


HIDDEN = st.builds(
    Hidden, PATIENTS, st.integers(0, 5), st.one_of(st.none(), ANSWERS), st.booleans(), st.booleans()
)
TRIALS = st.lists(HIDDEN, min_size=2, max_size=3, unique_by=lambda one: one.patient)


@st.composite
def two_trials(draw) -> tuple[list[Hidden], list[Hidden]]:
    """Two trials with as many photographs."""
    one = draw(TRIALS)
    other = draw(st.lists(HIDDEN, min_size=len(one), max_size=len(one), unique_by=lambda each: each.patient))
    return one, other


class Exchanged:
    """A committee in front of whichever store is looked at: the web app is built once for all of them."""

    def __init__(self) -> None:
        self.now: Services | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self.now.committee, name)


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """A web app and a reader who is signed in; the committee behind it is exchanged."""
    folder = tmp_path_factory.mktemp("stores")
    committee = Exchanged()
    with closing(open_house(folder, charter=PLAIN)) as services:
        app = build_app(replace(services, committee=committee), house_settings(folder))
        with TestClient(app, base_url="http://testserver") as running:
            yield WebHouse(services, app, folder, running).enter(RITA), committee, tmp_path_factory


def fill(services: Services, trial: list[Hidden]) -> None:
    enrol(services, *(one.patient for one in trial))
    for one in trial:
        confirm(services, one.patient, score=one.bedside, data=KNEES)
    for one in trial:
        if one.before is not None and services.committee.next_photo(RAVI, at=DAY1) is not None:
            lock(services, RAVI, one.before, BORDER if one.is_marked and one.before.score else None)
            if one.is_signed:
                sign(services, RAVI)


def everything(client: TestClient) -> list[object]:
    """Read to the end, and keep every byte and header on the way, without what is drawn each time."""
    kept: list[object] = []
    event: object = None
    while True:
        joined = call(client, ROOM, fn_index=1 if event else 0, event_data=event, session_hash="stores")
        stream = client.get(f"{ROOM}gradio_api/queue/data", params={"session_hash": "stores"})
        kept += [_headers(joined), _undrawn(stream.text), _headers(stream)]
        found = re.search(r'name=\\"reading_id\\" value=\\"([0-9a-f]{32})', stream.text)
        if found is None:
            return kept
        for name in re.findall(r"/committee/readings/([0-9a-f]{32})/picture", stream.text):
            picture = client.get(f"/committee/readings/{name}/picture")
            kept += [picture.status_code, picture.content, _headers(picture)]
        form = {"reading_id": found[1], "reading_s": "7", "answer": {"score": "1"}}
        event = {"deed": "lock", "form": form}


def _headers(answer) -> dict[str, str]:
    return {name: re.sub(r"nonce-[\w-]+", "NONCE", value) for name, value in answer.headers.items()}


def _undrawn(text: str) -> str:
    times = r'"(?:\w+_)?(?:duration|eta|time)":\s*(?:null|[0-9.e-]+)'
    return re.sub(rf'[0-9a-f]{{32}}|"turn":\s*"[0-9a-f]{{8}}"|{times}', "DRAWN", text)


@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(two_trials())
def test_stores_that_differ_only_in_what_is_hidden_give_the_same(web, trials):
    client, committee, folders = web
    seen = []
    with ExitStack() as stack:
        for trial in trials:
            services = stack.enter_context(closing(open_house(folders.mktemp("store"), charter=PLAIN)))
            fill(services, trial)
            committee.now = services
            seen.append(everything(client))
    assert seen[0] == seen[1]
    assert len(seen[0]) > 9
