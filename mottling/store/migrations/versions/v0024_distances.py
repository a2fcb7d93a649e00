"""How far photographs look from those of a calibration; of those read before nothing is known."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, to

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    add_table(
        "photo_distances",
        to("photos.photo_id"),
        sa.Column("distance", sa.Float, nullable=False),
        once=(("photo_id",),),
    )
