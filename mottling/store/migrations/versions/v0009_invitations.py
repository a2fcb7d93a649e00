"""Invitations: links by which somebody chooses a password."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    add_table(
        "invitations",
        text("name"),
        text("role"),
        sa.Column("site", sa.Text),
        text("token_hash"),
        text("expires_at"),
        once=(("token_hash",),),
    )
