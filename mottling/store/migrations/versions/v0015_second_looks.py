"""Photographs that one more reader was given because the model lies far from their verdict."""

from __future__ import annotations

from mottling.store.migrations.adding import add_table, text, to

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    add_table(
        "second_looks",
        to("assignments.reading_id"),
        to("photos.photo_id"),
        text("verdict_id"),
        once=(("reading_id",),),
    )
