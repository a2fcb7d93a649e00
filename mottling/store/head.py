"""The signed head: how long the chain is and how it ends, signed, so that it can be kept somewhere else.

Whoever has the machine can write a whole new chain that fits together. Whoever holds an older head can tell.

What is signed: `mottling head 1`, a line feed, and the head's JSON without `signature`, its keys sorted,
without spaces, in ASCII.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mottling.errors import StoreRefused
from mottling.listing import Signature
from mottling.settings import first_problem
from mottling.store.chain import BEFORE_THE_FIRST
from mottling.store.key_files import KeyFile
from mottling.trial.records import Sha256, Utc

__all__ = ["HEAD_KEY", "ChainEnd", "HeadKey", "SignedHead", "difference", "read_head"]

HEAD_KEY = "head.key"
"""The file in the data folder."""

_PREFIX = b"mottling head 1\n"


@dataclass(frozen=True)
class ChainEnd:
    """How long the chain is, how it ends, and of which trial it is."""

    trial: str | None
    rows: int
    hash: str


class SignedHead(BaseModel):
    """The end of the chain at one moment, signed by the server that holds it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    trial: str | None
    """None as long as the store has seen no trial file."""
    rows: Annotated[int, Field(ge=0)]
    hash: Sha256
    """Of the last row; zeros when there is none."""
    at: Utc
    """When it was signed."""
    public_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Ed25519, 32 bytes in hexadecimal."""
    signature: Annotated[str, Field(pattern=r"^([0-9a-f]{128})?$")] = ""

    def is_as_signed(self) -> bool:
        """Say whether the signature belongs to what the head says."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), self.signed_bytes())
        except (InvalidSignature, ValueError):
            return False
        return True

    def signed_bytes(self) -> bytes:
        """Give the bytes over which the signature goes."""
        said = self.model_dump(mode="json", exclude={"signature"})
        return _PREFIX + json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")


class HeadKey:
    """The key that heads and registries are signed with; the first of them draws it."""

    def __init__(self, folder: Path) -> None:
        self._file = KeyFile(folder / HEAD_KEY, without_it="heads signed with another key are told apart")

    def sign(self, end: ChainEnd, *, at: datetime) -> SignedHead:
        """Sign the end of the chain.

        Raises:
            StoreRefused: The key cannot be read or written.
        """
        key = Ed25519PrivateKey.from_private_bytes(self._file.read_or_draw())
        head = SignedHead(trial=end.trial, rows=end.rows, hash=end.hash, at=at, public_key=_public_half(key))
        return head.model_copy(update={"signature": key.sign(head.signed_bytes()).hex()})

    def vouch(self, said: bytes) -> Signature:
        """Sign which model is in use.

        Raises:
            StoreRefused: The key cannot be read or written.
        """
        key = Ed25519PrivateKey.from_private_bytes(self._file.read_or_draw())
        return Signature(public_key=_public_half(key), signature=key.sign(said).hex())

    def public_half(self) -> str | None:
        """Give what heads are checked with, in hexadecimal; None when no head was ever signed here."""
        key = self._file.read()
        return None if key is None else _public_half(Ed25519PrivateKey.from_private_bytes(key))


def _public_half(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def read_head(path: Path) -> SignedHead:
    """Read a head that somebody kept.

    Raises:
        StoreRefused: The file cannot be read, or is no signed head.
    """
    try:
        return SignedHead.model_validate_json(path.read_bytes())
    except OSError as error:
        raise StoreRefused(
            f"{path} cannot be read: {error.strerror}", remedy="Name a file that `mottling head` wrote"
        ) from error
    except ValidationError as error:
        raise StoreRefused(
            f"{path} is no signed head: {first_problem(error)}",
            remedy="Name a file that `mottling head` wrote",
        ) from error


def difference(
    heads: Sequence[SignedHead], hashes: Sequence[str], *, trial: str | None, public_key: str | None
) -> str | None:
    """Say in a sentence what differs between a chain and heads that were kept; None when nothing does.

    Args:
        heads: What was kept.
        hashes: Of the chain's rows, the first one first.
        trial: Of the store.
        public_key: The store's own; None when it has none, as after a restore without keys.
    """
    confirmed = 0
    for head in sorted(heads, key=lambda each: each.rows):
        forged = _forged(head, trial=trial, public_key=public_key)
        if forged is not None:
            return forged
        if head.rows > len(hashes):
            return f"{len(hashes)} rows are there; {_when(head)} there were {head.rows}"
        found = hashes[head.rows - 1] if head.rows else BEFORE_THE_FIRST
        if found != head.hash:
            return _rewritten(head, found, confirmed=confirmed)
        confirmed = head.rows
    return None


def _forged(head: SignedHead, *, trial: str | None, public_key: str | None) -> str | None:
    if not head.is_as_signed():
        return f"the head of {head.rows} rows is not what was signed: its file was changed"
    if public_key is not None and head.public_key != public_key:
        return (
            f"the head of {head.rows} rows was signed with the key {head.public_key}, and the key of this "
            f"store is {public_key}: one of the two was exchanged"
        )
    if head.trial is not None and head.trial != trial:
        return f"the head is of the trial {head.trial}, and this store is of {trial or 'none'}"
    return None


def _rewritten(head: SignedHead, found: str, *, confirmed: int) -> str:
    since = f", after row {confirmed}, which an earlier head confirms" if confirmed else ""
    return (
        f"row {head.rows} has the hash {found}; {_when(head)} it had {head.hash}: the chain was rewritten "
        f"at this row or before it{since}"
    )


def _when(head: SignedHead) -> str:
    return f"when the head was signed ({head.at:%Y-%m-%d %H:%M} UTC)"
