"""What changes something must come from a page of our own, and no answer is for another origin."""

import pytest

from tests.house import NINA
from tests.web_house import password_of, send_photo

FORM = {"name": NINA.name, "password": password_of(NINA), "language": "fr"}
EVIL = [
    "",
    "null",
    "http://evil.example",
    "http://testserver.evil.example",
    "http://testserver:8080",
    "testserver",
]


@pytest.mark.parametrize("origin", EVIL)
def test_signing_in_from_elsewhere_is_refused(web, origin):
    assert web.visitor().post("/sign-in", data=FORM, headers={"Origin": origin}).status_code == 403


def test_signing_in_without_an_origin_is_refused(web):
    assert web.visitor().post("/sign-in", data=FORM).status_code == 403


@pytest.mark.parametrize("origin", EVIL)
def test_a_photograph_from_elsewhere_is_refused(web, origin):
    assert send_photo(web.enter(NINA), b"a photograph", Origin=origin).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_request_that_the_browser_says_is_from_elsewhere_is_refused(web, site):
    assert send_photo(web.enter(NINA), b"a photograph", Sec_Fetch_Site=site).status_code == 403


def test_signing_out_from_elsewhere_is_refused_and_the_session_goes_on(web):
    nina = web.enter(NINA)
    assert nina.post("/sign-out", headers={"Origin": "http://evil.example"}).status_code == 403
    assert nina.get("/").status_code == 303


@pytest.mark.parametrize(
    "path", ["/sign-in", "/ward/fr/", "/ward/fr/theme.css", "/ward/fr/gradio_api/app_id", "/x"]
)
@pytest.mark.parametrize("host", ["testserver", "tablet.example"])
def test_no_answer_is_for_another_origin(web, path, host):
    headers = {"Origin": "http://evil.example", "Host": host, "Accept": "text/html"}
    answer = web.enter(NINA).get(path, headers=headers)
    assert [name for name in answer.headers if name.startswith("access-control-")] == []
