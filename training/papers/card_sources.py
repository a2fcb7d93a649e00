"""What a model's card says of the material it learned from: whose pictures, whose patients, whose weights."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from mottling.errors import TrainingRefused
from training.papers.real_sources import Source
from training.running.history import History

__all__ = ["tell_sources"]

_HEAD = """\
Learned from or measured on, where they lay; none is copied into the project. Credits are those of their \
manifests.

| what | author or credit | licence | pictures |
|---|---|---|---|"""


def tell_sources(history: History | None, sources: Sequence[Source]) -> str:
    """Name the real material that a model learned from, by what its training's commands name.

    Args:
        history: How it was trained; None where nobody wrote it down.
        sources: Of the openly licensed material; empty when none was given.

    Raises:
        TrainingRefused: A command names real photographs, and no source was given: the card would deny them.
    """
    commands = () if history is None else history.commands
    real = _named(commands, "--real")
    if real and not sources:
        raise TrainingRefused(
            f"The training had real photographs (--real {', '.join(real)}), and whose they are was not given",
            remedy="Call training.card with --real and that folder: its manifests name authors and licences",
        )
    return "\n\n".join([_licensed(history, sources), *_adjudicated(commands), *_inherited(commands)])


def _licensed(history: History | None, sources: Sequence[Source]) -> str:
    if sources:
        rows = [f"| {one.what} | {one.author} | {one.licence} | {one.pictures} |" for one in sources]
        return "\n".join([_HEAD, *rows])
    if history is None or not history.commands:
        return "Not known: nobody wrote down the commands that trained it."
    return "No openly licensed real photographs: none of the commands above names any (`--real`)."


def _adjudicated(commands: Sequence[str]) -> Iterator[str]:
    """A trial's own photographs: their patients have no credit, and their set has a hash in the run's log."""
    sets = _named(commands, "--extra")
    if sets:
        yield f"Photographs of patients that people have read, from frozen sets: {', '.join(sets)}."


def _inherited(commands: Sequence[str]) -> Iterator[str]:
    """What a network was begun from it has learned from, too."""
    for name in _named(commands, "--start-from-model"):
        card = f"[{name}](../{name}/card.md)"
        yield f"It began from the weights of {card}; what those learned from stands there."
    for name in _named(commands, "--start-from"):
        yield f"It began from the weights in `{name}`; what those learned from is not written here."


def _named(commands: Sequence[str], option: str) -> tuple[str, ...]:
    """List what an option was given in any of the commands, once each, in order."""
    found: dict[str, None] = {}
    for command in commands:
        words = shlex.split(command)
        for word, following in zip(words, [*words[1:], ""], strict=True):
            if word == option and following:
                found[following] = None
            elif word.startswith(f"{option}="):
                found[word.removeprefix(f"{option}=")] = None
    return tuple(found)
