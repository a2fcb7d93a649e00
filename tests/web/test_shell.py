"""The shell and its worker: nobody's data, and another release for any other content."""

import json
import re

import pytest

from mottling.web import shell
from mottling.web.document import hash_of_the_map
from mottling.web.statics import text_of
from tests.house import EMMA, INITIALS, NINA
from tests.web_house import web_house


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with web_house(tmp_path_factory.mktemp("shell")) as made:
        yield made


def release_in(worker: str) -> dict:
    return json.loads(worker.partition("const RELEASE = ")[2].partition(";\n")[0])


def test_the_worker_keeps_the_shells_and_files_that_are_there(house):
    nina = house.enter(NINA)
    release = release_in(nina.get("/ward/worker.js").text)
    assert set(release["shells"]) == {"fr", "en"}
    asked = [nina.get(path) for path in (*release["files"], *release["shells"].values())]
    assert {answer.status_code for answer in asked} == {200}


def test_every_address_in_the_shell_is_kept(house):
    nina = house.enter(NINA)
    files = release_in(nina.get("/ward/worker.js").text)["files"]
    assert set(re.findall(r"/static/[a-z.-]+\?v=[0-9a-f]+", nina.get("/ward/fr/shell").text)) <= set(files)


def test_the_shell_says_nothing_of_a_patient_or_a_user(house):
    text = house.enter(NINA).get("/ward/en/shell").text
    assert not re.search(rf"01-0\d\d|{INITIALS}|nina", text)


def test_the_shell_brings_a_lock_that_names_nobody_and_says_why_it_stays_shut(house):
    text = house.enter(NINA).get("/ward/en/shell").text
    assert 'class="lock"' in text
    assert 'data-idle-s="900"' in text
    assert "Locked for {name}" in text
    assert "Without network nobody can come in here" in text


def test_the_shell_is_for_the_ward(house):
    assert house.enter(EMMA).get("/ward/en/shell").status_code == 403
    assert house.visitor().get("/ward/en/shell").status_code == 401


def test_the_shells_one_inline_script_is_the_one_that_its_policy_names(house):
    answer = house.enter(NINA).get("/ward/fr/shell")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert f"'sha256-{hash_of_the_map()}'" in policy
    assert len(re.findall(r"<script(?![^>]* src=)", answer.text)) == 1


def test_other_content_is_another_release(monkeypatch):
    before = release_in(shell._worker({"fr": "a shell"}))
    assert release_in(shell._worker({"fr": "another shell"}))["version"] != before["version"]
    monkeypatch.setattr(shell, "text_of", lambda name: text_of(name) + "// changed")
    assert release_in(shell._worker({"fr": "a shell"}))["version"] != before["version"]
