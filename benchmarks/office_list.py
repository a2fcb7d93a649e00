"""How long the office waits for its pages with very many patients: `python -m benchmarks.office_list`.

A trial of 10,000 patients at 25 sites is written as the store would, two visits each, nearly all of them
photographed and read. Measured is how long the server settles in before it lets anybody in, and then what it
does for one look, from the services to the HTML, before which somebody recorded something. The median, and
what 95 % of looks stay under, which is held to the goal; processor time beside the clock, because other work
on the machine lengthens mostly the clock.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

from benchmarks.filling import add_records
from mottling.services.accounts import User
from mottling.services.opening import Services, open_services
from mottling.settings import Settings
from mottling.shipped import shipped
from mottling.store.store import Store
from mottling.trial.access import Role
from mottling.trial.records import (
    Answer,
    Assignment,
    FinalRecord,
    NotDone,
    OwnScore,
    Patient,
    Photo,
    Reading,
    Record,
    Verdict,
)
from mottling.web.forms import Empty
from mottling.web.pages.office import OfficePage
from mottling.web.pages.office_overview import OverviewScreens, Patients
from mottling.web.words import words_in

_SITES = 25
_GOAL_MS = 100
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_NOW = _BEGIN + timedelta(days=400)
_OFFICE = User("olga", Role.OFFICE, None)


@dataclass(frozen=True)
class Look:
    """One look at a page."""

    clock_ms: float
    processor_ms: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.office_list", description=__doc__)
    parser.add_argument("--patients", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=40)
    given = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(_services(Path(folder), given.patients)) as services,
    ):
        print(
            f"{given.patients} patients, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; milliseconds:"
        )
        print("                          clock   95 %  processor   95 %")
        _say("settling in at the start", [_look(lambda: services.office.settle_in(at=_NOW))])
        slow = False
        for place, (name, page) in enumerate(_PAGES.items()):
            looks = [
                _after_a_record(services, page, given.runs * place + number) for number in range(given.runs)
            ]
            _say(name, looks)
            slow = slow or _most(look.processor_ms for look in looks) > _GOAL_MS
    print(f"The goal, 95 % of looks in {_GOAL_MS} ms of processor time, is {'missed' if slow else 'met'}.")
    return int(slow)


def _say(name: str, looks: Sequence[Look]) -> None:
    clock, processor = ([getattr(look, of) for look in looks] for of in ("clock_ms", "processor_ms"))
    print(
        f"{name:24}{statistics.median(clock):7.0f}{_most(clock):7.0f}"
        f"{statistics.median(processor):11.0f}{_most(processor):7.0f}",
        flush=True,
    )


def _most(times_ms: Iterable[float]) -> float:
    """Give the time that 95 % of looks stay under, or take: one that was measured, never between two."""
    in_order = sorted(times_ms)
    return in_order[ceil(0.95 * len(in_order)) - 1]


def _after_a_record(services: Services, page: Callable[[Services], object], number: int) -> Look:
    line = f"25-{80000 + number},25,{_BEGIN.isoformat()}"
    services.enrolling.enrol(_OFFICE, f"patient,site,randomised_at\n{line}\n".encode(), at=_NOW)
    return _look(lambda: page(services))


def _look(page: Callable[[], object]) -> Look:
    clock, processor = time.perf_counter(), time.process_time()
    page()
    return Look(1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - processor))


def _completeness(services: Services) -> object:
    return _page(services).show(_OFFICE, _NOW)


def _patients(services: Services) -> object:
    return _page(services).patients(_OFFICE, Patients(), _NOW)


def _track(services: Services) -> object:
    return _page(services).track(_OFFICE, Empty(), _NOW)


def _page(services: Services) -> OverviewScreens:
    return OfficePage.of(services, words_in("en")).overview()


_PAGES = {"completeness": _completeness, "patients and outcome": _patients, "on track": _track}


def _services(folder: Path, patients: int) -> Services:
    text = (shipped("configs") / "trials" / "i-micro.toml").read_text("utf-8")
    text = text.replace("[0-9]{2}-[0-9]{3}", "[0-9]{2}-[0-9]{5}")
    for site in range(4, _SITES + 1):
        text += f'\n[[sites]]\ncode = "{site:02}"\nname = "Centre {site:02}"\ntime_zone = "Europe/Paris"\n'
    (folder / "trial.toml").write_text(text, "utf-8")
    with Store.open(folder / "data") as store, store._ledger.writing() as pen:
        add_records(pen, [record for number in range(patients) for record in _records_of(number)])
    settings = Settings(data=folder / "data", trial=folder / "trial.toml", models=folder / "models")
    return open_services(settings, at=_NOW)


def _records_of(number: int) -> list[Record]:
    site = f"{number % _SITES + 1:02}"
    patient, at = f"{site}-{number:05}", _BEGIN + timedelta(minutes=50 * number)
    found: list[Record] = [Patient(patient=patient, site=site, randomised_at=at, by="olga", at=at)]
    for visit, hours in (("baseline", 0), ("day1", 24)):
        if number % 10 == 0 and visit == "day1":
            found.append(NotDone(patient=patient, visit=visit, reason="died", by="nina", at=at))
        elif number % 20 != 1:
            found += _photographed(patient, visit, at + timedelta(hours=hours), number)
    return found


def _photographed(patient: str, visit: str, at: datetime, number: int) -> list[Record]:
    photo_id, answer = f"{visit}{number}", Answer.scored(number % 6)
    photo = Photo(
        photo_id=photo_id,
        patient=patient,
        visit=visit,
        sha256=f"{number:064x}",
        size_bytes=1,
        key=photo_id,
        outside_window=number % 15 == 0,
        by="nina",
        at=at,
    )
    found: list[Record] = [
        photo,
        OwnScore(photo_id=photo_id, answer=answer, by="nina", at=at),
        FinalRecord(photo_id=photo_id, answer=answer, because=None, by="nina", at=at),
    ]
    for reader in ("rita", "ravi"):
        reading_id = f"{photo_id}{reader}"
        found += [
            Assignment(reading_id=reading_id, photo_id=photo_id, by=reader, at=at),
            Reading(reading_id=reading_id, photo_id=photo_id, answer=answer, reading_s=9, by=reader, at=at),
        ]
    return [*found, Verdict(photo_id=photo_id, reading_id=f"{photo_id}rita", by="ravi", at=at)]


if __name__ == "__main__":
    sys.exit(main())
