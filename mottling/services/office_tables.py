"""The tables that the office takes away, by name: from the command line, by a button, in the archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from mottling.services.accounts import User
from mottling.services.office import Office
from mottling.services.results import Results

__all__ = ["DICTIONARY", "TABLES", "table_csv"]

DICTIONARY = "dictionary"
"""What each column says; it leaves unrecorded, for nobody's data is in it."""

_MAKERS: Mapping[str, Callable[..., bytes]] = {
    "outcome": Office.outcome_csv,
    "readings": Office.readings_csv,
    "eligibility": Office.eligibility_csv,
    "changes": Office.changes_csv,
    "queries": Office.queries_csv,
    "signatures": Office.signatures_csv,
    "audit": Office.audit_csv,
}
_OUTCOME = "patient_outcome"

TABLES = (_OUTCOME, *_MAKERS, DICTIONARY)
"""In the order of the office's page."""


def table_csv(name: str, office: Office, results: Results, *, user: User, at: datetime) -> bytes:
    """Make one of the tables as a CSV file; the audit trail records that it left.

    Args:
        name: One of `TABLES`.
        office: Makes most of them.
        results: Makes the outcome of each patient.
        user: Who takes it away.
        at: Now.

    Raises:
        NotAllowed: The user takes nothing away.
    """
    if name == DICTIONARY:
        return office.dictionary_csv()
    if name == _OUTCOME:
        return results.outcome_csv(user, at=at)
    return _MAKERS[name](office, user, at=at)
