"""Skin tone, as a person judged it: it comes with the enrolment file, and figures are given by it."""

import pytest

from mottling.services.agreement import cases_of
from mottling.services.views import Answer
from mottling.training_set import read_training_set
from tests.house import DAY1, OLGA, RAVI, RITA, confirm, read

TONES = b"""patient,site,randomised_at,skin_tone
01-001,01,2026-03-02T08:00+00:00,%s
"""


def test_a_skin_tone_may_come_after_the_patient_and_a_later_one_replaces_it(house):
    for tone, known in ((b"", {}), (b"9", {"01-001": 9}), (b"9", {"01-001": 9}), (b"10", {"01-001": 10})):
        assert house.enrolling.enrol(OLGA, TONES % tone, at=DAY1).stored
        assert house.office._store.office.tones() == known
    acts = [one.act for one in house.office._store.office.audit()]
    assert acts.count("skin_tone_recorded") == 2


@pytest.mark.parametrize("tone", [b"0", b"11", b"dark", b"7.5"])
def test_what_is_no_tone_of_the_monk_scale_is_a_problem_of_its_line(house, tone):
    report = house.enrolling.enrol(OLGA, TONES % tone, at=DAY1)
    assert (report.stored, [one.line for one in report.problems]) == (False, [2])
    assert house.office._store.office.tones() == {}


def test_a_recorded_tone_reaches_the_report_and_the_frozen_set(house, tmp_path):
    house.enrolling.enrol(OLGA, TONES % b"8", at=DAY1)
    confirm(house)
    for reader in (RITA, RAVI):
        read(house, reader, Answer.scored(2))
    (found,) = [one for one in cases_of(house.office._store, house.charter, at=DAY1) if one.readings]
    assert found.tone == 8
    house.office.freeze(OLGA, tmp_path / "set", at=DAY1)
    (frozen,) = read_training_set(tmp_path / "set").photos
    assert frozen.tone == 8
