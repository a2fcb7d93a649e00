"""The archive of a trial: everything that leaves, its hash in the audit trail, and no photograph."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest

from mottling.errors import ExportRefused, NotAllowed, StoreRefused
from mottling.services.query_views import NewQuery
from tests.house import DAY1, MONA, NINA, OLGA, RITA

LATER = DAY1 + timedelta(hours=3)
EXPECTED = {
    *(
        f"tables/{name}.csv"
        for name in (
            "patient_outcome",
            "outcome",
            "readings",
            "queries",
            "eligibility",
            "changes",
            "signatures",
            "audit",
            "dictionary",
        )
    ),
    "formats/dataset-json/rs.json",
    "formats/dataset-json/supprs.json",
    "formats/fhir/fhir-r5.json",
    "reports/consort-ai.html",
    "models/tiny/card.md",
    "models/tiny/evaluation.json",
    "trial-file/01-2026-03-02.toml",
    "snapshots/01.csv",
    "index.html",
    "manifest.json",
    "SHA256SUMS",
}


@pytest.fixture
def trial(confirmed):
    query_id = confirmed.queries.ask(OLGA, NewQuery("01-001", "day1", "=Is it?"), at=LATER)
    confirmed.queries.answer(NINA, query_id, "It is", at=LATER)
    confirmed.results.freeze(OLGA, because=None, at=LATER)
    return confirmed


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_everything_leaves_and_each_file_is_what_its_hash_says(trial, tmp_path):
    out = tmp_path / "tmf"
    done = trial.archive.write(OLGA, out, language="en", at=LATER)
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert set(found) >= EXPECTED
    assert len(found) == done.files
    for line in found["SHA256SUMS"].decode().splitlines():
        sha256, path = line.split("  ")
        assert hashlib.sha256(found[path]).hexdigest() == sha256
    assert json.loads(found["manifest.json"])["readout"] == "open"
    assert "reports/agreement.html" not in found
    assert not any(data.startswith(b"\xff\xd8") for data in found.values())
    (out_of_the_store,) = (photo.photo.sha256 for photo in trial.office._store.ward.photos())
    assert out_of_the_store in found["tables/outcome.csv"].decode()
    asked, answered = rows(found["tables/queries.csv"])
    assert (asked["text"], asked["step"], answered["text"]) == ("'=Is it?", "asked", "It is")
    assert asked["photo_sha256"] == out_of_the_store
    (signature,) = rows(found["tables/signatures.csv"])
    assert (signature["by"], signature["signed"]) == ("olga", "frozen outcome")
    assert hashlib.sha256(found["snapshots/01.csv"]).hexdigest() == signature["sha256"]


def test_the_audit_trail_holds_the_hash_of_its_manifest(trial, tmp_path):
    done = trial.archive.write(OLGA, tmp_path / "tmf", language="fr", at=LATER)
    written = hashlib.sha256((tmp_path / "tmf" / "manifest.json").read_bytes()).hexdigest()
    assert written == done.manifest_sha256
    last = trial.office._store.office.audit()[-1]
    assert (last.act, last.subject) == ("exported", "archive")
    assert done.head.rows == last.number
    assert trial.office._store.verify().clean


def test_a_folder_that_is_there_is_never_written_over(trial, tmp_path):
    with pytest.raises(ExportRefused, match="exists already"):
        trial.archive.write(OLGA, tmp_path, language="en", at=LATER)


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(trial, tmp_path):
    with pytest.raises(ExportRefused, match="cannot be written"):
        trial.archive.write(OLGA, tmp_path / "nowhere" / "tmf", language="en", at=LATER)


def test_what_cannot_be_recorded_does_not_leave(trial, tmp_path, monkeypatch):
    def refuse(export):
        if export.kind == "archive":
            raise StoreRefused("The disk is full", remedy="Make room")

    monkeypatch.setattr(trial.office._store.office, "note_export", refuse)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoreRefused, match="disk is full"):
        trial.archive.write(OLGA, tmp_path / "tmf", language="en", at=LATER)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("somebody", [NINA, RITA, MONA])
def test_nobody_but_the_office_takes_it(trial, tmp_path, somebody):
    with pytest.raises(NotAllowed):
        trial.archive.write(somebody, tmp_path / "tmf", language="en", at=LATER)
    assert not (tmp_path / "tmf").exists()


def test_by_button_it_comes_as_one_file(trial):
    data = trial.archive.packed(OLGA, language="en", at=LATER)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert set(file.namelist()) >= EXPECTED
