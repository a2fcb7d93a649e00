"""What is said of eligibility items, as rows for the statistician."""

import csv
import io

import pytest

from mottling.exports.rows import EligibilityRow
from mottling.exports.tables import table
from mottling.services.statistician import eligibility_rows
from mottling.store.store import Store
from mottling.trial.enrolment_plan import EligibilityItem
from tests.store.acts import enrol, said_of_knee
from tests.trial.drawn_visits import CHARTER


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [("number", "-5", "-5"), ("number", "-5.25", "-5.25"), ("seconds", "4.5", "4.5"), ("gone", "-5", "'-5")],
)
def test_a_number_below_zero_stays_a_number_and_another_text_is_escaped(tmp_path, kind, value, cell):
    item = {"code": "knee", "kind": kind, "label": {"fr": "Genou", "en": "Knee"}}
    items = () if kind == "gone" else (EligibilityItem.model_validate(item),)
    plan = CHARTER.enrolment.model_copy(update={"items": items})
    with Store.open(tmp_path / "data") as store:
        enrol(store)
        store.eligibility.note([said_of_knee(value)])
        rows = eligibility_rows(store, CHARTER.model_copy(update={"enrolment": plan}))
    (row,) = csv.DictReader(io.StringIO(table(EligibilityRow, rows).decode(), newline=""))
    assert row["value"] == cell
