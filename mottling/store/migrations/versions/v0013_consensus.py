"""What the committee says together where its readers differ, and the verdicts that come of it."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, answer, text, to

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table(
        "consensus_readings",
        text("reading_id"),
        to("photos.photo_id"),
        *answer(),
        text("sat"),
        sa.Column("guests", sa.Text),
        sa.Column("comment", sa.Text),
        text("meaning"),
        text("differed"),
        once=(("reading_id",), ("photo_id",)),
    )
    add_table(
        "consensus_verdicts",
        to("photos.photo_id"),
        to("consensus_readings.reading_id"),
        once=(("photo_id",),),
    )
