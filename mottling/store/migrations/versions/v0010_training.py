"""What readers say of training cases, before the first photograph of the trial."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, answer, text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    add_table(
        "training_readings",
        sa.Column("attempt", sa.Integer, nullable=False),
        text("case"),
        *answer(),
        sa.Column("truth", sa.Integer, nullable=False),
        sa.Column("reading_s", sa.Float, nullable=False),
        once=(("by", "attempt", "case"),),
    )
