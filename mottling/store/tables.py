"""What every table is made of: the chain that all hang on, and the columns that each kind of record has."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, MetaData, Table, Text
from sqlalchemy.sql.schema import SchemaItem

__all__ = ["AUDIT", "METADATA", "Kind", "answer", "table", "text", "to"]

METADATA = MetaData()

AUDIT = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("previous_hash", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False, unique=True),
    # SQLite then remembers the highest number that there ever was: a cut tail is noticed.
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class Kind:
    """Where one kind of record is kept, and how the audit trail speaks of it."""

    table: Table
    act: str
    subject: str
    """The column that names what the act was done to."""
    becomes: str | None = None
    """The column that names what it is called from then on, where the act is that it is called otherwise."""


def text(name: str, *, null: bool = False) -> Column[str]:
    """Make a column of text."""
    return Column(name, Text, nullable=null)


def to(column: str) -> Column[str]:
    """Make a column that names a row of another table: `to("patients.patient")`."""
    return Column(column.rpartition(".")[2], Text, ForeignKey(column), nullable=False)


def answer() -> tuple[SchemaItem, ...]:
    """Make the columns of an answer, with what must hold between them."""
    return (
        text("status"),
        Column("score", Integer),
        text("reason", null=True),
        CheckConstraint("status IN ('scored', 'at_least', 'not_assessable')", name="status_is_known"),
        CheckConstraint("(score IS NULL) = (status = 'not_assessable')", name="score_fits_status"),
        CheckConstraint("(reason IS NOT NULL) = (status = 'not_assessable')", name="reason_fits_status"),
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 5", name="score_is_on_the_scale"),
    )


def table(name: str, *parts: SchemaItem) -> Table:
    """Make the table of one kind of record."""
    return Table(
        name,
        METADATA,
        Column("number", Integer, ForeignKey("audit.number"), primary_key=True, autoincrement=False),
        text("by"),
        text("at"),
        *parts,
    )
