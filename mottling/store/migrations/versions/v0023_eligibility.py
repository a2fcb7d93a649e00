"""Eligibility items of patients; of patients from before nothing is known."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, text, to

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    add_table(
        "eligibility_values",
        to("patients.patient"),
        text("item"),
        sa.Column("value", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("because", sa.Text),
        once=(("patient", "item", "version"),),
    )
