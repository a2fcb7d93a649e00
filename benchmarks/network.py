"""How long one look of the network takes, against a U-Net and against what the processor can do at most.

`python -m benchmarks.network [--int8 FILE]`: 512 px, one picture, as many threads as cores. The U-Net with a
ResNet-34 runs in ONNX Runtime as ours does. The floor is the network's own multiplications and additions at
the speed of the fastest product of two matrices.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.apart import median_ms, time_apart
from mottling.registry import Registry

__all__ = ["main"]

_SIZE_PX = 512
_RUNS = 30
_MATRIX = 2048


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.network", description=__doc__)
    parser.add_argument("--model", help="the model in use when not given")
    parser.add_argument("--models", type=Path)
    parser.add_argument("--int8", type=Path, help="the same network, quantised")
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--time", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--peak", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.time is not None:
        print(_time(given.time))
        return 0
    if given.peak:
        print(_peak_ms())
        return 0
    registry = Registry.open(given.models)
    model = registry.active() if given.model is None else registry.find(given.model)
    with tempfile.TemporaryDirectory() as folder:
        files = {"ours": Path(folder) / "ours.onnx", "unet": Path(folder) / "unet.onnx"}
        files["ours"].write_bytes(model.load())
        _export_unet(files["unet"])
        if given.int8 is not None:
            files["int8"] = given.int8
        variants = {name: ["--time", str(file)] for name, file in files.items()}
        times = time_apart("benchmarks.network", variants | {"peak": ["--peak"]}, processes=given.processes)
    _print(model.name, times)
    return 0


def _print(name: str, times: dict[str, float]) -> None:
    ours, unet = times["ours"], times["unet"]
    operations = _operations()
    gflops = 2 * _MATRIX**3 / times["peak"] / 1e6
    floor = operations / gflops / 1e6
    print(f"{name}, {_SIZE_PX} px, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians:")
    print(f"ours                 {ours:7.1f} ms")
    print(f"U-Net ResNet-34      {unet:7.1f} ms   ours is {ours / unet:.3f} of it")
    print(f"floor                {floor:7.1f} ms   ours is {ours / floor:.2f} of it")
    print(f"  ({operations / 1e9:.2f} GFLOP at {gflops:.0f} GFLOP/s)")
    if "int8" in times:
        print(f"int8                 {times['int8']:7.1f} ms   {times['int8'] / ours:.2f} of ours")


def _time(file: Path) -> float:
    import onnxruntime  # noqa: PLC0415 - in the process that is timed alone

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    photo = np.random.default_rng(1).normal(size=(1, 3, _SIZE_PX, _SIZE_PX)).astype(np.float32)
    name = session.get_inputs()[0].name
    return median_ms(lambda: session.run(None, {name: photo}), runs=_RUNS)


def _peak_ms() -> float:
    """Time the fastest thing that the processor does: a product of two large matrices."""
    import torch  # noqa: PLC0415 - as above

    torch.set_num_threads(os.cpu_count() or 1)
    one = torch.randn(_MATRIX, _MATRIX)
    return median_ms(lambda: one @ one, runs=_RUNS)


def _operations() -> float:
    """Count the multiplications and additions of one look."""
    import torch  # noqa: PLC0415 - as above
    from torch.utils.flop_counter import FlopCounterMode  # noqa: PLC0415

    from training.network.mottling_network import MottlingNetwork  # noqa: PLC0415

    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        MottlingNetwork().eval()(torch.zeros(1, 3, _SIZE_PX, _SIZE_PX))
    return float(counter.get_total_flops())


def _export_unet(file: Path) -> None:
    import torch  # noqa: PLC0415 - as above

    from benchmarks.rival_unet import UnetResNet34  # noqa: PLC0415

    photo = torch.zeros(1, 3, _SIZE_PX, _SIZE_PX)
    program = torch.onnx.export(UnetResNet34().eval(), (photo,), dynamo=True, verbose=False)
    if program is None:
        sys.exit("the U-Net could not be exported")
    program.save(file)


if __name__ == "__main__":
    sys.exit(main())
