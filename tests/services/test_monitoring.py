"""The monitor: sees what does not unblind, changes nothing, and leaves a record of each look."""

from dataclasses import fields
from datetime import timedelta

import pytest

from mottling.errors import NotAllowed, RecordRefused
from mottling.services.office_views import Look, Standing
from mottling.services.views import Answer
from mottling.trial.consents import Choice
from tests.house import ADAM, CORA, DAY1, MONA, NINA, OLGA, RANDOMISED_AT, RAVI, RITA, ROSA, confirm, read

LATER = DAY1 + timedelta(hours=3)
ALL = Look("", Standing.ALL)
PASSWORD = "a long password"


@pytest.fixture
def trial(confirmed):
    """01-001 has a verdict, not assessable; of 01-002 the two readers differ."""
    confirmed.accounts.add_user(OLGA, PASSWORD, by="setup", at=RANDOMISED_AT)
    for reader in (RITA, RAVI):
        read(confirmed, reader, Answer.not_assessable("blurred"))
    confirm(confirmed, "01-002", score=2)
    read(confirmed, RITA, Answer.scored(1))
    read(confirmed, RAVI, Answer.scored(4))
    return confirmed


def line(trial, patient):
    seen = trial.monitoring.lines(MONA, ALL, most=99, at=LATER)
    return next(one for one in seen.lines if (one.patient, one.visit) == (patient, "day1"))


def looks(trial) -> list[str]:
    seen = trial.monitoring.audit(MONA, before=None, most=1000, at=LATER)
    return [one.subject for one in reversed(seen.lines) if one.act == "looked"]


def everything(trial) -> str:
    monitoring = trial.monitoring
    seen = (
        monitoring.completeness(MONA, at=LATER),
        monitoring.lines(MONA, ALL, most=99, at=LATER),
        monitoring.readout(MONA, at=LATER),
        monitoring.enrolments(MONA, at=LATER),
        monitoring.changes(MONA, at=LATER),
        monitoring.eligibility(MONA, at=LATER),
        monitoring.consents(MONA, at=LATER),
        monitoring.frozen(MONA, at=LATER),
        monitoring.audit(MONA, before=None, most=1000, at=LATER),
    )
    return repr(seen)


def close(trial) -> None:
    read(trial, ROSA, Answer.scored(4))
    trial.readout.close("olga", PASSWORD, meaning="All are read", at=LATER)


def test_the_bedside_score_is_seen_and_the_committees_is_not(trial):
    assert line(trial, "01-001").bedside == Answer.scored(2)
    assert (line(trial, "01-001").verdict, line(trial, "01-001").outcome) == (None, None)
    assert line(trial, "01-001").standing is Standing.COMPLETE


def test_that_readers_differ_is_not_seen(trial):
    assert line(trial, "01-002").standing is Standing.COMMITTEE
    assert [one.in_dispute for one in trial.monitoring.completeness(MONA, at=LATER) if one.patients] == [
        0
    ] * 4
    seen = trial.monitoring.lines(MONA, Look("", Standing.DISPUTE), most=99, at=LATER)
    assert (seen.lines, seen.count) == ((), 0)


def test_nothing_says_that_the_committee_could_not_judge_a_photograph(trial):
    assert "blurred" not in everything(trial)
    assert {one.not_assessable for one in trial.monitoring.completeness(MONA, at=LATER)} == {0}


def test_once_the_read_out_is_closed_the_committees_answer_is_seen(trial):
    trial.accounts.add_user(ROSA, PASSWORD, by="setup", at=RANDOMISED_AT)
    close(trial)
    assert not trial.monitoring.is_blinded()
    assert line(trial, "01-001").verdict == Answer.not_assessable("blurred")
    assert line(trial, "01-002").outcome == Answer.scored(4)


def test_the_audit_trail_has_no_hash_by_which_an_answer_could_be_guessed(trial):
    seen = trial.monitoring.audit(MONA, before=None, most=3, at=LATER)
    assert {field.name for field in fields(seen.lines[0])} == {"number", "at", "by", "act", "subject"}


def test_the_audit_trail_is_read_from_the_latest_act_to_the_first(trial):
    numbers: list[int] = []
    before = None
    while True:
        seen = trial.monitoring.audit(MONA, before=before, most=10, at=LATER)
        numbers += [one.number for one in seen.lines]
        before = numbers[-1]
        if not seen.has_older:
            break
    assert numbers == list(range(numbers[0], 0, -1))


def test_each_look_leaves_a_record_of_who_looked_at_what(trial):
    trial.monitoring.completeness(MONA, at=LATER)
    trial.monitoring.lines(MONA, Look("01", Standing.OVERDUE), most=99, at=LATER)
    trial.monitoring.readout(MONA, at=LATER)
    trial.monitoring.enrolments(MONA, at=LATER)
    trial.monitoring.changes(MONA, at=LATER)
    trial.monitoring.eligibility(MONA, at=LATER)
    trial.monitoring.consents(MONA, at=LATER)
    trial.monitoring.frozen(MONA, at=LATER)
    assert looks(trial) == [
        "completeness",
        "patients of site 01, overdue",
        "read-out",
        "enrolments",
        "changes of patients",
        "eligibility items",
        "consents",
        "frozen outcomes",
        "audit trail",
    ]
    (last,) = trial.monitoring.audit(MONA, before=None, most=1, at=LATER).lines
    assert (last.by, last.act, last.at) == ("mona", "looked", LATER)


def test_a_monitor_changes_nothing_but_by_the_records_of_looking(trial):
    before = trial.monitoring.audit(MONA, before=None, most=1000, at=LATER).lines
    everything(trial)
    after = trial.monitoring.audit(MONA, before=None, most=1000, at=LATER).lines
    assert {one.act for one in after if one.number > before[0].number} == {"looked"}


def test_every_word_about_retraining_is_seen_with_its_reason_the_latest_first(trial):
    trial.consents.record(OLGA, ["01-001", "01-002"], Choice.GIVEN, because="On paper", at=DAY1)
    trial.consents.record(OLGA, ["01-002"], Choice.REFUSED, at=LATER)
    seen = trial.monitoring.consents(MONA, at=LATER)
    assert [(one.patient, one.choice, one.because, one.by) for one in seen.said] == [
        ("01-002", Choice.REFUSED, None, "olga"),
        ("01-002", Choice.GIVEN, "On paper", "olga"),
        ("01-001", Choice.GIVEN, "On paper", "olga"),
    ]
    assert seen.standing == trial.consents.standing(OLGA)
    assert (seen.standing.given, seen.standing.refused) == (1, 1)


def test_a_monitor_reads_who_was_enrolled_as_it_holds_the_latest_entry_first(trial):
    seen = trial.monitoring.enrolments(MONA, at=LATER)
    assert [one.patient for one in seen] == [
        one.patient for one in reversed(trial.office._store.ward.patients())
    ]
    assert {one.randomised_at for one in seen} == {RANDOMISED_AT}


def test_a_monitor_records_no_consent_and_reads_it_nowhere_unseen(trial):
    with pytest.raises(NotAllowed):
        trial.consents.record(MONA, ["01-001"], Choice.GIVEN, at=LATER)
    for unseen in (trial.consents.lines, trial.consents.standing):
        with pytest.raises(NotAllowed):
            unseen(MONA)


def test_frozen_outcomes_are_seen_without_what_could_tell_an_answer(trial):
    snapshot = trial.results.freeze(OLGA, because=None, at=LATER).snapshot
    (seen,) = trial.monitoring.frozen(MONA, at=LATER)
    assert (seen.snapshot, seen.by, seen.at, seen.rows) == (1, "olga", LATER, snapshot.rows)
    assert (seen.sha256, seen.because) == (None, None)
    assert snapshot.sha256 not in everything(trial)


def test_what_changed_between_frozen_outcomes_is_seen_once_the_read_out_is_closed(trial):
    trial.accounts.add_user(ROSA, PASSWORD, by="setup", at=RANDOMISED_AT)
    first = trial.results.freeze(OLGA, because=None, at=LATER).snapshot
    confirm(trial, "02-001", score=1)
    second = trial.results.freeze(OLGA, because="A late verdict: 4", at=LATER).snapshot
    with pytest.raises(NotAllowed, match="once the read-out is closed"):
        trial.monitoring.frozen_diff(MONA, 1, 2, at=LATER)
    assert "A late verdict" not in everything(trial)
    for reader in (RITA, RAVI):
        read(trial, reader, Answer.scored(1))
    close(trial)
    assert [(one.sha256, one.because) for one in trial.monitoring.frozen(MONA, at=LATER)] == [
        (first.sha256, None),
        (second.sha256, "A late verdict: 4"),
    ]
    diff = trial.monitoring.frozen_diff(MONA, 1, 2, at=LATER)
    assert [one.change.patient for one in diff.changes] == ["02-001"]
    assert diff == trial.results.diff(OLGA, 1, 2)
    assert looks(trial).count("frozen outcomes 1 and 2") == 2
    with pytest.raises(RecordRefused, match="no snapshot 9"):
        trial.monitoring.frozen_diff(MONA, 1, 9, at=LATER)


@pytest.mark.parametrize("somebody", [NINA, RITA, OLGA, ADAM, CORA])
def test_nobody_else_looks_as_a_monitor_and_leaves_no_record(trial, somebody):
    for look in (
        lambda: trial.monitoring.completeness(somebody, at=LATER),
        lambda: trial.monitoring.lines(somebody, ALL, most=9, at=LATER),
        lambda: trial.monitoring.readout(somebody, at=LATER),
        lambda: trial.monitoring.enrolments(somebody, at=LATER),
        lambda: trial.monitoring.changes(somebody, at=LATER),
        lambda: trial.monitoring.eligibility(somebody, at=LATER),
        lambda: trial.monitoring.consents(somebody, at=LATER),
        lambda: trial.monitoring.frozen(somebody, at=LATER),
        lambda: trial.monitoring.frozen_diff(somebody, 1, 2, at=LATER),
        lambda: trial.monitoring.audit(somebody, before=None, most=9, at=LATER),
    ):
        with pytest.raises(NotAllowed):
            look()
    assert looks(trial) == ["audit trail"]


def test_a_monitor_is_refused_what_the_office_does(trial):
    for act in (
        lambda: trial.office.outcome_csv(MONA, at=LATER),
        lambda: trial.office.lines(MONA, ALL, most=9, at=LATER),
        lambda: trial.enrolling.enrol(MONA, b"", at=LATER),
        lambda: trial.office.erase_photos(MONA, "01-001", reason="x", at=LATER),
        lambda: trial.release.roll_back(MONA, at=LATER),
        lambda: trial.ward.today(MONA, at=LATER),
        lambda: trial.administration.people(MONA, at=LATER),
    ):
        with pytest.raises(NotAllowed):
            act()
