"""Enrolment as a whole: by file and by form the same rules, everything or nothing, and twice is once."""

from datetime import UTC, datetime, timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.services.accounts import User
from mottling.services.office_views import EnrolmentFault as Fault
from mottling.services.one_patient import Hour, OnePatient
from mottling.trial.access import Role
from tests.house import DAY1, EMMA, MONA, NINA, OLGA, RANDOMISED_AT, RITA

LATER = datetime(2027, 1, 1, tzinfo=UTC)
ITEMS = b"""patient,site,randomised_at,mottling_included,finger_recoloration,knee_recoloration
01-001,01,2026-03-02T08:00+00:00,%s,"%s",
01-011,01,2026-03-02T09:00+00:00,2,4,5.5
"""


def person(**fields) -> OnePatient:
    given = {"patient": "01-020", "site": "01", "day": "2026-03-02", "clock": "14:05", "items": {}}
    return OnePatient(**(given | fields))


def values_of(house, patient="01-001") -> dict[str, str | None]:
    last = house.enrolling._store.eligibility.last()
    return {item: one.value for (whose, item), one in last.items() if whose == patient}


def rows_of(house) -> int:
    return len(house.enrolling._store.office.audit())


def test_items_come_with_new_patients_and_with_those_who_were_enrolled_before(house):
    report = house.enrolling.enrol(OLGA, ITEMS % (b"3", b"4,50"), at=DAY1)
    assert (report.new, report.known, report.completed) == (("01-011",), ("01-001",), ("01-001",))
    assert values_of(house) == {"mottling_included": "3", "finger_recoloration": "4.5"}
    assert values_of(house, "01-011") == {
        "mottling_included": "2",
        "finger_recoloration": "4",
        "knee_recoloration": "5.5",
    }


def test_the_same_file_twice_changes_nothing(house):
    house.enrolling.enrol(OLGA, ITEMS % (b"3", b"4"), at=DAY1)
    rows = rows_of(house)
    again = house.enrolling.enrol(OLGA, ITEMS % (b"3", b"4.0"), at=DAY1)
    assert (again.stored, again.new, again.completed, rows_of(house)) == (True, (), (), rows)


def test_what_is_recorded_otherwise_is_a_problem_and_nobody_of_the_file_is_enrolled(house):
    house.enrolling.enrol(OLGA, (ITEMS % (b"3", b"4")).replace(b"01-011", b"01-012"), at=DAY1)
    rows = rows_of(house)
    report = house.enrolling.enrol(OLGA, ITEMS % (b"4", b"4"), at=DAY1)
    (problem,) = report.problems
    assert (report.stored, problem.line, problem.fault) == (False, 2, Fault.ITEM_CHANGED)
    assert (problem.item, rows_of(house)) == ("mottling_included", rows)


@pytest.mark.parametrize(("score", "finger"), [(b"6", b"4"), (b"3", b"fast"), (b"3", b"-1")])
def test_what_cannot_be_said_of_an_item_is_a_problem_of_its_line(house, score, finger):
    (problem,) = house.enrolling.check(OLGA, ITEMS % (score, finger), at=DAY1).problems
    assert (problem.line, problem.fault) == (2, Fault.ITEM)


def test_a_patient_of_a_form_is_enrolled_with_all_that_was_written(house):
    items = {"mottling_included": "3", "finger_recoloration": "3,5", "knee_recoloration": ""}
    report = house.enrolling.enrol_one(OLGA, person(initials="AB", skin_tone="8", items=items), at=DAY1)
    assert (report.stored, report.new) == (True, ("01-020",))
    store = house.enrolling._store
    assert store.ward.find_patient("01-020").randomised_at == datetime(2026, 3, 2, 13, 5, tzinfo=UTC)
    assert (store.ward.initials()["01-020"], store.office.tones()["01-020"]) == ("AB", 8)
    assert values_of(house, "01-020") == {"mottling_included": "3", "finger_recoloration": "3.5"}


def test_a_form_that_is_sent_twice_enrols_once(house):
    house.enrolling.enrol_one(OLGA, person(items={"mottling_included": "3"}), at=DAY1)
    rows = rows_of(house)
    again = house.enrolling.enrol_one(OLGA, person(items={"mottling_included": "3"}), at=DAY1)
    assert (again.problems, again.known, again.completed, rows_of(house)) == ((), ("01-020",), (), rows)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"patient": "1"}, Fault.PATIENT),
        ({"patient": "01-001"}, Fault.CHANGED),
        ({"site": "99"}, Fault.SITE),
        ({"day": ""}, Fault.LOCAL_TIME),
        ({"clock": "25:00"}, Fault.LOCAL_TIME),
        ({"day": "2028-01-01"}, Fault.FUTURE),
        ({"day": "2026-03-29", "clock": "02:30"}, Fault.NEVER_ON_CLOCK),
        ({"day": "2026-10-25", "clock": "02:30"}, Fault.TWICE_ON_CLOCK),
        ({"initials": "Dupont"}, Fault.INITIALS),
        ({"skin_tone": "11"}, Fault.TONE),
        ({"items": {"knee_recoloration": "slow"}}, Fault.ITEM),
    ],
)
def test_a_form_is_checked_by_the_rules_of_a_file_and_nothing_is_stored(house, fields, fault):
    rows = rows_of(house)
    report = house.enrolling.enrol_one(OLGA, person(**fields), at=LATER)
    assert [one.fault for one in report.problems] == [fault]
    assert (report.stored, rows_of(house)) == (False, rows)


@pytest.mark.parametrize(("hour", "utc"), [(Hour.FIRST, 0), (Hour.SECOND, 1)])
def test_of_an_hour_that_was_twice_the_form_says_which(house, hour, utc):
    twice = person(day="2026-10-25", clock="02:30", hour=hour)
    assert house.enrolling.enrol_one(OLGA, twice, at=LATER).stored
    found = house.enrolling._store.ward.find_patient("01-020")
    assert found.randomised_at == datetime(2026, 10, 25, utc, 30, tzinfo=UTC)


def test_an_item_that_nobody_asks_for_is_refused(house):
    with pytest.raises(RecordRefused, match="'arm' is no eligibility item"):
        house.enrolling.enrol_one(OLGA, person(items={"arm": "A"}), at=DAY1)


@pytest.mark.parametrize("user", [NINA, RITA, MONA, EMMA])
def test_who_may_not_enrol_may_not_by_form_either(house, user):
    with pytest.raises(NotAllowed):
        house.enrolling.enrol_one(user, person(), at=DAY1)


def test_who_belongs_to_a_site_enrols_there_and_nowhere_else(house):
    of_site = User("otto", Role.OFFICE, "02")
    report = house.enrolling.enrol_one(of_site, person(), at=DAY1)
    assert [one.fault for one in report.problems] == [Fault.SITE]
    assert house.enrolling.enrol_one(of_site, person(patient="02-020", site="02"), at=DAY1).stored


def test_what_somebody_else_recorded_meanwhile_stores_nothing_of_a_file(house, monkeypatch):
    enrolling, data = house.enrolling, ITEMS % (b"3", b"4")
    known = enrolling._known()
    assert enrolling.enrol(OLGA, data.replace(b"01-011", b"01-012"), at=RANDOMISED_AT + timedelta(hours=2))
    rows = rows_of(house)
    monkeypatch.setattr(enrolling, "_known", lambda: known)
    with pytest.raises(Conflict, match="recorded of mottling_included of patient 01-001 meanwhile"):
        enrolling.enrol(OLGA, data, at=DAY1)
    assert rows_of(house) == rows


def test_a_number_that_was_corrected_enrols_nobody_a_second_time(house):
    changes = house.enrolling._store.changes
    changes.correct_number("01-001", "01-009", because="Misread", by="olga", at=DAY1)
    report = house.enrolling.enrol(OLGA, ITEMS % (b"3", b"4"), at=DAY1)
    assert [(one.line, one.fault) for one in report.problems] == [(2, Fault.FORMER)]
    assert house.enrolling.enrol(
        OLGA, (ITEMS % (b"3", b"4")).replace(b"01-001", b"01-009"), at=DAY1
    ).completed == ("01-009",)
