"""Consent of patients that their photographs train models; of patients from before nothing is known."""

from __future__ import annotations

import sqlalchemy as sa

from mottling.store.migrations.adding import add_table, text, to

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    add_table("retraining_consents", to("patients.patient"), text("choice"), sa.Column("because", sa.Text))
