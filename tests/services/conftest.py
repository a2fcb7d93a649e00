"""A house of its own for each test: a copy of one that was made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mottling.scale import Zone
from mottling.services.opening import Services, open_services
from mottling.services.views import Answer
from tests.house import DAY1, MINUTE, NINA, RANDOMISED_AT, confirm, house_settings, open_house, take
from tests.tiny_model import a_jpeg


@pytest.fixture(scope="session")
def made_houses(tmp_path_factory):
    """A folder with houses of three patients, in which the first one's day 1 has come further and further."""
    folder = tmp_path_factory.mktemp("houses")
    open_house(folder / "enrolled").close()
    shutil.copytree(folder / "enrolled", folder / "locked")
    with closing(_open(folder / "locked")) as services:
        photo_id = take(services, data=a_jpeg([Zone.COIN, Zone.KNEE]))
        services.ward.lock_own_score(NINA, photo_id, Answer.scored(1), at=DAY1 + MINUTE)
    shutil.copytree(folder / "enrolled", folder / "confirmed")
    with closing(_open(folder / "confirmed")) as services:
        confirm(services, score=2)
    return folder


@pytest.fixture
def house(made_houses, tmp_path) -> Iterator[Services]:
    """Three patients are enrolled."""
    shutil.copytree(made_houses / "enrolled", tmp_path, dirs_exist_ok=True)
    with closing(_open(tmp_path)) as services:
        yield services


@pytest.fixture
def locked(made_houses, tmp_path) -> Iterator[Services]:
    """The first patient's knees are mottled on the day-1 photograph, and the own score 1 is locked."""
    shutil.copytree(made_houses / "locked", tmp_path, dirs_exist_ok=True)
    with closing(_open(tmp_path)) as services:
        yield services


@pytest.fixture
def confirmed(made_houses, tmp_path) -> Iterator[Services]:
    """The first patient's day-1 photograph is confirmed, with the score 2."""
    shutil.copytree(made_houses / "confirmed", tmp_path, dirs_exist_ok=True)
    with closing(_open(tmp_path)) as services:
        yield services


def _open(folder: Path) -> Services:
    return open_services(house_settings(folder), at=RANDOMISED_AT)
