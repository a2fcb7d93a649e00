import email
import email.policy
import os
import pty
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.commands.head import command as head
from mottling.commands.verify import command as verify
from mottling.errors import StoreRefused
from mottling.store.store import Store
from tests.store.acts import enrol, take


@pytest.fixture
def data(tmp_path):
    tmp_path = tmp_path / "data"
    with Store.open(tmp_path) as store:
        enrol(store)
        take(store)
    return tmp_path


def _verify(data):
    return CliRunner().invoke(verify, ["--data", str(data)])


def test_a_clean_store_is_said_to_be_clean_with_its_last_hash(data):
    result = _verify(data)
    assert result.exit_code == 0
    assert re.match(r"Records checked: \d+\nPhotographs and overlays checked: 1\n", result.output)
    assert "Everything is what was written. The last row's hash is " in result.output


def test_a_changed_row_is_named_and_ends_with_one(data):
    with closing(sqlite3.connect(data / "mottling.sqlite")) as connection:
        connection.execute("DROP TRIGGER patients_refuses_update")
        connection.execute("UPDATE patients SET site = '03'")
        connection.commit()
    result = _verify(data)
    assert result.exit_code == 1
    assert "Row 1 has a record that was changed (patient_enrolled of 01-001)." in result.output


def test_a_trigger_taken_away_is_named_and_ends_with_one(data):
    with closing(sqlite3.connect(data / "mottling.sqlite")) as connection:
        connection.execute("DROP TRIGGER patients_refuses_update")
        connection.commit()
    result = _verify(data)
    assert result.exit_code == 1
    assert "In the file of the records, the table, index or trigger patients_refuses_update" in result.output


def test_a_changed_photograph_is_named_and_ends_with_one(data):
    path = next(path for path in (data / "photos").rglob("*") if path.is_file())
    path.write_bytes(b"another")
    result = _verify(data)
    assert result.exit_code == 1
    assert f"The file {path.name} of photograph" in result.output
    assert "Restore the data folder from a backup" in result.output


def test_orphans_are_listed_and_end_with_zero(data):
    with Store.open(data) as store:
        orphan = store._photos.put(b"left by a crash", patient="01-001")
    result = _verify(data)
    assert result.exit_code == 0
    assert f"left by a crash and never shown: 1\n  {orphan}" in result.output


def test_a_folder_without_records_is_refused_and_not_made(tmp_path):
    result = _verify(tmp_path / "nowhere")
    assert isinstance(result.exception, StoreRefused)
    assert not (tmp_path / "nowhere").exists()


def _head(data):
    result = CliRunner().invoke(head, ["--data", str(data)])
    assert result.exit_code == 0
    (data.parent / "kept.json").write_text(result.output)
    return str(data.parent / "kept.json")


def test_a_chain_that_went_on_from_a_kept_head_is_clean(data):
    kept = _head(data)
    with Store.open(data) as store:
        enrol(store, "01-002")
    result = CliRunner().invoke(verify, ["--data", str(data), "--head", kept])
    assert result.exit_code == 0
    assert "Heads that were kept and that this chain goes on from: 1\n" in result.output


def test_a_chain_rewritten_after_its_head_was_published_ends_with_one_and_says_what_differs(data):
    kept = _head(data)
    (data / "mottling.sqlite").unlink()
    with Store.open(data) as store:
        enrol(store, "01-003", "01-004", "01-005")
    assert _verify(data).exit_code == 0
    result = CliRunner().invoke(verify, ["--data", str(data), "--head", kept])
    assert result.exit_code == 1
    assert "Against what was published: row " in result.output
    assert "the chain was rewritten at this row or before it." in result.output


def test_a_head_that_came_by_mail_is_a_head_that_was_kept(data, tmp_path):
    result = CliRunner().invoke(head, ["--data", str(data), "--mail", "keeper@sponsor.example"])
    mail = email.message_from_string(result.output, policy=email.policy.default)
    assert mail["To"] == "keeper@sponsor.example"
    assert mail["Subject"].startswith("Mottling: 3 records of no trial yet on 2")
    (attached,) = mail.iter_attachments()
    assert f"mottling verify --head {attached.get_filename()}" in mail.get_body().get_content()
    (tmp_path / "kept.json").write_bytes(attached.get_content())
    checked = CliRunner().invoke(verify, ["--data", str(data), "--head", str(tmp_path / "kept.json")])
    assert (checked.exit_code, "goes on from: 1" in checked.output) == (0, True)


@pytest.mark.parametrize("to", ["keeper", "keeper@sponsor.example\nBcc: all@sponsor.example"])
def test_a_mail_goes_to_one_address(data, to):
    result = CliRunner().invoke(head, ["--data", str(data), "--mail", to])
    assert result.exit_code == 2
    assert "is no address" in result.output


def test_on_a_terminal_a_bar_shows_how_far_the_verification_is(data):
    ours, terminal = pty.openpty()
    command = [sys.executable, "-c", "from mottling.cli import main; main()", "verify", "--data", str(data)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, text=True, check=False)
    os.close(terminal)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert (done.returncode, "Everything is what was written" in done.stdout) == (0, True)
    assert "Verifying" in shown
    assert "100%" in shown
