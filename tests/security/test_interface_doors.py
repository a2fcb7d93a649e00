"""The doors for programs: a token opens what it is for, a cookie opens nothing, and nobody floods them."""

import itertools
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from mottling.services.programs import Program
from mottling.trial.programs import Scope
from tests.house import NINA, OLGA, open_house
from tests.programs_house import ICU, SPONSOR, bearer, interface_app, send, token_for

KEPT = {
    Scope.OUTCOMES: {"GET /api/v1/outcomes"},
    Scope.PHOTOS: {"POST /api/v1/photos"},
    Scope.STATUS: {"GET /api/v1/photos/abc", "GET /api/v1/visits", "GET /api/v1/visits/day1"},
}
EVERY = sorted(set.union(*KEPT.values()))


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    with closing(open_house(tmp_path_factory.mktemp("doors"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(services):
    with TestClient(interface_app(services, clock=itertools.count(step=10).__next__)) as made:
        yield made


def ask(client, route, headers):
    method, path = route.split(" ")
    return client.request(method, path, headers={"Accept-Language": "en", **headers})


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_opens_what_it_is_for_and_nothing_else(services, client, scope):
    token = token_for(services, Program(f"only-{scope}", frozenset({scope}), "01"))
    said = {route: ask(client, route, bearer(token)) for route in EVERY}
    refused = {
        route
        for route, answer in said.items()
        if answer.json().get("message") == "This token may not do this"
    }
    assert set(EVERY) - refused == KEPT[scope]
    assert all(said[route].status_code == 403 for route in refused)


def test_a_revoked_an_expired_and_an_unknown_token_are_refused_in_the_same_words(services, client):
    now = datetime.now(UTC)
    revoked = token_for(services, Program("revoked", frozenset({Scope.STATUS}), None))
    services.programs.revoke("revoked", because="Lost", by="command", at=now)
    past = now - timedelta(days=2)
    expired = token_for(services, Program("expired", frozenset({Scope.STATUS}), None), days=1, at=past)
    said = {ask(client, "GET /api/v1/visits", bearer(token)).text for token in (revoked, expired, "made-up")}
    assert len(said) == 1
    answer = ask(client, "GET /api/v1/visits", bearer(revoked))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "unknown, expired or revoked" in answer.json()["message"]


@pytest.mark.parametrize("route", EVERY)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Basic aWN1OmljdQ=="}, {"Authorization": "Bearer "}, {"Accept": "text/html"}],
)
def test_who_sends_no_token_reads_that_one_is_needed_and_never_a_page(client, route, headers):
    answer = ask(client, route, headers)
    assert answer.status_code == 401
    assert set(answer.json()) == {"message", "remedy"}


@pytest.mark.parametrize("user", [NINA, OLGA])
@pytest.mark.parametrize("route", EVERY)
def test_a_cookie_alone_opens_nothing(web, user, route):
    method, path = route.split(" ")
    headers = {"Origin": web.origin, "Sec-Fetch-Site": "same-origin"}
    assert web.enter(user).request(method, path, headers=headers).status_code == 401


def test_a_token_opens_no_page_and_no_route_of_people(web):
    headers = bearer(token_for(web.services, Program("curious", frozenset({Scope.OUTCOMES}), None)))
    for path in ("/office/files/outcome", "/ward/fr/", "/ward/photos/abc/picture", "/here"):
        assert web.visitor().get(path, headers=headers).status_code == 401


def test_a_token_in_the_address_or_in_a_cookie_opens_nothing(services, client):
    token = token_for(services, Program("careless", frozenset({Scope.STATUS}), None))
    assert client.get(f"/api/v1/visits?access_token={token}").status_code == 401
    assert client.get("/api/v1/visits", headers={"Cookie": f"mottling={token}"}).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/api/v1/outcomes", "/api/v1/photos", "/api/v1/openapi.json"])
def test_what_is_no_operation_is_closed(services, client, method, path):
    assert client.request(method, path, headers={"Origin": "https://evil.example"}).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/redoc", "/api/v2/outcomes", "/api/v1/visits/"])
def test_what_is_no_operation_is_said_in_json_also_to_who_looks_at_pages(client, path):
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.json()["message"] == "There is no such operation"


def test_an_answer_has_the_headers_of_every_other_and_nothing_for_other_origins(services, client):
    token = token_for(services, Program("headers", frozenset({Scope.STATUS}), None))
    answer = client.get("/api/v1/visits", headers={**bearer(token), "Origin": "https://evil.example"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [name for name in answer.headers if name.startswith("access-control-")] == []


def test_a_program_that_asks_too_often_waits_and_others_do_not(services):
    tokens = [token_for(services, Program(name, SPONSOR.scopes, None)) for name in ("often", "seldom")]
    with TestClient(interface_app(services, clock=lambda: 0.0)) as client:
        said = [client.get("/api/v1/outcomes", headers=bearer(tokens[0])) for _ in range(31)]
        assert [one.status_code for one in said[-2:]] == [200, 429]
        assert said[-1].headers["retry-after"] == "60"
        assert client.get("/api/v1/outcomes", headers=bearer(tokens[1])).status_code == 200


def test_who_guesses_tokens_waits_and_a_program_at_the_same_address_does_not(services):
    token = token_for(services, Program("behind-one-address", SPONSOR.scopes, None))
    with TestClient(interface_app(services, clock=lambda: 0.0)) as client:
        said = [client.get("/api/v1/visits", headers=bearer(f"guess-{n}")) for n in range(61)]
        assert [one.status_code for one in said[-2:]] == [401, 429]
        assert client.get("/api/v1/outcomes").status_code == 429
        assert client.get("/api/v1/visits", headers=bearer(token)).status_code == 200


def test_the_answer_to_a_photograph_says_nothing_of_the_model_or_the_committee(services, client):
    token = token_for(services, Program("sends", ICU.scopes, "01"))
    answer = send(client, token, key="quiet")
    assert set(answer.json()) == {"photo_id", "sha256", "outside_window"}


def test_another_sites_patient_is_refused_like_one_that_there_is_not(services, client):
    token = token_for(services, Program("site-one", ICU.scopes, "01"))
    said = {send(client, token, key="other", patient=number).text for number in ("02-001", "77-777")}
    assert len(said) == 1
    assert send(client, token, key="other", patient="02-001").status_code == 403
