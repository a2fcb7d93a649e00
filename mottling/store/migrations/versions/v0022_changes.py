"""What changes about a patient: withdrawal, transfer, a corrected number, a corrected enrolment."""

from __future__ import annotations

from mottling.store.migrations.adding import add_table, text, to

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    patient = "patients.patient"
    add_table("withdrawals", to(patient), text("since"), text("extent"), text("because"))
    add_table("withdrawals_taken_back", to(patient), text("because"))
    add_table("transfers", to(patient), text("site"), text("since"), text("because"))
    add_table("number_corrections", to(patient), text("was"), text("becomes"), text("because"))
    add_table("enrolment_corrections", to(patient), text("site"), text("randomised_at"), text("because"))
