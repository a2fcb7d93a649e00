"""Training files are read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from mottling.errors import TrainingRefused
from training.augmentation.augment import Strength
from training.running.config import read_run_settings

_GOOD = """
name = "tiny"
seed = 3
[[phases]]
steps = 10
size_px = 64
batch_size = 2
learning_rate = 1e-3
last_learning_rate = 1e-4
[[phases]]
steps = 5
size_px = 96
batch_size = 2
learning_rate = 1e-3
last_learning_rate = 1e-4
[phases.strength]
far_scale = [0.5, 0.8]
[mixture]
rendered = 1.0
"""


def _written(folder: Path, text: str) -> Path:
    path = folder / "run.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_training_file_becomes_settings(tmp_path: Path):
    settings = read_run_settings(_written(tmp_path, _GOOD))
    assert settings.steps == 15
    assert settings.phases[1].size_px == 96
    assert settings.mixture.rendered == 1.0
    assert settings.phases[1].strength.far_scale == (0.5, 0.8)
    assert settings.phases[0].strength == Strength()


@pytest.mark.parametrize("path", sorted(Path("configs/train").glob("*.toml")), ids=lambda path: path.name)
def test_the_training_files_of_the_project_are_understood_and_open_with_their_command(path: Path):
    assert read_run_settings(path).steps > 0
    assert "python -m training." in path.read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("seed = 3", "seeds = 3"), "the key 'seeds', which nobody knows"),
        (("rendered = 1.0", "renderd = 1.0"), "mixture has the key 'renderd'"),
        (("steps = 5\n", ""), "phases is incomplete: .*steps"),
        (("seed = 3", "seed ="), "cannot be read as a training file"),
    ],
)
def test_what_is_not_understood_is_refused_and_named(tmp_path: Path, change: tuple[str, str], problem: str):
    with pytest.raises(TrainingRefused, match=problem):
        read_run_settings(_written(tmp_path, _GOOD.replace(*change)))


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(TrainingRefused, match="cannot be read as a training file"):
        read_run_settings(tmp_path / "none.toml")
