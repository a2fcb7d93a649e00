"""A committee of three whose habits are known reads a whole trial through the web pages, blinded as anybody.

`python -m tests.simulated_committee --patients 240` reads 480 photographs (some minutes) and prints what the
report says beside what was typed. The tests run a small one.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import click
import numpy as np

from benchmarks.agreement_coverage import MIX, READERS
from mottling.agreement.figures import Figures, figures_of
from mottling.services.accounts import User
from mottling.services.agreement import cases_of
from mottling.trial.access import Role
from mottling.trial.committee_records import RepeatAssignment
from mottling.trial.records import Answer, FinalRecord, NewPhoto, OwnScore
from tests.house import DAY1, OLGA, charter_text, enrol
from tests.store.acts import assessment
from tests.tiny_model import a_jpeg
from tests.web_house import WebHouse, password_of, shown, web_house

ROOM = "/committee/en/"
ADA, BEA, CLEO = (User(name, Role.READER, None) for name in READERS)
OFTEN = charter_text(
    "repeats_share = 0.1\nrepeat_after = 20", "repeats_share = 0.2\nrepeat_after = 2"
).replace("batch_size = 40", "batch_size = 20")


@dataclass
class Typed:
    """What was typed into the pages, kept apart from the store."""

    first: dict[tuple[str, str], int] = field(default_factory=dict)
    """By photograph and reader."""
    again: list[tuple[int, int]] = field(default_factory=list)
    """What a reader said first of a photograph, and when it came back."""

    def readers_table(self) -> np.ndarray:
        """Count what ada (rows) and bea said of the same photographs."""
        table = np.zeros((6, 6), int)
        for photo_id in {photo for photo, _ in self.first}:
            table[self.first[photo_id, "ada"], self.first[photo_id, "bea"]] += 1
        return table

    def repeats_table(self) -> np.ndarray:
        """Count what readers said first (rows) and again."""
        table = np.zeros((6, 6), int)
        for pair in self.again:
            table[pair] += 1
        return table

    def verdicts(self) -> Counter[int]:
        """Count verdicts by the rule: what both said, or what cleo did."""
        chosen = []
        for photo_id in {photo for photo, _ in self.first}:
            one, other = (self.first[photo_id, name] for name in ("ada", "bea"))
            chosen.append(one if one == other else self.first[photo_id, "cleo"])
        return Counter(chosen)


@dataclass(frozen=True)
class Read:
    """A read-out that is closed."""

    house: WebHouse
    typed: Typed
    figures: Figures


class _Committee:
    def __init__(self, house: WebHouse, rng: np.random.Generator) -> None:
        self.typed = Typed()
        self._house, self._rng = house, rng
        self._truth: dict[str, int] = {}

    def photograph(self, patients: int) -> None:
        """Let the wards take and confirm two photographs a patient; all look alike, and have a true score."""
        numbers = [f"{1 + number % 2:02d}-{300 + number:03d}" for number in range(patients)]
        enrol(self._house.services, *numbers)
        book, data = self._house.services.office._store.ward, a_jpeg()
        for patient in numbers:
            for visit in ("baseline", "day1"):
                new = NewPhoto(patient, visit, data, f"{patient} {visit}", False, "nina", DAY1)
                photo_id = book.add_photo(new).photo_id
                answer = Answer.scored(self._drawn(MIX))
                book.lock_own_score(OwnScore(photo_id=photo_id, answer=answer, by="nina", at=DAY1))
                book.add_assessment(photo_id, assessment(), overlay=None, by="server", at=DAY1)
                book.confirm(FinalRecord(photo_id=photo_id, answer=answer, because=None, by="nina", at=DAY1))
                self._truth[photo_id] = self._drawn(MIX)

    def _drawn(self, chances: np.ndarray) -> int:
        return int((chances.cumsum() < self._rng.random()).sum())

    def read_all(self, user: User) -> None:
        """Let one reader go through the pages to the end."""
        reader = self._house.enter(user)
        body = shown(reader, ROOM)["body"]
        while True:
            if "batch-sign" in body:
                count = body.count("batch-number")
                sign = {"readings": str(count), "password": password_of(user)}
                shown(reader, ROOM, "sign", sign)
                body = shown(reader, ROOM, "go_on")["body"]
                continue
            reading_id = body.partition('name="reading_id" value="')[2].partition('"')[0]
            if not reading_id:
                return
            form = {
                "reading_id": reading_id,
                "reading_s": "9",
                "answer": {"score": self._say(user, reading_id)},
            }
            body = shown(reader, ROOM, "lock", form)["body"]

    def _say(self, user: User, reading_id: str) -> str:
        """Look at the photograph, as its reader does, and say something by habit."""
        given = self._house.services.committee._book.find_assignment(reading_id)
        score = self._drawn(READERS[user.name][self._truth[given.photo_id]])
        if isinstance(given, RepeatAssignment):
            self.typed.again.append((self.typed.first[given.photo_id, user.name], score))
        else:
            self.typed.first[given.photo_id, user.name] = score
        return str(score)


def read_a_trial(house: WebHouse, *, patients: int, seed: int = 1) -> Read:
    """Let three readers read a trial, and close the read-out."""
    committee = _Committee(house, np.random.default_rng(seed))
    committee.photograph(patients)
    for reader in (ADA, BEA, CLEO):
        committee.read_all(reader)
    house.enter(OLGA)
    at = DAY1 + timedelta(days=30)
    services = house.services
    services.readout.close("olga", password_of(OLGA), meaning="All are read", at=at)
    cases = cases_of(services.office._store, services.charter, at=at)
    sites = [site.code for site in services.charter.sites]
    return Read(house, committee.typed, figures_of(cases, sites=sites, rules=services.charter.reading))


def main() -> None:
    asked = argparse.ArgumentParser(description="A simulated committee, through the web pages")
    asked.add_argument("--patients", type=int, default=240)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, web_house(Path(folder), charter=OFTEN) as house:
        read = read_a_trial(house, patients=given.patients)
    click.echo(f"typed {read.typed.readers_table().tolist()}")
    click.echo(f"report {read.figures.readers.table.tolist()}")
    for name, one in read.figures.readers.estimates.items():
        click.echo(f"{name:20} {one.value} ({one.low} to {one.high})")


if __name__ == "__main__":
    main()
