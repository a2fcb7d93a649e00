"""The tables: one for each kind of record, and the chain that they hang on.

Times are text in UTC with microseconds and offset (`2026-03-29T00:30:00.000000+00:00`), so that they sort,
and so that what is hashed is what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.sql.schema import SchemaItem

from mottling.trial import (
    committee_records,
    consents,
    markings,
    model_records,
    model_shown,
    office_records,
    programs,
    queries,
    records,
    session_records,
    user_records,
)

__all__ = ["AUDIT", "KINDS", "METADATA", "Kind"]

METADATA = MetaData()

AUDIT = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("previous_hash", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False, unique=True),
    # SQLite then remembers the highest number that there ever was: a cut tail is noticed.
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class Kind:
    """Where one kind of record is kept, and how the audit trail speaks of it."""

    table: Table
    act: str
    subject: str
    """The column that names what the act was done to."""


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _to(column: str) -> Column[str]:
    return Column(column.rpartition(".")[2], Text, ForeignKey(column), nullable=False)


def _answer() -> tuple[SchemaItem, ...]:
    return (
        _text("status"),
        Column("score", Integer),
        _text("reason", null=True),
        CheckConstraint("status IN ('scored', 'at_least', 'not_assessable')", name="status_is_known"),
        CheckConstraint("(score IS NULL) = (status = 'not_assessable')", name="score_fits_status"),
        CheckConstraint("(reason IS NOT NULL) = (status = 'not_assessable')", name="reason_fits_status"),
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 5", name="score_is_on_the_scale"),
    )


def _table(name: str, *parts: SchemaItem) -> Table:
    return Table(
        name,
        METADATA,
        Column("number", Integer, ForeignKey("audit.number"), primary_key=True, autoincrement=False),
        _text("by"),
        _text("at"),
        *parts,
    )


_TRIAL_FILES = _table("trial_files", _text("trial"), _text("sha256"), _text("text"))
_PATIENTS = _table("patients", _text("patient"), _text("site"), _text("randomised_at"), Unique("patient"))
_INITIALS = _table("initials", _to("patients.patient"), _text("initials"), Unique("patient"))
_RETRAINING_CONSENTS = _table(
    "retraining_consents", _to("patients.patient"), _text("choice"), _text("because", null=True)
)
_SKIN_TONES = _table("skin_tones", _to("patients.patient"), Column("tone", Integer, nullable=False))
_PHOTOS = _table(
    "photos",
    _text("photo_id"),
    _to("patients.patient"),
    _text("visit"),
    _text("sha256"),
    Column("size_bytes", Integer, nullable=False),
    _text("key"),
    Column("outside_window", Integer, nullable=False),
    Unique("photo_id"),
    Unique("key"),
)
_WAITED_PHOTOS = _table("waited_photos", _to("photos.photo_id"), _text("taken_at"), Unique("photo_id"))
_OWN_SCORES = _table("own_scores", _to("photos.photo_id"), *_answer(), Unique("photo_id"))
_ASSESSMENTS = _table(
    "assessments",
    _to("photos.photo_id"),
    _text("assessment"),
    _text("overlay_sha256", null=True),
    Unique("photo_id"),
)
_REVEALS = _table("reveals", _to("photos.photo_id"), Unique("photo_id"))
_FINALS = _table(
    "finals", _to("photos.photo_id"), *_answer(), _text("because", null=True), Unique("photo_id")
)
_NOT_DONE = _table(
    "not_done", _to("patients.patient"), _text("visit"), _text("reason"), Unique("patient", "visit")
)
_ASSIGNMENTS = _table(
    "assignments", _text("reading_id"), _to("photos.photo_id"), Unique("reading_id"), Unique("photo_id", "by")
)
_READINGS = _table(
    "readings",
    _to("assignments.reading_id"),
    _to("photos.photo_id"),
    *_answer(),
    Column("reading_s", Float, nullable=False),
    Unique("reading_id"),
)
_VERDICTS = _table("verdicts", _to("photos.photo_id"), _to("readings.reading_id"), Unique("photo_id"))
_REPEAT_ASSIGNMENTS = _table(
    "repeat_assignments",
    _text("reading_id"),
    _to("photos.photo_id"),
    Unique("reading_id"),
    Unique("photo_id", "by"),
)
_REPEAT_READINGS = _table(
    "repeat_readings",
    _to("repeat_assignments.reading_id"),
    _to("photos.photo_id"),
    *_answer(),
    Column("reading_s", Float, nullable=False),
    Unique("reading_id"),
)
# A first reading or one that came back: neither table alone can be named.
_READING_CHANGES = _table(
    "reading_changes", _text("reading_id"), _to("photos.photo_id"), *_answer(), _text("because")
)
_MARKINGS = _table(
    "markings",
    _text("reading_id"),
    _to("photos.photo_id"),
    _text("answer_sha256"),
    _text("outline"),
    Unique("answer_sha256"),
    Index("markings_by_reading", "reading_id"),
)
_REMARKS = _table(
    "remarks",
    _text("reading_id"),
    _to("photos.photo_id"),
    _text("answer_sha256"),
    _text("text"),
    Unique("answer_sha256"),
)
_MODEL_SHOWN = _table(
    "model_shown", _text("reading_id"), _to("photos.photo_id"), _text("answer_sha256"), Unique("reading_id")
)
_ANSWERS_AFTER = _table(
    "answers_after",
    _text("reading_id"),
    _to("photos.photo_id"),
    *_answer(),
    _text("answer_sha256"),
    Column("counts", Integer, nullable=False),
    _text("because", null=True),
    Unique("reading_id"),
)
_BATCH_SIGNATURES = _table(
    "batch_signatures",
    _text("meaning"),
    Column("readings", Integer, nullable=False),
    _text("signed"),
    _text("sha256"),
)
_CONSENSUS_READINGS = _table(
    "consensus_readings",
    _text("reading_id"),
    _to("photos.photo_id"),
    *_answer(),
    _text("sat"),
    _text("guests", null=True),
    _text("comment", null=True),
    _text("meaning"),
    _text("differed"),
    Unique("reading_id"),
    Unique("photo_id"),
)
_CONSENSUS_VERDICTS = _table(
    "consensus_verdicts",
    _to("photos.photo_id"),
    _to("consensus_readings.reading_id"),
    Unique("photo_id"),
)
_SECOND_LOOKS = _table(
    "second_looks",
    _to("assignments.reading_id"),
    _to("photos.photo_id"),
    _text("verdict_id"),
    Unique("reading_id"),
)
_TRAINING_READINGS = _table(
    "training_readings",
    Column("attempt", Integer, nullable=False),
    _text("case"),
    *_answer(),
    Column("truth", Integer, nullable=False),
    Column("reading_s", Float, nullable=False),
    Unique("by", "attempt", "case"),
)
_READOUT_CHANGES = _table("readout_changes", _text("kind"), _text("meaning"))
_USERS = _table("users", _text("name"), _text("role"), _text("site", null=True), Unique("name"))
_PASSWORDS = _table("passwords", _to("users.name"), _text("password_hash"))
_DISABLED_USERS = _table("disabled_users", _to("users.name"), Unique("name"))
_SIGN_INS = _table("sign_ins", _text("outcome"))
_SESSIONS = _table("sessions", _text("token_hash"), _text("expires_at"), Unique("token_hash"))
_ENDED_SESSIONS = _table("ended_sessions", _to("sessions.token_hash"), Unique("token_hash"))
_SESSION_PLACES = _table("session_places", _to("sessions.token_hash"), _text("device_hash"))
_SESSION_USES = _table(
    "session_uses", _to("sessions.token_hash"), Index("session_uses_by_session", "token_hash")
)
_SIGNED_OUT_EVERYWHERE = _table("signed_out_everywhere", _to("users.name"))
_PINS = _table("pins", _text("device_hash"), _text("pin_hash"))
_PIN_TRIES = _table("pin_tries", _text("device_hash"), _text("outcome"))
_INVITATIONS = _table(
    "invitations",
    _text("name"),
    _text("role"),
    _text("site", null=True),
    _text("token_hash"),
    _text("expires_at"),
    Unique("token_hash"),
)
_TAKEN_BACK = _table("taken_back", _to("assignments.reading_id"), _text("because"), Unique("reading_id"))
_MONITOR_LOOKS = _table("monitor_looks", _text("what"))
_USER_LOCKS = _table("user_locks", _to("users.name"), _text("kind"))
_TOKENS = _table(
    "tokens",
    _text("name"),
    _text("scopes"),
    _text("site", null=True),
    _text("token_hash"),
    _text("expires_at"),
    Unique("name"),
    Unique("token_hash"),
)
_REVOKED_TOKENS = _table("revoked_tokens", _to("tokens.name"), _text("because"), Unique("name"))
_QUERIES = _table(
    "queries",
    _text("query_id"),
    _to("patients.patient"),
    _text("visit", null=True),
    Column("photo_id", Text, ForeignKey("photos.photo_id")),
    _text("text"),
    Unique("query_id"),
)
_QUERY_ANSWERS = _table("query_answers", _to("queries.query_id"), _text("text"))
_QUERY_REPEATS = _table("query_repeats", _to("queries.query_id"), _text("text"))
_CLOSED_QUERIES = _table(
    "closed_queries", _to("queries.query_id"), _text("because", null=True), Unique("query_id")
)
_RELEASE_PROPOSALS = _table(
    "release_proposals",
    _text("proposal"),
    _text("name"),
    _text("sha256"),
    _text("because"),
    Unique("proposal"),
)
_PROPOSAL_ANSWERS = _table(
    "proposal_answers",
    _to("release_proposals.proposal"),
    _text("name"),
    _text("answer"),
    _text("because"),
    Unique("proposal"),
)
_SHADOW_RUNS = _table("shadow_runs", _text("kind"), _text("name"), _text("sha256"), _text("because"))
_SHADOW_ASSESSMENTS = _table(
    "shadow_assessments",
    _to("photos.photo_id"),
    _text("model_sha256"),
    _text("assessment"),
    Unique("photo_id", "model_sha256"),
)
_MODEL_RETIREMENTS = _table("model_retirements", _text("name"), _text("sha256"), _text("because"))
_RELEASES = _table("releases", _text("name"), _text("sha256"), _text("kind"))
_EXPORTS = _table("exports", _text("kind"), _text("sha256"), Column("rows", Integer, nullable=False))
_ERASURES = _table("erasures", _to("patients.patient"), _text("reason"), Unique("patient"))
_KEY_ROTATIONS = _table(
    "key_rotations", Column("keys", Integer, nullable=False), Column("sealed", Integer, nullable=False)
)
_SNAPSHOTS = _table(
    "snapshots",
    Column("snapshot", Integer, nullable=False),
    _text("table"),
    _text("sha256"),
    Column("rows", Integer, nullable=False),
    _text("trial_file_sha256"),
    Column("upto", Integer, nullable=False),
    _text("upto_hash"),
    Column("supersedes", Integer),
    _text("because", null=True),
    Unique("snapshot"),
)

KINDS: dict[type[records.Record], Kind] = {
    office_records.TrialFile: Kind(_TRIAL_FILES, "trial_file_used", "trial"),
    records.Patient: Kind(_PATIENTS, "patient_enrolled", "patient"),
    records.Initials: Kind(_INITIALS, "initials_given", "patient"),
    consents.RetrainingConsent: Kind(_RETRAINING_CONSENTS, "retraining_consent", "patient"),
    office_records.SkinTone: Kind(_SKIN_TONES, "skin_tone_recorded", "patient"),
    records.Photo: Kind(_PHOTOS, "photo_stored", "photo_id"),
    records.WaitedPhoto: Kind(_WAITED_PHOTOS, "photo_had_waited", "photo_id"),
    records.OwnScore: Kind(_OWN_SCORES, "own_score_locked", "photo_id"),
    records.AssessmentRecord: Kind(_ASSESSMENTS, "photo_assessed", "photo_id"),
    records.Reveal: Kind(_REVEALS, "proposal_revealed", "photo_id"),
    records.FinalRecord: Kind(_FINALS, "bedside_confirmed", "photo_id"),
    records.NotDone: Kind(_NOT_DONE, "visit_not_done", "patient"),
    records.Assignment: Kind(_ASSIGNMENTS, "reading_assigned", "reading_id"),
    records.Reading: Kind(_READINGS, "reading_locked", "reading_id"),
    records.Verdict: Kind(_VERDICTS, "verdict_formed", "photo_id"),
    committee_records.RepeatAssignment: Kind(_REPEAT_ASSIGNMENTS, "repeat_assigned", "reading_id"),
    committee_records.TakenBack: Kind(_TAKEN_BACK, "photo_taken_back", "reading_id"),
    committee_records.RepeatReading: Kind(_REPEAT_READINGS, "repeat_locked", "reading_id"),
    committee_records.ReadingChange: Kind(_READING_CHANGES, "reading_changed", "reading_id"),
    markings.Marking: Kind(_MARKINGS, "reading_marked", "reading_id"),
    committee_records.Remark: Kind(_REMARKS, "reading_remarked", "reading_id"),
    model_shown.ModelShown: Kind(_MODEL_SHOWN, "model_shown_to_reader", "reading_id"),
    model_shown.AnswerAfter: Kind(_ANSWERS_AFTER, "reading_answered_after_model", "reading_id"),
    committee_records.BatchSignature: Kind(_BATCH_SIGNATURES, "batch_signed", "by"),
    committee_records.ConsensusReading: Kind(_CONSENSUS_READINGS, "consensus_recorded", "reading_id"),
    committee_records.ConsensusVerdict: Kind(_CONSENSUS_VERDICTS, "verdict_formed_together", "photo_id"),
    committee_records.SecondLook: Kind(_SECOND_LOOKS, "second_look_asked", "reading_id"),
    committee_records.TrainingReading: Kind(_TRAINING_READINGS, "training_read", "case"),
    committee_records.ReadoutChange: Kind(_READOUT_CHANGES, "readout_changed", "kind"),
    records.UserAdded: Kind(_USERS, "user_added", "name"),
    records.PasswordSet: Kind(_PASSWORDS, "password_set", "name"),
    records.UserDisabled: Kind(_DISABLED_USERS, "user_disabled", "name"),
    user_records.Invitation: Kind(_INVITATIONS, "user_invited", "name"),
    user_records.UserLock: Kind(_USER_LOCKS, "user_lock_changed", "name"),
    programs.TokenGiven: Kind(_TOKENS, "token_given", "name"),
    programs.TokenRevoked: Kind(_REVOKED_TOKENS, "token_revoked", "name"),
    records.SignIn: Kind(_SIGN_INS, "sign_in_tried", "by"),
    records.SessionOpened: Kind(_SESSIONS, "session_opened", "by"),
    records.SessionEnded: Kind(_ENDED_SESSIONS, "session_ended", "by"),
    session_records.SessionPlace: Kind(_SESSION_PLACES, "session_placed", "by"),
    session_records.SessionUsed: Kind(_SESSION_USES, "session_used", "by"),
    session_records.SignedOutEverywhere: Kind(_SIGNED_OUT_EVERYWHERE, "signed_out_everywhere", "name"),
    session_records.PinSet: Kind(_PINS, "pin_set", "by"),
    session_records.PinTried: Kind(_PIN_TRIES, "pin_tried", "by"),
    queries.QueryAsked: Kind(_QUERIES, "query_asked", "query_id"),
    queries.QueryAnswered: Kind(_QUERY_ANSWERS, "query_answered", "query_id"),
    queries.QueryAskedAgain: Kind(_QUERY_REPEATS, "query_asked_again", "query_id"),
    queries.QueryClosed: Kind(_CLOSED_QUERIES, "query_closed", "query_id"),
    model_records.ReleaseProposal: Kind(_RELEASE_PROPOSALS, "model_proposed", "name"),
    model_records.ProposalAnswered: Kind(_PROPOSAL_ANSWERS, "proposal_answered", "name"),
    model_records.ShadowRun: Kind(_SHADOW_RUNS, "shadow_changed", "name"),
    model_records.ShadowAssessment: Kind(_SHADOW_ASSESSMENTS, "photo_shadowed", "photo_id"),
    model_records.ModelRetirement: Kind(_MODEL_RETIREMENTS, "model_retired", "name"),
    office_records.ModelRelease: Kind(_RELEASES, "model_in_use", "name"),
    office_records.ExportRecord: Kind(_EXPORTS, "exported", "kind"),
    office_records.MonitorLook: Kind(_MONITOR_LOOKS, "looked", "what"),
    office_records.Snapshot: Kind(_SNAPSHOTS, "outcome_frozen", "snapshot"),
    office_records.Erasure: Kind(_ERASURES, "photos_erased", "patient"),
    office_records.KeyRotation: Kind(_KEY_ROTATIONS, "keys_rotated", "by"),
}
