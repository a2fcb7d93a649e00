"""Consent for retraining: a field of the patient, and whose photographs a training set has."""

from contextlib import closing

import pytest

from mottling.errors import ExportRefused, NotAllowed, RecordRefused
from mottling.services.views import Answer
from mottling.training_set import read_training_set
from mottling.trial.consents import Choice
from tests.house import DAY1, EMMA, NINA, OLGA, RAVI, RITA, charter_text, confirm, open_house, read

ASKED = charter_text('consent = "implied"', 'consent = "asked"')
PATIENTS = ("01-001", "01-002", "02-001")


@pytest.fixture
def house(tmp_path_factory):
    """Three patients, each with a verdict, in a trial that asks for consent."""
    with closing(open_house(tmp_path_factory.mktemp("consents"), charter=ASKED)) as services:
        _let_all_be_read(services)
        yield services


@pytest.fixture
def implied(tmp_path_factory):
    """The same in a trial whose own consent form has it."""
    with closing(open_house(tmp_path_factory.mktemp("implied"))) as services:
        _let_all_be_read(services)
        yield services


def _let_all_be_read(services):
    for patient in PATIENTS:
        confirm(services, patient)
        for reader in (RITA, RAVI):
            read(services, reader, Answer.scored(3))


def say(house, choice, *patients, because=""):
    house.consents.record(OLGA, patients, choice, because=because, at=DAY1)


def frozen(house, folder):
    house.office.freeze(OLGA, folder, at=DAY1)
    return {photo.patient for photo in read_training_set(folder).photos}


def pseudonyms(house, *patients):
    return {house.office._pseudonyms.of(one) for one in patients}


def test_without_consent_nothing_is_frozen_and_the_sentence_says_what_to_do(house, tmp_path):
    with pytest.raises(ExportRefused, match=r"3 patients have a verdict, and no consent .*consent given"):
        house.office.freeze(OLGA, tmp_path / "set", at=DAY1)
    assert not (tmp_path / "set").exists()


def test_only_photographs_of_patients_who_consented_are_frozen_and_the_last_word_counts(house, tmp_path):
    say(house, Choice.GIVEN, "01-001", "02-001", because="Signed on paper")
    assert frozen(house, tmp_path / "two") == pseudonyms(house, "01-001", "02-001")
    say(house, Choice.REFUSED, "02-001")
    assert frozen(house, tmp_path / "one") == pseudonyms(house, "01-001")
    say(house, Choice.GIVEN, "02-001")
    assert frozen(house, tmp_path / "again") == pseudonyms(house, "01-001", "02-001")


def test_where_consent_is_implied_only_who_refused_is_left_out(implied, tmp_path):
    assert frozen(implied, tmp_path / "all") == pseudonyms(implied, *PATIENTS)
    say(implied, Choice.REFUSED, "01-002")
    assert frozen(implied, tmp_path / "two") == pseudonyms(implied, "01-001", "02-001")


def test_what_is_known_is_counted_and_listed(implied):
    say(implied, Choice.GIVEN, "01-001")
    say(implied, Choice.REFUSED, "01-002")
    standing = implied.consents.standing(OLGA)
    assert (standing.given, standing.refused, standing.unknown, standing.is_implied) == (1, 1, 1, True)
    assert [(one.patient, one.choice, one.may_train) for one in implied.consents.lines(OLGA)] == [
        ("01-001", "given", True),
        ("01-002", "refused", False),
        ("02-001", None, True),
    ]


def test_of_several_patients_all_are_recorded_or_none(house):
    before = house.consents.lines(OLGA)
    with pytest.raises(RecordRefused, match="no patient '09-999'"):
        say(house, Choice.REFUSED, "01-001", "09-999")
    with pytest.raises(RecordRefused, match="No patient was named"):
        say(house, Choice.GIVEN)
    assert house.consents.lines(OLGA) == before


@pytest.mark.parametrize("user", [NINA, RITA, EMMA], ids=lambda user: user.name)
def test_only_the_office_records_and_sees_consents(house, user):
    for act in (
        lambda: house.consents.record(user, ["01-001"], Choice.GIVEN, at=DAY1),
        lambda: house.consents.lines(user),
        lambda: house.consents.standing(user),
    ):
        with pytest.raises(NotAllowed):
            act()
