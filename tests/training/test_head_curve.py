"""The learning curve of the head: patients of several sites teach it, and what was cut off goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from mottling.registry import ModelFiles, Registry
from tests.tiny_model import tiny_model_bytes
from tests.training.drawn_cells import draw_cells
from tests.training.drawn_set import write_drawn_set
from training.curves.curve_points import gains_of
from training.head_curve import HeadCurveOrder, main, replay
from training.last_layer.head_cells import cells_file, write_cells
from training.measuring.truths import read_truths
from training.network.mottling_network import MottlingNetwork
from training.running.checkpoint import WEIGHTS, round_weights, save_weights


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sites of eighteen patients, a network that was never trained, and what it showed of them."""
    folder = tmp_path_factory.mktemp("head")
    torch.manual_seed(5)
    model = Registry.create(folder / "models").add("tiny", ModelFiles(tiny_model_bytes(), "# tiny\n", "{}\n"))
    save_weights(model.folder / WEIGHTS, round_weights(MottlingNetwork()))
    kept = folder / "out" / f"{model.sha256[:12]}.cells"
    kept.mkdir(parents=True)
    rng = np.random.default_rng(1)
    for number, site in enumerate(("first", "second")):
        write_drawn_set(folder / site, views=18, height=128 + 4 * number)
        for photo in read_truths(folder / site):
            assert photo.reading.score is not None
            write_cells(cells_file(photo, kept), draw_cells(photo.reading.score, rng=rng))
    return folder


def _order(folder: Path) -> HeadCurveOrder:
    sites = (folder / "first", folder / "second")
    return HeadCurveOrder(
        sites, folder / "out", folder / "models", model="tiny", sizes=(20, 500), tested=12, draws=1
    )


def test_each_way_to_learn_is_measured_on_the_same_patients_kept_apart(folder: Path):
    tested, points = replay(_order(folder))
    gains = {gain.learnt.value: gain for gain in gains_of(tested, points)}
    assert list(gains) == ["head, masks", "head, scores", "masks", "scores", "threshold"]
    assert {gain.patients for gain in gains.values()} == {20}
    assert {len(point.ours) for point in points} == {len(tested.truth)}


def test_what_was_cut_off_goes_on_and_ends_alike(folder: Path):
    first = replay(_order(folder))[1]
    (points,) = (folder / "out").glob("*.points.jsonl")
    lines = points.read_text("utf-8").splitlines(keepends=True)
    points.write_text("".join(lines[:3]) + lines[3][:20], "utf-8")
    assert replay(_order(folder))[1] == first


def test_the_command_prints_the_table_and_keeps_it(folder: Path, capsys: pytest.CaptureFixture[str]):
    options = ["--models", str(folder / "models"), "--model", "tiny", "--sizes", "20", "--tested", "12"]
    sites = [str(folder / "first"), str(folder / "second")]
    assert main([*sites, "--out", str(folder / "out"), "--draws", "1", *options]) == 0
    printed = capsys.readouterr().out
    assert "| 20 | head, masks | " in printed
    kept = (folder / "out" / "curve.md").read_text("utf-8")
    assert printed.strip() in kept
    assert "python -m training.head_curve first second" in kept


def test_sites_too_small_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]):
    options = ["--models", str(folder / "models"), "--model", "tiny", "--tested", "30"]
    assert main([str(folder / "first"), "--out", str(folder / "out"), *options]) == 1
    assert "The sites hold 18 patients" in capsys.readouterr().out
