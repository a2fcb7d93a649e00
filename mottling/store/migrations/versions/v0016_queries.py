"""Queries: questions to a site, its answers, and that the office closed them."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, text, to

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table(
        "queries",
        text("query_id"),
        to("patients.patient"),
        sa.Column("visit", sa.Text),
        sa.Column("photo_id", sa.Text, sa.ForeignKey("photos.photo_id")),
        text("text"),
        once=(("query_id",),),
    )
    add_table("query_answers", to("queries.query_id"), text("text"))
    add_table("query_repeats", to("queries.query_id"), text("text"))
    add_table("closed_queries", to("queries.query_id"), sa.Column("because", sa.Text), once=(("query_id",),))
