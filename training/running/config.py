"""Reads a training file (TOML) into the small frozen dataclasses that each module owns."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from mottling.errors import TrainingRefused
from training.augmentation.augment import Strength
from training.network.losses import LossWeights

__all__ = ["Mixture", "Phase", "RunSettings", "read_run_settings"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Phase:
    """A stretch of training at one picture size."""

    steps: int
    size_px: int
    batch_size: int
    learning_rate: float
    """At the start of the phase."""
    last_learning_rate: float
    """At its end; falls along half a cosine."""
    strength: Strength = field(default_factory=Strength)
    """How far photographs are changed: a network that saw strong changes first never learnt the coin."""


@dataclass(frozen=True)
class Mixture:
    """How often each source is drawn, when it is there."""

    rendered: float = 0.25
    repainted: float = 0.4
    """Rendered legs with mottling painted on anew at each draw."""
    canvases: float = 0.25
    """Clean legs of another engine, painted on alike."""
    real: float = 0.35
    adjudicated: float = 0.5
    twin_share: float = 0.5
    reuse: int = 3
    """How often a painted picture is drawn before it is painted anew."""


@dataclass(frozen=True)
class RunSettings:
    """A whole training."""

    name: str
    seed: int
    phases: tuple[Phase, ...]
    encoder_rate: float = 0.5
    """Learning rate of the encoder as a share of the heads'."""
    frozen_blocks: int = 0
    """First blocks of the encoder that stay as ImageNet left them; above 0 its stem does too."""
    weight_decay: float = 0.02
    average_steps: int = 400
    """Time constant of the running average of the weights, which is what is evaluated and exported."""
    evaluate_every: int = 500
    workers: int = 1
    mixture: Mixture = field(default_factory=Mixture)
    weights: LossWeights = field(default_factory=LossWeights)

    @property
    def steps(self) -> int:
        """Of all phases together."""
        return sum(phase.steps for phase in self.phases)


def read_run_settings(path: Path) -> RunSettings:
    """Read a training file.

    Raises:
        TrainingRefused: It is no TOML, or has a key that nobody knows, or lacks one.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TrainingRefused(
            f"{path} cannot be read as a training file: {error}", remedy="Give one of configs/train/*.toml"
        ) from error
    return _build(RunSettings, table, where=path.name)


def _build(kind: type[_T], table: dict[str, Any], *, where: str) -> _T:
    """Fill a dataclass from a table; nested dataclasses and tuples of them from nested tables."""
    hints = get_type_hints(kind)
    known = {f.name for f in dataclasses.fields(kind)}  # type: ignore[arg-type] # _T is always a dataclass
    for key in table:
        if key not in known:
            raise TrainingRefused(
                f"{where} has the key {key!r}, which nobody knows",
                remedy=f"Known are {', '.join(sorted(known))}",
            )
    try:
        return kind(
            **{key: _value(hints[key], value, where=f"{where}: {key}") for key, value in table.items()}
        )
    except TypeError as error:
        raise TrainingRefused(f"{where} is incomplete: {error}", remedy="Add the missing keys") from error


def _value(hint: Any, value: Any, *, where: str) -> Any:
    if hint == tuple[Phase, ...]:
        return tuple(_build(Phase, item, where=where) for item in value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _build(hint, value, where=where)
    return tuple(value) if isinstance(value, list) else value
