"""The mottled border, where a reader marks it on the photograph."""

from __future__ import annotations

from alembic import op

from mottling.store.migrations.adding import add_table, text, to

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add its table."""
    add_table(
        "markings",
        text("reading_id"),
        to("photos.photo_id"),
        text("answer_sha256"),
        text("outline"),
        once=(("answer_sha256",),),
    )
    op.create_index("markings_by_reading", "markings", ["reading_id"])
