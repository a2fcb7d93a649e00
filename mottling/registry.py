"""The models at hand, in a folder: which one is in use, which came before, and that none was altered.

`registry.json` beside one folder a model with `model.onnx`, `card.md` and `evaluation.json`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from mottling.errors import ModelRefused
from mottling.listing import (
    NAME,
    Change,
    Entry,
    Listing,
    Retired,
    read_listing,
    unwritable,
    write_listing,
)
from mottling.model import Model, ModelFiles
from mottling.shipped import shipped
from mottling.vouching import Vouch, check_signature, said_by

__all__ = ["Model", "ModelFiles", "Registry"]


class Registry:
    """A folder of models. What is asked is read from the disk each time: a release needs no restart.

    Each time, too, a signature is held to what it signed: a registry that was changed since is refused.
    """

    def __init__(
        self, folder: Path | None, *, keys: AbstractSet[str] = frozenset(), vouch: Vouch | None = None
    ) -> None:
        """Name a folder; nothing is read yet.

        Args:
            folder: None for the checkout's `models/`, or the one that the package ships.
            keys: Public halves of those who may sign; with none, a registry may be unsigned.
            vouch: Signs what changes of a registry that is signed; None where no key is at hand.
        """
        self.folder = folder or shipped("models")
        self._keys = keys
        self._vouch = vouch

    @classmethod
    def open(cls, folder: Path | None = None) -> Registry:
        """Open a folder of models.

        Args:
            folder: None for the checkout's `models/`, or the one that the package ships.

        Raises:
            ModelRefused: There is no registry, it says what nobody understands, or its signature is wrong.
        """
        registry = cls(folder)
        registry._read()
        return registry

    @classmethod
    def create(cls, folder: Path) -> Registry:
        """Open a folder of models, or begin one.

        Raises:
            ModelRefused: There is a registry that nobody understands, or none can be written.
        """
        if not (folder / "registry.json").exists():
            write_listing(folder, Listing())
        return cls.open(folder)

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
        if not re.match(NAME, name):
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
            raise unwritable(self.folder, error) from error
        entry = Entry(name=name, sha256=hashlib.sha256(files.onnx).hexdigest())
        write_listing(self.folder, listing.with_entry(entry))
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
            raise unwritable(self.folder, error) from error
        entry = Entry(name=name, sha256=hashlib.sha256(onnx).hexdigest())
        write_listing(self.folder, listing.with_entry(entry))
        return self.find(name)

    def release(self, name: str, *, at: datetime) -> Model:
        """Bring a model into use. The one in use already stays so, and nothing is recorded.

        Raises:
            ModelRefused: There is none, its file is not what the registry says, or nobody measured it.
        """
        model = self.find(name)
        model.load()
        if not model.active:
            model.check_measured()
            self._put(self._read().after(Change(name=name, at=at)), was=self._read())
        return self.find(name)

    def roll_back(self, *, at: datetime) -> Model:
        """Go back to the model that was in use before.

        Raises:
            ModelRefused: There was none before, or its file is not what the registry says.
        """
        listing = self._read()
        retired = {entry.name for entry in listing.models if entry.retired is not None}
        before = [name for name in listing.in_use()[:-1] if name not in retired]
        if not before:
            raise ModelRefused(
                "No model was in use before this one, or each of them was retired",
                remedy="Release one by its name",
            )
        self.find(before[-1]).load()
        self._put(listing.after(Change(name=before[-1], at=at, rolled_back=True)), was=listing)
        return self.find(before[-1])

    def retire(self, name: str, retired: Retired) -> Model:
        """Drop a model's weights for good; its name, hash, card and evaluation stay.

        Raises:
            ModelRefused: There is no such model, it is in use or retired already, or the disk refuses.
        """
        model, listing = self.find(name), self._read()
        if model.active:
            raise ModelRefused(f"The model {name} is in use", remedy="Release another one first")
        if model.retired is not None:
            raise ModelRefused(f"The model {name} is retired already", remedy="Nothing is to be done")
        entries = (
            replace(entry, retired=retired) if entry.name == name else entry for entry in listing.models
        )
        self._put(replace(listing, models=tuple(entries)), was=listing)
        try:
            model.drop_weights()
        except OSError as error:
            raise unwritable(self.folder, error) from error
        return self.find(name)

    def signed_by(self) -> str | None:
        """Give the public half of the key that signed which model is in use; None where nobody did."""
        signature = self._read().signature
        return None if signature is None else signature.public_key

    def sign(self) -> Model:
        """Sign which model is in use, whoever signed before; from then on each change is signed.

        Raises:
            ModelRefused: No model is in use, its file is not what the registry says, or the key may not sign.
        """
        listing = read_listing(self.folder)
        check_signature(listing, frozenset())
        in_use = [self._model(entry, listing) for entry in listing.models if entry.name == listing.active]
        if not in_use:
            raise ModelRefused("No model is in use", remedy="Release one by its name")
        in_use[0].load()
        write_listing(self.folder, self._signed(listing))
        return in_use[0]

    def _read(self) -> Listing:
        listing = read_listing(self.folder)
        check_signature(listing, self._keys)
        return listing

    def _put(self, listing: Listing, *, was: Listing) -> None:
        """Write what is in use from now on; signed where it was signed."""
        write_listing(self.folder, listing if was.signature is None else self._signed(listing))

    def _signed(self, listing: Listing) -> Listing:
        if self._vouch is None:
            raise ModelRefused(
                "The registry is signed, and no key is at hand to sign what changes",
                remedy="Release with `mottling models release`, which has the key of its data folder",
            )
        signature = self._vouch(said_by(listing))
        if self._keys and signature.public_key not in self._keys:
            raise ModelRefused(
                f"The key of this data folder, {signature.public_key}, is none of release_keys",
                remedy="Add it to release_keys of the settings, or release where the right key is",
            )
        return replace(listing, signature=signature)

    def _model(self, entry: Entry, listing: Listing) -> Model:
        return Model(
            entry.name,
            entry.sha256,
            active=entry.name == listing.active,
            released_at=entry.released_at,
            folder=self.folder / entry.name,
            retired=entry.retired,
        )
