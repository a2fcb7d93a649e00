"""Runs the network: the one file that speaks to ONNX Runtime."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Embedding, MottlingMap, ZoneProbabilities
from mottling.errors import ModelRefused
from mottling.imaging.contract import METADATA_KEY, ModelContract
from mottling.imaging.likeness import Likeness
from mottling.imaging.preprocess import Fitted, normalise
from mottling.json_records import Misread, read_record

# Otherwise the package names this machine, and sends to its maker how it is used, from its import on.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

__all__ = ["Look", "Segmentation"]

_INPUT = "photo"
_OUTPUTS = ["zones", "mottling", "ordinal", "readable"]
_EMBEDDING = "embedding"

# More threads than this help no network of this size.
_MOST_THREADS = 4

_ANOTHER = "Export it again with python -m training.export, or choose another model"


@dataclass(frozen=True)
class Look:
    """What the network says of one picture; maps without padding, a cell for 4 x 4 pixels."""

    zones: ZoneProbabilities
    mottling: MottlingMap
    ordinal: tuple[float, ...]
    """P(score >= 1..5) as the network's own head says it; the score is made from the maps."""
    readable: float
    """Probability that a reader could judge it, 0-1."""
    embedding: Embedding | None = None
    """How the skin of the legs looks; None from a model of contract 1."""
    distance: float | None = None
    """Of the embedding from the model's reference, 1 being usual still; None where there is no reference."""


class Segmentation:
    """One network, loaded. May be used from several threads at once."""

    def __init__(self, data: bytes, *, name: str, threads: int | None = None) -> None:
        """Load a network.

        Args:
            data: The bytes of its ONNX file.
            name: Said in errors.
            threads: That one look may use; None for as many as there are cores, four at most.

        Raises:
            ModelRefused: It is no network, or one of another contract.
        """
        try:
            self._session = onnxruntime.InferenceSession(
                data, _options(threads), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its errors have no other ancestor in common
            raise ModelRefused(
                f"{name} is no network that can be loaded ({error})", remedy=_ANOTHER
            ) from error
        self.contract = _contract(self._session, name)
        self._outputs = _outputs(self.contract)
        reference = self.contract.reference
        self._likeness = None if reference is None else Likeness(reference)

    def look(self, fitted: Fitted) -> Look:
        """Look at one picture."""
        photo = normalise(fitted.pixels)[None]
        zones, mottling, ordinal, readable, *more = self._session.run(self._outputs, {_INPUT: photo})
        frame = fitted.frame
        embedding = more[0][0] if more else None
        return Look(
            frame.whole_cells(_softmax(zones[0])),
            frame.whole_cells(_sigmoid(mottling[0, 0])),
            tuple(_sigmoid(ordinal[0]).tolist()),
            float(_sigmoid(readable[0, 0])),
            embedding,
            None if self._likeness is None or embedding is None else self._likeness.distance(embedding),
        )


def _outputs(contract: ModelContract) -> list[str]:
    return _OUTPUTS if contract.version == 1 else [*_OUTPUTS, _EMBEDDING]


def _options(threads: int | None) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or min(_MOST_THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # other work wants the cores
    options.enable_mem_pattern = False  # pictures come in many shapes
    options.log_severity_level = 3
    return options


def _contract(session: Any, name: str) -> ModelContract:
    said = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
    if said is None:
        raise ModelRefused(f"{name} says nothing of how it wants to be used", remedy=_ANOTHER)
    try:
        contract = read_record(ModelContract, said)
    except Misread as error:
        raise ModelRefused(f"{name} has another contract: {error}", remedy=_ANOTHER) from error
    inputs = [one.name for one in session.get_inputs()]
    outputs = {one.name for one in session.get_outputs()}
    if inputs != [_INPUT] or not outputs.issuperset(_outputs(contract)):
        raise ModelRefused(
            f"{name} takes {', '.join(inputs)} and gives {', '.join(sorted(outputs))}", remedy=_ANOTHER
        )
    return contract


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Over the first axis."""
    grown = np.exp(logits - logits.max(axis=0))
    return np.asarray(grown / grown.sum(axis=0), np.float32)


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)), np.float32)
