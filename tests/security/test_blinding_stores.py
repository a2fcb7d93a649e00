"""Any two stores that differ only in what must stay hidden give a reader the same, on every route."""

import io
import re
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from PIL import Image
from starlette.testclient import TestClient

from mottling.assessment import Assessment, ModelName, Timing
from mottling.scale import Status, Zone
from mottling.services.opening import Services
from mottling.services.views import Answer
from mottling.trial.markings import Outline, Patch, Point
from mottling.trial.reading_plan import Planned
from mottling.web.server import build_app
from tests.house import (
    DAY1,
    NINA,
    NOAH,
    RAVI,
    RITA,
    ROSA,
    charter_text,
    confirm,
    enrol,
    house_settings,
    lock,
    open_house,
    sign,
    take,
)
from tests.tiny_model import a_jpeg
from tests.web_house import WebHouse, call

ROOM = "/committee/en/"
# Which photographs come back is drawn too, and has its own tests beside this one.
PLAIN = charter_text("repeats_share = 0.1", "repeats_share = 0.0")
SECOND_LOOK = PLAIN.replace('model = "silent"', 'model = "second_look"\nsecond_look_from = 2')
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


@dataclass(frozen=True)
class Why:
    """Why a photograph comes to the reader, with a model that said something."""

    hidden: Hidden
    before: tuple[int, ...]
    """Scores that other readers gave and signed."""
    model: int


def _reasons(model: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Draw what others said so that the reader is asked: as first, second or third, or to look once more."""
    far = [score for score in range(6) if abs(score - model) >= 2]
    differing = st.lists(st.integers(0, 5), min_size=2, max_size=2, unique=True)
    return st.one_of(
        st.just(()),
        st.tuples(st.integers(0, 5)),
        differing.map(tuple),
        st.sampled_from(far).map(lambda score: (score, score)),
    )


WHYS = st.integers(0, 5).flatmap(lambda model: st.builds(Why, HIDDEN, _reasons(model), st.just(model)))


@st.composite
def two_trials_with_second_looks(draw) -> tuple[list[Why], list[Why]]:
    """Two trials with as many photographs, each of which comes to the reader for a reason of its own."""
    count = draw(st.integers(2, 3))
    whys = st.lists(WHYS, min_size=count, max_size=count, unique_by=lambda one: one.hidden.patient)
    return draw(whys), draw(whys)


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


def fill_with_reasons(services: Services, trial: list[Why]) -> None:
    enrol(services, *(one.hidden.patient for one in trial))
    store = services.office._store
    for one in trial:
        photo_id = take(services, one.hidden.patient, data=KNEES)
        # What is there already is kept: the network does not read it again.
        store.ward.add_assessment(photo_id, said_by_model(one.model), overlay=None, by="server", at=DAY1)
        nurse = NINA if one.hidden.patient.startswith("01") else NOAH
        services.ward.lock_own_score(nurse, photo_id, Answer.scored(one.hidden.bedside), at=DAY1)
        services.ward.proposal(nurse, photo_id, at=DAY1)
        services.ward.keep(nurse, photo_id, at=DAY1)
        for reader, score in zip((RAVI, ROSA), one.before, strict=False):
            chosen = Planned(photo_id)
            given = store.committee.assign(reader.name, choose=lambda _all, _shown, it=chosen: it, at=DAY1)
            services.committee.lock_reading(
                reader, given.reading_id, Answer.scored(score), reading_s=9.0, at=DAY1
            )
            sign(services, reader)


def fill_with_doubt(services: Services, sure: tuple[float, ...]) -> None:
    """Fill a store with photographs of which the model is as sure as said; nothing else differs."""
    for patient, share in zip(("01-001", "01-002", "02-001"), sure, strict=True):
        photo_id = take(services, patient, data=KNEES)
        rest = (1 - share) / 5
        probabilities = (rest, rest, share, rest, rest, rest)
        said = structs.replace(said_by_model(2), probabilities=probabilities, prediction_set=(2,))
        services.office._store.ward.add_assessment(photo_id, said, overlay=None, by="server", at=DAY1)
        nurse = NINA if patient.startswith("01") else NOAH
        services.ward.lock_own_score(nurse, photo_id, Answer.scored(2), at=DAY1)
        services.ward.proposal(nurse, photo_id, at=DAY1)
        services.ward.keep(nurse, photo_id, at=DAY1)


def said_by_model(score: int) -> Assessment:
    return Assessment(
        file="photo",
        sha256="a" * 64,
        status=Status.SCORED,
        score=score,
        probabilities=None,
        prediction_set=(score,),
        visible_up_to=5,
        legs=(),
        reasons=(),
        model=ModelName(name="drawn", sha256="b" * 64),
        timing_ms=Timing(decode=1.0, network=1.0, total=2.0),
    )


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


FEW = settings(
    max_examples=2,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def seen_in(web, trials, filling, charter) -> list[list[object]]:
    """Fill a store for each trial, and let the same reader go through it."""
    client, committee, folders = web
    seen = []
    with ExitStack() as stack:
        for trial in trials:
            services = stack.enter_context(closing(open_house(folders.mktemp("store"), charter=charter)))
            filling(services, trial)
            committee.now = services
            seen.append(everything(client))
    return seen


@FEW
@given(two_trials())
def test_stores_that_differ_only_in_what_is_hidden_give_the_same(web, trials):
    one, other = seen_in(web, trials, fill, PLAIN)
    assert one == other
    assert len(one) > 9


@FEW
@given(two_trials_with_second_looks())
def test_why_a_photograph_comes_and_what_the_model_said_changes_nothing(web, trials):
    one, other = seen_in(web, trials, fill_with_reasons, SECOND_LOOK)
    assert one == other
    assert len(one) > 9


def test_stores_that_differ_only_in_how_sure_the_model_is_give_the_same(web):
    one, other = seen_in(web, ((0.99, 0.98, 0.97), (0.3, 0.99, 0.2)), fill_with_doubt, PLAIN)
    assert one == other
    assert len(one) > 9
