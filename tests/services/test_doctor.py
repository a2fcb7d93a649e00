import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mottling.services import doctor
from mottling.services.doctor import Level, examine
from mottling.services.opening import open_services
from mottling.store import bucket
from mottling.store import postgres as postgres_keeper
from mottling.store.bucket import Patience
from mottling.store.migrate import HEAD
from mottling.store.postgres import RestartPatience
from mottling.store.store import Store
from mottling.store.whereabouts import note_records
from mottling.trial.office_records import ExportRecord
from tests.house import OLGA, confirm, house_settings, open_house
from tests.s3_server import BUCKET, credentials, s3_server

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
SHA = "a" * 64


@pytest.fixture
def house(tmp_path):
    """A data folder in which everything is as it should be."""
    with closing(open_house(tmp_path)) as services:
        confirm(services)
    with Store.open(tmp_path / "data") as store:
        store.head(at=NOW)
        store.office.note_export(ExportRecord(kind="backup", sha256=SHA, rows=1, by="command", at=NOW))
    return tmp_path


def _look(house, *, at=NOW):
    return examine(house_settings(house), at=at)


def _said(house, level, *, at=NOW):
    return [f"{one.what}. {one.remedy}" for one in _look(house, at=at) if one.level is level]


class Usage:
    def __init__(self, free_gb):
        self.free, self.total = free_gb * 10**9, 500 * 10**9


@pytest.fixture(autouse=True)
def _a_large_disk(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: Usage(100))


def test_where_everything_is_as_it_should_be_every_line_is_ok(house):
    assert {one.level for one in _look(house)} == {Level.OK}
    assert not any(one.remedy for one in _look(house))


def _certificate(house, *, days):
    """Write a certificate that ends so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mottling.example")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=400))
        .not_valid_after(NOW + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    (house / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _of_the_certificate(house):
    settings = house_settings(house).model_copy(update={"certificate": house / "certificate.pem"})
    (found,) = (one for one in examine(settings, at=NOW) if "ertificate" in one.what)
    return found


@pytest.mark.parametrize(
    ("days", "level"), [(90, Level.OK), (29, Level.WARNING), (0, Level.ERROR), (-3, Level.ERROR)]
)
def test_a_certificate_that_ends_soon_is_said(house, days, level):
    _certificate(house, days=days)
    found = _of_the_certificate(house)
    assert found.level is level
    assert f"until {NOW + timedelta(days=days):%Y-%m-%d}" in found.what


@pytest.mark.parametrize(("data", "said"), [(b"none", "holds no certificate"), (None, "No such file")])
def test_a_certificate_that_cannot_be_read_is_said(house, data, said):
    if data is not None:
        (house / "certificate.pem").write_bytes(data)
    found = _of_the_certificate(house)
    assert (found.level, said in found.what) == (Level.ERROR, True)


def _contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_changed_by_looking(house):
    before = _contents(house)
    _look(house)
    assert _contents(house) == before


def test_what_a_running_server_has_just_written_is_seen(house):
    with closing(open_services(house_settings(house), at=NOW)) as services:
        at = NOW + timedelta(days=1)
        services.office.audit_csv(OLGA, at=at)
        assert "before the last record (2026-06-02 08:00:00 UTC)" in _said(house, Level.ERROR)[0]


@pytest.mark.parametrize(("free_gb", "level"), [(0.5, Level.ERROR), (5, Level.WARNING)])
def test_a_disk_that_fills_is_said(house, monkeypatch, free_gb, level):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: Usage(free_gb))
    assert f"Disk: {free_gb:.1f} GB of 500 are free" in _said(house, level)[0]


def test_a_clock_behind_the_last_record_is_an_error(house):
    (said,) = _said(house, Level.ERROR, at=NOW - timedelta(hours=1))
    assert "which is before the last record (2026-06-01 08:00:00 UTC). Set the clock" in said


def test_a_clock_from_before_this_version_is_an_error(house):
    assert (
        "before this version was written" in _said(house, Level.ERROR, at=datetime(1970, 1, 1, tzinfo=UTC))[0]
    )


def test_a_data_folder_that_others_may_look_into_is_an_error(house):
    (house / "data").chmod(0o750)
    assert _said(house, Level.ERROR)[0].startswith("Others may look into ")


def test_a_key_that_others_may_read_is_an_error_that_names_it(house):
    key = house / "data" / "keys" / "server-0001.key"
    key.chmod(0o644)
    assert _said(house, Level.ERROR) == [
        f"Others may read the key {key}. chmod 600 {key}, then mottling rotate-keys"
    ]


def test_photographs_from_before_there_were_keys_are_a_warning(house):
    path = house / "data" / "photos" / "ab" / ("ab" * 32)
    path.parent.mkdir()
    path.write_bytes(b"a photograph")
    assert "not encrypted: 1. Run mottling rotate-keys" in _said(house, Level.WARNING)[0]


def test_an_exchange_of_keys_that_did_not_end_is_a_warning(house):
    (house / "data" / "keys" / "server-0002.key").write_bytes(bytes(32))
    (house / "data" / "keys" / "server-0002.key").chmod(0o600)
    assert "An exchange of keys did not end" in _said(house, Level.WARNING)[0]


def test_an_old_backup_is_a_warning(house):
    assert _said(house, Level.WARNING, at=NOW + timedelta(days=3)) == [
        "Last backup: 2026-06-01 08:00 UTC. Run mottling backup"
    ]


def test_a_store_that_was_never_backed_up_and_whose_head_was_never_signed_is_warned_of(tmp_path):
    open_house(tmp_path).close()
    assert [said.partition(".")[0] for said in _said(tmp_path, Level.WARNING)] == [
        "No backup was ever made",
        "No head of the chain was ever signed",
    ]


def test_a_folder_without_records_and_one_that_is_not_there_are_errors(tmp_path):
    assert "does not exist" in _said(tmp_path, Level.ERROR)[0]
    (tmp_path / "data").mkdir(mode=0o700)
    assert "holds no records" in _said(tmp_path, Level.ERROR)[0]


def test_damaged_records_are_an_error(house):
    (house / "data" / "mottling.sqlite").write_bytes(b"no database" * 400)
    assert any("The file of the records is damaged" in said for said in _said(house, Level.ERROR))


def test_a_later_schema_is_an_error(house):
    with closing(sqlite3.connect(house / "data" / "mottling.sqlite")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    assert any("which a later version wrote" in said for said in _said(house, Level.ERROR))


def test_a_model_that_was_altered_is_an_error(house):
    path = next((house / "models").rglob("*.onnx"))
    path.write_bytes(path.read_bytes() + b"x")
    assert _said(house, Level.ERROR)


def test_a_trial_file_that_is_not_understood_is_an_error(house):
    (house / "trial.toml").write_text("nobody = 1")
    settings = house_settings(house).model_copy(update={"trial": house / "trial.toml"})
    assert examine(settings, at=NOW)[0].level is Level.ERROR


def test_a_bucket_is_asked_and_one_that_does_not_answer_is_an_error(tmp_path, monkeypatch):
    with s3_server() as s3:
        credentials(monkeypatch, s3)
        settings = house_settings(tmp_path).model_copy(update={"photos": BUCKET})
        open_services(settings, at=NOW).close()
        found = {one.level: one for one in examine(settings, at=NOW) if BUCKET in one.what}
        assert found[Level.OK].what == f"Photographs: {BUCKET} answers"
        elsewhere = settings.model_copy(update={"photos": "s3://mottling-test/elsewhere"})
        said = [one.what for one in examine(elsewhere, at=NOW) if one.level is Level.ERROR]
        assert any("the settings say s3://mottling-test/elsewhere" in one for one in said)
        monkeypatch.setattr(bucket, "_PATIENCE", Patience(retries=1, first_pause_s=0.001))
        s3.fails = 1000
        (silent,) = (one for one in examine(settings, at=NOW) if BUCKET in one.what)
        assert (silent.level, "it answers 500" in silent.what) == (Level.ERROR, True)


def test_records_in_a_database_are_looked_at_where_they_are(postgres, database, tmp_path):
    (tmp_path / "data").mkdir(mode=0o700)
    note_records(tmp_path / "data", postgres.url(database))
    with closing(open_house(tmp_path)) as services:
        confirm(services)
    with Store.open(tmp_path / "data") as store:
        rows = store.verify().rows
    assert f"Records: {rows}, schema {HEAD}, in {postgres.url(database)}. " in _said(tmp_path, Level.OK)
    # As the tests' own server has it.
    assert [said.partition(". ")[0] for said in _said(tmp_path, Level.ERROR)] == [
        "A power cut may lose records: the database has fsync off",
        "A power cut may lose records: the database has full_page_writes off",
    ]


def test_a_database_that_does_not_answer_is_an_error(house, monkeypatch):
    monkeypatch.setattr(postgres_keeper, "_PATIENCE", RestartPatience(altogether_s=0, pause_s=0))
    (house / "data" / "mottling.sqlite").unlink()
    note_records(house / "data", f"postgresql://mottling@/trial?host={house}")
    assert "does not answer, or went away" in _said(house, Level.ERROR)[0]


def test_settings_that_name_another_place_for_the_records_are_an_error(house):
    settings = house_settings(house).model_copy(update={"records": "postgresql://mottling@host/trial"})
    found = [one.what for one in examine(settings, at=NOW) if one.level is Level.ERROR]
    assert "are in the folder itself, and the settings say postgresql://" in found[0]
