"""Every record of the first version, chained, and the triggers that refuse to change one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

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
    names = ("at", "by", "act", "subject", "content_hash")
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True),
        *(_text(name) for name in names),
        sa.Column("previous_hash", sa.Text, nullable=False, unique=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        sqlite_autoincrement=True,
    )
    _guard("audit", (("previous_hash",), ("hash",)))
    op.execute(
        "CREATE TRIGGER audit_is_one_chain BEFORE INSERT ON audit WHEN"  # noqa: S608 # constants only
        " NEW.number != (SELECT coalesce(max(number), 0) + 1 FROM audit)"
        " OR NEW.previous_hash != coalesce("
        f"(SELECT hash FROM audit ORDER BY number DESC LIMIT 1), '{'0' * 64}')"
        " BEGIN SELECT RAISE(ABORT, 'audit goes on from its last row'); END"
    )


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
        _text("by"),
        _text("at"),
        *parts,
        *(sa.UniqueConstraint(*columns) for columns in once),
    )
    _guard(name, once)


def _guard(table: str, once: tuple[tuple[str, ...], ...]) -> None:
    """Refuse UPDATE and DELETE, and an INSERT OR REPLACE that would put one row in another's place.

    SQLite runs the delete triggers of a replaced row only where `recursive_triggers` is on, and whoever opens
    the file with another program has it off: the third trigger does not depend on it.
    """
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table}: records are added, never changed'); END"
        )
    same = [" AND ".join(f'"{column}" = NEW."{column}"' for column in columns) for columns in once]
    taken = " OR ".join(["number = NEW.number", *(f"({each})" for each in same)])
    op.execute(
        f"CREATE TRIGGER {table}_refuses_replacement BEFORE INSERT ON {table}"  # noqa: S608 # names of ours
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken})"
        f" BEGIN SELECT RAISE(ABORT, '{table}: a record is there already'); END"
    )


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
