"""The network as one ONNX file that says what it expects, and that answers as its source does."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mottling.errors import TrainingRefused
from mottling.imaging.contract import METADATA_KEY, ModelContract
from mottling.json_records import Misread, read_record, to_json
from training.network.mottling_network import Prediction

# Otherwise the package names this machine, and sends to its maker how it is used, from its import on.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

__all__ = [
    "PARITY_LIMIT",
    "PARITY_SHAPES",
    "Parity",
    "check_parity",
    "contract_of",
    "to_onnx",
    "with_contract",
    "without_traces",
]

_OPSET = 20
_MULTIPLE = 32
_INPUT = "photo"

# Side lengths, in multiples of 32, and batches that the file accepts.
_MOST_SIDE = 128
_MOST_BATCH = 256

# Two squares and a picture that is no square, with more than one photograph in it.
PARITY_SHAPES = ((1, 384, 384), (1, 512, 512), (2, 384, 512))
PARITY_LIMIT = 1e-5


class Parity(NamedTuple):
    """How far the file's answers lie from those of the network it was made of."""

    difference: float
    """Largest, as a part of the output's range: of 1, or of its largest value where that is more."""
    output: str
    shape: tuple[int, int, int]
    """Batch, height and width where it was met."""


def to_onnx(network: nn.Module, contract: ModelContract) -> bytes:
    """Write a network as ONNX, with its contract inside, and prove that it answers alike.

    Args:
        network: Gives a `Prediction`; put to evaluation.
        contract: What the runtime must know.

    Raises:
        TrainingRefused: The file answers differently from the network.
    """
    network = network.cpu().float().eval()
    model = with_contract(_exported(network), contract)
    onnx.checker.check_model(onnx.load_from_string(model), full_check=True)
    check_parity(network, model)
    return model


def with_contract(model: bytes, contract: ModelContract) -> bytes:
    """Give the same network with another contract inside."""
    written = onnx.load_from_string(model)
    del written.metadata_props[:]
    onnx.helper.set_model_props(written, {METADATA_KEY: to_json(contract)})
    return bytes(written.SerializeToString())


def contract_of(model: bytes) -> ModelContract:
    """Read the contract inside a model.

    Raises:
        TrainingRefused: There is none, or it is of another version.
    """
    found = {entry.key: entry.value for entry in onnx.load_from_string(model).metadata_props}
    try:
        return read_record(ModelContract, found[METADATA_KEY])
    except (KeyError, Misread) as error:
        raise TrainingRefused(
            "The ONNX file holds no contract that is understood", remedy="Export it with training.export"
        ) from error


def _exported(network: nn.Module) -> bytes:
    height, width = (torch.export.Dim(name, min=1, max=_MOST_SIDE) for name in ("rows", "columns"))
    batch = torch.export.Dim("batch", min=1, max=_MOST_BATCH)
    with warnings.catch_warnings():
        # torch 2.13 meets its own deprecations while it traces.
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        program = torch.onnx.export(
            network,
            (torch.zeros(2, 3, 3 * _MULTIPLE, 4 * _MULTIPLE),),
            dynamo=True,
            opset_version=_OPSET,
            dynamic_shapes=({0: batch, 2: _MULTIPLE * height, 3: _MULTIPLE * width},),
            input_names=[_INPUT],
            output_names=list(Prediction._fields),
            verbose=False,
        )
    assert program is not None
    return bytes(without_traces(program.model_proto).SerializeToString())


def without_traces(model: onnx.ModelProto) -> onnx.ModelProto:
    """Take out where in the source each layer came from: it names folders of the machine that exported it."""
    kept = onnx.ModelProto()
    kept.CopyFrom(model)
    graphs = (kept.graph, *kept.functions)
    for part in (kept, *graphs, *(node for graph in graphs for node in graph.node)):
        part.doc_string = ""
    for part in (*graphs, *(node for graph in graphs for node in graph.node)):
        del part.metadata_props[:]
    for value in (*kept.graph.value_info, *kept.graph.input, *kept.graph.output, *kept.graph.initializer):
        del value.metadata_props[:]
        value.doc_string = ""
    return kept


def check_parity(network: nn.Module, model: bytes) -> Parity:
    """Compare every output of file and network on three sizes.

    Returns:
        The largest difference.

    Raises:
        TrainingRefused: It is more than 1e-5.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    worst = max((_compare(network, session, shape) for shape in PARITY_SHAPES), key=lambda p: p.difference)
    if not worst.difference <= PARITY_LIMIT:
        raise TrainingRefused(
            f"The ONNX file's {worst.output} lies {worst.difference:.1e} from the network's, "
            f"{PARITY_LIMIT:.0e} is allowed; met at {worst.shape}",
            remedy="Do not ship it: export again, or find the layer that differs",
        )
    return worst


@torch.inference_mode()
def _compare(
    network: nn.Module, session: onnxruntime.InferenceSession, shape: tuple[int, int, int]
) -> Parity:
    photo = _picture(shape)
    theirs: Sequence[Tensor] = network(torch.from_numpy(photo))
    ours = session.run(list(Prediction._fields), {_INPUT: photo})
    found = (
        Parity(_difference(*(_as_read(name, part) for part in (one, other.numpy()))), name, shape)
        for name, one, other in zip(Prediction._fields, ours, theirs, strict=True)
    )
    return max(found, key=lambda parity: parity.difference)


def _as_read(output: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give an output as it is compared.

    The readable logit is a sum of 128 large terms that cancel: in float32 torch itself lies 1.4e-5 from
    what it says in float64. It is compared as the probability that the runtime makes of it.
    """
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values)), np.float32) if output == "readable" else values


def _difference(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """Infinite when an output has another shape or is not a number."""
    if ours.shape != theirs.shape or not np.isfinite(ours).all():
        return float("inf")
    # A logit of 20 is spaced by 2e-6 in float32: its difference is taken as a part of it.
    return float(np.abs(ours - theirs).max() / max(1.0, float(np.abs(theirs).max())))


def _picture(shape: tuple[int, int, int]) -> NDArray[np.float32]:
    """Blotches of colour with noise over them, normalised: something for every layer to do."""
    batch, height, width = shape
    rng = np.random.default_rng(shape)
    blotches = rng.uniform(-0.8, 0.8, (batch, 3, height // 32, width // 32)).repeat(32, 2).repeat(32, 3)
    return (blotches + rng.normal(0, 0.1, (batch, 3, height, width))).astype(np.float32)
