"""Every attempt of the written list to change history is refused or found, and the page tells each."""

import re
import shutil
from pathlib import Path

import pytest

from mottling.store.store import Store
from tests.store.acts import NOW
from tests.store.attempt_acts import Place
from tests.store.attempts import IN_FILES, IN_THE_FILE
from tests.store.attempts_on_postgresql import IN_THE_DATABASE, tried

PAGE = Path(__file__).parents[2] / "docs" / "validation" / "history.md"
EVERY = (*IN_THE_FILE, *IN_THE_DATABASE, *IN_FILES)
AT_LEAST = 30


@pytest.fixture(scope="module")
def signed(made, tmp_path_factory):
    """A store with every kind of record whose head was signed and is kept elsewhere."""
    data = tmp_path_factory.mktemp("signed") / "data"
    shutil.copytree(made / "full", data)
    with Store.open(data) as store:
        return data, store.head(at=NOW)


@pytest.fixture
def place(signed, tmp_path):
    data, head = signed
    shutil.copytree(data, tmp_path / "data")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "registry.json").write_text("{}")
    return Place(tmp_path / "data", head, tmp_path)


@pytest.mark.parametrize("attempt", [*IN_THE_FILE, *IN_FILES], ids=lambda attempt: attempt.what)
def test_an_attempt_is_refused_or_found(place, attempt):
    assert attempt.meets in attempt.do(place)


@pytest.mark.parametrize("attempt", IN_THE_DATABASE, ids=lambda attempt: attempt.what)
def test_an_attempt_in_the_database_is_refused_or_found(postgres, full, attempt):
    assert attempt.meets in tried(postgres.url(full[1]), attempt)


def test_the_page_lists_each_attempt_with_what_it_meets():
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", PAGE.read_text("utf-8"), re.M)
    listed = [(what, by) for _, what, by in rows]
    assert listed == [(attempt.what, attempt.by) for attempt in EVERY]
    assert [int(number) for number, _, _ in rows] == list(range(1, len(EVERY) + 1))
    assert len(EVERY) >= AT_LEAST
