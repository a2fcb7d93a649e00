"""The tables: one for each kind of record, and the chain that they hang on.

Times are text in UTC with microseconds and offset (`2026-03-29T00:30:00.000000+00:00`), so that they sort,
and so that what is hashed is what is stored.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Text
from sqlalchemy import UniqueConstraint as Unique

from mottling.store.tables import AUDIT, METADATA, Kind, answer, table, text, to
from mottling.trial import (
    changes,
    committee_records,
    consents,
    eligibility,
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

_TRIAL_FILES = table("trial_files", text("trial"), text("sha256"), text("text"))
_PATIENTS = table("patients", text("patient"), text("site"), text("randomised_at"), Unique("patient"))
_INITIALS = table("initials", to("patients.patient"), text("initials"), Unique("patient"))
_RETRAINING_CONSENTS = table(
    "retraining_consents", to("patients.patient"), text("choice"), text("because", null=True)
)
_SKIN_TONES = table("skin_tones", to("patients.patient"), Column("tone", Integer, nullable=False))
_ELIGIBILITY = table(
    "eligibility_values",
    to("patients.patient"),
    text("item"),
    text("value", null=True),
    Column("version", Integer, nullable=False),
    text("because", null=True),
    Unique("patient", "item", "version"),
)
_PHOTOS = table(
    "photos",
    text("photo_id"),
    to("patients.patient"),
    text("visit"),
    text("sha256"),
    Column("size_bytes", Integer, nullable=False),
    text("key"),
    Column("outside_window", Integer, nullable=False),
    Unique("photo_id"),
    Unique("key"),
)
_WAITED_PHOTOS = table("waited_photos", to("photos.photo_id"), text("taken_at"), Unique("photo_id"))
_OWN_SCORES = table("own_scores", to("photos.photo_id"), *answer(), Unique("photo_id"))
_ASSESSMENTS = table(
    "assessments",
    to("photos.photo_id"),
    text("assessment"),
    text("overlay_sha256", null=True),
    Unique("photo_id"),
)
_REVEALS = table("reveals", to("photos.photo_id"), Unique("photo_id"))
_FINALS = table("finals", to("photos.photo_id"), *answer(), text("because", null=True), Unique("photo_id"))
_NOT_DONE = table(
    "not_done", to("patients.patient"), text("visit"), text("reason"), Unique("patient", "visit")
)
_ASSIGNMENTS = table(
    "assignments", text("reading_id"), to("photos.photo_id"), Unique("reading_id"), Unique("photo_id", "by")
)
_READINGS = table(
    "readings",
    to("assignments.reading_id"),
    to("photos.photo_id"),
    *answer(),
    Column("reading_s", Float, nullable=False),
    Unique("reading_id"),
)
_VERDICTS = table("verdicts", to("photos.photo_id"), to("readings.reading_id"), Unique("photo_id"))
_REPEAT_ASSIGNMENTS = table(
    "repeat_assignments",
    text("reading_id"),
    to("photos.photo_id"),
    Unique("reading_id"),
    Unique("photo_id", "by"),
)
_REPEAT_READINGS = table(
    "repeat_readings",
    to("repeat_assignments.reading_id"),
    to("photos.photo_id"),
    *answer(),
    Column("reading_s", Float, nullable=False),
    Unique("reading_id"),
)
# A first reading or one that came back: neither table alone can be named.
_READING_CHANGES = table(
    "reading_changes", text("reading_id"), to("photos.photo_id"), *answer(), text("because")
)
_MARKINGS = table(
    "markings",
    text("reading_id"),
    to("photos.photo_id"),
    text("answer_sha256"),
    text("outline"),
    Unique("answer_sha256"),
    Index("markings_by_reading", "reading_id"),
)
_REMARKS = table(
    "remarks",
    text("reading_id"),
    to("photos.photo_id"),
    text("answer_sha256"),
    text("text"),
    Unique("answer_sha256"),
)
_MODEL_SHOWN = table(
    "model_shown", text("reading_id"), to("photos.photo_id"), text("answer_sha256"), Unique("reading_id")
)
_ANSWERS_AFTER = table(
    "answers_after",
    text("reading_id"),
    to("photos.photo_id"),
    *answer(),
    text("answer_sha256"),
    Column("counts", Integer, nullable=False),
    text("because", null=True),
    Unique("reading_id"),
)
_BATCH_SIGNATURES = table(
    "batch_signatures",
    text("meaning"),
    Column("readings", Integer, nullable=False),
    text("signed"),
    text("sha256"),
)
_CONSENSUS_READINGS = table(
    "consensus_readings",
    text("reading_id"),
    to("photos.photo_id"),
    *answer(),
    text("sat"),
    text("guests", null=True),
    text("comment", null=True),
    text("meaning"),
    text("differed"),
    Unique("reading_id"),
    Unique("photo_id"),
)
_CONSENSUS_VERDICTS = table(
    "consensus_verdicts",
    to("photos.photo_id"),
    to("consensus_readings.reading_id"),
    Unique("photo_id"),
)
_SECOND_LOOKS = table(
    "second_looks",
    to("assignments.reading_id"),
    to("photos.photo_id"),
    text("verdict_id"),
    Unique("reading_id"),
)
_TRAINING_READINGS = table(
    "training_readings",
    Column("attempt", Integer, nullable=False),
    text("case"),
    *answer(),
    Column("truth", Integer, nullable=False),
    Column("reading_s", Float, nullable=False),
    Unique("by", "attempt", "case"),
)
_READOUT_CHANGES = table("readout_changes", text("kind"), text("meaning"))
_USERS = table("users", text("name"), text("role"), text("site", null=True), Unique("name"))
_PASSWORDS = table("passwords", to("users.name"), text("password_hash"))
_DISABLED_USERS = table("disabled_users", to("users.name"), Unique("name"))
_SIGN_INS = table("sign_ins", text("outcome"))
_SESSIONS = table("sessions", text("token_hash"), text("expires_at"), Unique("token_hash"))
_ENDED_SESSIONS = table("ended_sessions", to("sessions.token_hash"), Unique("token_hash"))
_SESSION_PLACES = table("session_places", to("sessions.token_hash"), text("device_hash"))
_SESSION_USES = table(
    "session_uses", to("sessions.token_hash"), Index("session_uses_by_session", "token_hash")
)
_SIGNED_OUT_EVERYWHERE = table("signed_out_everywhere", to("users.name"))
_PINS = table("pins", text("device_hash"), text("pin_hash"))
_PIN_TRIES = table("pin_tries", text("device_hash"), text("outcome"))
_INVITATIONS = table(
    "invitations",
    text("name"),
    text("role"),
    text("site", null=True),
    text("token_hash"),
    text("expires_at"),
    Unique("token_hash"),
)
_TAKEN_BACK = table("taken_back", to("assignments.reading_id"), text("because"), Unique("reading_id"))
_MONITOR_LOOKS = table("monitor_looks", text("what"))
_USER_LOCKS = table("user_locks", to("users.name"), text("kind"))
_TOKENS = table(
    "tokens",
    text("name"),
    text("scopes"),
    text("site", null=True),
    text("token_hash"),
    text("expires_at"),
    Unique("name"),
    Unique("token_hash"),
)
_REVOKED_TOKENS = table("revoked_tokens", to("tokens.name"), text("because"), Unique("name"))
_QUERIES = table(
    "queries",
    text("query_id"),
    to("patients.patient"),
    text("visit", null=True),
    Column("photo_id", Text, ForeignKey("photos.photo_id")),
    text("text"),
    Unique("query_id"),
)
_QUERY_ANSWERS = table("query_answers", to("queries.query_id"), text("text"))
_QUERY_REPEATS = table("query_repeats", to("queries.query_id"), text("text"))
_CLOSED_QUERIES = table(
    "closed_queries", to("queries.query_id"), text("because", null=True), Unique("query_id")
)
_RELEASE_PROPOSALS = table(
    "release_proposals",
    text("proposal"),
    text("name"),
    text("sha256"),
    text("because"),
    Unique("proposal"),
)
_PROPOSAL_ANSWERS = table(
    "proposal_answers",
    to("release_proposals.proposal"),
    text("name"),
    text("answer"),
    text("because"),
    Unique("proposal"),
)
_SHADOW_RUNS = table("shadow_runs", text("kind"), text("name"), text("sha256"), text("because"))
_SHADOW_ASSESSMENTS = table(
    "shadow_assessments",
    to("photos.photo_id"),
    text("model_sha256"),
    text("assessment"),
    Unique("photo_id", "model_sha256"),
)
_PHOTO_DISTANCES = table(
    "photo_distances", to("photos.photo_id"), Column("distance", Float, nullable=False), Unique("photo_id")
)
_MODEL_RETIREMENTS = table("model_retirements", text("name"), text("sha256"), text("because"))
_RELEASES = table("releases", text("name"), text("sha256"), text("kind"))
_EXPORTS = table("exports", text("kind"), text("sha256"), Column("rows", Integer, nullable=False))
_ERASURES = table("erasures", to("patients.patient"), text("reason"), Unique("patient"))
_KEY_ROTATIONS = table(
    "key_rotations", Column("keys", Integer, nullable=False), Column("sealed", Integer, nullable=False)
)
_SNAPSHOTS = table(
    "snapshots",
    Column("snapshot", Integer, nullable=False),
    text("table"),
    text("sha256"),
    Column("rows", Integer, nullable=False),
    text("trial_file_sha256"),
    Column("upto", Integer, nullable=False),
    text("upto_hash"),
    Column("supersedes", Integer),
    text("because", null=True),
    Unique("snapshot"),
)

_WITHDRAWALS = table("withdrawals", to("patients.patient"), text("since"), text("extent"), text("because"))
_WITHDRAWALS_TAKEN_BACK = table("withdrawals_taken_back", to("patients.patient"), text("because"))
_TRANSFERS = table("transfers", to("patients.patient"), text("site"), text("since"), text("because"))
_NUMBER_CORRECTIONS = table(
    "number_corrections", to("patients.patient"), text("was"), text("becomes"), text("because")
)
_ENROLMENT_CORRECTIONS = table(
    "enrolment_corrections", to("patients.patient"), text("site"), text("randomised_at"), text("because")
)

KINDS: dict[type[records.Record], Kind] = {
    office_records.TrialFile: Kind(_TRIAL_FILES, "trial_file_used", "trial"),
    records.Patient: Kind(_PATIENTS, "patient_enrolled", "patient"),
    records.Initials: Kind(_INITIALS, "initials_given", "patient"),
    consents.RetrainingConsent: Kind(_RETRAINING_CONSENTS, "retraining_consent", "patient"),
    office_records.SkinTone: Kind(_SKIN_TONES, "skin_tone_recorded", "patient"),
    eligibility.EligibilityValue: Kind(_ELIGIBILITY, "eligibility_recorded", "patient"),
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
    model_records.PhotoDistance: Kind(_PHOTO_DISTANCES, "distance_measured", "photo_id"),
    model_records.ShadowAssessment: Kind(_SHADOW_ASSESSMENTS, "photo_shadowed", "photo_id"),
    model_records.ModelRetirement: Kind(_MODEL_RETIREMENTS, "model_retired", "name"),
    office_records.ModelRelease: Kind(_RELEASES, "model_in_use", "name"),
    office_records.ExportRecord: Kind(_EXPORTS, "exported", "kind"),
    office_records.MonitorLook: Kind(_MONITOR_LOOKS, "looked", "what"),
    office_records.Snapshot: Kind(_SNAPSHOTS, "outcome_frozen", "snapshot"),
    office_records.Erasure: Kind(_ERASURES, "photos_erased", "patient"),
    office_records.KeyRotation: Kind(_KEY_ROTATIONS, "keys_rotated", "by"),
    changes.Withdrawal: Kind(_WITHDRAWALS, "patient_withdrawn", "patient"),
    changes.WithdrawalTakenBack: Kind(_WITHDRAWALS_TAKEN_BACK, "withdrawal_taken_back", "patient"),
    changes.Transfer: Kind(_TRANSFERS, "patient_transferred", "patient"),
    changes.NumberCorrected: Kind(_NUMBER_CORRECTIONS, "number_corrected", "was", becomes="becomes"),
    changes.EnrolmentCorrected: Kind(_ENROLMENT_CORRECTIONS, "enrolment_corrected", "patient"),
}
