"""The ward's list."""

from datetime import UTC, datetime, timedelta

import pytest

from mottling.services.views import PatientToday, VisitState, VisitToday
from mottling.shipped import shipped
from mottling.trial.charter import read_charter
from mottling.web.pages.ward_list import groups_of
from mottling.web.trial_words import TrialWords
from mottling.web.words import words_in

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def trial_words() -> TrialWords:
    return TrialWords(read_charter(shipped("configs") / "trials" / "i-micro.toml").charter, words_in("en"))


def patient(number: str, state: VisitState, *, closes_in_h: float = 1, reason: str | None = None):
    closes_at = NOW + closes_in_h * HOUR
    has_photo = state in (VisitState.TO_SCORE, VisitState.TO_CONFIRM, VisitState.DONE)
    visit = VisitToday(
        "day1",
        state,
        due_at=closes_at - 6 * HOUR,
        opens_at=closes_at - 12 * HOUR,
        closes_at=closes_at,
        photo_id="p" if has_photo else None,
        reason=reason,
    )
    return PatientToday(number, "AB", NOW - 24 * HOUR, (visit,))


def groups(trial_words, *patients):
    return groups_of(patients, trial_words, trial_words.clock("01", at=NOW))


def test_what_is_overdue_comes_first_and_what_needs_nothing_is_folded(trial_words):
    found = groups(
        trial_words,
        *(
            patient(f"01-00{n}", state)
            for n, state in enumerate(VisitState, 1)
            if state is not VisitState.NOT_DONE
        ),
    )
    assert [(group.state, group.is_folded) for group in found] == [
        (VisitState.OVERDUE, False),
        (VisitState.DUE, False),
        (VisitState.TO_SCORE, False),
        (VisitState.TO_CONFIRM, False),
        (VisitState.NOT_YET, True),
        (VisitState.DONE, True),
        (VisitState.WITHDRAWN, True),
    ]


def test_the_window_that_closes_first_is_at_the_top(trial_words):
    (due,) = groups(
        trial_words,
        patient("01-001", VisitState.DUE, closes_in_h=5),
        patient("01-002", VisitState.DUE, closes_in_h=2),
    )
    assert [row.patient for row in due.rows] == ["01-002", "01-001"]


def test_a_row_says_until_when_a_photograph_is_due(trial_words):
    (due,) = groups(trial_words, patient("01-001", VisitState.DUE, closes_in_h=3.5))
    assert due.rows[0].said == "Until today at 16:30, 3 h 30 left"
    assert due.rows[0].visit_label == "Day 1"


def test_a_row_says_why_a_visit_was_not_done(trial_words):
    (not_done,) = groups(trial_words, patient("01-001", VisitState.NOT_DONE, reason="died"))
    assert not_done.rows[0].said == "Died before the visit"


def test_a_site_without_patients_has_no_groups(trial_words):
    assert groups(trial_words) == ()
