"""What programs ask and are answered: photographs in unchanged, outcomes out, refusals in both languages."""

import hashlib
import itertools
import tempfile
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from tests.house import DAY1, confirm, open_house
from tests.programs_house import FORM, ICU, LIMIT_BYTES, SPONSOR, bearer, interface_app, send, token_for
from tests.tiny_model import a_jpeg


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    with closing(open_house(tmp_path_factory.mktemp("interface"))) as opened:
        confirm(opened, "01-002", score=2)
        yield opened


@pytest.fixture(scope="module")
def client(services):
    # A clock that goes a second at each request: nobody asks too often.
    with TestClient(interface_app(services, clock=itertools.count(step=10).__next__)) as made:
        yield made


@pytest.fixture(scope="module")
def icu(services):
    return token_for(services, ICU)


@pytest.fixture(scope="module")
def sponsor(services):
    return token_for(services, SPONSOR)


def test_the_bytes_sent_are_the_bytes_stored_and_the_answer_names_them(client, services, icu):
    answer = send(client, icu)
    assert answer.status_code == 201
    assert set(answer.json()) == {"photo_id", "sha256", "outside_window"}
    assert answer.json()["sha256"] == hashlib.sha256(a_jpeg()).hexdigest()
    assert services.interface._store.ward.photo_bytes(answer.json()["photo_id"]) == a_jpeg()


def test_the_same_key_answers_the_same_and_with_other_bytes_is_refused(client, icu):
    first, again = send(client, icu, key="k"), send(client, icu, key="k")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = send(client, icu, key="k", data=a_jpeg() + b"\n")
    assert other.status_code == 409
    assert set(other.json()) == {"message", "remedy"}


def test_no_copy_of_a_photograph_is_written_to_the_disk_on_its_way(client, icu, monkeypatch):
    def never(*_args, **_kwargs):
        raise AssertionError

    monkeypatch.setattr(tempfile, "TemporaryFile", never)
    large = a_jpeg() + b"\xff" * 1_500_000
    assert send(client, icu, data=large, key="large").status_code in {201, 422}


def test_what_became_of_a_photograph_says_no_score(client, icu):
    sent = send(client, icu, key="asked").json()
    answer = client.get(f"/api/v1/photos/{sent['photo_id']}", headers=bearer(icu))
    assert answer.status_code == 200
    assert answer.json()["state"] == "to_confirm"
    assert not {"score", "answer", "own", "model", "verdict"} & set(answer.json())


def test_what_became_of_a_visit_is_asked_without_the_patient_in_the_address(client, icu):
    headers = {**bearer(icu), "Mottling-Patient": "01-002"}
    answer = client.get("/api/v1/visits/day1", headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (200, "done")
    every = client.get("/api/v1/visits", headers=bearer(icu)).json()["visits"]
    assert answer.json() in every


def test_an_outcome_is_a_value_with_what_it_goes_back_to_or_a_reason(client, sponsor):
    answer = client.get("/api/v1/outcomes", headers=bearer(sponsor)).json()
    by_patient = {one["patient"]: one for one in answer["outcomes"]}
    assert by_patient["02-001"]["value"] is None
    assert by_patient["02-001"]["missing"]
    read = by_patient["01-002"]
    assert read["photograph"]["sha256"] == hashlib.sha256(a_jpeg()).hexdigest()
    assert read["model"]["name"]


@pytest.mark.parametrize(
    "fields",
    [
        {"score": "6"},
        {"score": ""},
        {"status": "error"},
        {"status": "not_assessable"},
        {"status": "not_assessable", "reason": "made_up"},
        {"visit": "day9"},
        {"taken_at": "1700000000"},
        {"taken_at": "2026-03-02T08:00:00"},
        {"by": "somebody else"},
        {"patient": "\udc80".encode("utf-8", "surrogatepass").decode("latin-1")},
    ],
)
def test_a_field_that_is_not_understood_is_refused_and_nothing_is_stored(client, services, icu, fields):
    before = len(services.interface._store.ward.photos())
    answer = send(client, icu, key="wrong", **fields)
    assert answer.status_code in {403, 422}
    assert set(answer.json()) == {"message", "remedy"}
    assert len(services.interface._store.ward.photos()) == before


@pytest.mark.parametrize("data", [b"", b"<svg/>", a_jpeg()[:200]])
def test_what_is_no_photograph_is_refused(client, icu, data):
    assert send(client, icu, key="none", data=data).status_code == 422


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\nnonsense"),
        ("multipart/form-data; boundary=a; charset=utf-7", b"--a--\r\n"),
    ],
)
def test_what_is_no_form_is_refused(client, icu, content_type, body):
    headers = {**bearer(icu), "Idempotency-Key": "1", "Content-Type": content_type}
    assert client.post("/api/v1/photos", content=body, headers=headers).status_code == 422


def test_a_field_twice_or_a_photograph_as_text_is_refused(client, icu):
    headers = {**bearer(icu), "Idempotency-Key": "twice"}
    twice = client.post(
        "/api/v1/photos",
        files=[("photo", ("a", a_jpeg())), ("visit", (None, "day1")), ("visit", (None, "day1"))],
        data={"patient": "01-001", "status": "scored"},
        headers=headers,
    )
    text = client.post("/api/v1/photos", files=dict.fromkeys(("photo", *FORM), (None, "x")), headers=headers)
    assert (twice.status_code, text.status_code) == (422, 422)


@pytest.mark.parametrize("is_counted", [True, False])
def test_what_is_too_large_is_refused_whether_or_not_it_says_so(client, icu, is_counted):
    body = b"x" * (LIMIT_BYTES + 40_000)
    start = b'--a\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
    headers = {
        **bearer(icu),
        "Idempotency-Key": "1",
        "Content-Type": "multipart/form-data; boundary=a",
    }
    content = start + body if is_counted else iter([start, body])
    answer = client.post("/api/v1/photos", content=content, headers=headers)
    assert (answer.status_code, set(answer.json())) == (413, {"message", "remedy"})


def test_a_request_without_its_key_is_refused(client, icu):
    answer = client.post("/api/v1/photos", data=FORM, headers=bearer(icu))
    assert answer.status_code == 422
    assert "idempotency-key" in answer.json()["message"].lower()


def test_a_refusal_is_said_in_the_language_that_is_asked_for(client, icu):
    said = [
        client.get("/api/v1/photos/made-up", headers={**bearer(icu), "Accept-Language": language}).json()
        for language in ("en", "fr")
    ]
    assert said[0]["message"] == "There is no such photograph for this token"
    assert said[1]["message"] == "Il n’y a pas une telle photographie pour ce jeton"


def test_the_description_is_open_api_3_1_and_names_the_token(client):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": "/api/v1"}]
    assert all(operation["security"] for path in described["paths"].values() for operation in path.values())
    form = described["paths"]["/photos"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["additionalProperties"] is False
    assert "null" not in str(form)
    score, reason = form["properties"]["score"], form["properties"]["reason"]
    assert (score["type"], score["minimum"], score["maximum"]) == ("integer", 0, 5)
    assert (reason["type"], reason["minLength"], reason["maxLength"]) == ("string", 1, 60)


def test_what_fails_is_said_without_why(services, icu, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("a secret of the server")

    monkeypatch.setattr(services.interface, "visits", fail)
    app = interface_app(services, clock=itertools.count(step=10).__next__)
    answer = TestClient(app, raise_server_exceptions=False).get("/api/v1/visits", headers=bearer(icu))
    assert (answer.status_code, set(answer.json())) == (500, {"message", "remedy"})
    assert "secret" not in answer.text


def test_when_it_was_taken_counts_for_the_window_and_longer_than_a_month_nothing_waits(client, icu):
    assert send(client, icu, key="late").json()["outside_window"]
    assert send(client, icu, key="too late", taken_at=DAY1.isoformat()).status_code == 422
