"""The monitor: reads what the office has, as far as it does not unblind, and leaves a record of each look.

As long as the read-out is open, nothing here says what a reader answered, whether readers differ, or which
outcome follows: who visits wards could otherwise tell them. Nothing here changes anything but by that record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from mottling.errors import NotAllowed
from mottling.services.accounts import User
from mottling.services.consents import Consents, SeenConsents
from mottling.services.coordination import Coordination, ReadoutProgress
from mottling.services.looked import Looked, Screen
from mottling.services.office_views import Completeness, Look, SeenLines
from mottling.services.readout import is_closed
from mottling.services.snapshots import SnapshotDiff, compare, find
from mottling.services.standings import Standings, VisitStanding, completeness_of, lines_of
from mottling.services.track import Track, Tracks
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.changes import Change
from mottling.trial.charter import Charter
from mottling.trial.eligibility import EligibilityValue
from mottling.trial.office_records import MonitorLook
from mottling.trial.records import Patient

__all__ = ["AuditLine", "Monitoring", "SeenAudit", "SeenSnapshot"]

_SAY_THAT_READERS_DIFFER = frozenset({"consensus_recorded", "verdict_formed_together", "second_look_asked"})
"""Acts that are left out as long as the read-out is open; their numbers are missing then."""


@dataclass(frozen=True)
class AuditLine:
    """One act of the audit trail, without its hashes: an answer could be found by its hash."""

    number: int
    at: datetime
    by: str
    act: str
    subject: str


@dataclass(frozen=True)
class SeenAudit:
    """Acts of the audit trail, the latest first."""

    lines: tuple[AuditLine, ...]
    has_older: bool


@dataclass(frozen=True)
class SeenSnapshot:
    """One frozen outcome, as far as a monitor sees it; its table is in no case shown."""

    snapshot: int
    at: datetime
    by: str
    rows: int
    """Patients."""
    supersedes: int | None
    sha256: str | None
    """None as long as the read-out is open: where one answer is missing, the hash would tell it."""
    because: str | None
    """Why it takes the place of the one before; None for the first one and while the read-out is open."""


class Monitoring:
    """What a monitor reads."""

    def __init__(
        self, store: Store, charter: Charter, *, coordination: Coordination, consents: Consents
    ) -> None:
        self._store = store
        self._charter = charter
        self._coordination = coordination
        self._consents = consents
        self._visits = Standings(charter)
        self._tracks = Tracks(charter)

    def is_blinded(self) -> bool:
        """Say whether the committee's answers are kept from the monitor: as long as the read-out is open."""
        return not is_closed(self._store)

    def completeness(self, user: User, *, at: datetime) -> tuple[Completeness, ...]:
        """Count photographs, scores, verdicts and what is missing, by site and visit."""
        self._look(user, Looked(Screen.COMPLETENESS), at=at)
        counted = completeness_of(self._standings(at=at), self._charter)
        if not self.is_blinded():
            return counted
        return tuple(replace(one, not_assessable=0) for one in counted)

    def lines(self, user: User, look: Look, *, most: int, at: datetime) -> SeenLines:
        """Give the lines of a site and a standing; of many, the first `most`."""
        self._look(user, Looked(Screen.PATIENTS, look.site, look.standing), at=at)
        seen = lines_of(self._standings(at=at), look, self._charter, most=most)
        if not self.is_blinded():
            return seen
        return replace(seen, lines=tuple(replace(one, verdict=None, outcome=None) for one in seen.lines))

    def track(self, user: User, *, at: datetime) -> Track:
        """Say whether the endpoint's visit is on track, by site and over time."""
        self._look(user, Looked(Screen.TRACK), at=at)
        return self._tracks.of(self._store.board.look(), at=at)

    def readout(self, user: User, *, at: datetime) -> ReadoutProgress:
        """Say how far the committee is."""
        self._look(user, Looked(Screen.READOUT), at=at)
        return self._coordination.progress(user)

    def enrolments(self, user: User, *, at: datetime) -> tuple[Patient, ...]:
        """List every patient with site and randomisation, as they hold now, the latest entry first."""
        self._look(user, Looked(Screen.ENROLMENTS), at=at)
        return tuple(reversed(self._store.ward.patients()))

    def changes(self, user: User, *, at: datetime) -> tuple[Change, ...]:
        """List every change of every patient after enrolment, with its reason, the latest first."""
        self._look(user, Looked(Screen.CHANGES), at=at)
        return tuple(reversed(self._store.changes.all()))

    def eligibility(self, user: User, *, at: datetime) -> tuple[EligibilityValue, ...]:
        """List all that was said of eligibility items, every version, the latest first."""
        self._look(user, Looked(Screen.ELIGIBILITY), at=at)
        return tuple(reversed(self._store.eligibility.all()))

    def consents(self, user: User, *, at: datetime) -> SeenConsents:
        """List what was said of consent for retraining, every version, and what it comes to."""
        self._look(user, Looked(Screen.CONSENTS), at=at)
        return self._consents.seen(user)

    def frozen(self, user: User, *, at: datetime) -> tuple[SeenSnapshot, ...]:
        """List the frozen outcomes, the earliest first: who signed which, when, and of how many patients."""
        self._look(user, Looked(Screen.FROZEN), at=at)
        is_blinded = self.is_blinded()
        return tuple(
            SeenSnapshot(
                one.snapshot,
                one.at,
                one.by,
                one.rows,
                one.supersedes,
                sha256=None if is_blinded else one.sha256,
                because=None if is_blinded else one.because,
            )
            for one in self._store.office.snapshots()
        )

    def frozen_diff(self, user: User, before: int, after: int, *, at: datetime) -> SnapshotDiff:
        """Say what changed from one frozen outcome to a later one, and what was recorded in between.

        Raises:
            NotAllowed: The read-out is open.
            RecordRefused: One of them does not exist, or they are named the wrong way round.
        """
        self._look(user, Looked(Screen.FROZEN, pair=(before, after)), at=at)
        if self.is_blinded():
            raise NotAllowed(
                "What changed between frozen outcomes is shown once the read-out is closed",
                remedy="Look again when the office has closed the read-out",
            )
        snapshots = self._store.office.snapshots()
        return compare(self._store, find(snapshots, before), find(snapshots, after))

    def audit(self, user: User, *, before: int | None, most: int, at: datetime) -> SeenAudit:
        """Give the acts of the audit trail, the latest first.

        Args:
            user: Who looks.
            before: Number of an act: earlier ones are given; None gives the latest.
            most: How many at most.
            at: Now.
        """
        self._look(user, Looked(Screen.AUDIT, before=before), at=at)
        entries = self._store.office.audit_before(before, most=most + 1)
        hidden = _SAY_THAT_READERS_DIFFER if self.is_blinded() else frozenset()
        lines = tuple(
            AuditLine(one.number, one.at, one.by, one.act, one.subject)
            for one in entries[:most]
            if one.act not in hidden
        )
        return SeenAudit(lines, has_older=len(entries) > most)

    def _look(self, user: User, what: Looked, *, at: datetime) -> None:
        """Record what is looked at, before it is shown."""
        require(user.role, Act.MONITOR)
        self._store.office.note_look(MonitorLook(by=user.name, at=at, what=what.written()))

    def _standings(self, *, at: datetime) -> list[VisitStanding]:
        found = self._visits.of(self._store.board.look(), at=at)
        return [one.without_dispute() for one in found] if self.is_blinded() else found
