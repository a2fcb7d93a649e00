"""What `registry.json` says: which models there are, which one is in use, and which were before."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from mottling.errors import ModelRefused
from mottling.json_records import Misread, Strict, read_record

__all__ = [
    "NAME",
    "Change",
    "Entry",
    "Listing",
    "Retired",
    "Signature",
    "plain",
    "read_listing",
    "unwritable",
    "write_listing",
]

NAME = r"^[a-z0-9][a-z0-9._-]{0,63}\Z"
"""A model's name is a folder's name on every system."""

_FILE = "registry.json"

Name = Annotated[str, Meta(pattern=NAME)]
Moment = Annotated[datetime, Meta(tz=True)]
Sentence = Annotated[str, Meta(min_length=1)]


class Retired(Strict, frozen=True, kw_only=True):
    """A model whose weights were dropped; it scores no more."""

    at: Moment
    """When."""
    by: Sentence
    """Who did it."""
    because: Sentence
    """Why."""


class Entry(Strict, frozen=True, kw_only=True):
    """One model."""

    name: Name
    """Of its folder, too."""
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    """Of model.onnx."""
    released_at: Moment | None = None
    """When it last came into use; None for a challenger."""
    retired: Retired | None = None
    """When and why its weights were dropped; nothing as long as it can score."""


class Change(Strict, frozen=True, kw_only=True):
    """One change of the model in use; never changed afterwards."""

    name: Name
    """Of the model that came into use."""
    at: Moment | None = None
    """When; nothing where nobody wrote it down."""
    rolled_back: bool = False
    """Whether this was a return to the model before."""


class Signature(Strict, frozen=True, kw_only=True):
    """Who vouches for what is in use and was before; a challenger is not signed."""

    public_key: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    """Ed25519, 32 bytes in hexadecimal."""
    signature: Annotated[str, Meta(pattern=r"^[0-9a-f]{128}\Z")]
    """Ed25519, 64 bytes in hexadecimal."""


class Listing(Strict, frozen=True, kw_only=True):
    """The whole file."""

    active: Name | None = None
    """The model in use."""
    models: tuple[Entry, ...] = ()
    """Every model at hand."""
    releases: tuple[Change, ...] = ()
    """In order; where there are none yet, the model in use was the first."""
    signature: Signature | None = None
    """Nothing where nobody signed, as in the registry that Mottling ships."""

    def in_use(self) -> list[str]:
        """List the models in use one after the other, without those that were rolled back."""
        names: list[str] = [] if self.releases or self.active is None else [self.active]
        for change in self.releases:
            if change.rolled_back:
                # Those in between were retired, and passed over.
                while names and names[-1] != change.name:
                    names.pop()
            else:
                names.append(change.name)
        return names

    def with_entry(self, entry: Entry) -> Listing:
        """Give it one more model, or another entry for one that it has."""
        others = [one for one in self.models if one.name != entry.name]
        at = next((i for i, one in enumerate(self.models) if one.name == entry.name), len(others))
        return replace(self, models=(*others[:at], entry, *others[at:]))

    def after(self, change: Change) -> Listing:
        """Bring a model into use; no earlier signature stands for it."""
        earlier = self.releases or tuple(
            Change(name=entry.name, at=entry.released_at)
            for entry in self.models
            if entry.name == self.active
        )
        models = tuple(
            replace(entry, released_at=change.at) if entry.name == change.name else entry
            for entry in self.models
        )
        return Listing(active=change.name, models=models, releases=(*earlier, change))


def read_listing(folder: Path) -> Listing:
    """Read the file of a folder of models.

    Raises:
        ModelRefused: There is none, or it says what nobody understands.
    """
    path = folder / _FILE
    try:
        return read_record(Listing, path.read_bytes())
    except OSError as error:
        raise ModelRefused(
            f"There are no models here: {path} cannot be read ({error.strerror})",
            remedy="Name a folder that holds registry.json with --models",
        ) from error
    except Misread as error:
        raise ModelRefused(f"{path} is not understood: {error}", remedy="Restore the file") from error


def write_listing(folder: Path, listing: Listing) -> None:
    """Replace the file as a whole, so that whoever reads meanwhile reads the old or the new one.

    Raises:
        ModelRefused: The disk refuses.
    """
    partial = folder / f"{_FILE}.partial"
    text = json.dumps(plain(listing), indent=2, ensure_ascii=False)
    assert read_record(Listing, text) == listing, "what is written can be read again"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / _FILE)
    except OSError as error:
        raise unwritable(folder, error) from error


def plain(listing: Listing) -> dict[str, Any]:
    """Give a registry as JSON's own kinds of value, without the keys that hold nothing."""
    said: dict[str, Any] = _said(msgspec.to_builtins(listing))
    return said


def unwritable(folder: Path, error: OSError) -> ModelRefused:
    """Say that a folder of models cannot be written."""
    return ModelRefused(
        f"{folder} cannot be written: {error.strerror}", remedy="Check its rights and the free space"
    )


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _said(one) for key, one in value.items() if one is not None}
    return [_said(one) for one in value] if isinstance(value, tuple) else value
