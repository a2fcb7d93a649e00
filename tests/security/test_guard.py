"""The guard alone, before an app that answers everything: what it lets in, and what it says to the rest."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mottling.web.interface.callers import program_of
from mottling.web.sessions import session_of
from tests.guarded import PHOTO_LIMIT, Place, TwoPrograms
from tests.house import NINA, RITA

COOKIE = {"cookie": "mottling=known"}
OURS = {"host": "here", "origin": "http://here", **COOKIE}
JOIN = "/ward/fr/gradio_api/queue/join"
DATA = "/ward/fr/gradio_api/queue/data"


def call(**said):
    return json.dumps({"session_hash": "a1b2", **said}).encode()


def test_what_is_let_through_reaches_the_app_with_whose_it_is_and_comes_back_sealed():
    place = Place()
    answer = place.ask("GET", "/ward/photos/abc/picture", COOKIE)
    assert (answer.status, answer.body, answer.headers["x-of"]) == (200, b"<p>through</p>", "the app")
    assert answer.headers["x-frame-options"] == "DENY"
    assert session_of(place.app.asked[0]).user == NINA
    assert abs((datetime.now(UTC) - place.accounts.asked_at[0]).total_seconds()) < 60


def test_a_lifespan_goes_to_the_app():
    place, sent = Place(), []

    async def receive():
        return {"type": "lifespan.startup"}

    async def send(message):
        sent.append(message)

    asyncio.run(place.guard({"type": "lifespan"}, receive, send))
    assert [scope["type"] for scope in place.app.asked] == ["lifespan"]


def test_a_websocket_is_closed_and_reaches_nothing():
    place, sent = Place(), []

    async def send(message):
        sent.append(message)

    scope = {"type": "websocket", "path": "/ward/fr/", "headers": [(b"cookie", b"mottling=known")]}
    asyncio.run(place.guard(scope, None, send))
    assert sent == [{"type": "websocket.close"}]
    assert place.app.asked == []


@pytest.mark.parametrize(
    ("path", "accept", "body"),
    [("/nothing", "*/*", b"page"), ("/api/v1/nothing", "text/html", b"operation")],
)
def test_where_no_door_is_a_person_reads_of_pages_and_a_program_of_the_interface(path, accept, body):
    place = Place()
    answer = place.ask("GET", path, {**COOKIE, "accept": accept, "accept-language": "en"})
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-frame-options"] == "DENY"
    assert body in answer.body.lower()
    assert place.app.asked == []


@pytest.mark.parametrize(
    ("user", "path", "status"),
    [
        (None, "/ward/photos/abc/picture", 401),
        (RITA, "/ward/photos/abc/picture", 403),
        (NINA, "/ward/photos/abc/picture", 200),
        (None, "/here", 401),
        (RITA, "/here", 200),
        (None, "/alive", 200),
    ],
)
def test_a_door_is_for_its_role_for_everybody_signed_in_or_for_all(user, path, status):
    place = Place(user)
    assert place.ask("GET", path, COOKIE).status == status
    assert len(place.app.asked) == (status == 200)


def test_a_request_without_a_cookie_asks_nobody_whose_it_is():
    place = Place()
    assert place.ask("GET", "/here").status == 401
    assert place.ask("GET", "/here", {"cookie": "mottling="}).status == 401
    assert place.accounts.asked_at == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://here"}, 200),
        ({"origin": "ftp://here"}, 403),
        ({"origin": "http://elsewhere"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "", "host": ""}, 403),
    ],
)
def test_what_changes_something_comes_from_a_page_of_our_own(headers, status):
    place = Place()
    assert place.ask("POST", "/sign-out", {**OURS, **headers}).status == status


@pytest.mark.parametrize(("scheme", "status"), [("https", 200), ("http", 403)])
def test_behind_tls_only_a_page_that_came_by_it_is_our_own(scheme, status):
    cookie = {"cookie": "__Host-mottling=known", "host": "here", "origin": f"{scheme}://here"}
    assert Place(is_secure=True).ask("POST", "/sign-out", cookie).status == status


@pytest.mark.parametrize("is_secure", [True, False])
def test_a_browser_is_told_to_ask_by_tls_only_where_there_is_tls(is_secure):
    answer = Place(is_secure=is_secure).ask("GET", "/alive")
    assert ("strict-transport-security" in answer.headers) is is_secure


def test_how_often_is_counted_for_each_person_and_door_and_begins_anew_with_time():
    place = Place()
    asked = [place.ask("POST", "/access/pin", OURS).status for _ in range(31)]
    assert asked == [200] * 30 + [429]
    assert place.ask("POST", "/ward/framing", OURS).status == 200
    assert place.ask("POST", "/access/pin", OURS, client=("192.0.2.8", 1)).status == 429
    place.accounts.user = RITA
    assert place.ask("POST", "/access/pin", OURS).status == 200
    place.accounts.user = NINA
    place.now_s += 60
    assert place.ask("POST", "/access/pin", OURS).status == 200


def test_at_a_public_door_an_address_is_counted_whoever_is_signed_in():
    place = Place()
    asked = [place.ask("POST", "/sign-in", OURS).status for _ in range(121)]
    assert asked == [200] * 120 + [429]
    assert place.ask("POST", "/sign-in", OURS, client=("192.0.2.8", 1)).status == 200
    assert place.ask("POST", "/sign-in", OURS, client=None).status == 200


@pytest.mark.parametrize(
    ("said", "status"),
    [("0", 200), (str(16 * 1024), 200), (str(16 * 1024 + 1), 413), ("many", 400), ("-1", 400)],
)
def test_a_body_that_says_it_is_larger_than_its_door_is_not_read(said, status):
    assert Place().ask("POST", "/sign-out", {**OURS, "content-length": said}).status == status


def test_a_body_that_is_larger_than_it_said_is_stopped():
    place = Place()
    answer = place.ask("POST", "/sign-out", {**OURS, "accept-language": "en"}, body=b"x" * (16 * 1024 + 1))
    assert answer.status == 413
    assert set(answer.said) == {"message", "remedy"}
    assert place.app.bodies == []


@pytest.mark.parametrize(("size", "status"), [(PHOTO_LIMIT, 200), (PHOTO_LIMIT + 1, 413)])
def test_a_photograph_may_be_as_large_as_the_settings_say(size, status):
    assert Place().ask("POST", "/ward/photos", OURS, body=b"x" * size).status == status


def test_a_call_into_a_queue_reaches_the_app_with_its_body():
    place = Place()
    assert place.ask("POST", JOIN, OURS, body=call(data=[1])).status == 200
    assert place.app.bodies == [call(data=[1])]


def test_after_the_body_of_a_call_the_app_hears_that_the_client_went_away():
    heard = []

    async def app(scope, receive, send):
        heard.extend([(await receive())["type"], (await receive())["type"]])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    place = Place()
    place.guard._app = app
    assert place.ask("POST", JOIN, OURS, body=call()).status == 200
    assert heard == ["http.request", "http.disconnect"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"no JSON",
        b"{}",
        b'{"session_hash": 7}',
        call(data=[{"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}]),
    ],
)
def test_a_call_that_nobody_understands_goes_no_further(body):
    place = Place()
    assert place.ask("POST", JOIN, OURS, body=body).status == 400
    assert place.app.asked == []


def test_who_names_a_session_hash_first_has_it():
    place = Place()
    assert place.ask("POST", JOIN, OURS, body=call()).status == 200
    assert place.ask("GET", f"{DATA}?session_hash=a1b2", COOKIE).status == 200
    place.accounts.user = replace(NINA, name="noah")
    assert place.ask("POST", JOIN, OURS, body=call()).status == 403
    assert place.ask("POST", JOIN, OURS, body=call(session_hash="e5f6")).status == 200
    assert place.ask("GET", f"{DATA}?session_hash=a1b2", COOKIE).status == 403
    assert place.ask("GET", "/ward/fr/gradio_api/heartbeat/a1b2", COOKIE).status == 403
    assert place.ask("GET", "/ward/fr/gradio_api/heartbeat/c3d4", COOKIE).status == 200


@pytest.mark.parametrize("query", ["", "?session_hash=", "?session_hash=a&session_hash=b", "?hash=a1b2"])
def test_a_stream_names_one_session_hash(query):
    assert Place().ask("GET", DATA + query, COOKIE).status == 400


def test_a_program_comes_in_by_its_token_and_by_nothing_else():
    place = Place(programs=TwoPrograms())
    assert place.program().status == 200
    assert program_of(place.app.asked[0]).name == "good"
    assert abs((datetime.now(UTC) - place.programs.asked_at[0]).total_seconds()) < 60
    both = {**COOKIE, "authorization": "Bearer good"}
    assert place.ask("GET", "/api/v1/outcomes", both).status == 200
    assert place.accounts.asked_at == []
    for refused in (place.program(bearer="bad"), place.ask("GET", "/api/v1/outcomes", COOKIE)):
        assert (refused.status, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert len(place.app.asked) == 2


def test_a_token_opens_no_door_of_people_and_is_not_even_looked_at_there():
    place = Place(programs=TwoPrograms())
    assert place.program("/here").status == 401
    assert place.programs.asked_at == []


def test_a_token_is_for_what_it_is_for():
    place = Place(programs=TwoPrograms())
    answer = place.program("/api/v1/visits")
    assert (answer.status, answer.said["message"]) == (403, "Ce jeton ne permet pas cela")
    assert place.app.asked == []


def test_where_no_program_comes_in_no_token_is_known():
    assert Place().program().status == 401


def test_a_program_is_asked_for_no_origin_and_everybody_may_read_the_interfaces_description():
    place = Place(None, programs=TwoPrograms())
    assert place.ask("GET", "/api/v1/openapi.json").status == 200
    told = place.ask("POST", "/api/v1/photos", {"authorization": "Bearer good"})
    assert told.status == 403
    assert "www-authenticate" not in told.headers


def test_unknown_tokens_of_an_address_are_held_back_and_a_known_one_beside_them_is_not():
    place = Place(programs=TwoPrograms())
    guesses = [place.program(bearer=f"guess{number}").status for number in range(61)]
    assert guesses == [401] * 60 + [429]
    assert place.program(bearer="guess").headers["retry-after"] == "60"
    assert place.program().status == 200
    assert place.program(bearer="guess", client=("192.0.2.8", 1)).status == 401


def test_a_program_is_counted_by_its_name_wherever_it_comes_from():
    place = Place(programs=TwoPrograms())
    asked = [place.program(client=(f"192.0.2.{number}", 1)).status for number in range(31)]
    assert asked == [200] * 30 + [429]
    assert place.program(bearer="another").status == 200


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        (("127.0.0.1", 1), {}, 200),
        (("::1", 1), {}, 200),
        (("192.0.2.7", 1), {}, 404),
        (("127.0.0.1", 1), {"x-forwarded-for": "192.0.2.7"}, 404),
        (None, {}, 404),
    ],
)
def test_figures_are_for_whoever_watches_this_machine(client, headers, status):
    assert Place(None).ask("GET", "/metrics", headers, client=client).status == status


DOCUMENT = (
    '<html\n\tlang="en"><head><link rel="manifest" href="/manifest.json" /></head><body>é</body></html>'
)


async def gradio(scope, receive, send):
    """Serves a page's document in parts, as Gradio may, after a message that is of no answer."""
    assert (await receive())["type"] == "http.request"
    names = dict(scope["headers"])
    await send({"type": "http.response.debug", "info": {}})
    headers = [(b"x-asked", names[b"accept-encoding"]), (b"x-cookie", names[b"cookie"])]
    headers.append((b"content-length", b"3"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for part in (DOCUMENT[:40], DOCUMENT[40:]):
        await send({"type": "http.response.body", "body": part.encode(), "more_body": True})
    await send({"type": "http.response.body"})


def test_a_document_is_made_ours_before_it_goes_out():
    place = Place()
    place.guard._app = gradio
    answer = place.ask("GET", "/ward/fr/", {**COOKIE, "accept-encoding": "gzip"})
    text = answer.body.decode()
    assert answer.status == 200
    assert text.startswith('<html\n\tlang="fr">')
    assert text.endswith("</head><body>é</body></html>")
    assert 'type="importmap"' in text
    (nonce,) = set(re.findall(r'<script nonce="([^"]{22,})"', text))
    assert nonce not in place.ask("GET", "/ward/fr/", COOKIE).body.decode()
    assert f"'nonce-{nonce}'" in answer.headers["content-security-policy"]
    assert (answer.headers["x-asked"], answer.headers["x-cookie"]) == ("identity", COOKIE["cookie"])
    assert answer.headers["content-length"] == str(len(answer.body))
    kept = "mottling-language=fr; Path=/; Max-Age=31536000; SameSite=Lax"
    assert answer.headers["set-cookie"] == kept
    assert answer.is_whole


def test_only_the_wards_document_has_the_wards_scripts():
    place = Place(RITA)
    place.guard._app = gradio
    text = place.ask("GET", "/committee/en/", COOKIE).body.decode()
    assert text.startswith('<html\n\tlang="en">')
    assert "importmap" not in text
