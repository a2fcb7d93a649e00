"""Enrolment files: every problem with its line, and no column that could break the blinding."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mottling.errors import RecordRefused
from mottling.services.enrolment import read_enrolment
from mottling.services.enrolment_lines import EnrolmentRules
from mottling.services.office_views import EnrolmentFault

AT = datetime(2026, 4, 1, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
RULES = EnrolmentRules({"01": PARIS, "02": PARIS}, r"\d{2}-\d{3}")
HEADER = "patient,site,randomised_at\n"


def read(text: str):
    return read_enrolment(text.encode(), RULES, at=AT)


def test_lines_are_read_with_their_aware_times():
    (one,) = read(HEADER + "01-001,01,2026-03-29T14:05+02:00\n").lines
    assert (one.patient, one.site, one.line) == ("01-001", "01", 2)
    assert one.randomised_at == datetime(2026, 3, 29, 12, 5, tzinfo=UTC)


def test_a_french_spreadsheet_with_semicolons_and_a_byte_order_mark_is_read():
    found = read_enrolment(
        "\ufeffsite;patient;randomised_at\r\n02;02-007;2026-03-01T08:00Z\r\n".encode(), RULES, at=AT
    )
    assert [(one.patient, one.site) for one in found.lines] == [("02-007", "02")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1,01,2026-03-01T08:00Z", "patient '1' is not a number"),
        ("01-001,99,2026-03-01T08:00Z", "site '99' is not in the trial file"),
        ("01-001,01,01/03/2026", "'01/03/2026' is not a time"),
        ("01-001,01,2026-03-01T08:00", "'2026-03-01T08:00' is not a time"),
        ("01-001,01,2027-03-01T08:00Z", "lies in the future"),
        ("01-001,01", "2 cells where 3 are needed"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_by_its_number(line, words):
    (problem,) = read(HEADER + "01-009,01,2026-03-01T08:00Z\n" + line + "\n").problems
    assert problem.line == 3
    assert words in problem.message


def test_a_patient_who_comes_twice_is_named_with_both_lines():
    line = "01-001,01,2026-03-01T08:00Z\n"
    (problem,) = read(HEADER + line + "\n" + line).problems
    assert (problem.line, problem.message) == (4, "patient '01-001' is on line 2 already")


@pytest.mark.parametrize(
    "name",
    ["arm", "Bras", "treatment_arm", "groupe", "traitement", "Iloprost (ng/kg)", "Médicament", "kit no"],
)
def test_a_column_that_looks_like_the_arm_is_refused_whole(name):
    with pytest.raises(RecordRefused, match="looks like the treatment arm"):
        read(f"patient,site,randomised_at,{name}\n01-001,01,2026-03-01T08:00Z,A\n")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("patient,site", "'randomised_at' is missing"),
        ("patient,site,randomised_at,age", "'age' is not known"),
        ("patient,patient,site,randomised_at", "come twice"),
        ("", "'patient', 'site', 'randomised_at' is missing"),
    ],
)
def test_a_header_that_is_not_understood_is_refused(header, words):
    with pytest.raises(RecordRefused, match=words):
        read(header + "\n")


def test_a_file_that_is_no_text_is_refused():
    with pytest.raises(RecordRefused, match="not UTF-8"):
        read_enrolment(b"patient,site\xff", RULES, at=AT)


def test_initials_may_come_with_the_number():
    file = read(
        "patient,site,randomised_at,initials\n01-001,01,2026-03-01T08:00Z,AB\n01-002,01,2026-03-01T08:00Z,\n"
    )
    assert [one.initials for one in file.lines] == ["AB", ""]


@pytest.mark.parametrize("initials", ["ab", "A", "ABCD", "Dupont", "A.B"])
def test_what_is_more_than_initials_is_refused(initials):
    file = read(f"patient,site,randomised_at,initials\n01-001,01,2026-03-01T08:00Z,{initials}\n")
    assert [one.fault for one in file.problems] == [EnrolmentFault.INITIALS]


def test_every_problem_of_a_line_is_named():
    found = read("patient,site,randomised_at,initials\n1,99,soon,ab\n").problems
    assert [one.fault for one in found] == [
        EnrolmentFault.PATIENT,
        EnrolmentFault.SITE,
        EnrolmentFault.TIME,
        EnrolmentFault.INITIALS,
    ]
    assert {one.line for one in found} == {2}


def test_an_export_of_redcap_is_none_of_ours_where_the_trial_file_says_nothing_of_it():
    with pytest.raises(RecordRefused, match="'patient', 'site', 'randomised_at' is missing"):
        read("record_id,redcap_data_access_group,rando_dt\n01-001,x,2026-03-01 08:00\n")


def test_what_is_no_csv_is_refused_and_not_a_failure():
    with pytest.raises(RecordRefused, match="no CSV"):
        read(HEADER + '01-001,01,"' + "x" * 200_000)
