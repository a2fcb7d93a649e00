"""What a monitor looked at: the words that its record holds, and how they are read again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from mottling.services.office_views import Standing

__all__ = ["Looked", "Screen", "looked_in"]

_PATIENTS = re.compile(r"patients of (?:every site|site (?P<site>.+)), (?P<standing>[a-z_]+)")
_FROZEN = re.compile(r"frozen outcomes (?P<before>[0-9]+) and (?P<after>[0-9]+)")
_AUDIT = re.compile(r"audit trail(?: before (?P<before>[0-9]+))?")


class Screen(StrEnum):
    """One screen of the monitor's page."""

    COMPLETENESS = "completeness"
    PATIENTS = "patients"
    READOUT = "read-out"
    AUDIT = "audit trail"
    QUERIES = "queries"
    TRACK = "track"
    CHANGES = "changes of patients"
    ELIGIBILITY = "eligibility items"
    CONSENTS = "consents"
    FROZEN = "frozen outcomes"
    ENROLMENTS = "enrolments"


_WHOLE = frozenset(Screen) - {Screen.PATIENTS, Screen.AUDIT}


@dataclass(frozen=True)
class Looked:
    """A screen, and what of it."""

    screen: Screen
    site: str = ""
    """Whose patients; empty for those of every site."""
    standing: Standing = Standing.ALL
    before: int | None = None
    """Number of an act: earlier ones were looked at; None for the latest."""
    pair: tuple[int, int] | None = None
    """Two frozen outcomes, the earlier one first, whose differences were looked at; None for the list."""

    def written(self) -> str:
        """Write it as the record holds it."""
        if self.screen is Screen.PATIENTS:
            where = f"site {self.site}" if self.site else "every site"
            return f"{self.screen} of {where}, {self.standing}"
        if self.pair is not None:
            return f"{self.screen} {self.pair[0]} and {self.pair[1]}"
        return self.screen if self.before is None else f"{self.screen} before {self.before}"


def looked_in(written: str) -> Looked | None:
    """Read what a record holds; None where it was written by a version that had other screens."""
    patients, audit = _PATIENTS.fullmatch(written), _AUDIT.fullmatch(written)
    if patients and patients["standing"] in set(Standing):
        return Looked(Screen.PATIENTS, patients["site"] or "", Standing(patients["standing"]))
    if audit:
        return Looked(Screen.AUDIT, before=int(audit["before"]) if audit["before"] else None)
    pair = _FROZEN.fullmatch(written)
    if pair:
        return Looked(Screen.FROZEN, pair=(int(pair["before"]), int(pair["after"])))
    return Looked(Screen(written)) if written in _WHOLE else None
