"""A made-up trial whose truth is known: 240 patients at 25 sites, with everything that goes wrong on wards.

The truth of a patient is drawn first, and the records are then made to fit it, without the rules under test.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from mottling.assessment import Assessment, ModelName, Timing
from mottling.scale import Status
from mottling.shipped import shipped
from mottling.store.chain import content_hash
from mottling.store.rows import to_row
from mottling.trial.changes import (
    EnrolmentCorrected,
    Extent,
    NumberCorrected,
    Transfer,
    Withdrawal,
    WithdrawalTakenBack,
)
from mottling.trial.committee_records import BatchSignature, SignedReading, signed_text
from mottling.trial.records import (
    Answer,
    AssessmentRecord,
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

PATIENTS, SITES = 240, 25
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
NOW = BEGIN + timedelta(days=200)

# Worst of three days in septic shock (n = 97, cc12155), as the mix of true scores.
MIX = {0: 42, 1: 34, 2: 14, 3: 2, 4: 3, 5: 4}

GONE = {"died": "died", "left_unit": "discharged", "consent_withdrawn": "withdrawn", "forgotten": "not_done"}
"""Reasons of the trial file, and what the outcome must call them."""

WITHDRAWN = {
    "withdrew_before": True,
    "withdrew_after": True,
    "withdrew_between": True,
    "withdrew_by_mistake": False,
    "missed_then_withdrew": True,
}
"""Who withdrew: before any photograph, after it, before one that was taken all the same, by an error of the
office, after a day on which nobody came; and whether the withdrawal holds."""

FATES = {
    "read": 124,
    "third": 25,
    "dispute": 6,
    "one_reader": 6,
    "died": 22,
    "left_unit": 8,
    "consent_withdrawn": 3,
    "forgotten": 5,
    "nothing": 7,
    "due": 4,
    "not_yet": 4,
    "withdrew_before": 6,
    "withdrew_after": 6,
    "withdrew_between": 5,
    "withdrew_by_mistake": 4,
    "missed_then_withdrew": 5,
}
"""How many patients have which fate."""


@dataclass(frozen=True)
class Truth:
    """What the outcome of one patient is."""

    value: int | None = None
    at_least: bool = False
    missing: str = ""
    outside_window: bool = False
    sha256: str = ""
    """Of the photograph that the value is of."""
    reading_id: str = ""
    site: str = ""
    """Which randomised."""
    photo_site: str = ""
    """Where the photograph that the value is of was taken."""
    site_now: str = ""
    former: str = ""
    """Numbers that were corrected."""
    withdrew: bool = False
    """Whether a withdrawal holds."""


@dataclass
class Simulation:
    """The records in the order in which they came, and each patient's truth."""

    rng: random.Random
    records: list[Record] = field(default_factory=list)
    truth: dict[str, Truth] = field(default_factory=dict)

    def run(self) -> Simulation:
        """Draw every patient."""
        fates = [fate for fate, count in FATES.items() for _ in range(count)]
        assert len(fates) == PATIENTS
        self.rng.shuffle(fates)
        for number, fate in enumerate(fates):
            site = f"{number % SITES + 1:02}"
            self._patient(f"{site}-{number // SITES + 1:03}", site, fate)
        self.records.sort(key=lambda record: record.at)
        return self

    def _patient(self, name: str, site: str, fate: str) -> None:
        at = BEGIN + timedelta(minutes=self.rng.randrange(180 * 24 * 60))
        if fate in ("due", "not_yet"):
            at = NOW - timedelta(hours=24 if fate == "due" else 5)
        self._enrol(name, site, at)
        self._follow(name, site, at, fate)
        if fate in WITHDRAWN:
            withdrew, records = WITHDRAWN[fate], withdrawal_of(name, at, fate)
            self.records += records
            self.truth[name] = replace(self.truth[name], withdrew=withdrew)
        truth = self._moved(name, at, replace(self.truth.pop(name), site=site, site_now=site))
        self._called_otherwise(name, at, truth)

    def _enrol(self, name: str, site: str, at: datetime) -> None:
        """Enrol a patient; one in ten with a wrong site and time, which are corrected a day later."""
        typed, said = (site, at), {"patient": name, "by": "olga"}
        if self.rng.random() < 0.1:
            typed = (
                f"{self.rng.randrange(SITES) + 1:02}",
                at + timedelta(hours=self.rng.choice([-40, 3, 30])),
            )
            corrected = {"site": site, "randomised_at": at, "because": "Misread", **said}
            self.records.append(EnrolmentCorrected(at=at + timedelta(hours=25), **corrected))
        self.records.append(Patient(site=typed[0], randomised_at=typed[1], at=at, **said))

    def _moved(self, name: str, at: datetime, truth: Truth) -> Truth:
        """Let one patient in eight go to another site, before the photograph or after it."""
        photo_site = truth.site if truth.sha256 else ""
        if self.rng.random() > 0.125:
            return replace(truth, photo_site=photo_site)
        hours = self.rng.choice([4, 90])
        new = f"{int(truth.site) % SITES + 1:02}"
        self.records.append(
            Transfer(
                patient=name,
                site=new,
                since=at + timedelta(hours=hours),
                because="A bed was free",
                by="olga",
                at=at + timedelta(hours=hours + 1),
            )
        )
        return replace(truth, site_now=new, photo_site=new if photo_site and hours == 4 else photo_site)

    def _called_otherwise(self, name: str, at: datetime, truth: Truth) -> None:
        """Correct the number of one patient in eight; what comes afterwards names the old one."""
        if self.rng.random() > 0.125:
            self.truth[name] = truth
            return
        becomes = f"{name[:3]}9{name[4:]}"
        self.records.append(
            NumberCorrected(
                patient=name,
                was=name,
                becomes=becomes,
                because="Digits exchanged",
                by="olga",
                at=at + timedelta(hours=12),
            )
        )
        self.truth[becomes] = replace(truth, former=name)

    def _follow(self, name: str, site: str, at: datetime, fate: str) -> None:
        if fate in GONE:
            self.records.append(
                NotDone(
                    patient=name, visit="day1", reason=fate, by=f"nurse{site}", at=at + timedelta(hours=20)
                )
            )
            self.truth[name] = Truth(missing=GONE[fate])
        elif fate in ("nothing", "due", "not_yet"):
            self.truth[name] = Truth(missing={"nothing": "no_record"}.get(fate, fate))
        elif fate in ("withdrew_before", "missed_then_withdrew"):
            self.truth[name] = Truth(missing="withdrawn" if fate == "withdrew_before" else "no_record")
        else:
            self._photographed(name, at, fate)

    def _photographed(self, name: str, randomised_at: datetime, fate: str) -> None:
        outside = self.rng.random() < 0.12
        hours = self.rng.choice([16, 31, 40]) if outside else self.rng.uniform(20, 30)
        if self.rng.random() < 0.15:  # taken twice: what was said of the first must not count
            early = self._photo(name, randomised_at + timedelta(hours=hours - 1))
            self._read(early, [self._answer(), self._answer()], verdict=0)
        photo = self._photo(name, randomised_at + timedelta(hours=hours))
        answer = self._answer()
        other = Answer.scored(1 if answer.score != 1 else 2)
        said, verdict = {
            "read": ([answer, answer], 0),
            "third": ([other, Answer.scored(5), answer], 2),
            "dispute": ([answer, other], None),
            "one_reader": ([answer], None),
        }.get(fate, ([answer, answer], 0))
        reading_id = self._read(photo, said, verdict=verdict)
        self.truth[name] = self._truth_of(fate, answer, outside, photo, reading_id)

    def _truth_of(self, fate: str, answer: Answer, outside: bool, photo: Photo, reading_id: str) -> Truth:
        if fate == "dispute":
            return Truth(missing="in_dispute", outside_window=outside)
        if fate == "one_reader":
            return Truth(missing="with_readers", outside_window=outside)
        if fate == "withdrew_between":
            return Truth(missing="withdrawn")
        if answer.status is Status.NOT_ASSESSABLE:
            return Truth(missing="not_assessable", outside_window=outside)
        at_least = answer.status is Status.AT_LEAST
        return Truth(answer.score, at_least, "", outside, photo.sha256, reading_id)

    def _answer(self) -> Answer:
        drawn = self.rng.random()
        if drawn < 0.08:
            return Answer.not_assessable(self.rng.choice(["blurred", "dark", "skin_cannot_be_judged"]))
        if drawn < 0.16:
            return Answer.at_least(self.rng.randrange(2, 5))
        return Answer.scored(self.rng.choices(list(MIX), list(MIX.values()))[0])

    def _photo(self, name: str, at: datetime) -> Photo:
        photo_id = f"{self.rng.getrandbits(128):032x}"
        photo = Photo(
            photo_id=photo_id,
            patient=name,
            visit="day1",
            sha256=hashlib.sha256(photo_id.encode()).hexdigest(),
            size_bytes=1,
            key=photo_id,
            outside_window=False,
            by=f"nurse{name[:2]}",
            at=at,
        )
        self.records += [photo, *self._ward(photo)]
        return photo

    def _ward(self, photo: Photo) -> Iterator[Record]:
        """The ward's steps; in a quarter of cases the final record corrects the own score, and says why."""
        own, said = self._answer(), {"photo_id": photo.photo_id, "by": photo.by}
        yield OwnScore(answer=own, at=photo.at + timedelta(minutes=1), **said)
        yield AssessmentRecord(
            assessment=_assessment(photo, self.rng.choice(list(MIX))),
            overlay_sha256=None,
            at=photo.at + timedelta(minutes=2),
            **said,
        )
        corrects = self.rng.random() < 0.25
        yield FinalRecord(
            answer=self._answer() if corrects else own,
            because="=The thigh too" if corrects else None,
            at=photo.at + timedelta(minutes=3),
            **said,
        )

    def _read(self, photo: Photo, answers: list[Answer], *, verdict: int | None) -> str:
        """Let readers read; gives the id of the reading that settles it."""
        settled = ""
        for place, answer in enumerate(answers):
            at = photo.at + timedelta(hours=24 + place)
            reading_id = f"{self.rng.getrandbits(128):032x}"
            given = {"reading_id": reading_id, "photo_id": photo.photo_id, "by": f"reader{place}"}
            reading = Reading(answer=answer, reading_s=9.0, at=at + timedelta(minutes=1), **given)
            self.records += [Assignment(at=at, **given), reading, _signature(reading)]
            if place == verdict:
                settled = reading_id
        if settled:
            at = photo.at + timedelta(hours=24 + len(answers))
            self.records.append(Verdict(photo_id=photo.photo_id, reading_id=settled, by="reader1", at=at))
        return settled


def withdrawal_of(name: str, randomised_at: datetime, fate: str) -> list[Record]:
    """Withdraw a patient, ten hours after randomisation or fifty; take it back where it was an error."""
    since = randomised_at + timedelta(hours=50 if fate in ("withdrew_after", "missed_then_withdrew") else 10)
    said = {"patient": name, "by": "olga"}
    extent = Extent.TRAINING if fate == "withdrew_after" else Extent.VISITS
    withdrawal = Withdrawal(
        since=since, extent=extent, because="He said so", at=since + timedelta(hours=1), **said
    )
    if WITHDRAWN[fate]:
        return [withdrawal]
    back = WithdrawalTakenBack(because="Another patient", at=since + timedelta(hours=30), **said)
    return [withdrawal, back]


def _signature(reading: Reading) -> BatchSignature:
    signed = signed_text([SignedReading(reading.reading_id, content_hash(to_row(reading)))])
    return BatchSignature(
        meaning="I have read these",
        readings=1,
        signed=signed,
        sha256=hashlib.sha256(signed.encode()).hexdigest(),
        by=reading.by,
        at=reading.at + timedelta(minutes=1),
    )


def _assessment(photo: Photo, score: int) -> Assessment:
    return Assessment(
        file=photo.photo_id,
        sha256=photo.sha256,
        status=Status.SCORED,
        score=score,
        probabilities=None,
        prediction_set=(),
        visible_up_to=5,
        legs=(),
        reasons=(),
        model=ModelName(name="simulated", sha256="d" * 64),
        timing_ms=Timing(decode=1.0, network=1.0, total=2.0),
    )


def charter_of_25_sites() -> str:
    """The shipped trial file with 22 more sites."""
    text = (shipped("configs") / "trials" / "i-micro.toml").read_text("utf-8")
    more = (
        f'\n[[sites]]\ncode = "{site:02}"\nname = "Centre {site:02}"\ntime_zone = "Europe/Paris"\n'
        for site in range(4, SITES + 1)
    )
    return text + "".join(more)
