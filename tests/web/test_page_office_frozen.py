"""The frozen outcome on the office's page: signed with the password, superseded with a reason, compared."""

import json
import re

import pytest

from mottling.services.views import Answer
from mottling.web.pages import office
from tests.house import OLGA, RANDOMISED_AT, RAVI, RITA, confirm, open_house, read
from tests.page_visits import Visit

PASSWORD = "a long password"


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    """01-001 has a verdict."""
    made = open_house(tmp_path_factory.mktemp("frozen"))
    made.accounts.add_user(OLGA, PASSWORD, by="setup", at=RANDOMISED_AT)
    confirm(made, "01-001", score=2)
    for reader in (RITA, RAVI):
        read(made, reader, Answer.scored(2))
    yield made
    made.close()


@pytest.fixture(scope="module")
def olga(services):
    return Visit(office.build, services, OLGA)


def text_of(body: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_page_of_files_leads_to_what_is_frozen(olga):
    assert 'data-do="frozen"' in olga.see("files")
    assert "Frozen outcome" in text_of(olga.see("frozen"))


def test_an_outcome_is_frozen_by_a_password_anew_with_a_reason_and_each_change_is_explained(olga, services):
    assert "Name and password" in olga.refused("freeze_outcome", password="another")
    assert "Nothing is frozen yet." in olga.see("frozen")
    first = olga.answer("freeze_outcome", {"password": PASSWORD})
    assert first["notice"] == "Frozen outcome 1 is signed"
    head = re.search(r"<textarea readonly[^>]*>([^<]*)</textarea>", first["body"])[1]
    (snapshot,) = services.results.snapshots(OLGA)
    assert json.loads(head.replace("&#34;", '"'))["rows"] == snapshot.upto + 1
    assert snapshot.sha256 in first["body"]

    confirm(services, "01-002", score=3)
    assert "Snapshot 1 stands already" in olga.refused("freeze_outcome", password=PASSWORD)
    second = olga.answer("freeze_outcome", {"password": PASSWORD, "because": "A late score"})
    assert "A late score" in second["body"]
    found = text_of(olga.see("frozen_diff", before="1", after="2"))
    assert "From 1 to 2: 1 patients whose line differs" in found
    assert re.search(r"01-002: no_record → with_readers outcome, photograph", found)
    assert "nina · Photograph stored" in found
    assert "is not earlier than" in olga.refused("frozen_diff", before="2", after="1")
    assert "no snapshot 9" in olga.refused("frozen_diff", before="1", after="9")


def test_it_is_said_in_french(services, olga):
    french = Visit(office.build, services, OLGA, "fr")
    assert "Critère figé" in french.see("frozen")
    # Neither is there, whichever test of this file came first.
    assert french.refused("frozen_diff", before="8", after="9") == "Il n’y a pas de critère figé 8"
