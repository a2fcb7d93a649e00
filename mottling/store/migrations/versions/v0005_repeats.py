"""Photographs that come back to the same reader, and the closing of the read-out."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, answer, text, to

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table(
        "repeat_assignments",
        text("reading_id"),
        to("photos.photo_id"),
        once=(("reading_id",), ("photo_id", "by")),
    )
    add_table(
        "repeat_readings",
        to("repeat_assignments.reading_id"),
        to("photos.photo_id"),
        *answer(),
        sa.Column("reading_s", sa.Float, nullable=False),
        once=(("reading_id",),),
    )
    add_table("readout_changes", text("kind"), text("meaning"))
