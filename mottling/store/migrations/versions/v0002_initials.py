"""Initials of patients, by which the ward tells that a number is the right one."""

from __future__ import annotations

from mottling.store.migrations.adding import add_table, text, to

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    add_table("initials", to("patients.patient"), text("initials"), once=(("patient",),))
