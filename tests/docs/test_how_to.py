"""The how-to pages do what they say: what can run here is run, and the other commands are read."""

import configparser
import importlib.util
import re
import runpy
import shutil
import tomllib
from pathlib import Path

import pytest

from mottling.trial.charter import read_charter
from tests.docs.snippets import HOW_TO, ROOT, make_house, parse, parses_as_shell, snippets_of, type_in

# They train, install, serve or test, or ask a database or a cluster: too long, or not in a temporary folder.
_ONLY_READ = re.compile(
    r"(?:sudo|python3? -m|torchrun|tensorboard|pytest|pip|bill|ray|export|cd"
    r"|mottling (?:serve|demo|rescore)|.* --records)\b"
)


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("how-to")
    make_house(folder)
    return folder


@pytest.fixture
def folder(house, tmp_path, monkeypatch):
    """A copy of the house to type in; what the pages assume to be there from before is made."""
    folder = tmp_path / "house"
    shutil.copytree(house, folder, symlinks=True)
    monkeypatch.chdir(folder)
    return folder


def _before(page, folder):
    """Do what a page says that its reader has done already."""
    if page.stem == "restore":
        # The head first: the backup is a record, too.
        type_in("mottling head --data mottling-data > head-of-friday.json", folder)
        type_in(
            "mottling backup /backup/mottling --keys /elsewhere/mottling-keys --settings app.toml", folder
        )
    if page.stem == "install":
        (folder / "srv" / "mottling").mkdir()


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_what_a_page_says_can_be_typed(page, folder):
    _before(page, folder)
    for snippet in snippets_of(page):
        if snippet.file:
            _write(snippet, folder)
        elif snippet.language == "sh":
            for command in snippet.commands:
                if not _ONLY_READ.match(command):
                    status, said = type_in(command, folder)
                    assert status == 0, f"{page.name}: {command}\n{said}"
        elif snippet.language == "python":
            _run_python(snippet, folder)


def _write(snippet, folder):
    mode, name = ("a", snippet.file[3:]) if snippet.file.startswith(">> ") else ("w", snippet.file)
    with (folder / name).open(mode, encoding="utf-8") as file:
        file.write(snippet.text)


def _run_python(snippet, folder):
    script = folder / "snippet.py"
    script.write_text(snippet.text, "utf-8")
    runpy.run_path(str(script))


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_what_is_only_read_is_understood(page):
    for snippet in snippets_of(page):
        if snippet.language == "sh":
            assert parses_as_shell(snippet.text) == (True, "")
            for command in snippet.commands:
                _read(command)
        elif snippet.language == "toml":
            tomllib.loads(snippet.text)
        elif snippet.language == "ini":
            _read_unit(snippet.text)


def _read(command):
    if command.startswith("mottling "):
        parse(command)
    for module in re.findall(r"\b(?:python|torchrun .*) -m ((?:training|benchmarks|docs)\.\S+)", command):
        assert importlib.util.find_spec(module) is not None, command
    if command.startswith("pytest "):
        assert [path for path in command.split()[1:] if not (ROOT / path).exists()] == []


def _read_unit(text):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read_string(text)
    for command in re.findall(r"^ExecStart=\S*/(mottling .*)$", text, re.MULTILINE):
        parse(command)


def test_the_trial_file_of_the_page_is_a_trial_file(tmp_path):
    page = next(page for page in HOW_TO if page.stem == "write-a-trial-file")
    (whole,) = [one for one in snippets_of(page) if one.file == "trial.toml"]
    Path(tmp_path / "trial.toml").write_text(whole.text, "utf-8")
    assert read_charter(tmp_path / "trial.toml").charter.reading.readers_per_photo == 1


def test_every_page_shows_something_to_do():
    assert HOW_TO
    assert [page.name for page in HOW_TO if not snippets_of(page)] == []
