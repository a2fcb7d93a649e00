"""Every answer says what a browser may load, keep and frame."""

import pytest

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
