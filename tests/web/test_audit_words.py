"""The audit trail in the words of a page: no English on a French page but names, numbers and files."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import mottling
from mottling.services.looked import Looked, Screen
from mottling.services.monitoring import AuditLine
from mottling.services.office_views import Standing
from mottling.shipped import shipped
from mottling.trial.charter import read_charter
from mottling.trial.committee_records import ReadoutAct
from mottling.trial.no_persons import NoPerson
from mottling.web.audit_words import AuditWords
from mottling.web.trial_words import TrialWords
from mottling.web.words import words_in
from tests.house import DAY1

LOOKS = (
    *(Looked(screen) for screen in Screen),
    Looked(Screen.AUDIT, before=95),
    Looked(Screen.FROZEN, pair=(1, 2)),
    *(Looked(Screen.PATIENTS, site, standing) for site in ("", "01") for standing in Standing),
)
CHARTER = read_charter(shipped("configs") / "trials" / "i-micro.toml").charter
IN_THE_CODE = re.compile(r'\bby="([^"]+)"')


def said(act: str, subject: str, *, by: str = "mona", language: str = "fr"):
    words = AuditWords(TrialWords(CHARTER, words_in(language)))
    return words.said(AuditLine(7, DAY1, by, act, subject), now=DAY1 + timedelta(hours=1))


@pytest.mark.parametrize("look", LOOKS, ids=Looked.written)
def test_a_look_is_said_in_the_language_of_the_page(look):
    french, english = (said("looked", look.written(), language=one).subject for one in ("fr", "en"))
    assert french != english
    assert not re.search(r"patients of|audit trail|read-out|completeness|every site", french)
    assert "{" not in french + english


def test_a_look_says_whose_patients_and_which():
    look = Looked(Screen.PATIENTS, "02", Standing.OVERDUE).written()
    assert said("looked", look).subject == "Patients, centre 02\u00a0: En retard"
    assert said("looked", look, language="en").subject == "Patients, site 02: Overdue"


def test_what_another_version_wrote_is_not_shown_in_its_language():
    assert said("looked", "enrolment plan of the trial").subject == "Un autre écran"


@pytest.mark.parametrize("act", ReadoutAct)
def test_what_became_of_the_read_out_is_said(act):
    assert said("readout_changed", act).subject == {"closed": "Close", "reopened": "Rouverte"}[act]


@pytest.mark.parametrize(
    ("kind", "french"),
    [
        ("outcome.csv", "outcome.csv"),
        ("training_set", "jeu d’entraînement"),
        ("backup", "sauvegarde"),
        ("agreement.pdf, read-out open", "agreement.pdf, lecture ouverte"),
    ],
)
def test_a_file_keeps_its_name_and_the_rest_is_said(kind, french):
    assert said("exported", kind, by="olga").subject == french


@pytest.mark.parametrize("language", ["fr", "en"])
def test_who_is_no_person_has_words(language):
    assert all(words_in(language).has(f"monitor.by.{one}") for one in NoPerson)


def test_who_is_no_person_is_said_also_as_the_subject():
    line = said("keys_rotated", "command", by="command")
    assert (line.by, line.subject) == ("ligne de commande", "ligne de commande")


def test_a_program_is_called_one():
    assert said("photo_stored", "a1", by="token:hospital").by == "programme hospital"


def test_what_was_typed_as_a_name_stays_as_it_was_typed():
    assert said("sign_in_tried", "server", by="server").by == "server"


def test_every_name_that_the_code_gives_itself_is_known_as_no_persons():
    texts = (path.read_text("utf-8") for path in Path(mottling.__file__).parent.rglob("*.py"))
    assert {name for text in texts for name in IN_THE_CODE.findall(text)} <= set(NoPerson)
