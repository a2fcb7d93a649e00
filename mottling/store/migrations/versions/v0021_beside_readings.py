"""Remarks beside readings, what readers say once the model was shown to them, and skin tones."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, answer, text, to

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table(
        "remarks",
        text("reading_id"),
        to("photos.photo_id"),
        text("answer_sha256"),
        text("text"),
        once=(("answer_sha256",),),
    )
    add_table(
        "model_shown",
        text("reading_id"),
        to("photos.photo_id"),
        text("answer_sha256"),
        once=(("reading_id",),),
    )
    add_table(
        "answers_after",
        text("reading_id"),
        to("photos.photo_id"),
        *answer(),
        text("answer_sha256"),
        sa.Column("counts", sa.Integer, nullable=False),
        sa.Column("because", sa.Text),
        once=(("reading_id",),),
    )
    add_table("skin_tones", to("patients.patient"), sa.Column("tone", sa.Integer, nullable=False))
