"""One model of the registry: its file, its card, its evaluation, and whether it was retired."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mottling.errors import ModelRefused
from mottling.listing import Retired

__all__ = ["Model", "ModelFiles"]

_TEXTS = (".md", ".json")

# So many digits of its file's sha256 a card names.
_DIGITS = 12


@dataclass(frozen=True)
class Model:
    """One model of the registry."""

    name: str
    sha256: str
    active: bool
    released_at: datetime | None
    folder: Path
    retired: Retired | None = None
    """When and why its weights were dropped; None as long as it can score."""

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
            ModelRefused: It was retired, is missing, or not what the registry says.
        """
        if self.retired is not None:
            raise ModelRefused(
                f"The model {self.name} was retired on {self.retired.at:%Y-%m-%d}: {self.retired.because}",
                remedy="Choose another model; its card and its sha256 stay",
            )
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

    def check_measured(self) -> None:
        """Make sure that its evaluation and its card speak of this very file.

        Raises:
            ModelRefused: It was not measured since it was made, or its card was not written since.
        """
        try:
            measured = str(json.loads(self.evaluation)["model"]["sha256"])
        except (ValueError, KeyError, TypeError):
            measured = None
        if measured != self.sha256:
            found = "nothing" if measured is None else f"another file, {measured[:_DIGITS]}…"
            raise ModelRefused(
                f"The model {self.name} was not measured as it is: its evaluation.json speaks of {found}",
                remedy=f"Run python -m training.evaluate --model {self.name}, then python -m training.card "
                f"{self.name}",
            )
        if self.sha256[:_DIGITS] not in self.card:
            raise ModelRefused(
                f"The card of the model {self.name} was not written since it was measured: it does not name "
                f"the file, {self.sha256[:_DIGITS]}…",
                remedy=f"Run python -m training.card {self.name}, and read it",
            )

    def drop_weights(self) -> None:
        """Remove whatever is not read by people: what is left is the card, the evaluation and other texts.

        Raises:
            OSError: The disk refuses.
        """
        for path in self.folder.iterdir():
            if path.is_file() and path.suffix not in _TEXTS:
                path.unlink()

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
