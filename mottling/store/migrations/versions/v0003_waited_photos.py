"""Photographs that waited on a tablet for the network: when they were taken."""

from __future__ import annotations

from mottling.store.migrations.adding import add_table, text, to

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    add_table("waited_photos", to("photos.photo_id"), text("taken_at"), once=(("photo_id",),))
