"""What a database refuses ends in the log, where no patient is named."""

import traceback

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from mottling.store.schema import KINDS
from mottling.trial.records import Patient


@pytest.mark.parametrize("missing", ["site", "randomised_at"])
def test_an_error_of_the_database_names_no_patient(store, missing):
    row = {"number": 1, "patient": "01-999", "site": "01", "randomised_at": "x", "by": "olga", "at": "x"}
    with pytest.raises(IntegrityError) as refused, store._ledger.writing() as pen:
        pen.connection.execute(insert(KINDS[Patient].table).values({**row, missing: None}))
    told = "".join(traceback.format_exception(refused.value))
    assert "INSERT INTO" in told
    assert missing in told
    assert "01-999" not in told
    assert "olga" not in told
