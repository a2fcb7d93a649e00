"""Tokens, by which programs of hospitals and sponsors come in."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, text, to

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table(
        "tokens",
        text("name"),
        text("scopes"),
        sa.Column("site", sa.Text),
        text("token_hash"),
        text("expires_at"),
        once=(("name",), ("token_hash",)),
    )
    add_table("revoked_tokens", to("tokens.name"), text("because"), once=(("name",),))
