"""Models whose weights were dropped."""

from __future__ import annotations

from mottling.store.migrations.adding import add_table, text

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    add_table("model_retirements", text("name"), text("sha256"), text("because"))
