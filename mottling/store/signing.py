"""What a signature under a batch does: it names each reading by its hash, and forms the verdicts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from mottling.errors import Conflict, RecordRefused
from mottling.store.ledger import Pen
from mottling.store.reading_board import Given
from mottling.trial.committee_records import (
    BatchSignature,
    RepeatAssignment,
    RepeatReading,
    SignedReading,
    signed_text,
)
from mottling.trial.records import Reading, Verdict

__all__ = ["Settle", "Signer", "add_verdicts", "check_assigned", "signature_of"]

Settle = Callable[[Sequence[Reading]], Reading | None]
"""Chooses the reading that is the verdict, from those of one photograph, the earliest first."""


@dataclass(frozen=True)
class Signer:
    """Who signs a batch, and what for."""

    reader: str
    meaning: str
    readings: int
    """How many the reader saw to be signed."""
    at: datetime


def add_verdicts(
    pen: Pen,
    signer: Signer,
    readings: Mapping[str, Sequence[Reading]],
    *,
    settle: Settle,
    but: AbstractSet[str],
) -> tuple[Verdict, ...]:
    """Record each verdict that `settle` names, by photo; those in `but` have theirs."""
    chosen = [(photo_id, settle(each)) for photo_id, each in readings.items() if photo_id not in but]
    verdicts = tuple(
        Verdict(photo_id=photo_id, reading_id=one.reading_id, by=signer.reader, at=signer.at)
        for photo_id, one in chosen
        if one is not None
    )
    for verdict in verdicts:
        pen.add(verdict)
    return verdicts


def signature_of(signer: Signer, signed: Sequence[SignedReading]) -> BatchSignature:
    """Make the signature under what a reader has locked.

    Raises:
        RecordRefused: There is nothing to sign.
        Conflict: It is not as much as the reader saw.
    """
    if not signed:
        raise RecordRefused("There is nothing to sign", remedy="Read a photograph first")
    if len(signed) != signer.readings:
        raise Conflict(
            f"{len(signed)} readings are to be signed, and the page showed {signer.readings}",
            remedy="Load the page again and look at them",
        )
    text = signed_text(signed)
    return BatchSignature(
        meaning=signer.meaning,
        readings=len(signed),
        signed=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        by=signer.reader,
        at=signer.at,
    )


def check_assigned(given: Given | None, reading: Reading | RepeatReading) -> None:
    """Refuse what was not given to this reader, and a repeat that would be kept as a first reading.

    Raises:
        RecordRefused: It was not, or it would.
    """
    if (
        given is None
        or (given.by, given.photo_id) != (reading.by, reading.photo_id)
        or isinstance(given, RepeatAssignment) is not isinstance(reading, RepeatReading)
    ):
        raise RecordRefused(
            "This photograph was not given to this reader", remedy="Open the reading page again"
        )
