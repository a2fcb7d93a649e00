"""Every answer says what a browser may load, keep and frame."""

import pytest
from starlette.testclient import TestClient

from mottling.errors import StoreBusy
from tests.house import NINA
from tests.web_house import HTML

PATHS = ["/sign-in", "/", "/nothing", "/ward/fr/", "/ward/fr/gradio_api/app_id", "/static/live.js", "/alive"]


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_loads_nothing_from_outside_and_is_framed_nowhere(web, path):
    policy = web.enter(NINA).get(path, headers=HTML).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy.replace("https:", "").partition("default-src")[2]
    assert "*" not in policy


@pytest.mark.parametrize("path", ["/sign-in", "/nothing"])
def test_our_own_pages_run_no_inline_script_and_no_eval(web, path):
    policy = web.visitor().get(path, headers=HTML).headers["content-security-policy"]
    assert "unsafe" not in policy


def test_a_page_runs_inline_scripts_by_nonce_only(web):
    policy = web.enter(NINA).get("/ward/fr/", headers=HTML).headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "'nonce-" in scripts


@pytest.mark.parametrize(
    "path", ["/sign-in", "/ward/fr/", "/ward/fr/gradio_api/app_id", "/ward/photos/abc/picture"]
)
def test_nothing_that_is_about_somebody_is_kept_by_a_browser(web, path):
    assert web.enter(NINA).get(path, headers=HTML).headers["cache-control"] == "private, no-store"


def test_a_referrer_goes_to_ourselves_only(web):
    # `no-referrer` would make Chromium send `Origin: null` with a form.
    assert web.visitor().get("/sign-in").headers["referrer-policy"] == "same-origin"


@pytest.fixture
def failing(web, monkeypatch):
    """A nurse whose pictures fail in a way that nobody foresaw, and who is answered all the same."""
    nina = TestClient(web.app, base_url=web.origin, follow_redirects=False, raise_server_exceptions=False)
    nina.cookies.set("mottling", web.enter(NINA).cookies["mottling"])

    def fail_with(error: Exception) -> TestClient:
        def fail(*_args, **_given):
            raise error

        monkeypatch.setattr(type(web.services.ward), "picture", fail)
        return nina

    return fail_with


def test_what_fails_has_the_headers_of_every_answer_and_says_nothing_of_why(failing):
    nina = failing(RuntimeError("patient 01-001"))
    answer = nina.get("/ward/photos/abc/picture")
    plain = nina.get("/nothing").headers
    assert answer.status_code == 500
    assert set(answer.json()) == {"message", "remedy"}
    assert "01-001" not in answer.text
    own = {"content-length", "content-type"}
    assert {name: answer.headers.get(name) for name in plain if name not in own} == {
        name: value for name, value in plain.items() if name not in own
    }


def test_who_looks_at_a_page_that_fails_reads_so_in_its_language(failing):
    answer = failing(RuntimeError("why")).get(
        "/ward/photos/abc/picture", headers={**HTML, "Accept-Language": "en"}
    )
    assert "Something failed on the server" in answer.text
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_what_fails_before_a_page_is_reached_has_the_headers_too(failing, web, monkeypatch):
    def busy(*_args, **_given):
        raise StoreBusy("The records were being written by others", remedy="Try again")

    monkeypatch.setattr(type(web.services.accounts), "session", busy)
    answer = failing(RuntimeError("never reached")).get("/")
    assert answer.status_code == 503
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
