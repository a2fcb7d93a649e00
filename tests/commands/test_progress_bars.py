"""What takes long shows on a terminal how far it is, and says nothing of it in a pipe."""

import os
import pty
import re
import subprocess
import sys
from contextlib import closing

import pytest

from mottling.store.restore import restore
from mottling.store.store import Store
from mottling.trial.office_records import Erasure
from tests.house import DAY1, PATIENT, confirm, open_house


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    with closing(open_house(folder)) as services:
        confirm(services)
    return folder


def on_a_terminal(*words):
    """Run a command whose errors go to a terminal; give what it printed, and what the terminal showed."""
    ours, terminal = pty.openpty()
    done = subprocess.run(_line(*words), stdout=subprocess.PIPE, stderr=terminal, text=True, check=True)
    os.close(terminal)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    return done.stdout, shown


def _line(*words):
    return [sys.executable, "-c", "from mottling.cli import main; main()", *map(str, words)]


def test_on_a_terminal_a_bar_shows_how_far_a_backup_and_its_restore_are(house, tmp_path):
    places = ("--data", house / "data", "--models", house / "models", "--keys", tmp_path / "keys")
    printed, shown = on_a_terminal("backup", tmp_path / "out", *places)
    assert printed.startswith(f"{tmp_path / 'out'}: ")
    assert ("Backing up" in shown, "100%" in shown) == (True, True)
    words = ("restore", tmp_path / "out", "--data", tmp_path / "new", "--keys", tmp_path / "keys")
    printed, shown = on_a_terminal(*words)
    assert "unsealed and checked: 2" in printed
    assert ("Restoring" in shown, "100%" in shown) == (True, True)


def test_in_a_pipe_a_backup_and_its_restore_show_no_bar(house, tmp_path):
    places = ("--data", house / "data", "--models", house / "models")
    for words in (
        ("backup", tmp_path / "out", *places),
        ("restore", tmp_path / "out", "--data", tmp_path / "new"),
    ):
        done = subprocess.run(_line(*words), capture_output=True, text=True, check=True)
        assert done.stderr == ""
        assert not re.search("Backing up|Restoring|%", done.stdout)


def test_a_backup_tells_of_two_looks_at_a_row_and_one_at_a_picture(house, tmp_path):
    told = []
    with Store.open(house / "data") as store:
        found = store.verify()
        store.back_up(
            tmp_path / "out", models=house / "models", at=DAY1, progress=lambda *said: told.append(said)
        )
    looks = 2 * found.rows + found.files
    assert {of for _, of in told} == {looks}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (looks, looks)


def test_a_restore_tells_of_each_file_and_looks_again_where_somebody_was_erased_since(tmp_path):
    with closing(open_house(tmp_path)) as services:
        confirm(services)
    with Store.open(tmp_path / "data") as store:
        store.back_up(tmp_path / "out", models=tmp_path / "models", at=DAY1)
        store.back_up_keys(tmp_path / "keys", at=DAY1)
        found = store.verify()
        files = sum(path.is_file() for path in (tmp_path / "out").rglob("*")) - 2  # the manifest and the lock
        looks = 2 * found.rows + found.files
        assert _told_by_a_restore(tmp_path, "new")[-1] == (files + looks, files + looks)
        store.vault.erase(Erasure(by="olga", at=DAY1, patient=PATIENT, reason="asked"))
        store.back_up_keys(tmp_path / "keys", at=DAY1)
    end = files + looks + (looks + 2)  # one row more: the erasure
    assert _told_by_a_restore(tmp_path, "again")[-1] == (end, end)


def _told_by_a_restore(place, name):
    told = []
    places = (place / "out", place / name)
    restore(*places, keys=place / "keys", at=DAY1, progress=lambda *said: told.append(said))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert all(done <= of for done, of in told)
    return told
