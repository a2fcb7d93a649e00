"""A store of its own for each test: a copy of one that was made once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from mottling.store.store import Store
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


@pytest.fixture
def store(made, tmp_path) -> Iterator[Store]:
    shutil.copytree(made / "empty", tmp_path / "data")
    with Store.open(tmp_path / "data") as opened:
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
