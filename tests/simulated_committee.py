"""A committee of three whose habits are known reads a whole trial over HTTP, blinded as anybody.

`python -m tests.simulated_committee` lets it read 240 patients with two photographs each and prints what the
report says beside the truth. `python -m tests.simulated_trials` reads hundreds of such trials. A photograph
shows its number and its true score in black and white: readers load the picture and know nothing else.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import click
import numpy as np
from argon2 import PasswordHasher
from numpy.typing import NDArray
from PIL import Image

from benchmarks.agreement_coverage import MIX, MODEL, READERS, STAYS, WARD, Habit, said_by_model
from mottling.agreement.cases import Case
from mottling.agreement.coefficients import COEFFICIENTS, Tables
from mottling.agreement.figures import Figures, figures_of
from mottling.agreement.pairs import bedside_pairs, model_pairs, reader_pairs, repeat_pairs, tables_by_patient
from mottling.services.accounts import User
from mottling.services.agreement import cases_of
from mottling.services.opening import Services
from mottling.services.passwords import Passwords
from mottling.trial.access import Role
from mottling.trial.records import Answer, FinalRecord, NewPhoto, OwnScore
from tests.house import DAY1, OLGA, charter_text, enrol, open_house
from tests.served_reader import Served, Visitor, served
from tests.web_house import password_of

ROOM = "/committee/en/"
ADA, BEA, CLEO = (User(name, Role.READER, None) for name in READERS)
OFTEN = charter_text(
    "repeats_share = 0.1\nrepeat_after = 20", "repeats_share = 0.5\nrepeat_after = 2"
).replace("batch_size = 40", "batch_size = 20")
"""A trial file by which much comes back, so that a small trial has repeats."""
IN_ENGLISH = charter_text('languages = ["fr", "en"]', 'languages = ["en"]')
"""The shipped trial file in one language: readers open no page in another, and none has to be built."""

# Readers who are programs do in a minute what takes people most of an hour.
_MINUTES_A_MINUTE = 60.0
_BLOCK_PX = 16
_NUMBER_BITS, _SCORE_BITS = 13, 3
_HALF_GREY = 127
_HEAD = "| figure | truth | estimate | 95 % interval |\n|---|---|---|---|"


@dataclass
class Typed:
    """What was typed into the pages, kept apart from the store."""

    first: dict[tuple[int, str], int] = field(default_factory=dict)
    """By the photograph's number and the reader."""
    again: list[tuple[int, int]] = field(default_factory=list)
    """What a reader said first of a photograph, and when it came back."""
    took_s: list[float] = field(default_factory=list)
    """Of each reading: the picture, the answer and the next page."""

    def readers_table(self) -> NDArray[np.int64]:
        """Count what ada (rows) and bea said of the same photographs."""
        table = np.zeros((6, 6), int)
        for photo in {photo for photo, _ in self.first}:
            table[self.first[photo, "ada"], self.first[photo, "bea"]] += 1
        return table

    def repeats_table(self) -> NDArray[np.int64]:
        """Count what readers said first (rows) and again."""
        table = np.zeros((6, 6), int)
        for pair in self.again:
            table[pair] += 1
        return table

    def verdicts(self) -> Counter[int]:
        """Count verdicts by the rule: what both said, or what cleo did."""
        chosen = []
        for photo in {photo for photo, _ in self.first}:
            one, other = (self.first[photo, name] for name in ("ada", "bea"))
            chosen.append(one if one == other else self.first[photo, "cleo"])
        return Counter(chosen)


@dataclass(frozen=True)
class Read:
    """A read-out that is closed."""

    server: Served
    typed: Typed
    cases: Sequence[Case]

    def figures(self) -> Figures:
        """Compute the report."""
        charter = self.server.services.charter
        return figures_of(self.cases, sites=[site.code for site in charter.sites], rules=charter.reading)

    def tables(self) -> Mapping[str, Tables]:
        """Count the pairs of each comparison by patient, as the report does."""
        pairs = {
            "two readers": reader_pairs(self.cases, readers_per_photo=2),
            "a reader again": repeat_pairs(self.cases),
            "bedside and verdict": bedside_pairs(self.cases),
            "model and verdict": model_pairs(self.cases),
        }
        return {name: tables_by_patient(each) for name, each in pairs.items()}


def true_tables(photographs: int, *, repeats_share: float) -> Mapping[str, NDArray[np.float64]]:
    """Compute what each comparison comes to on average; alpha and ICC depend on how many there are."""
    ada, bea, cleo = READERS.values()
    differ = 1 - (ada * bea).sum(1)
    verdict = ada * bea + differ[:, None] * cleo
    again = _joint(ada, ada) + _joint(bea, bea) + _joint(cleo, cleo, of=MIX * differ)
    return {
        "two readers": photographs * _joint(ada, bea),
        "a reader again": repeats_share * photographs * again,
        "bedside and verdict": photographs * _joint(WARD, verdict),
        "model and verdict": photographs * _joint(MODEL, verdict),
    }


def true_third_share() -> float:
    """Compute the share of photographs that goes to the third reader (0-1)."""
    ada, bea, _ = READERS.values()
    return float((MIX * (1 - (ada * bea).sum(1))).sum())


def _joint(one: Habit, other: Habit, *, of: NDArray[np.float64] = MIX) -> NDArray[np.float64]:
    return np.asarray(np.einsum("t,ta,tb->ab", of, one, other))


class _Committee:
    def __init__(self, server: Served, rng: np.random.Generator) -> None:
        self.typed = Typed()
        self._server, self._rng = server, rng

    def photograph(self, patients: int) -> None:
        """Let the wards take and confirm two photographs a patient, and the model say something of each.

        The second one has the first one's true score in three of five.
        """
        numbers = [f"{1 + number % 2:02d}-{300 + number:03d}" for number in range(patients)]
        enrol(self._server.services, *numbers)
        for number, patient in enumerate(numbers):
            truth = self._drawn(MIX)
            self._photograph(patient, "baseline", number=2 * number, truth=truth)
            truth = truth if self._rng.random() < STAYS else self._drawn(MIX)
            self._photograph(patient, "day1", number=2 * number + 1, truth=truth)

    def _photograph(self, patient: str, visit: str, *, number: int, truth: int) -> None:
        book = self._server.services.office._store.ward
        data = _drawing(number, truth)
        photo = book.add_photo(NewPhoto(patient, visit, data, f"{patient} {visit}", False, "nina", DAY1))
        answer = Answer.scored(self._drawn(WARD[truth]))
        said = said_by_model(self._drawn(MODEL[truth]))
        book.lock_own_score(OwnScore(photo_id=photo.photo_id, answer=answer, by="nina", at=DAY1))
        book.add_assessment(photo.photo_id, said, overlay=None, by="server", at=DAY1)
        final = FinalRecord(photo_id=photo.photo_id, answer=answer, because=None, by="nina", at=DAY1)
        book.confirm(final)

    def _drawn(self, chances: NDArray[np.float64]) -> int:
        return int((chances.cumsum() < self._rng.random()).sum())

    def read_all(self, user: User) -> None:
        """Let one reader go through the pages to the end."""
        with self._server.visit(user) as reader:
            body = reader.shown(ROOM)
            while "batch-sign" in body or _reading_on(body):
                body = (
                    self._sign(reader, user, body) if "batch-sign" in body else self._read(reader, user, body)
                )

    def _sign(self, reader: Visitor, user: User, body: str) -> str:
        count = body.count("batch-number")
        reader.shown(ROOM, "sign", {"readings": str(count), "password": password_of(user)})
        return reader.shown(ROOM, "go_on")

    def _read(self, reader: Visitor, user: User, body: str) -> str:
        began = time.perf_counter()
        reading_id = _reading_on(body)
        number, truth = _looked_at(reader.get(f"/committee/readings/{reading_id}/picture"))
        score = self._drawn(READERS[user.name][truth])
        if (number, user.name) in self.typed.first:
            self.typed.again.append((self.typed.first[number, user.name], score))
        else:
            self.typed.first[number, user.name] = score
        form = {"reading_id": reading_id, "reading_s": "9", "answer": {"score": str(score)}}
        body = reader.shown(ROOM, "lock", form)
        self.typed.took_s.append(time.perf_counter() - began)
        return body


def _reading_on(body: str) -> str:
    return body.partition('name="reading_id" value="')[2].partition('"')[0]


def _drawing(number: int, truth: int) -> bytes:
    """Draw a photograph that shows its number and its true score, as white and black blocks."""
    written = f"{number:0{_NUMBER_BITS}b}{truth:0{_SCORE_BITS}b}"
    blocks = np.array([255 * int(bit) for bit in written], np.uint8)
    pixels = np.kron(blocks[None, :], np.ones((_BLOCK_PX, _BLOCK_PX), np.uint8))
    out = io.BytesIO()
    Image.fromarray(pixels).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def _looked_at(picture: bytes) -> tuple[int, int]:
    """Read number and true score from what the server shows."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("L"))
    places = (np.arange(_NUMBER_BITS + _SCORE_BITS) + 0.5) * pixels.shape[1] / (_NUMBER_BITS + _SCORE_BITS)
    bits = "".join(str(int(pixels[pixels.shape[0] // 2, int(x)] > _HALF_GREY)) for x in places)
    return int(bits[:_NUMBER_BITS], 2), int(bits[_NUMBER_BITS:], 2)


@contextmanager
def a_read_trial(folder: Path, *, patients: int, seed: Sequence[int], charter: str) -> Iterator[Read]:
    """Let three readers read a trial on a server of its own, and close the read-out."""
    with (
        closing(open_house(folder, charter=charter)) as services,
        served(services, folder, minutes_a_minute=_MINUTES_A_MINUTE) as server,
    ):
        # A password takes a tenth of a second, on purpose, and each of some forty signatures asks for one.
        services.accounts._passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        committee = _Committee(server, np.random.default_rng(seed))
        committee.photograph(patients)
        for reader in (ADA, BEA, CLEO):
            committee.read_all(reader)
        yield Read(server, committee.typed, _closed(services))


def _closed(services: Services) -> Sequence[Case]:
    services.accounts.add_user(OLGA, password_of(OLGA), by="setup", at=DAY1)
    at = DAY1 + timedelta(days=30)
    services.readout.close("olga", password_of(OLGA), meaning="All are read", at=at)
    return cases_of(services.office._store, services.charter, at=at)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, let the committee read, and print truth and report as a table."""
    asked = argparse.ArgumentParser(description="A simulated committee, over HTTP")
    asked.add_argument("--patients", type=int, default=240)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        a_read_trial(Path(folder), patients=given.patients, seed=[given.seed], charter=IN_ENGLISH) as read,
    ):
        _say(read, given.patients)


def _say(read: Read, patients: int) -> None:
    figures, typed = read.figures(), read.typed
    assert figures.readers.table.tolist() == typed.readers_table().tolist(), (
        "the report counts what was typed"
    )
    assert figures.repeats.table.tolist() == typed.repeats_table().tolist(), (
        "the report counts what was typed"
    )
    half, most = 1000 * np.quantile(typed.took_s, [0.5, 0.95])
    click.echo(
        f"{len(typed.took_s)} readings of {2 * patients} photographs, {len(typed.again)} of them repeats; "
        f"picture, answer and next page took {half:.0f} ms (p95 {most:.0f})"
    )
    third, share = figures.reading.third, figures.reading.third.share or 0.0
    click.echo(f"third reader: {third.to_third} photographs, {share:.3f} (truth {true_third_share():.3f})")
    rules = read.server.services.charter.reading
    truths = true_tables(2 * patients, repeats_share=rules.repeats_share)
    compared = (figures.readers, figures.repeats, figures.bedside, figures.model)
    for (what, truth), comparison in zip(truths.items(), compared, strict=True):
        click.echo(f"\n{what}, {comparison.photographs} photographs\n\n{_HEAD}")
        for name, one in comparison.estimates.items():
            interval = "none" if one.low is None else f"{one.low:.3f} to {one.high:.3f}"
            click.echo(f"| {name} | {float(COEFFICIENTS[name](truth)):.3f} | {one.value:.3f} | {interval} |")


if __name__ == "__main__":
    main()
