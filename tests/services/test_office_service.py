"""The office: what is complete, what leaves, and who is enrolled."""

import csv
import gc
import io
import stat
from datetime import timedelta

import pytest
from PIL import Image

from mottling.errors import ExportRefused, NotAllowed, RecordRefused
from mottling.scale import Status
from mottling.services.office_views import Look, Standing
from mottling.services.views import Answer, Shot, VisitState
from mottling.training_set import read_training_set
from tests.house import (
    ADAM,
    DAY1,
    EMMA,
    NINA,
    OLGA,
    RANDOMISED_AT,
    RAVI,
    RITA,
    ROSA,
    charter_text,
    confirm,
    open_house,
    read,
    take,
)
from tests.tiny_model import a_jpeg

AT = DAY1 + timedelta(hours=12)
HEADER = b"patient,site,randomised_at\n"


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def day1_of(house, patient="01-001", *, at=AT):
    lines = {(one.patient, one.visit): one for one in house.office.outcome(OLGA, at=at)}
    return lines[patient, "day1"]


def decide(house, answer):
    for reader in (RITA, RAVI):
        read(house, reader, answer)


def test_each_site_and_visit_is_counted_also_a_site_without_patients(confirmed):
    take(confirmed, "01-002")
    confirmed.ward.not_done(NINA, "01-002", visit="baseline", reason="forgotten", at=DAY1)
    counted = {(one.site, one.visit): one for one in confirmed.office.completeness(OLGA, at=AT)}
    assert set(counted) == {(site, visit) for site in ("01", "02", "03") for visit in ("baseline", "day1")}
    day1, baseline = counted["01", "day1"], counted["01", "baseline"]
    assert (day1.patients, day1.with_photo, day1.with_bedside_score, day1.overdue) == (2, 2, 1, 0)
    assert (baseline.not_done, baseline.overdue, counted["03", "day1"].patients) == (1, 1, 0)


def test_what_was_read_while_settling_in_is_no_garbage_to_search_and_what_comes_after_is_seen(confirmed):
    before = gc.get_freeze_count()
    try:
        confirmed.office.settle_in(at=AT)
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
    photographed = [one.with_photo for one in confirmed.office.completeness(OLGA, at=AT)]
    take(confirmed, "01-002")
    again = [one.with_photo for one in confirmed.office.completeness(OLGA, at=AT)]
    assert sum(again) == sum(photographed) + 1


def test_a_verdict_of_not_assessable_is_counted_as_a_verdict_and_as_such(confirmed):
    decide(confirmed, Answer.not_assessable("dark"))
    day1 = next(
        one for one in confirmed.office.completeness(OLGA, at=AT) if (one.site, one.visit) == ("01", "day1")
    )
    assert (day1.with_verdict, day1.not_assessable) == (1, 1)


def test_each_patient_of_a_visit_is_counted_once(confirmed):
    take(confirmed, "01-002")
    read(confirmed, RITA, Answer.scored(2))
    for one in confirmed.office.completeness(OLGA, at=AT):
        once = (one.not_yet, one.due, one.overdue, one.on_ward, one.with_readers, one.in_dispute)
        assert sum(once) + one.complete + one.not_done == one.patients


def test_readers_who_differ_are_in_dispute_until_the_third_has_read(confirmed):
    for reader, score in ((RITA, 2), (RAVI, 3)):
        read(confirmed, reader, Answer.scored(score))
    assert day1_of(confirmed).standing is Standing.DISPUTE
    day1 = next(one for one in confirmed.office.completeness(OLGA, at=AT) if one.visit == "day1")
    assert (day1.in_dispute, day1.with_readers, day1.complete) == (1, 0, 0)
    read(confirmed, ROSA, Answer.scored(3))
    assert day1_of(confirmed).standing is Standing.COMPLETE


def test_a_photograph_outside_its_window_is_counted(house):
    shot = Shot("01-001", "day1", a_jpeg(), key="late")
    house.ward.take_photo(NINA, shot, at=DAY1 + timedelta(hours=7))
    day1 = next(one for one in house.office.completeness(OLGA, at=AT) if one.visit == "day1")
    assert (day1.outside_window, day1.on_ward) == (1, 1)


def test_of_many_lines_the_first_are_given_with_how_many_there_are(house):
    seen = house.office.lines(OLGA, Look("", Standing.ALL), most=2, at=AT)
    assert ([one.patient for one in seen.lines], seen.count) == (["01-001", "01-001"], 6)
    assert seen.counts[Standing.OVERDUE] == 6
    of_site = house.office.lines(OLGA, Look("02", Standing.OVERDUE), most=9, at=AT)
    assert ({one.patient for one in of_site.lines}, of_site.sites) == ({"02-001"}, ("01", "02"))


def test_the_outcome_is_the_committee_s_where_the_trial_file_says_so(confirmed):
    assert day1_of(confirmed).outcome is None
    decide(confirmed, Answer.scored(3))
    line = day1_of(confirmed)
    assert (line.bedside, line.verdict, line.outcome) == (
        Answer.scored(2),
        Answer.scored(3),
        Answer.scored(3),
    )


def test_the_outcome_is_the_ward_s_where_the_trial_file_says_so(tmp_path):
    house = open_house(tmp_path, charter=charter_text('endpoint = "verdict"', 'endpoint = "final"'))
    confirm(house, score=2)
    assert day1_of(house).outcome == Answer.scored(2)
    house.close()


def test_what_was_not_done_stays_missing_with_its_reason(house):
    house.ward.not_done(NINA, "01-001", visit="day1", reason="died", at=DAY1)
    line = day1_of(house)
    assert (line.state, line.outcome, line.not_done_reason) == (VisitState.NOT_DONE, None, "died")


def test_the_outcome_table_has_one_row_a_patient_and_visit(confirmed):
    decide(confirmed, Answer.at_least(3))
    table = rows(confirmed.office.outcome_csv(OLGA, at=AT))
    assert len(table) == 6
    row = next(one for one in table if (one["patient"], one["visit"]) == ("01-001", "day1"))
    assert (row["outcome_status"], row["outcome_score"], row["final_score"]) == ("at_least", "3", "2")
    assert (row["hours_after_randomisation"], row["outside_window"]) == ("24.0", "no")
    assert (row["model"], row["model_score"], row["readings"]) == ("tiny", "0", "2")


def test_the_table_of_readings_has_each_answer_with_who_gave_it(confirmed):
    decide(confirmed, Answer.scored(3))
    table = rows(confirmed.office.readings_csv(OLGA, at=AT))
    assert [(one["kind"], one["by"], one["score"], one["accepted"]) for one in table] == [
        ("own", "nina", "2", "no"),
        ("final", "nina", "2", "no"),
        ("committee", "rita", "3", "yes"),
        ("committee", "ravi", "3", "no"),
    ]


def test_every_export_is_in_the_audit_trail(house):
    house.office.outcome_csv(OLGA, at=AT)
    house.office.readings_csv(OLGA, at=AT)
    audit = rows(house.office.audit_csv(OLGA, at=AT))
    assert [int(one["number"]) for one in audit] == list(range(1, len(audit) + 1))
    assert [(one["by"], one["subject"]) for one in audit[-2:]] == [
        ("olga", "outcome.csv"),
        ("olga", "readings.csv"),
    ]


def test_the_dictionary_names_every_column_of_the_tables(house):
    described = [(one["table"], one["column"]) for one in rows(house.office.dictionary_csv())]
    tables = {
        "outcome": house.office.outcome_csv,
        "patient_outcome": house.results.outcome_csv,
        "readings": house.office.readings_csv,
        "eligibility": house.office.eligibility_csv,
        "changes": house.office.changes_csv,
        "queries": house.office.queries_csv,
        "signatures": house.office.signatures_csv,
        "audit": house.office.audit_csv,
    }
    for name, make in tables.items():
        header = next(csv.reader(io.StringIO(make(OLGA, at=AT).decode())))
        assert [column for table, column in described if table == name] == header
    assert {table for table, _ in described} == tables.keys()


def test_a_checked_file_stores_nothing(house):
    report = house.enrolling.check(OLGA, HEADER + b"03-001,03,2026-03-01T08:00Z\n", at=AT)
    assert (report.new, report.problems, report.stored) == (("03-001",), (), False)
    assert "03-001" not in {one.patient for one in house.office.outcome(OLGA, at=AT)}


def test_one_line_with_a_problem_keeps_everybody_out(house):
    data = HEADER + b"03-001,03,2026-03-01T08:00Z\n03-002,99,2026-03-01T08:00Z\n"
    report = house.enrolling.enrol(OLGA, data, at=AT)
    assert (report.stored, [one.line for one in report.problems]) == (False, [3])
    assert "03-001" not in {one.patient for one in house.office.outcome(OLGA, at=AT)}


def test_the_same_file_can_come_twice(house):
    data = HEADER + f"01-001,01,{RANDOMISED_AT.isoformat()}\n03-001,03,2026-03-01T08:00Z\n".encode()
    assert house.enrolling.enrol(OLGA, data, at=AT).known == ("01-001",)
    again = house.enrolling.enrol(OLGA, data, at=AT)
    assert (again.new, again.known, again.stored) == ((), ("01-001", "03-001"), True)


def test_a_patient_who_would_change_site_or_time_is_a_problem(house):
    report = house.enrolling.enrol(OLGA, HEADER + b"01-001,02,2026-03-02T08:00Z\n", at=AT)
    assert "another site or time" in report.problems[0].message


def test_a_file_that_carries_the_arm_is_refused_whole(house):
    with pytest.raises(RecordRefused, match="treatment arm"):
        house.enrolling.enrol(OLGA, b"patient,site,randomised_at,arm\n", at=AT)


def test_a_frozen_set_holds_verdicts_under_pseudonyms(confirmed, tmp_path):
    decide(confirmed, Answer.at_least(3))
    confirm(confirmed, "02-001")
    assert confirmed.office.freeze(OLGA, tmp_path / "set", at=AT) == 1
    (photo,) = read_training_set(tmp_path / "set").photos
    assert (photo.status, photo.score) == (Status.AT_LEAST, 3)
    with Image.open(tmp_path / "set" / photo.file) as frozen:
        assert not frozen.getexif()
    assert "01-001" not in "".join(path.read_text() for path in (tmp_path / "set").glob("*.json*"))


def test_a_patient_has_the_same_pseudonym_in_every_set_of_one_store_only(confirmed, tmp_path):
    decide(confirmed, Answer.scored(1))
    for name in ("one", "two"):
        confirmed.office.freeze(OLGA, tmp_path / name, at=AT)
    one, two = (read_training_set(tmp_path / name).photos[0].patient for name in ("one", "two"))
    (tmp_path / "data" / "pseudonyms.key").unlink()
    confirmed.office.freeze(OLGA, tmp_path / "three", at=AT)
    assert one == two != read_training_set(tmp_path / "three").photos[0].patient


def test_the_key_of_pseudonyms_is_for_its_owner_only(confirmed, tmp_path):
    decide(confirmed, Answer.scored(1))
    confirmed.office.freeze(OLGA, tmp_path / "set", at=AT)
    assert stat.S_IMODE((tmp_path / "data" / "pseudonyms.key").stat().st_mode) == 0o600


def test_freezing_is_in_the_audit_trail(confirmed, tmp_path):
    decide(confirmed, Answer.scored(1))
    confirmed.office.freeze(OLGA, tmp_path / "set", at=AT)
    last = rows(confirmed.office.audit_csv(OLGA, at=AT))[-1]
    assert (last["by"], last["subject"]) == ("olga", "training_set")


def test_nothing_is_frozen_before_the_committee_has_read(confirmed, tmp_path):
    with pytest.raises(ExportRefused, match="no photograph with a verdict"):
        confirmed.office.freeze(OLGA, tmp_path / "set", at=AT)
    assert not (tmp_path / "set").exists()


ACTS = {
    "completeness": lambda house, user: house.office.completeness(user, at=AT),
    "outcome": lambda house, user: house.office.outcome(user, at=AT),
    "lines": lambda house, user: house.office.lines(user, Look("", Standing.ALL), most=1, at=AT),
    "outcome_csv": lambda house, user: house.office.outcome_csv(user, at=AT),
    "readings_csv": lambda house, user: house.office.readings_csv(user, at=AT),
    "changes_csv": lambda house, user: house.office.changes_csv(user, at=AT),
    "audit_csv": lambda house, user: house.office.audit_csv(user, at=AT),
    "check": lambda house, user: house.enrolling.check(user, HEADER, at=AT),
    "enrol": lambda house, user: house.enrolling.enrol(user, HEADER, at=AT),
}


@pytest.mark.parametrize("user", [NINA, RITA, EMMA, ADAM], ids=lambda user: user.name)
@pytest.mark.parametrize("act", ACTS)
def test_only_the_office_sees_outcomes_and_enrols(house, act, user):
    with pytest.raises(NotAllowed):
        ACTS[act](house, user)


def test_only_the_office_freezes(house, tmp_path):
    with pytest.raises(NotAllowed):
        house.office.freeze(EMMA, tmp_path / "set", at=AT)
