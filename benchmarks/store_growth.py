"""How fast a store takes assessments and is verified as it grows: `python -m benchmarks.store_growth FOLDER`.

FOLDER is kept: what was measured stands in FOLDER/measured.jsonl, and the same command goes on where it was
cut off. With `--records postgresql://...`, an empty database, records go there; else into a file in FOLDER.
A store that stands in FOLDER/data already, such as `mottling restore` makes of a large one, is gone on with.

At each size, from 1,000 to 1,000,000 rows: how many assessments a second are stored, each acknowledged by its
own transaction, which is on the disk; and how many rows a second `verify` computes anew. What fills the store
between two sizes is rows and links by the store's own code, many to a transaction, past the same triggers.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.agreement_coverage import said_by_model
from benchmarks.filling import add_records
from mottling.store.ledger import Ledger
from mottling.store.store import Store
from mottling.store.whereabouts import database_of
from mottling.trial.records import (
    Answer,
    AssessmentRecord,
    FinalRecord,
    NewPhoto,
    OwnScore,
    Patient,
    Photo,
)

_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_PATIENTS = 200
_PHOTO_BYTES = 100_000
_CASES_AT_ONCE = 500
_ROWS_A_CASE = 4
# Enough acts for a rate, few beside the smallest store.
_ACTS = 100
_WRITERS = 8
_ANSWER = Answer.scored(2)


@dataclass(frozen=True)
class Measured:
    """What was measured at one size."""

    rows: int
    stored_per_s: float
    """Assessments of one writer, one after the other."""
    stored_p95_ms: float
    stored_at_once_per_s: float
    """Assessments of eight writers at once."""
    verify_s: float
    verified_per_s: float
    """Rows."""
    peak_mb: float
    """The most memory that the process has held since it began."""
    load: float
    """Of the machine; it has `cores`."""
    cores: int
    at: str
    verify_processor_s: float | None = None
    """Of this process alone: what a database spent is not in it. None: measured before it was asked."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, fill, measure, and print what is there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store_growth", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", help="the URL of an empty database of PostgreSQL")
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES)
    parser.add_argument("--again", action="store_true", help="measure also what was measured before")
    parser.add_argument("--minutes", type=float, default=600.0, help="begin no other size after so long")
    given = parser.parse_args(arguments)
    began, results = time.monotonic(), given.folder / "measured.jsonl"
    data = given.folder / "data"
    given.folder.mkdir(parents=True, exist_ok=True)
    _begin(data, given.records)
    done = _read(results)
    for size in sorted(given.sizes):
        if not given.again and any(one.rows >= size and one.rows < 2 * size for one in done):
            continue
        if not _fill(data, size, until=began + 60 * given.minutes):
            print(f"stopped on the way to {size} rows: the same command goes on", file=sys.stderr)
            break
        done.append(_measure(data))
        with results.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(done[-1])) + "\n")
    _say(done)
    return 0


def _read(results: Path) -> list[Measured]:
    lines = results.read_text("utf-8").splitlines() if results.is_file() else []
    return [Measured(**json.loads(line)) for line in lines]


def _begin(data: Path, records: str | None) -> None:
    """Make the store, its patients and one photograph of each: nothing happens the second time."""
    with Store.open(data, records=records) as store:
        if store.ward.patients():
            return
        store.ward.enrol(
            [
                Patient(patient=_patient(number), site="01", randomised_at=_now(), by="olga", at=_now())
                for number in range(_PATIENTS)
            ]
        )


def _patient(number: int) -> str:
    return f"01-{number % _PATIENTS:03d}"


def _fill(data: Path, size: int, *, until: float) -> bool:
    """Add whole cases until there are so many rows; gives whether there are."""
    with Store.open(data) as store:
        shown = {
            one: store.ward.add_photo(_new_photo(one, key=f"picture of {one}", visit="baseline"))
            for one in {_patient(number) for number in range(_PATIENTS)}
        }
        rows = store.head(at=_now()).rows
    with closing(Ledger(database_of(data, None))) as ledger:
        while rows < size:
            if time.monotonic() > until:
                return False
            cases = min(_CASES_AT_ONCE, -(-(size - rows) // _ROWS_A_CASE))
            numbers = range(rows, rows + cases)
            with ledger.writing() as pen:
                add_records(pen, [each for one in numbers for each in _case(shown[_patient(one)], one)])
            rows += cases * _ROWS_A_CASE
    return True


def _case(picture: Photo, number: int) -> Iterator[Photo | OwnScore | AssessmentRecord | FinalRecord]:
    """Give the four records of a photograph; a patient's photographs are all the same picture."""
    photo_id, at = f"{number:032x}", _now()
    update = {"photo_id": photo_id, "key": f"case {number}", "visit": f"visit {number}", "at": at}
    yield picture.model_copy(update=update)
    yield OwnScore(photo_id=photo_id, answer=_ANSWER, by="nina", at=at)
    yield AssessmentRecord(
        photo_id=photo_id, assessment=said_by_model(2), overlay_sha256=None, by="server", at=at
    )
    yield FinalRecord(photo_id=photo_id, answer=_ANSWER, because=None, by="nina", at=at)


def _new_photo(patient: str, *, key: str, visit: str) -> NewPhoto:
    data = np.random.default_rng(int(patient[-3:])).bytes(_PHOTO_BYTES)
    return NewPhoto(patient, visit, data, key, outside_window=False, by="nina", at=_now())


def _measure(data: Path) -> Measured:
    with Store.open(data) as store:
        photos = _to_assess(store, 2 * _ACTS)
        took_s = [_assess(store, photo_id) for photo_id in photos[:_ACTS]]
        began = time.perf_counter()
        with ThreadPoolExecutor(_WRITERS) as writers:
            list(writers.map(lambda photo_id: _assess(store, photo_id), photos[_ACTS:]))
        at_once_s = time.perf_counter() - began
        began, processor_began = time.perf_counter(), time.process_time()
        found = store.verify()
        verify_s, processor_s = time.perf_counter() - began, time.process_time() - processor_began
    if not found.clean:
        raise SystemExit(f"The store is not clean: {found.bad_row or found.bad_file}")
    return Measured(
        rows=found.rows,
        stored_per_s=_ACTS / sum(took_s),
        stored_p95_ms=1000 * float(np.quantile(took_s, 0.95)),
        stored_at_once_per_s=_ACTS / at_once_s,
        verify_s=verify_s,
        verified_per_s=found.rows / verify_s,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        load=os.getloadavg()[0],
        cores=os.cpu_count() or 1,
        at=_now().isoformat(timespec="minutes"),
        verify_processor_s=processor_s,
    )


def _to_assess(store: Store, number: int) -> list[str]:
    """Take photographs that nobody has assessed, and give their ids."""
    begin = store.head(at=_now()).rows
    return [
        store.ward.add_photo(
            _new_photo(_patient(each), key=f"to assess {each}", visit=f"measured {each}")
        ).photo_id
        for each in range(begin, begin + number)
    ]


def _assess(store: Store, photo_id: str) -> float:
    began = time.perf_counter()
    store.ward.add_assessment(photo_id, said_by_model(2), overlay=None, by="server", at=_now())
    return time.perf_counter() - began


def _say(done: Sequence[Measured]) -> None:
    print(
        "| rows | assessments/s | p95 ms | by 8 at once/s | verify s | of it processor s "
        "| rows/s | peak MB | load of cores |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for one in done:
        processor = "" if one.verify_processor_s is None else f"{one.verify_processor_s:.1f}"
        print(
            f"| {one.rows:,} | {one.stored_per_s:.0f} | {one.stored_p95_ms:.0f} "
            f"| {one.stored_at_once_per_s:.0f} | {one.verify_s:.1f} | {processor} "
            f"| {one.verified_per_s:,.0f} | {one.peak_mb:.0f} | {one.load:.1f} of {one.cores} |"
        )


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
