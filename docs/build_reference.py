"""Writes `docs/reference` from the code: `python -m docs.build_reference` (a few seconds).

A key, a command, a record and an error are described once, where they are defined: in docstrings, helps and
types. Here they are laid out as pages, and `tests/docs/test_reference.py` holds the pages to what is written.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from docs.said import cell, first_sentence, models_in, rows, tables
from mottling import errors
from mottling.assessment import Assessment
from mottling.cli import mottling
from mottling.imaging.contract import METADATA_KEY, ModelContract
from mottling.listing import Listing
from mottling.settings import Settings
from mottling.store.schema import KINDS
from mottling.trial.access import Role
from mottling.trial.charter import Charter
from mottling.trial.records import Answer, Record
from mottling.web import doors
from mottling.web.areas import LANGUAGES, Area

__all__ = ["FOLDER", "PAGES", "main", "written"]

_ROOT = Path(__file__).parents[1]
FOLDER = _ROOT / "docs" / "reference"
_MADE = "<!-- Written by `python -m docs.build_reference`; change the code that it describes. -->\n"
_PLACES = ("--settings", "--data", "--models")
_SCORE = """
`mottling score --json` prints one JSON object a photograph, in the order given, one a line. `--save DIR`
writes `NAME.zones.png` (8 bits, 0 to 5), `NAME.mottling.png` (8 bits of probability) and `NAME.overlay.jpg`.
"""
_NETWORK = f"""
A model is one ONNX file. Whoever keeps to this page can bring another network.

| tensor | shape, float32 | what |
|---|---|---|
| `photo`, in | N, 3, H, W | RGB, (x - mean) / scale; H and W are multiples of `multiple` |
| `zones`, out | N, 6, H/4, W/4 | logits: which zone a cell is in, 0 (no skin of the leg) to 5 |
| `mottling`, out | N, 1, H/4, W/4 | logit: whether it is mottled |
| `ordinal`, out | N, 5 | logits of a score of at least 1 to 5; the score is made from the maps |
| `readable`, out | N, 1 | logit: whether a reader could judge the picture |
| `embedding`, out | N, 64 | how the skin of the legs looks, on average over it; not in files of version 1 |

The metadata key `{METADATA_KEY}` holds what follows, as JSON. A file with another `version` is refused.
"""
_RECORDS = """
Each is a row that is added and never changed, and a link of one chain. `mottling export audit` lists them by
their act, which is the heading here. Every one says `by`, the user's name (`server` or `command` where no
person did it), and `at`, the moment in UTC; neither is repeated below. A time is text
(`2026-03-29T00:30:00.000000+00:00`).
"""
_COMMANDS = """
The exit status is 0 when all is well; 1 when something that was looked at is not; 2 when nothing was done,
and why stands in one sentence. Most commands take the three places of a trial:
"""
_ERRORS = """
Every error says what was wrong with the value that was met, and what to do; `mottling: ` comes before it on
the command line. Pages say it in their language. A word in braces stands for the value.
"""
_DOORS = """
What may be asked of the server, and by which role; paths are patterns. Everything else is refused before it
reaches a page: 401 who is not signed in, 403 whom it is not for, 404 what is not there, 413 what is too
large, 429 what comes too often.
"""


def _settings() -> str:
    return _page("Settings of a server", "`configs/app.toml`. An unknown key is refused by name.", Settings)


def _trial_file() -> str:
    what = "`configs/trials/i-micro.toml` is one, with its reasons. An unknown key is refused by name."
    return _page("The trial file", what, Charter)


def _assessment() -> str:
    return _page("What is said of a photograph", _SCORE, Assessment)


def _model_file() -> str:
    listing = _page("The registry", "`registry.json`, beside one folder a model.", Listing)
    return f"{_page('The network’s file', _NETWORK, ModelContract)}\n\n{listing}"


def _page(title: str, what: str, model: type[Any]) -> str:
    return "\n".join([f"# {title}\n", f"{what.strip()}\n", *tables(model)])


def _records() -> str:
    said = [
        "# Records\n",
        f"{_RECORDS.strip()}\n",
        f"An `Answer` takes three columns. {first_sentence(Answer)}\n",
    ]
    said += rows(Answer)
    parts: list[type[Any]] = []
    for record, kind in KINDS.items():
        where = f"`{record.__name__}`, table `{kind.table.name}`"
        said += [f"## {kind.act}\n", f"{first_sentence(record)} ({where})\n"]
        said += rows(record, without=frozenset(Record.model_fields))
        parts += [one for field in record.model_fields.values() for one in models_in(field.annotation)]
    said += [line for part in parts if part is not Assessment for line in tables(part)]
    return "\n".join(said)


def _command_line() -> str:
    places = [one for one in _find("enrol").params if one.opts[0] in _PLACES]
    said = ["# The command line\n", f"{_COMMANDS.strip()}\n", *_options(places)]
    for name, command in _walk(mottling, ""):
        usage = " ".join(command.collect_usage_pieces(click.Context(command)))
        said += [f"## {name}\n", f"```text\n{name} {usage}\n```\n", f"{_prose(command.help or '')}\n"]
        options = [one for one in command.params if isinstance(one, click.Option)]
        takes_places = {one.opts[0] for one in options}.issuperset(_PLACES)
        own = [one for one in options if not (takes_places and one.opts[0] in _PLACES)]
        said += _options(own) if own else []
        said += ["Takes the three places of a trial.\n"] if takes_places else []
    return "\n".join(said)


def _walk(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    words = f"{before} {group.name}".lstrip()
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _walk(command, words)
        else:
            yield f"{words} {name}", command


def _find(name: str) -> click.Command:
    command = mottling.get_command(click.Context(mottling), name)
    assert command is not None
    return command


def _options(params: Sequence[click.Parameter]) -> list[str]:
    lines = ["| option | takes | what |", "|---|---|---|"]
    for option in params:
        assert isinstance(option, click.Option)
        said = [option.help or ""]
        said += ["Must be given."] if option.required and not option.prompt else []
        said += [f"Also taken from `{option.envvar}`."] if option.envvar else []
        what = " ".join(one for one in said if one)
        lines.append(f"| `{' '.join(option.opts)}` | {cell(_taken(option))} | {cell(what)} |")
    return [*lines, ""]


def _taken(option: click.Option) -> str:
    if option.is_flag:
        return ""
    kind = option.type
    if isinstance(kind, click.Choice):
        return " or ".join(f"`{one}`" for one in kind.choices)
    if isinstance(kind, click.IntRange):
        return f"{kind.min} to {kind.max}"
    return f"`{option.make_metavar(click.Context(click.Command('')))}`"


def _prose(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))


def _errors() -> str:
    tree = (inspect.getdoc(errors) or "").split("\n\n")[1]
    said = ["# Errors\n", f"{_ERRORS.strip()}\n", f"```text\n{tree}\n```\n"]
    found = sorted({one for path in sorted((_ROOT / "mottling").rglob("*.py")) for one in _raised(path)})
    for name in errors.__all__:
        lines = [f"| {what} | {remedy} | `{where}` |" for kind, what, remedy, where in found if kind == name]
        if lines:
            said += [f"## {name}\n", f"{first_sentence(getattr(errors, name))}\n"]
            said += ["| what was wrong | what to do | raised in |", "|---|---|---|", *lines, ""]
    return "\n".join(said)


def _raised(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Find what a file raises on purpose: the kind, the sentence, the remedy and the file."""
    tree = ast.parse(path.read_text("utf-8"))
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in errors.__all__:
            remedies = [one.value for one in node.keywords if one.arg == "remedy"]
            if node.args and remedies:
                what, remedy = (_sentence(one, named) for one in (node.args[0], remedies[0]))
                yield node.func.id, what, remedy, path.relative_to(_ROOT).as_posix()


def _sentence(node: ast.expr, named: dict[str, ast.Constant]) -> str:
    """Give a sentence as it stands in the code; a value in it is named in braces."""
    if isinstance(node, ast.Name):
        node = named.get(node.id, node)
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    said = "".join(str(one.value) if isinstance(one, ast.Constant) else _value(one) for one in parts)
    return cell(" ".join(said.split()))


def _value(node: ast.expr) -> str:
    words = re.findall(r"[a-z](?:\w*[a-z0-9])?\b", ast.unparse(getattr(node, "value", node)))
    return f"{{{words[-1] if words else 'value'}}}"


def _http() -> str:
    said = ["# The HTTP interface\n", f"{_DOORS.strip()}\n"]
    said += ["| ask | path | who | body, bytes | a minute | what |", "|---|---|---|---|---|---|"]
    return "\n".join([*said, *dict.fromkeys(_door(door) for door in doors._DOORS)])


def _door(door: doors.Door) -> str:
    """Write one line; the doors that each page has are written once for all areas and languages."""
    path, who = door.path.pattern, " or ".join(role for role in Role if door.lets_in(role))
    for start in (f"/{area}/{language}/" for area in Area for language in LANGUAGES):
        if path.startswith(start):
            path, who = path.replace(start, "/AREA/LANGUAGE/"), "who works in the area"
    if door.area is None:
        who = "everybody" if door.is_public else "who is signed in"
    if door.kind is doors.Kind.FIGURES:
        who = "a program on this machine"
    if door.scope is not None:
        who = f"a program, by a token for {door.scope}"
    most, often = (str(number or "") for number in (door.limit_bytes, door.per_minute))
    return f"| {door.method} | `{cell(path)}` | {who} | {most} | {often} | {door.kind.value} |"


PAGES = {
    "settings.md": _settings,
    "trial-file.md": _trial_file,
    "assessment.md": _assessment,
    "model-file.md": _model_file,
    "records.md": _records,
    "command-line.md": _command_line,
    "http.md": _http,
    "errors.md": _errors,
}
"""Each page that is written from the code, by its file."""


def written(name: str) -> str:
    """Write one page."""
    return f"{_MADE}\n{PAGES[name]().rstrip()}\n"


def main() -> None:
    """Write every page into its file."""
    for name in PAGES:
        (FOLDER / name).write_text(written(name), "utf-8")


if __name__ == "__main__":
    main()
