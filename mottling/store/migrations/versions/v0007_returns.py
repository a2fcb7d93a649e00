"""Coming back to a shared tablet: where sessions were opened and when used, PINs, signing out everywhere."""

from __future__ import annotations

from alembic import op

from mottling.store.migrations.adding import add_table, text, to

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table("session_places", to("sessions.token_hash"), text("device_hash"))
    add_table("session_uses", to("sessions.token_hash"))
    add_table("signed_out_everywhere", to("users.name"))
    add_table("pins", text("device_hash"), text("pin_hash"))
    add_table("pin_tries", text("device_hash"), text("outcome"))
    # Each request asks when its session was last used.
    op.create_index("session_uses_by_session", "session_uses", ["token_hash"])
