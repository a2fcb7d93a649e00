"""Byte by byte: a reader gets the same whatever must stay hidden, and a repeat is like a first reading."""

import json
import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from gradio.context import Context

from mottling.scale import Zone
from mottling.services.views import Answer
from mottling.trial.access import Role
from mottling.trial.committee_records import RepeatReading
from mottling.web import doors
from tests.house import OLGA, RANDOMISED_AT, RAVI, RITA, charter_text, confirm, enrol, read
from tests.tiny_model import a_jpeg
from tests.web_house import HTML, call, shown, web_house

ROOM = "/committee/en/"
OFTEN = charter_text(
    "repeats_share = 0.1\nrepeat_after = 20", "repeats_share = 0.5\nrepeat_after = 2"
).replace("batch_size = 40", "batch_size = 400")
KNEES = a_jpeg([Zone.COIN])
OTHER_ROUTES = [
    "/",
    "/sign-in",
    "/invitation",
    "/alive",
    "/healthy",
    "/metrics",
    "/here",
    "/access",
    "/static/answer.js",
    "/static/room.css",
    "/ward/worker.js",
    "/committee",
    "/committee/fr/",
    "/committee/readings/0123456789abcdef/overlay",
    "/readout/en/",
    "/monitor/en/",
    "/accounts/en/",
    "/ward/en/",
    "/office/en/",
    "/office/files/outcome",
    "/office/photos/0123456789abcdef/picture",
    "/models/en/",
    "/ward/photos/0123456789abcdef/picture",
    "/committee/readings/0123456789abcdef/picture",
    "/committee/en/gradio_api/startup-events",
    "/committee/en/config",
    "/committee/en/theme.css",
]
"""Everything else that a reader may ask for, or is refused."""
SENT = [
    ("/access/pin", {"pin": "4715"}),
    ("/access/password", {"password": "not mine", "new": "short"}),
    ("/committee/en/gradio_api/cancel", {}),
    ("/committee/en/gradio_api/reset", {}),
    ("/access/everywhere", {}),
    ("/sign-in", {"name": "rita", "password": "not hers", "language": "en"}),
    ("/invitation", {"token": "none", "password": "long enough for anybody"}),
    ("/sign-out", {}),
]
"""What a reader may send beside the deeds of the page, in this order: the last ones end the session."""
NOT_COMPARED = {
    "heartbeat": "never ends and says nothing",
    "queue/data": "compared as the stream of each call",
    "queue/join": "compared with each deed",
    "committee/readings/[A-Za-z0-9_-]{1,80}/": "the picture, compared below",
}
ANSWER = {"score": "2"}
SIGN = {"readings": "1", "password": "not hers"}
MET = {"reading_id": "ID", "sat": {"1": "ravi"}, "password": "not hers", "answer": ANSWER}
CHANGE = {"reading_id": "ID", "because": "The knee too", "answer": {"score": "3"}}
DEEDS = [
    ("go_on", {}),
    ("batch", {}),
    ("again", {"reading_id": "ID"}),
    ("train", {"reading_id": "ID", "reading_s": "7", "answer": ANSWER}),
    ("train_again", {}),
    ("meeting", {}),
    ("met", MET),
    ("keep_after", {"reading_id": "ID"}),
    ("say_after", CHANGE),
    ("change", CHANGE),
    ("lock", {"reading_id": "ID", "reading_s": "7", "remark": "Dark", "answer": ANSWER}),
    ("again", {"reading_id": "ID"}),
    ("change", CHANGE),
    ("sign", SIGN),
    ("sheet", {"patient": "01-001"}),
    ("correct_item", {"patient": "01-001", "item": "mottling_included", "version": 1}),
    ("enrol_one", {"patient": "01-001", "site": "01"}),
    ("nothing of the kind", {}),
]
"""Everything that a reader can do on the page, before and after the lock; ID is of the photograph."""


def without_ids(text: str) -> str:
    """Take out the ids, which are drawn anew each time."""
    return re.sub(r"[0-9a-f]{32}", "ID", text)


def reading_id(body: str) -> str:
    return body.partition('name="reading_id" value="')[2].partition('"')[0]


def headers_of(answer) -> dict[str, str]:
    """Every header, without the nonce of the policy."""
    return {name: re.sub(r"nonce-[\w-]+", "NONCE", value) for name, value in answer.headers.items()}


def document_of(text: str) -> str:
    """The page's document, without what is drawn anew for each server or each page."""
    return re.sub(r'nonce="[^"]+"|nonce-[\w-]+|"app_id":\d+', "DRAWN", without_ids(text))


def config_of(document: str) -> dict[str, object]:
    """What Gradio says of the page: its parts and what they call."""
    found = re.search(r"window\.gradio_config = (\{.*?\});</script>", document, re.DOTALL)
    config = json.loads(found[1])
    drawn_for_each_server = {"app_id", "root", "username"}
    return {name: value for name, value in config.items() if name not in drawn_for_each_server}


def stream_of(text: str) -> str:
    """What the queue says, without the turn, and how long it took."""
    times = r'"(?:\w+_)?(?:duration|eta|time)":\s*(?:null|[0-9.e-]+)'
    return re.sub(rf'"turn":\s*"[0-9a-f]{{8}}"|{times}', "DRAWN", without_ids(text))


def deed_of(reader, deed, form, reading_id) -> tuple[object, ...]:
    """What a deed brings: the answer to the call, and the event stream, with the headers of both."""
    form = {name: reading_id if value == "ID" else value for name, value in form.items()}
    event = {"deed": deed, "form": form}
    joined = call(reader, ROOM, fn_index=1, event_data=event, session_hash="deeds1")
    stream = reader.get(f"{ROOM}gradio_api/queue/data", params={"session_hash": "deeds1"})
    return without_ids(joined.text), headers_of(joined), stream_of(stream.text), headers_of(stream)


def sent_to(reader, path, form) -> tuple[int, str, dict[str, str]]:
    return same_for_all(reader.post(path, data=form, headers={"Origin": "http://testserver", **HTML}))


def same_for_all(answer) -> tuple[int, str, dict[str, str]]:
    drawn = {"set-cookie"}
    if "app_id" in answer.text:
        drawn.add("content-length")  # a number of more or fewer digits, drawn for each server
    headers = {name: value for name, value in headers_of(answer).items() if name not in drawn}
    document = document_of(answer.text)
    if answer.request.url.path.startswith("/access"):
        # When this reader came in, by the minute, which may pass between one server and the other.
        document = re.sub(r"\b\d{2}:\d{2}\b", "OWN TIME", document)
    return answer.status_code, document, headers


def all_that_a_reader_gets(house) -> dict[str, object]:
    reader = house.enter(RITA)
    document = reader.get(ROOM, headers=HTML)
    body = shown(reader, ROOM)["body"]
    picture = reader.get(f"/committee/readings/{reading_id(body)}/picture")
    sizes = {"content-length"}
    joined = call(reader, ROOM, fn_index=0, event_data=None, session_hash="bytes1")
    stream = reader.get(f"{ROOM}gradio_api/queue/data", params={"session_hash": "bytes1"})
    return {
        "config": config_of(document.text),
        "call's answer": without_ids(joined.text),
        "call's headers": headers_of(joined),
        "stream": stream_of(stream.text),
        "stream's headers": headers_of(stream),
        **{path: same_for_all(reader.get(path, headers=HTML)) for path in OTHER_ROUTES},
        "document": document_of(document.text),
        "headers": {name: value for name, value in headers_of(document).items() if name not in sizes},
        "body": without_ids(body),
        "picture": picture.content,
        "picture's headers": headers_of(picture),
        "deeds": [deed_of(reader, deed, form, reading_id(body)) for deed, form in DEEDS],
        "sent": [sent_to(reader, path, form) for path, form in SENT],
    }


def first_in_its_process(folder):
    """Run a server whose parts are counted from the first, as those of a server of its own are."""
    Context.id = 0
    return web_house(folder, charter=OFTEN)


def say_of(services, patient: str, *, score: int, finger: str) -> None:
    """Record with what a patient was enrolled; it stands on the sheet that a reader asks for in vain."""
    head = "patient,site,randomised_at,mottling_included,finger_recoloration,skin_tone"
    line = f"{patient},{patient[:2]},{RANDOMISED_AT.isoformat()},{score},{finger},{score + 1}"
    assert services.enrolling.enrol(OLGA, f"{head}\n{line}\n".encode(), at=RANDOMISED_AT).completed


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two trials with one photograph each: other centre, patient, scores and items, a reader before."""
    with ExitStack() as stack:
        one, other = (
            stack.enter_context(first_in_its_process(tmp_path_factory.mktemp(name)))
            for name in ("one", "other")
        )
        say_of(one.services, "01-001", score=5, finger="9.5")
        confirm(one.services, "01-001", score=4, data=KNEES)
        say_of(other.services, "02-001", score=0, finger="")
        confirm(other.services, "02-001", score=0, data=KNEES)
        read(other.services, RAVI, Answer.not_assessable("blurred"))
        yield all_that_a_reader_gets(one), all_that_a_reader_gets(other)


WHAT = ["document", "headers", "body", "picture", "picture's headers", "config", "call's answer"]


@pytest.mark.parametrize("what", [*WHAT, "call's headers", "stream", "stream's headers", *OTHER_ROUTES])
def test_what_must_stay_hidden_changes_no_byte(two, what):
    one, other = two
    assert one[what] == other[what]


@pytest.mark.parametrize(("number", "deed"), [(number, deed) for number, (deed, _) in enumerate(DEEDS)])
def test_no_deed_of_a_reader_changes_a_byte(two, number, deed):
    assert two[0]["deeds"][number] == two[1]["deeds"][number]


@pytest.mark.parametrize("number", range(len(SENT)), ids=[path for path, _ in SENT])
def test_nothing_that_a_reader_sends_changes_a_byte(two, number):
    assert two[0]["sent"][number] == two[1]["sent"][number]


def test_every_door_that_a_reader_may_pass_is_compared():
    asked = [("GET", path) for path in OTHER_ROUTES] + [("POST", path) for path, _ in SENT]
    open_to_readers = [
        door
        for door in doors._DOORS
        if not door.is_for_programs and (door.is_public or door.lets_in(Role.READER))
    ]
    forgotten = {
        f"{door.method} {door.path.pattern}"
        for door in open_to_readers
        if not any(door.method == method and door.path.fullmatch(path) for method, path in asked)
        and not any(name in door.path.pattern for name in NOT_COMPARED)
        and "/committee/fr/" not in door.path.pattern
    }
    assert forgotten - {f"GET {ROOM}"} == set(), "ask for it in OTHER_ROUTES or SENT"


def test_every_deed_that_a_page_of_a_reader_offers_is_compared():
    templates = Path(doors.__file__).parent / "templates"
    offered = {
        deed
        for path in templates.glob("committee*.html")
        for deed in re.findall(r'data-do="(\w+)"', path.read_text("utf-8"))
    }
    assert offered - {deed for deed, _ in DEEDS} == set()
    assert len(offered) > 8


@pytest.fixture(scope="module")
def gone_through(tmp_path_factory):
    """A reader has gone through ten photographs, some of which came back."""
    with web_house(tmp_path_factory.mktemp("repeats"), charter=OFTEN) as house:
        patients = [f"01-{number:03d}" for number in range(10, 20)]
        enrol(house.services, *patients)
        for number, patient in enumerate(patients):
            confirm(house.services, patient, data=a_jpeg([Zone.COIN][: number % 2]))
        reader, seen = house.enter(RITA), []
        body = shown(reader, ROOM)["body"]
        while name := reading_id(body):
            seen.append((name, body, reader.get(f"/committee/readings/{name}/picture")))
            body = shown(
                reader, ROOM, "lock", {"reading_id": name, "reading_s": "7", "answer": {"score": "1"}}
            )["body"]
        batch = house.services.committee._book.batch(RITA.name)
        again = {one.reading.reading_id for one in batch if isinstance(one.reading, RepeatReading)}
        yield seen, again


def test_some_photographs_came_back(gone_through):
    seen, again = gone_through
    assert 0 < len(again) < len(seen)


def test_the_page_of_a_repeat_is_that_of_any_other_photograph(gone_through):
    seen, _ = gone_through
    counted = {
        re.sub(r"Photograph \d+ of|value=\"\d+\"", "N", without_ids(body)).strip() for _, body, _ in seen[:-1]
    }
    assert len(counted) == 1


def test_the_headers_and_the_size_of_a_repeat_are_those_of_any_other_picture(gone_through):
    seen, _ = gone_through
    assert len({tuple(sorted(headers_of(picture).items())) for _, _, picture in seen}) == 1
    assert {picture.headers["cache-control"] for _, _, picture in seen} == {"private, no-store"}


def test_what_is_fetched_ahead_is_what_comes_next_under_the_same_kind_of_address(gone_through):
    seen, _ = gone_through
    named = [
        re.search(r'data-ahead="/committee/readings/([0-9a-f]{32})/picture"', body) for _, body, _ in seen
    ]
    assert [found and found[1] for found in named] == [*(name for name, _, _ in seen[1:]), None]


def test_no_address_comes_twice(gone_through):
    seen, _ = gone_through
    assert len({name for name, _, _ in seen}) == len(seen)


def test_the_number_of_photographs_says_nothing(gone_through):
    seen, _ = gone_through
    totals = {re.search(r"Photograph \d+ of (\d+)", body)[1] for _, body, _ in seen}
    assert totals == {str(len(seen))}
