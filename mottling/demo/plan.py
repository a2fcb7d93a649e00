"""Which made-up patients there are, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

__all__ = ["SITES", "DemoPatient", "Stage", "plan"]

SITES = ("01", "02", "03")


class Stage(Enum):
    """How far a patient has come: hours since randomisation, and what was done."""

    JUST_ENROLLED = 1
    """Nothing recorded; the baseline photograph is due."""
    BASELINE_DONE = 6
    """Baseline confirmed; day 1 is not open yet."""
    DAY1_DUE = 24
    """Baseline confirmed; the day-1 photograph is due."""
    DAY1_OVERDUE = 34
    """Baseline confirmed; the window of day 1 has closed without a photograph."""
    DAY1_NOT_DONE = 40
    """Baseline confirmed; day 1 recorded as not done."""
    TO_SCORE = 25
    """The day-1 photograph is stored and waits for the own score."""
    TO_CONFIRM = 26
    """The own score of day 1 is locked; the final record is missing."""
    TO_READ = 50
    """Both visits confirmed; nobody of the committee has read."""
    READ_ONCE = 80
    """One reader has read both photographs."""
    AGREED = 130
    """Both readers gave the same answer."""
    DIFFER = 120
    """The readers differ on day 1; a third must read."""

    @property
    def since_randomisation(self) -> timedelta:
        """How long ago the patient was randomised."""
        return timedelta(hours=self.value)


_OF_A_SITE = (
    Stage.JUST_ENROLLED,
    Stage.BASELINE_DONE,
    Stage.DAY1_DUE,
    Stage.DAY1_OVERDUE,
    Stage.TO_SCORE,
    Stage.TO_READ,
    Stage.TO_READ,
    Stage.READ_ONCE,
    Stage.AGREED,
    Stage.AGREED,
)
# What sets the second and third site apart, by the patient's position.
_INSTEAD = {
    ("02", 3): Stage.DAY1_NOT_DONE,
    ("02", 5): Stage.DIFFER,
    ("03", 0): Stage.TO_CONFIRM,
    ("03", 4): Stage.AGREED,
}


_LETTERS = "ABCDEFGHJLMNPRSTV"


@dataclass(frozen=True)
class DemoPatient:
    """One made-up patient."""

    site: str
    number: str
    stage: Stage

    @property
    def initials(self) -> str:
        """Two letters that go with the number."""
        number = int(self.number.replace("-", ""))
        return _LETTERS[number * 7 % len(_LETTERS)] + _LETTERS[number * 5 % len(_LETTERS)]


def plan() -> tuple[DemoPatient, ...]:
    """Give the thirty patients, ten a site."""
    return tuple(
        DemoPatient(site, f"{site}-{place + 1:03d}", _INSTEAD.get((site, place), stage))
        for site in SITES
        for place, stage in enumerate(_OF_A_SITE)
    )
