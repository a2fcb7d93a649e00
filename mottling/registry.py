"""The models at hand, in a folder: which one is in use, which came before, and that none was altered.

`registry.json` beside one folder a model with `model.onnx`, `card.md` and `evaluation.json`.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from mottling.errors import ModelRefused
from mottling.settings import shipped

__all__ = ["Model", "ModelFiles", "Registry"]

_LISTING = "registry.json"
_NAME = r"^[a-z0-9][a-z0-9._-]{0,63}$"

Name = Annotated[str, Field(pattern=_NAME)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Entry(_Record):
    name: Name
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of model.onnx."""
    released_at: AwareDatetime | None = None
    """When it last came into use; None for a challenger."""


class _Release(_Record):
    """One change of the model in use; never changed afterwards."""

    name: Name
    at: AwareDatetime | None
    rolled_back: bool = False
    """Whether this was a return to the model before."""


class _Listing(_Record):
    active: Name | None = None
    models: tuple[_Entry, ...] = ()
    releases: tuple[_Release, ...] = ()
    """In order; where there are none yet, the model in use was the first."""


@dataclass(frozen=True)
class Model:
    """One model of the registry."""

    name: str
    sha256: str
    active: bool
    released_at: AwareDatetime | None
    folder: Path

    @property
    def card(self) -> str:
        """What it is, how well it does, and where it fails: Markdown.

        Raises:
            ModelRefused: It has none that can be read.
        """
        return self._text("card.md")

    @property
    def evaluation(self) -> str:
        """Every figure of its evaluation: JSON.

        Raises:
            ModelRefused: It has none that can be read.
        """
        return self._text("evaluation.json")

    def load(self) -> bytes:
        """Read the network's file and make sure that it is the one that was added.

        Raises:
            ModelRefused: It is missing, or not what the registry says.
        """
        path = self.folder / "model.onnx"
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelRefused(
                f"The model {self.name} cannot be read: {path} ({error.strerror})",
                remedy="Install the package whole, or choose another model",
            ) from error
        found = hashlib.sha256(data).hexdigest()
        if found != self.sha256:
            raise ModelRefused(
                f"The file of the model {self.name} was altered: its sha256 is {found[:12]}…, "
                f"the registry says {self.sha256[:12]}…",
                remedy="Restore the file, or choose another model",
            )
        return data

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ModelRefused(
                f"The model {self.name} has no {name} that can be read", remedy="Restore the file"
            ) from error


@dataclass(frozen=True)
class ModelFiles:
    """What a new model comes with."""

    onnx: bytes
    card: str
    evaluation: str


class Registry:
    """A folder of models. What is asked is read from the disk each time: a release needs no restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def open(cls, folder: Path | None = None) -> Registry:
        """Open a folder of models.

        Args:
            folder: None for the checkout's `models/`, or the one that the package ships.

        Raises:
            ModelRefused: There is no registry, or it says what nobody understands.
        """
        registry = cls(folder or shipped("models"))
        registry._read()
        return registry

    @classmethod
    def create(cls, folder: Path) -> Registry:
        """Open a folder of models, or begin one.

        Raises:
            ModelRefused: There is a registry that nobody understands, or none can be written.
        """
        registry = cls(folder)
        if not (folder / _LISTING).exists():
            registry._write(_Listing())
        registry._read()
        return registry

    def models(self) -> tuple[Model, ...]:
        """List the models, the one in use first, then the newest."""
        listing = self._read()
        newest_first = [self._model(entry, listing) for entry in reversed(listing.models)]
        return tuple(sorted(newest_first, key=lambda model: not model.active))

    def active(self) -> Model:
        """Give the model in use.

        Raises:
            ModelRefused: None is.
        """
        active = self._read().active
        if active is None:
            raise ModelRefused(
                f"No model of {self.folder} is in use",
                remedy="Train and release one, or name a folder with --models",
            )
        return self.find(active)

    def find(self, name: str) -> Model:
        """Give a model by its name.

        Raises:
            ModelRefused: There is none of this name.
        """
        listing = self._read()
        for entry in listing.models:
            if entry.name == name:
                return self._model(entry, listing)
        known = ", ".join(entry.name for entry in listing.models) or "none"
        raise ModelRefused(f"There is no model {name!r} in {self.folder}", remedy=f"Known are: {known}")

    def add(self, name: str, files: ModelFiles) -> Model:
        """Add a challenger: a model that is there and not in use.

        Raises:
            ModelRefused: The name is taken or cannot be a folder's name, or the disk refuses.
        """
        listing = self._read()
        if not re.match(_NAME, name):
            raise ModelRefused(
                f"{name!r} cannot be the name of a model", remedy="Use small letters, digits, dots and dashes"
            )
        home = self.folder / name
        if home.exists() or any(entry.name == name for entry in listing.models):
            raise ModelRefused(f"There is a model {name!r} already", remedy="Give the new one another name")
        try:
            home.mkdir(parents=True)
            (home / "model.onnx").write_bytes(files.onnx)
            (home / "card.md").write_text(files.card, "utf-8")
            (home / "evaluation.json").write_text(files.evaluation, "utf-8")
        except OSError as error:
            raise self._unwritable(error) from error
        entry = _Entry(name=name, sha256=hashlib.sha256(files.onnx).hexdigest())
        self._write(listing.model_copy(update={"models": (*listing.models, entry)}))
        return self.find(name)

    def replace(self, name: str, onnx: bytes) -> Model:
        """Give a challenger another file, such as the same network with calibrated rules.

        Raises:
            ModelRefused: There is no such model, it has been in use, or the disk refuses.
        """
        model, listing = self.find(name), self._read()
        if model.active or model.released_at is not None:
            raise ModelRefused(
                f"The model {name} has been in use: its file never changes",
                remedy="Export the run under another name",
            )
        partial = model.folder / "model.onnx.partial"
        try:
            partial.write_bytes(onnx)
            partial.replace(model.folder / "model.onnx")
        except OSError as error:
            raise self._unwritable(error) from error
        changed = {"sha256": hashlib.sha256(onnx).hexdigest()}
        models = tuple(
            entry.model_copy(update=changed) if entry.name == name else entry for entry in listing.models
        )
        self._write(listing.model_copy(update={"models": models}))
        return self.find(name)

    def release(self, name: str, *, at: AwareDatetime) -> Model:
        """Bring a model into use. The one in use already stays so, and nothing is recorded.

        Raises:
            ModelRefused: There is no such model, or its file is not what the registry says.
        """
        model = self.find(name)
        model.load()
        if not model.active:
            self._bring_into_use(_Release(name=name, at=at))
        return self.find(name)

    def roll_back(self, *, at: AwareDatetime) -> Model:
        """Go back to the model that was in use before.

        Raises:
            ModelRefused: There was none before, or its file is not what the registry says.
        """
        before = _in_use(self._read())[:-1]
        if not before:
            raise ModelRefused("No model was in use before this one", remedy="Release one by its name")
        self.find(before[-1]).load()
        self._bring_into_use(_Release(name=before[-1], at=at, rolled_back=True))
        return self.find(before[-1])

    def _bring_into_use(self, release: _Release) -> None:
        listing = self._read()
        earlier = listing.releases or tuple(
            _Release(name=entry.name, at=entry.released_at)
            for entry in listing.models
            if entry.name == listing.active
        )
        models = tuple(
            entry.model_copy(update={"released_at": release.at}) if entry.name == release.name else entry
            for entry in listing.models
        )
        self._write(_Listing(active=release.name, models=models, releases=(*earlier, release)))

    def _model(self, entry: _Entry, listing: _Listing) -> Model:
        return Model(
            entry.name,
            entry.sha256,
            active=entry.name == listing.active,
            released_at=entry.released_at,
            folder=self.folder / entry.name,
        )

    def _read(self) -> _Listing:
        path = self.folder / _LISTING
        try:
            return _Listing.model_validate_json(path.read_bytes())
        except OSError as error:
            raise ModelRefused(
                f"There are no models here: {path} cannot be read ({error.strerror})",
                remedy="Name a folder that holds registry.json with --models",
            ) from error
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(str(part) for part in problem["loc"])
            raise ModelRefused(
                f"{path} is not understood: {where}: {problem['msg']}", remedy="Restore the file"
            ) from error

    def _write(self, listing: _Listing) -> None:
        """Replace the file as a whole, so that whoever reads meanwhile reads the old or the new one."""
        partial = self.folder / f"{_LISTING}.partial"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with partial.open("w", encoding="utf-8") as file:
                file.write(listing.model_dump_json(indent=2) + "\n")
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.folder / _LISTING)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> ModelRefused:
        return ModelRefused(
            f"{self.folder} cannot be written: {error.strerror}", remedy="Check its rights and the free space"
        )


def _in_use(listing: _Listing) -> list[str]:
    """List the models in use one after the other, without those that were rolled back."""
    names: list[str] = [] if listing.releases or listing.active is None else [listing.active]
    for release in listing.releases:
        if release.rolled_back:
            names.pop()
        else:
            names.append(release.name)
    return names
