"""How a later version adds a table: chained like every other, with triggers that refuse to change a row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

from mottling.store.migrations.guarding import guard, sorted_by_bytes

__all__ = ["add_table", "answer", "text", "to"]


def add_table(name: str, *parts: SchemaItem, once: tuple[tuple[str, ...], ...] = ()) -> None:
    """Add the table of one kind of record.

    Args:
        name: Of the table.
        parts: Its columns beside number, by and at.
        once: Columns that together may come once.
    """
    op.create_table(
        name,
        sa.Column("number", sa.Integer, sa.ForeignKey("audit.number"), primary_key=True, autoincrement=False),
        *sorted_by_bytes((text("by"), text("at"), *parts)),
        *(sa.UniqueConstraint(*columns) for columns in once),
    )
    guard(name, once)


def text(name: str) -> sa.Column[str]:
    """Make a column of text that is never empty."""
    return sa.Column(name, sa.Text, nullable=False)


def to(column: str) -> sa.Column[str]:
    """Make a column that names a row of another table: `to("patients.patient")`."""
    return sa.Column(column.rpartition(".")[2], sa.Text, sa.ForeignKey(column), nullable=False)


def answer() -> tuple[SchemaItem, ...]:
    """Make the columns of an answer, with what must hold between them."""
    return (
        text("status"),
        sa.Column("score", sa.Integer),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint("status IN ('scored', 'at_least', 'not_assessable')", name="status_is_known"),
        sa.CheckConstraint("(score IS NULL) = (status = 'not_assessable')", name="score_fits_status"),
        sa.CheckConstraint("(reason IS NOT NULL) = (status = 'not_assessable')", name="reason_fits_status"),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 0 AND 5", name="score_is_on_the_scale"),
    )
