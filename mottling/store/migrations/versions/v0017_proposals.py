"""Models that one person proposes for release and another one confirms or declines."""

from __future__ import annotations

from mottling.store.migrations.adding import add_table, text, to

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    add_table(
        "release_proposals",
        text("proposal"),
        text("name"),
        text("sha256"),
        text("because"),
        once=(("proposal",),),
    )
    add_table(
        "proposal_answers",
        to("release_proposals.proposal"),
        text("name"),
        text("answer"),
        text("because"),
        once=(("proposal",),),
    )
