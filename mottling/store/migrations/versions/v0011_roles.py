"""What an administrator, a coordinator and a monitor do: locks, photographs taken back, looks."""

from __future__ import annotations

from mottling.store.migrations.adding import add_table, text, to

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table("user_locks", to("users.name"), text("kind"))
    add_table("taken_back", to("assignments.reading_id"), text("because"), once=(("reading_id",),))
    add_table("monitor_looks", text("what"))
