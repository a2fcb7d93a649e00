"""Trains the network: `python -m training.train configs/train/NAME.toml --set DIR --out RUN`.

Goes on where RUN/last.pt ends, logs every figure to RUN/log.jsonl, and can be stopped at any moment. In two
processes, each with pictures and a GPU of its own: `torchrun --nproc-per-node 2 -m training.train ...`.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import torch
from torch import Tensor, nn
from tqdm import tqdm

from mottling.errors import MottlingError, TrainingRefused
from training.network.losses import Losses, losses
from training.network.mottling_network import MottlingNetwork
from training.network.precision import computes_in_bfloat16
from training.running.checkpoint import WEIGHTS, load_averaged, load_weights
from training.running.config import Phase, read_run_settings
from training.running.distributed import own_device, teamed
from training.running.mixing import mixed
from training.running.quick_look import quick_look
from training.running.run import Run, log, log_beginning, mirrored, open_run, save
from training.running.seen import draw_seen
from training.sources.stream import Batch, Source, Stream, StreamSettings, batches

__all__ = ["main", "train"]

_WARM_UP_STEPS = 200
_CLIP_NORM = 5.0
_LOG_EVERY = 25
_SAVE_EVERY = 200


def train(run: Run, sources: Sequence[tuple[Source, float]], *, watch: Sequence[Path]) -> None:
    """Train to the end of the last phase.

    Args:
        run: Where it stands.
        sources: What to learn from, each with its weight.
        watch: Folders of rendered photographs to look at now and then; never trained on.
    """
    ends = 0
    for phase in run.settings.phases:
        begins, ends = ends, ends + phase.steps
        if run.step < ends:
            _train_phase(run, phase, sources, begins=begins, watch=watch)
    save(run)


def _train_phase(
    run: Run, phase: Phase, sources: Sequence[tuple[Source, float]], *, begins: int, watch: Sequence[Path]
) -> None:
    settings = StreamSettings(
        phase.size_px, run.team.share(phase.batch_size), run.settings.mixture.twin_share, phase.strength
    )
    stream = Stream(sources, settings=settings, seed=run.settings.seed, start=run.step, rank=run.team.rank)
    ends = begins + phase.steps
    bar = tqdm(
        total=run.settings.steps, initial=run.step, unit="step", mininterval=5, disable=not run.team.is_first
    )
    since = time.monotonic()
    for batch in batches(stream, workers=run.settings.workers):
        rate = _learning_rate(phase, run.step, begins=begins)
        parts = _step(run, batch, rate=rate)
        run.step += 1
        bar.update()
        if run.step % _LOG_EVERY == 0:
            speed = _LOG_EVERY * phase.batch_size / (time.monotonic() - since)
            since = time.monotonic()
            log(run, {"rate": rate, "photos_per_s": speed, **_floats(parts)})
        if run.step % _SAVE_EVERY == 0:
            save(run)
        if run.step % run.settings.evaluate_every == 0:
            _look(run, watch)
            since = time.monotonic()
        if run.step >= ends:
            break
    bar.close()


def _look(run: Run, watch: Sequence[Path]) -> None:
    """Look at the watched sets; the other processes wait in their next step."""
    if run.team.is_first:
        for folder in watch:
            log(run, {"watch": folder.name, **quick_look(run.averaged, folder, device=run.device)})
            log(run, {"picture": _picture(run, folder)})


def _picture(run: Run, folder: Path) -> str:
    """Keep what the network sees in a few photographs; gives the picture's name within the run."""
    name = f"seen/{run.step:06d}-{folder.name}.jpg"
    (run.folder / name).parent.mkdir(exist_ok=True)
    drawn = draw_seen(run.averaged, folder, device=run.device)
    cv2.imwrite(str(run.folder / name), cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR))
    return name


def _learning_rate(phase: Phase, step: int, *, begins: int) -> float:
    done = (step - begins) / phase.steps
    fallen = phase.last_learning_rate + (phase.learning_rate - phase.last_learning_rate) * 0.5 * (
        1 + math.cos(math.pi * done)
    )
    return fallen * min(1.0, (step + 1) / _WARM_UP_STEPS)


def _step(run: Run, batch: Batch, *, rate: float) -> Losses:
    _set_training(run.network)
    for group in run.optimizer.param_groups:
        group["lr"] = rate * group["rate"]
    photos = batch.photos.to(device=run.device, memory_format=torch.channels_last)
    target = type(batch.target)(*(part.to(run.device) for part in batch.target))
    with torch.autocast(run.device.type, torch.bfloat16, enabled=computes_in_bfloat16(run.device)):
        prediction = run.spread(photos)
    parts = losses(prediction, target, weights=run.settings.weights, joined=run.team.joined)
    if not bool(parts.total.isfinite()):
        raise TrainingRefused(
            f"The loss is {parts.total.item()} at step {run.step}", remedy="Lower the learning rate"
        )
    run.optimizer.zero_grad(set_to_none=True)
    parts.total.backward()  # type: ignore[no-untyped-call] # torch's stub
    nn.utils.clip_grad_norm_(run.network.parameters(), _CLIP_NORM)
    run.optimizer.step()
    _average(run)
    return parts


def _set_training(network: MottlingNetwork) -> None:
    """Keep ImageNet's statistics in the encoder: batches are small, and half of one can be twins."""
    network.train()
    for module in network.encoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


@torch.no_grad()
def _average(run: Run) -> None:
    """Follow the weights slowly; while few steps are done, follow faster."""
    keep = min(1 - 1 / run.settings.average_steps, (1 + run.step) / (10 + run.step))
    ours, theirs = run.averaged.state_dict(), run.network.state_dict()
    for name, value in ours.items():
        if value.is_floating_point():
            value.lerp_(theirs[name], 1 - keep)
        else:
            value.copy_(theirs[name])


def _floats(parts: Losses) -> dict[str, float]:
    return {
        name: float(value.detach()) for name, value in parts._asdict().items() if isinstance(value, Tensor)
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and train."""
    given = _parser().parse_args(arguments)
    try:
        settings = read_run_settings(given.settings)
        given.out.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(settings.seed)
        device = own_device(given.device, os.environ)
        sources = mixed(
            settings.mixture,
            rendered=given.set,
            canvases=given.canvases,
            real=given.real,
            adjudicated=given.extra,
        )
        with teamed(os.environ, device=device) as team:
            run = open_run(settings, given.out, device=device, start=_start(given), team=team)
            log_beginning(run, sys.argv[1:] if arguments is None else arguments, data=_data(given))
            with mirrored(run, given.track) as run.mirror:
                train(run, sources, watch=given.watch)
    except MottlingError as error:
        print(error)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("settings", type=Path, help="configs/train/*.toml")
    parser.add_argument(
        "--set", type=Path, action="append", required=True, help="rendered photographs; repeatable"
    )
    parser.add_argument(
        "--canvases", type=Path, action="append", default=[], help="clean legs of training.path_traced"
    )
    parser.add_argument("--real", type=Path, help="openly licensed real photographs")
    parser.add_argument(
        "--extra", type=Path, action="append", default=[], help="a frozen set of adjudicated photographs"
    )
    parser.add_argument(
        "--watch", type=Path, action="append", default=[], help="rendered photographs to look at only"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--track", type=Path, metavar="FOLDER", help="mirror the run there for TensorBoard")
    beginnings = parser.add_mutually_exclusive_group()
    beginnings.add_argument("--start-from", type=Path, help="checkpoint to continue from under a new name")
    beginnings.add_argument("--start-from-model", help="name of a model in --models to continue from")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser


def _start(given: argparse.Namespace) -> MottlingNetwork | None:
    if given.start_from is not None:
        return load_averaged(given.start_from)
    if given.start_from_model is not None:
        return load_weights(given.models / given.start_from_model / WEIGHTS)
    return None


def _data(given: argparse.Namespace) -> list[Path]:
    return [*given.set, *given.canvases, *([] if given.real is None else [given.real]), *given.extra]


if __name__ == "__main__":
    raise SystemExit(main())
