"""What the how-to pages show as code, and a house in which it can be tried."""

import os
import re
import shlex
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.services.accounts import User
from mottling.services.opening import open_services
from mottling.services.views import Answer, Shot
from mottling.shipped import shipped
from mottling.trial.access import Role
from tests.house import NINA, RANDOMISED_AT, RAVI, RITA, confirm, enrol, house_settings, read
from tests.tiny_model import a_jpeg, write_tiny_registry

ROOT = Path(__file__).parents[2]
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))
PASSWORD = "blue lamps in winter"

# What a page calls a place, and where it is while the page is tried.
_PLACES = ("/backup/", "/elsewhere/", "/srv/mottling")


@dataclass(frozen=True)
class Snippet:
    """One block of code of a page."""

    page: Path
    language: str
    file: str
    """The file that it is, or with `>> ` before it the one that it goes on; empty for what is only typed."""
    text: str

    @property
    def commands(self):
        """Every command of a block for the shell, on one line each."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [line for line in lines if line and not line.startswith("#")]


def snippets_of(page):
    """List the blocks of a page from the top down."""
    found = re.findall(
        r"^( *)```(\w+) ?([^\n]*)\n(.*?)^ *```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return [
        Snippet(page, language, file, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))
        for indent, language, file, text in found
    ]


def make_house(folder):
    """A trial as a page finds it: a verdict, a photograph of another visit, users, models, photographs."""
    write_tiny_registry(folder / "models", names=("lite7", "second"))
    settings = house_settings(folder)
    text = 'data = "mottling-data"\ntrial = "trial.toml"\nmodels = "models"\n'
    (folder / "app.toml").write_text(text, "utf-8")
    with closing(
        open_services(settings.model_copy(update={"data": folder / "mottling-data"}), at=RANDOMISED_AT)
    ) as house:
        for name, role in (("olga", Role.OFFICE), ("rita", Role.READER)):
            house.accounts.add_user(User(name, role, None), PASSWORD, by="command", at=RANDOMISED_AT)
        enrol(house, "01-001", "01-002", "02-001")
        confirm(house)
        for reader in (RITA, RAVI):
            read(house, reader, Answer.scored(3))
        early = Shot("01-002", "baseline", a_jpeg(), key="early")
        house.ward.take_photo(NINA, early, at=RANDOMISED_AT)
    (folder / "photos").mkdir()
    (folder / "photos" / "legs.jpg").write_bytes(a_jpeg())
    (folder / "configs").symlink_to(shipped("configs"))
    for name in ("backup", "elsewhere", "srv"):
        (folder / name).mkdir()


def placed(command, folder):
    """Put the places of a command into the folder in which it is tried."""
    for place in _PLACES:
        command = command.replace(place, f"{folder}{place}")
    return command


def type_in(command, folder):
    """Run one line as somebody would type it, and answer what it asks; gives exit status and output."""
    words = shlex.split(placed(command, folder))
    if words[0] != "mottling":
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr
    words, out = (words[:-2], folder / words[-1]) if words[-2:-1] == [">"] else (words, None)
    done = CliRunner().invoke(mottling, words[1:], input="y\n", env={"MOTTLING_PASSWORD": PASSWORD})
    if out is not None:
        out.write_text(done.stdout, "utf-8")
    return done.exit_code, f"{done.output}{done.exception or ''}"


def parse(command):
    """Let click read one line of `mottling` without running it; a mistake in it is an error."""
    words = shlex.split(command)[1:]
    words = words[:-2] if words[-2:-1] == [">"] else words
    with click.Context(mottling, info_name="mottling") as context:
        name, found, rest = mottling.resolve_command(context, words)
        while isinstance(found, click.Group):
            inner = click.Context(found, parent=context, info_name=name)
            name, found, rest = found.resolve_command(inner, rest)
        found.make_context(name, rest, parent=context, resilient_parsing=True)
        unknown = [word for word in rest if word.startswith("--") and word not in _options(found)]
    assert unknown == [], command


def _options(command):
    return {option for param in command.params for option in param.opts}


def parses_as_shell(text):
    """Say whether a shell understands a block; nothing of it is run."""
    done = subprocess.run(
        ["bash", "-n"],  # noqa: S607 - whichever bash there is
        input=text,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stderr
