"""Readings that were changed before they were signed, and the signatures of readers under their batches."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, answer, text, to

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table("reading_changes", text("reading_id"), to("photos.photo_id"), *answer(), text("because"))
    add_table(
        "batch_signatures",
        text("meaning"),
        sa.Column("readings", sa.Integer, nullable=False),
        text("signed"),
        text("sha256"),
    )
