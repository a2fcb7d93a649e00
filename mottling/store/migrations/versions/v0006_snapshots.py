"""Snapshots of the outcome: frozen with a hash, each superseding the one before."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    add_table(
        "snapshots",
        sa.Column("snapshot", sa.Integer, nullable=False),
        text("table"),
        text("sha256"),
        sa.Column("rows", sa.Integer, nullable=False),
        text("trial_file_sha256"),
        sa.Column("upto", sa.Integer, nullable=False),
        text("upto_hash"),
        sa.Column("supersedes", sa.Integer),
        sa.Column("because", sa.Text),
        once=(("snapshot",),),
    )
