"""Every record of the first version, chained, and the triggers that refuse to change one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

from mottling.store.migrations.guarding import (
    guard,
    guard_the_chain,
    is_postgresql,
    make_functions,
    sorted_by_bytes,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of an empty store."""
    _make_audit()
    _make_ward()
    _make_committee()
    _make_users()
    _make_table("releases", _text("name"), _text("sha256"), _text("kind"))
    _make_table("exports", _text("kind"), _text("sha256"), _integer("rows"))


def _make_audit() -> None:
    make_functions()
    columns = (
        *(_text(name) for name in ("at", "by", "act", "subject", "content_hash")),
        sa.Column("previous_hash", sa.Text, nullable=False, unique=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "audit",
        # Each row brings its number: PostgreSQL needs no counter for it.
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=not is_postgresql()),
        *sorted_by_bytes(columns),
        sqlite_autoincrement=True,
    )
    guard("audit", (("previous_hash",), ("hash",)))
    guard_the_chain()


def _make_ward() -> None:
    _make_table("trial_files", _text("trial"), _text("sha256"), _text("text"))
    _make_table("patients", _text("patient"), _text("site"), _text("randomised_at"), once=(("patient",),))
    _make_table(
        "photos",
        _text("photo_id"),
        _to("patients.patient"),
        _text("visit"),
        _text("sha256"),
        _integer("size_bytes"),
        _text("key"),
        _integer("outside_window"),
        once=(("photo_id",), ("key",)),
    )
    _make_table("own_scores", _to("photos.photo_id"), *_answer(), once=(("photo_id",),))
    _make_table(
        "assessments",
        _to("photos.photo_id"),
        _text("assessment"),
        sa.Column("overlay_sha256", sa.Text),
        once=(("photo_id",),),
    )
    _make_table("reveals", _to("photos.photo_id"), once=(("photo_id",),))
    _make_table(
        "finals",
        _to("photos.photo_id"),
        *_answer(),
        sa.Column("because", sa.Text),
        once=(("photo_id",),),
    )
    _make_table(
        "not_done", _to("patients.patient"), _text("visit"), _text("reason"), once=(("patient", "visit"),)
    )


def _make_committee() -> None:
    _make_table(
        "assignments",
        _text("reading_id"),
        _to("photos.photo_id"),
        once=(("reading_id",), ("photo_id", "by")),
    )
    _make_table(
        "readings",
        _to("assignments.reading_id"),
        _to("photos.photo_id"),
        *_answer(),
        sa.Column("reading_s", sa.Float, nullable=False),
        once=(("reading_id",),),
    )
    _make_table("verdicts", _to("photos.photo_id"), _to("readings.reading_id"), once=(("photo_id",),))


def _make_users() -> None:
    _make_table("users", _text("name"), _text("role"), sa.Column("site", sa.Text), once=(("name",),))
    _make_table("passwords", _to("users.name"), _text("password_hash"))
    _make_table("disabled_users", _to("users.name"), once=(("name",),))
    _make_table("sign_ins", _text("outcome"))
    _make_table("sessions", _text("token_hash"), _text("expires_at"), once=(("token_hash",),))
    _make_table("ended_sessions", _to("sessions.token_hash"), once=(("token_hash",),))


def _make_table(name: str, *parts: SchemaItem, once: tuple[tuple[str, ...], ...] = ()) -> None:
    op.create_table(
        name,
        sa.Column("number", sa.Integer, sa.ForeignKey("audit.number"), primary_key=True, autoincrement=False),
        *sorted_by_bytes((_text("by"), _text("at"), *parts)),
        *(sa.UniqueConstraint(*columns) for columns in once),
    )
    guard(name, once)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _to(column: str) -> sa.Column[str]:
    return sa.Column(column.rpartition(".")[2], sa.Text, sa.ForeignKey(column), nullable=False)


def _answer() -> tuple[SchemaItem, ...]:
    return (
        _text("status"),
        sa.Column("score", sa.Integer),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint("status IN ('scored', 'at_least', 'not_assessable')", name="status_is_known"),
        sa.CheckConstraint("(score IS NULL) = (status = 'not_assessable')", name="score_fits_status"),
        sa.CheckConstraint("(reason IS NOT NULL) = (status = 'not_assessable')", name="reason_fits_status"),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 0 AND 5", name="score_is_on_the_scale"),
    )
