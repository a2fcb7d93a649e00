"""Challengers that score silently beside the model in use, and what they say."""

from __future__ import annotations

from mottling.store.migrations.adding import add_table, text, to

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table("shadow_runs", text("kind"), text("name"), text("sha256"), text("because"))
    add_table(
        "shadow_assessments",
        to("photos.photo_id"),
        text("model_sha256"),
        text("assessment"),
        once=(("photo_id", "model_sha256"),),
    )
