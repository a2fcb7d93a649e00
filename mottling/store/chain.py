"""How records are chained: each link is hashed over the record and the hash before it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from mottling.store.rows import Row

__all__ = ["BEFORE_THE_FIRST", "Link", "content_hash"]

BEFORE_THE_FIRST = "0" * 64

# What we store is text and numbers; `repr` is for the bytes that somebody else put there.
_TEXT = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=repr)


@dataclass(frozen=True)
class Link:
    """One link as it is stored, apart from its hash."""

    number: int
    at: str
    by: str
    act: str
    subject: str
    content_hash: str
    previous_hash: str

    def hash(self) -> str:
        """Compute the link's hash."""
        return _hash(vars(self))


def content_hash(row: Row) -> str:
    """Compute the hash of a record's row, without its number."""
    return _hash({name: cell for name, cell in row.items() if name != "number"})


def _hash(content: Row) -> str:
    return hashlib.sha256(_TEXT.encode(content).encode("ascii")).hexdigest()
