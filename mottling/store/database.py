"""What the ledger asks of whatever keeps its rows: an SQLite file, or a database of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from mottling.errors import StoreRefused

__all__ = ["WAIT_S", "Database"]

WAIT_S = 20.0
"""How long one writer waits for another; a write takes milliseconds."""


class Database(Protocol):
    """Where rows are kept."""

    @property
    def reading(self) -> Engine:
        """Begins transactions that read: everything within is of one moment."""

    @property
    def writing(self) -> Engine:
        """Begins transactions that read and add: nobody else adds meanwhile."""

    def refusal(self, error: DBAPIError) -> StoreRefused | None:
        """Say in our words what it cannot do; None for what is a mistake of ours."""

    def highest_ever(self, connection: Connection) -> int:
        """Give the highest number that the chain ever had, even where its tail was cut."""

    def shape(self, connection: Connection) -> Mapping[str, str]:
        """Describe each table, index and trigger, by name, as it stands."""

    def shape_as_made(self) -> Mapping[str, str]:
        """Describe them as this version makes them."""

    def damage(self, connection: Connection) -> str | None:
        """Say what is wrong with the file; None when nothing is, or when whoever keeps it looks after it."""

    def close(self) -> None:
        """Let go of it."""
