"""Erasures of photographs, and exchanges of the server's key."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, text, to

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table("erasures", to("patients.patient"), text("reason"), once=(("patient",),))
    add_table(
        "key_rotations",
        sa.Column("keys", sa.Integer, nullable=False),
        sa.Column("sealed", sa.Integer, nullable=False),
    )
