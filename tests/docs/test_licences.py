"""LICENCES.md names everything that is shipped or installed, and nothing in it is under the GPL."""

import re

import pytest

from docs.build_licences import LICENCES, licence_of, locked, written

_KEPT = LICENCES.read_text("utf-8")
_LINES = dict(re.findall(r"^\| ([a-z0-9.-]+) \| \d\S* \| (.+) \|$", _KEPT, re.MULTILINE))


def test_the_file_is_what_the_packages_say():
    # Another Python may need a package less or more: what is asked for here must stand there.
    missing = [line for line in written().splitlines() if line not in _KEPT.splitlines()]
    assert missing == [], "run `python -m docs.build_licences`, and commit LICENCES.md"


def test_every_package_has_a_licence_and_none_is_the_gpl():
    assert [name for name, licence in _LINES.items() if not licence or licence == "UNKNOWN"] == []
    strict = [name for name, licence in _LINES.items() if re.search(r"(?<!L)\bA?GPL|General Public", licence)]
    assert strict == ["pi-heif"]
    assert "Lesser" in _LINES["pi-heif"]


@pytest.mark.parametrize("name", ["gradio", "numpy", "onnxruntime", "pydantic", "sqlalchemy", "torch"])
def test_the_packages_that_matter_most_are_named(name):
    assert _LINES[name] == licence_of(name)


def test_each_package_of_the_file_is_pinned():
    assert set(_LINES) - set(locked()) == set()
