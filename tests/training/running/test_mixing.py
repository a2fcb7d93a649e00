"""What a run learns from: each kind has its share of the draws, however many folders it is spread over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mottling.errors import TrainingRefused
from tests.training.drawn_set import write_drawn_set
from training.running.config import Mixture
from training.running.mixing import mixed
from training.sources.rendered import find_rendered

_MIXTURE = Mixture(rendered=0.5, repainted=0.2, canvases=0.3)


def _canvases(folder: Path) -> Path:
    write_drawn_set(folder)
    for files in find_rendered(folder):
        told = json.loads(files.record.read_text()) | {"engine": "mitsuba", "canvas": True}
        files.record.write_text(json.dumps(told))
    return folder


def _shares(mixture: Mixture, **folders: list[Path]) -> list[float]:
    return [share for _, share in mixed(mixture, real=None, adjudicated=[], **folders)]


def test_canvases_have_a_share_of_their_own_and_none_where_there_are_none(tmp_path: Path):
    rendered = [tmp_path / "one", tmp_path / "two"]
    for folder in rendered:
        write_drawn_set(folder)
    canvases = [_canvases(tmp_path / "canvases")]
    assert _shares(_MIXTURE, rendered=rendered) == pytest.approx([0.25, 0.25, 0.1, 0.1])
    assert _shares(_MIXTURE, rendered=rendered, canvases=canvases) == pytest.approx(
        [0.25, 0.25, 0.1, 0.1, 0.3]
    )


def test_photographs_of_a_measuring_set_are_no_canvases(tmp_path: Path):
    rendered, canvases = tmp_path / "rendered", _canvases(tmp_path / "traced")
    write_drawn_set(rendered)
    for files in find_rendered(canvases):
        files.record.write_text(json.dumps(json.loads(files.record.read_text()) | {"canvas": False}))
    with pytest.raises(TrainingRefused, match="for measuring only"):
        _shares(_MIXTURE, rendered=[rendered], canvases=[canvases])
