"""The table of outcomes: exactly one line a patient, whatever is on record and in whichever order."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from mottling.exports.outcome_table import PatientOutcome, outcome_table
from mottling.exports.tables import table
from mottling.trial.outcome import VisitRecords, visit_outcome
from tests.trial.drawn_visits import CHARTER, DAY1, LATER, PATIENT, photographs

FEW = settings(max_examples=20)


def lines_of(records):
    outcomes = tuple(visit_outcome(one, CHARTER, at=LATER) for one in records)
    return outcome_table(outcomes, trial="I-MICRO")


trials = st.dictionaries(
    st.integers(1, 40).map(lambda n: f"{n % 3 + 1:02}-{n:03}"), photographs(), max_size=5
).map(
    lambda found: [
        VisitRecords(
            PATIENT.model_copy(update={"patient": number, "site": number[:2]}), DAY1, tuple(photos), None
        )
        for number, photos in found.items()
    ]
)


@FEW
@given(trials, st.randoms())
def test_each_patient_has_exactly_one_line_in_any_order_of_records(records, rng: random.Random):
    rows = lines_of(records)
    assert sorted(row.patient for row in rows) == sorted(one.patient.patient for one in records)
    again = lines_of(rng.sample(records, len(records)))
    assert table(PatientOutcome, rows) == table(PatientOutcome, again)


@FEW
@given(trials)
def test_a_line_has_a_value_or_a_reason_and_a_value_names_its_photograph_and_reading(records):
    for row in lines_of(records):
        assert (row.value is None) is (row.missing is not None)
        if row.value is not None:
            assert None not in (row.photo_sha256, row.record_id, row.answered_by, row.answered_at)
