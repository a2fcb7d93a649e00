"""Gradio's document is made ours, or refused."""

import re

import pytest

from mottling.errors import SettingsRefused
from mottling.web.areas import Area
from mottling.web.document import make_ours
from tests.house import NINA, RITA
from tests.web_house import HTML


@pytest.fixture(scope="module")
def document(web):
    return web.enter(RITA).get("/committee/fr/", headers=HTML)


def test_it_says_its_language(document):
    assert re.search(r'<html\s+lang="fr"', document.text)


def test_nothing_in_it_names_another_host(document):
    assert set(re.findall(r"https?://[\w.:-]+", document.text)) <= {"http://testserver", "http://www.w3.org"}


def test_every_inline_script_has_the_nonce_of_its_policy(document):
    (nonce,) = re.findall(r"'nonce-([\w-]+)'", document.headers["content-security-policy"])
    scripts = re.findall(r"<script([^>]*)>", document.text)
    assert scripts
    assert [tag for tag in scripts if f'nonce="{nonce}"' not in tag] == []


def test_two_answers_have_two_nonces(web, document):
    again = web.enter(RITA).get("/committee/fr/", headers=HTML)
    assert again.headers["content-security-policy"] != document.headers["content-security-policy"]


def test_our_style_and_scripts_are_there_and_served(web, document):
    ours = re.findall(r'(?:href|src)="(/static/[^"]+)"', document.text)
    assert {path.partition("?")[0] for path in ours} >= {"/static/mottling.css", "/static/live.js"}
    visitor = web.visitor()
    assert [path for path in ours if visitor.get(path).status_code != 200] == []


def test_the_reading_room_is_dark_and_other_pages_are_where_the_browser_asks(web, document):
    asked = r'<link rel="stylesheet" href="/static/night\.css\?v=\w+"([^>]*)>'
    ward = web.enter(NINA).get("/ward/fr/", headers=HTML)
    assert re.findall(asked, document.text) == [""]
    assert re.findall(asked, ward.text) == [' media="(prefers-color-scheme: dark)"']


def test_a_document_of_another_gradio_is_refused():
    with pytest.raises(SettingsRefused, match="not the one that this project was made with"):
        make_ours("<html><head></head></html>", area=Area.WARD, language="fr", nonce="x")
