"""What an idea of the runtime is worth is found with rules fitted anew for both sides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mottling.imaging.preprocess import fit
from mottling.imaging.segmentation import Segmentation
from mottling.registry import ModelFiles, Registry
from mottling.scale import Zone
from tests.tiny_model import draw_photo, leg_zones, tiny_model_bytes
from tests.training.drawn_set import write_drawn_set
from training.ablate import ROWS, Mirrored, main
from training.measuring import metrics


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_RESAMPLES", 50)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ablated")
    write_drawn_set(folder / "drawn", views=9, height=160)
    write_drawn_set(folder / "few", views=1, height=160)
    registry = Registry.create(folder / "models")
    registry.add("tiny", ModelFiles(tiny_model_bytes(), "# tiny\n", "{}\n"))
    return folder


def test_each_row_prints_its_figures_against_the_model_as_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    given = ["percentile-94", "one-look", "--model", "tiny", "--models", str(folder / "models")]
    assert main([*given, "--set", str(folder / "drawn"), "--workers", "1"]) == 0
    said = capsys.readouterr().out
    for name in ("percentile-94", "one-look"):
        assert f"{ROWS[name].says}, minus the model as it is" in said
    assert said.count("\n  exact  ") == said.count("healthy_above_0") == 2


def test_too_few_views_are_no_evidence(folder: Path, capsys: pytest.CaptureFixture[str]):
    given = ["mirrored", "--model", "tiny", "--models", str(folder / "models")]
    assert main([*given, "--set", str(folder / "few"), "--workers", "1"]) == 1
    assert "fewer than 3 views or persons" in capsys.readouterr().out


def test_a_look_in_a_mirror_sees_what_lies_on_either_side_where_it_lies():
    photo = draw_photo(leg_zones(up_to=Zone.UPPER_THIGH), {Zone.KNEE}, left_only=True)
    # Not a multiple of the network's 32: the mirror image must not be moved by the padding.
    fitted = fit(np.ascontiguousarray(photo[:, : photo.shape[1] - 8]), long_side_px=300)
    data = tiny_model_bytes()
    plain = Segmentation(data, name="tiny", threads=1).look(fitted)
    mirrored = Mirrored(data, name="tiny", threads=1).look(fitted)
    assert abs(mirrored.zones.argmax(0) != plain.zones.argmax(0)).mean() < 0.02
    assert abs(mirrored.mottling - plain.mottling).mean() < 0.02
