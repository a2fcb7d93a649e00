"""A store of its own for each test: a copy of one that was made once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from mottling.store.store import Store
from mottling.store.whereabouts import note_records
from tests.store.acts import do_everything


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A folder with an empty store and one with every kind of record."""
    folder = tmp_path_factory.mktemp("made")
    Store.open(folder / "empty").close()
    shutil.copytree(folder / "empty", folder / "full")
    with Store.open(folder / "full") as store:
        do_everything(store)
    return folder


@pytest.fixture(scope="session")
def full(postgres, tmp_path_factory):
    """A data folder whose database holds every kind of record, and the name of the database."""
    name = postgres.new_database(like=postgres.empty)
    folder = tmp_path_factory.mktemp("full") / "data"
    folder.mkdir()
    note_records(folder, postgres.url(name))
    with Store.open(folder) as store:
        do_everything(store)
    return folder, name


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, made, tmp_path) -> Iterator[Store]:
    """An empty store: every test that asks for it runs on both."""
    folder = tmp_path / "data"
    shutil.copytree(made / "empty", folder)
    if request.param == "postgresql":
        (folder / "mottling.sqlite").unlink()
        note_records(folder, request.getfixturevalue("postgres").url(request.getfixturevalue("database")))
    with Store.open(folder) as opened:
        yield opened


@pytest.fixture
def written(made, tmp_path):
    """The SQLite file of a store with every kind of record, closed."""
    shutil.copytree(made / "full", tmp_path / "data")
    return tmp_path / "data" / "mottling.sqlite"


@pytest.fixture
def outsider(written) -> Iterator[sqlite3.Connection]:
    """The same file, opened by another program with SQLite's own defaults."""
    with closing(sqlite3.connect(written)) as connection:
        yield connection
