"""REDCap exports: raw and with labels, local times, rows of other events, and nothing that unblinds."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mottling.errors import RecordRefused
from mottling.services.enrolment import read_enrolment
from mottling.services.enrolment_lines import EnrolmentRules
from mottling.services.office_views import EnrolmentFault as Fault
from mottling.services.office_views import Skipped
from mottling.trial.enrolment_plan import EnrolmentPlan

AT = datetime(2027, 4, 1, tzinfo=UTC)
ZONES = {"01": ZoneInfo("Europe/Paris"), "02": ZoneInfo("Indian/Reunion")}
LABEL = {"fr": "Recoloration du doigt", "en": "Finger recoloration"}
ITEMS = [{"code": "finger", "label": LABEL, "kind": "seconds"}]
REDCAP = {
    "patient": ["record_id", "Record ID"],
    "sites": {"paris": "01", "Paris": "01", "reunion": "02"},
    "randomised_at": ["rando_dt", "Date de randomisation"],
    "event": ["inclusion_arm_1", "Inclusion"],
    "items": [{"code": "finger", "field": ["trc_doigt", "TRC au doigt (s)"], "values": {"ND": ""}}],
}
HEADER = "record_id,redcap_event_name,redcap_repeat_instrument,redcap_data_access_group,rando_dt,trc_doigt"
FIRST = "01-001,inclusion_arm_1,,paris,2026-03-02 14:05,4"


def read(*lines: str, header: str = HEADER, **redcap):
    plan = EnrolmentPlan.model_validate({"items": ITEMS, "redcap": REDCAP | redcap})
    rules = EnrolmentRules(ZONES, r"\d{2}-\d{3}", plan)
    return read_enrolment("\n".join([header, *lines]).encode(), rules, at=AT)


def refused(*lines: str, header: str = HEADER, **redcap) -> str:
    with pytest.raises(RecordRefused) as error:
        read(*lines, header=header, **redcap)
    return str(error.value)


def test_a_raw_export_is_read_on_the_clock_of_the_site():
    paris, reunion = read(FIRST, "02-001,inclusion_arm_1,,reunion,2026-03-02 14:05:30,3.50").lines
    assert (paris.patient, paris.site, dict(paris.items)) == ("01-001", "01", {"finger": "4"})
    assert paris.randomised_at == datetime(2026, 3, 2, 13, 5, tzinfo=UTC)
    assert reunion.randomised_at == datetime(2026, 3, 2, 10, 5, 30, tzinfo=UTC)
    assert dict(reunion.items) == {"finger": "3.5"}


def test_an_export_with_labels_is_the_same_patient():
    header = "Record ID,Event Name,Repeat Instrument,Data Access Group,Date de randomisation,TRC au doigt (s)"
    assert read("01-001,Inclusion,,Paris,2026-03-02 14:05,4", header=header) == read(FIRST)


def test_date_and_time_may_be_two_fields():
    header = "record_id,redcap_data_access_group,d,t,trc_doigt"
    (one,) = read(
        "01-001,paris,2026-03-02,14:05,4",
        header=header,
        randomised_at=[],
        randomised_on=["d"],
        randomised_clock=["t"],
    ).lines
    assert one.randomised_at == datetime(2026, 3, 2, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(("dates", "text"), [("dmy", "02/03/2026 14:05"), ("mdy", "03/02/2026 14:05")])
def test_a_date_is_read_in_the_order_that_the_trial_file_names(dates, text):
    (one,) = read(FIRST.replace("2026-03-02 14:05", text), dates=dates).lines
    assert one.randomised_at == datetime(2026, 3, 2, 13, 5, tzinfo=UTC)
    (problem,) = read(FIRST.replace("2026-03-02 14:05", text)).problems
    assert problem.fault is Fault.LOCAL_TIME


def test_a_time_that_never_was_is_a_problem_of_its_line():
    (problem,) = read(FIRST, "01-002,inclusion_arm_1,,paris,2026-03-29 02:30,4").problems
    assert (problem.line, problem.fault) == (3, Fault.NEVER_ON_CLOCK)
    assert "clocks were put forward" in problem.message


def test_a_time_that_was_twice_needs_its_offset_and_is_taken_with_it():
    twice = FIRST.replace("2026-03-02 14:05", "2026-10-25 02:30")
    (problem,) = read(twice).problems
    assert problem.fault is Fault.TWICE_ON_CLOCK
    assert "Europe/Paris: write its offset too" in problem.message
    found = [read(twice.replace("02:30", f"02:30{offset}")).lines[0] for offset in ("+02:00", "+01:00")]
    assert [one.randomised_at.astimezone(UTC).hour for one in found] == [0, 1]


def test_the_same_hour_of_that_night_is_no_question_where_no_clock_was_changed():
    assert not read("02-001,inclusion_arm_1,,reunion,2026-10-25 02:30,4").problems


@pytest.mark.parametrize("text", ["2026-03-02", "2026-13-02 14:05", "02/03/2026 14:05", "soon", "14:05"])
def test_what_is_no_date_and_time_is_a_problem(text):
    (problem,) = read(FIRST.replace("2026-03-02 14:05", text)).problems
    assert (problem.line, problem.fault, problem.value) == (2, Fault.LOCAL_TIME, text)


def test_rows_of_other_events_and_instruments_are_skipped_and_counted():
    found = read(
        "01-001,screening_arm_1,,paris,,",
        FIRST,
        "01-001,inclusion_arm_1,adverse_event,paris,,",
        "01-001,day_1_arm_1,,paris,,",
        "01-002,inclusion_arm_1,,paris,,",
    )
    assert [one.patient for one in found.lines] == ["01-001"]
    assert (found.problems, found.skipped) == ((), Skipped(other_rows=3, not_randomised=1))


def test_several_events_of_which_the_trial_file_names_none_are_refused():
    said = refused(FIRST, "01-001,day_1_arm_1,,paris,,", event=[])
    assert "rows of 2 events, and the trial file does not say of which" in said
    assert len(read(FIRST, event=[]).lines) == 1


def test_a_record_whose_enrolment_comes_twice_is_named():
    (problem,) = read(FIRST, FIRST).problems
    assert (problem.line, problem.fault) == (3, Fault.TWICE)


def test_columns_that_nobody_needs_are_ignored_also_when_two_have_one_label():
    header = f"{HEADER},age,Commentaire,Commentaire,my_first_instrument_complete"
    assert read(f"{FIRST},71,x,y,2", header=header).lines == read(FIRST).lines


@pytest.mark.parametrize("name", ["rando_arm", "Bras de traitement", "group", "ACTARM", "kit_number"])
def test_a_column_that_looks_like_the_arm_is_refused_though_nobody_needs_it(name):
    said = refused(f"{FIRST},A", header=f"{HEADER},{name}")
    assert f"The column {name!r} looks like the treatment arm" in said


@pytest.mark.parametrize("cell", ["Iloprost", "Placebo", "Bras B"])
def test_a_column_that_holds_the_arm_under_another_name_is_refused_and_the_arm_not_said(cell):
    said = refused(f"{FIRST},", f"{FIRST},{cell}", header=f"{HEADER},rando_result")
    assert "The column 'rando_result' holds what looks like the treatment arm" in said
    assert cell not in said


def test_events_of_several_arms_of_the_project_are_refused():
    said = refused(FIRST, FIRST.replace("01-001", "01-002").replace("arm_1", "arm_2"))
    assert "The events of this file are of 2 arms of the REDCap project" in said


def test_a_site_that_the_trial_file_does_not_know_is_a_problem():
    (problem,) = read(FIRST.replace("paris", "lyon")).problems
    assert (problem.fault, problem.value) == (Fault.SITE, "lyon")
    assert read(FIRST.replace("paris", "02")).lines[0].site == "02"


def test_what_stands_for_nothing_is_nothing_and_what_is_no_number_a_problem():
    assert dict(read(FIRST.replace(",4", ",ND")).lines[0].items) == {}
    (problem,) = read(FIRST.replace(",4", ",slow")).problems
    assert (problem.fault, problem.item, problem.value) == (Fault.ITEM, "finger", "slow")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("record_id,redcap_data_access_group,trc_doigt", "no column 'rando_dt' or 'Date de randomisation'"),
        ("record_id,Record ID,redcap_data_access_group,rando_dt,trc_doigt", "comes twice, or under two"),
    ],
)
def test_a_column_that_is_not_there_or_there_twice_is_refused(header, words):
    assert words in refused(header=header)


def test_our_own_format_is_taken_too():
    (one,) = read("01-001,01,2026-03-02T14:05+01:00,4", header="patient,site,randomised_at,finger").lines
    assert (one.patient, dict(one.items)) == ("01-001", {"finger": "4"})


def test_a_note_with_line_ends_does_not_shift_the_lines_that_are_named():
    header = f"{HEADER},note"
    (problem,) = read(
        f'{FIRST},"first\nsecond\nthird"', "x,inclusion_arm_1,,paris,2026-03-02 14:05,4,", header=header
    ).problems
    assert (problem.line, problem.fault) == (5, Fault.PATIENT)
