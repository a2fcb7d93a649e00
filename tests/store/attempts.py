# ruff: noqa: S608 - history is changed as somebody with the file would, in plain SQL
"""The written list of attempts to change history, and what each meets: docs/validation/history.md shows it.

Each is made against a store with every kind of record, by somebody who may do everything that its words say.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.store.acts import final, own
from tests.store.attempt_acts import (
    SCORE,
    Attempt,
    backup_and_manifest_edited,
    backup_edited,
    by_the_program,
    edited,
    exchanged,
    good_backup_overwritten,
    head_edited,
    head_of_another_key,
    key_lost,
    looked,
    of_another,
    older_backup,
    plainly,
    removed,
    rewritten,
    said,
    unerased,
    unguarded,
    with_head,
    written_over,
)

__all__ = ["IN_FILES", "IN_THE_FILE"]

_INSERT = "INSERT INTO audit SELECT {0}, at, 'mallory', act, subject, content_hash, {1}, '{2}' FROM audit"
_LAST = "(SELECT max(number) FROM audit)"
_CUT = [
    f"DELETE FROM snapshots WHERE number = {_LAST}",
    f"DELETE FROM audit WHERE number = {_LAST}",
]
_READINGS_NUMBER = "(SELECT min(number) FROM readings)"
_TRIGGERS = "a trigger"

IN_THE_FILE: Sequence[Attempt] = (
    Attempt("change a reader's score", "added, never changed", said(SCORE), _TRIGGERS),
    Attempt(
        "change it by `UPDATE OR REPLACE`",
        "added, never changed",
        said(SCORE.replace("UPDATE", "UPDATE OR REPLACE", 1)),
        _TRIGGERS,
    ),
    Attempt(
        "move records to other numbers",
        "added, never changed",
        said("UPDATE readings SET number = number + 1000"),
        _TRIGGERS,
    ),
    Attempt("delete a reading", "added, never changed", said("DELETE FROM readings"), _TRIGGERS),
    Attempt(
        "delete a patient with foreign keys and recursive triggers switched off",
        "added, never changed",
        said("DELETE FROM patients", "PRAGMA foreign_keys = OFF", "PRAGMA recursive_triggers = OFF"),
        _TRIGGERS,
    ),
    Attempt(
        "put a record in the place of another by `INSERT OR REPLACE`",
        "a record is there already",
        said("INSERT OR REPLACE INTO readings SELECT * FROM readings"),
        _TRIGGERS,
    ),
    Attempt(
        "the same by `REPLACE INTO` under another number",
        "a record is there already",
        said("REPLACE INTO own_scores SELECT * FROM own_scores", "PRAGMA recursive_triggers = OFF"),
        _TRIGGERS,
    ),
    Attempt(
        "change a record by `ON CONFLICT DO UPDATE`",
        "a record is there already",
        said(
            "INSERT INTO finals SELECT * FROM finals WHERE true"
            " ON CONFLICT (number) DO UPDATE SET \"by\" = 'mallory'"
        ),
        _TRIGGERS,
    ),
    Attempt(
        "let the chain fork: a link that follows an earlier one",
        "audit goes on from its last row",
        said(_INSERT.format(f"{_LAST} + 1", "previous_hash", "e" * 64) + f" WHERE number = {_LAST}"),
        _TRIGGERS,
    ),
    Attempt(
        "leave a number out",
        "audit goes on from its last row",
        said(_INSERT.format(f"{_LAST} + 2", "hash", "e" * 64) + f" WHERE number = {_LAST}"),
        _TRIGGERS,
    ),
    Attempt(
        "change a score while the triggers are away, and put them back",
        "has a record that was changed (reading_locked",
        unguarded(SCORE),
    ),
    Attempt(
        "change who read it",
        "has a record that was changed (reading_locked",
        unguarded("UPDATE readings SET \"by\" = 'mallory'"),
    ),
    Attempt(
        "change when it was read",
        "has a record that was changed (reading_locked",
        unguarded('UPDATE readings SET "at" = "at" || \'0\''),
    ),
    Attempt(
        "change who acted, in the link",
        "is not what was written",
        unguarded(f"UPDATE audit SET \"by\" = 'mallory' WHERE number = {_READINGS_NUMBER}"),
    ),
    Attempt(
        "change an act, in the link",
        "is not what was written",
        unguarded("UPDATE audit SET act = 'patient_enrolled' WHERE act = 'verdict_formed'"),
    ),
    Attempt(
        "exchange the scores of two records",
        "has a record that was changed",
        unguarded("UPDATE readings SET score = 5 - score"),
    ),
    Attempt(
        "change a record, and its hash in the link",
        "is not what was written",
        unguarded(SCORE, f"UPDATE audit SET content_hash = '{'c' * 64}' WHERE number = {_READINGS_NUMBER}"),
    ),
    Attempt(
        "change a link's own hash",
        "does not follow from the row before it",
        unguarded(f"UPDATE audit SET previous_hash = '{'d' * 64}' WHERE number = {_READINGS_NUMBER} + 1"),
    ),
    Attempt("delete a record", "has lost its record (verdict_formed", unguarded("DELETE FROM verdicts")),
    Attempt("delete a link", "is missing", unguarded("DELETE FROM audit WHERE number = 2")),
    Attempt(
        "delete a record together with its link",
        "is missing",
        unguarded(f"DELETE FROM audit WHERE number = {_READINGS_NUMBER}", "DELETE FROM readings"),
    ),
    Attempt("cut the last record off", "is missing: there were", unguarded(*_CUT)),
    Attempt(
        "cut it off, and set back what SQLite remembers",
        "when the head was signed",
        unguarded(*_CUT, f"UPDATE sqlite_sequence SET seq = {_LAST} WHERE name = 'audit'", look=with_head),
        "a head that was kept",
    ),
    Attempt(
        "put a record beside the chain",
        "stands in reveals without a link",
        unguarded('INSERT INTO reveals SELECT 9999, "by", "at", \'forged\' FROM reveals'),
    ),
    Attempt(
        "write bytes where text was",
        "has a record that was changed (patient_enrolled",
        unguarded("UPDATE patients SET site = x'00ff'"),
    ),
    Attempt(
        "change letters of the file with an editor",
        "has a record that was changed (bedside_confirmed",
        edited,
    ),
    Attempt(
        "change the score of a reading that was signed, and compute every hash anew",
        "signs a reading that is not what was read",
        rewritten("readings", "reading_locked", looked),
    ),
    Attempt(
        "change the ward's score, and compute every hash anew",
        "the chain was rewritten at this row or before it",
        rewritten("finals", "bedside_confirmed", with_head),
        "a head that was kept",
    ),
    Attempt(
        "take a trigger away",
        "finals_refuses_update is not as it was made",
        plainly("DROP TRIGGER finals_refuses_update"),
    ),
    Attempt(
        "put one in its place that does nothing",
        "finals_refuses_update is not as it was made",
        plainly(
            "DROP TRIGGER finals_refuses_update",
            "CREATE TRIGGER finals_refuses_update BEFORE UPDATE ON finals BEGIN SELECT 1; END",
        ),
    ),
    Attempt(
        "loosen what a score may be, in SQLite's own schema",
        "finals is not as it was made",
        plainly(
            "UPDATE sqlite_master SET sql = replace(sql, 'BETWEEN 0 AND 5', 'BETWEEN 0 AND 9')"
            " WHERE name = 'finals'"
        ),
    ),
    Attempt(
        "lay a view beside the tables",
        "spare is not as it was made",
        plainly("CREATE VIEW spare AS SELECT 1"),
    ),
)
"""By whoever has the SQLite file."""

IN_FILES: Sequence[Attempt] = (
    Attempt("write other bytes over a photograph", "is not what was stored", written_over("photos")),
    Attempt("write other bytes over an overlay", "is not what was stored", written_over("overlays")),
    Attempt("put another photograph of the patient in its place", "is not what was stored", exchanged),
    Attempt("put another patient's photograph in its place", "is not what was stored", of_another),
    Attempt("take a photograph away", "is missing or cannot be read", removed),
    Attempt("destroy a patient's key and say nothing", "has lost its key, and no record says", key_lost),
    Attempt("put the key of an erased patient back", "erased", unerased, "the store, when it is opened"),
    Attempt(
        "score a second time, through the program",
        "is locked already",
        by_the_program(lambda store, photo_id: store.ward.lock_own_score(own(photo_id))),
        "the store",
    ),
    Attempt(
        "confirm a second time, through the program",
        "is there already",
        by_the_program(lambda store, photo_id: store.ward.confirm(final(photo_id))),
        "the store",
    ),
    Attempt("change the records within a backup", "is not what was copied", backup_edited, "`restore`"),
    Attempt(
        "change them and the backup's manifest",
        "The backup is not what was written",
        backup_and_manifest_edited,
        "`restore`",
    ),
    Attempt(
        "give an older backup out as the last one",
        "when the head was signed",
        older_backup,
        "`restore` with a head that was kept",
    ),
    Attempt(
        "let the daily backup put changed records over good ones",
        "were altered",
        good_backup_overwritten,
        "`backup`",
    ),
    Attempt(
        "change a head that was kept",
        "its file was changed",
        head_edited,
        "the head's signature",
    ),
    Attempt(
        "sign heads with another key",
        "one of the two was exchanged",
        head_of_another_key,
        "a head that was kept",
    ),
)
"""By whoever has the machine, with what stands around the records, or a user's rights."""
