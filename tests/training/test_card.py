"""A card tells every figure with its interval, what the model is not for, and whose pictures it saw."""

from __future__ import annotations

from pathlib import Path

import pytest

from mottling.assessment import ModelName
from mottling.errors import TrainingRefused
from mottling.imaging.contract import MadeBy
from mottling.registry import ModelFiles, Registry
from tests.tiny_model import tiny_model_bytes
from training.card import main
from training.measuring.evaluation import Evaluation, SetReport
from training.measuring.metrics import Figure
from training.papers.real_sources import Source, read_sources
from training.running.history import HISTORY, History, TrainedOn

_EXACT = Figure(0.8123, 0.75, 0.86, 40)
_KAPPA = Figure(0.9, 0.87, 0.93, 40)
_UNKNOWN = Figure(None, None, None, 2)

_EVALUATION = Evaluation(
    command="python -m training.evaluate --model tiny --set shifted",
    made_by=MadeBy(package="0.1.0", commit="abc123"),
    model=ModelName(name="tiny", sha256="0" * 64),
    calibrated=False,
    sets=(
        SetReport(
            name="shifted",
            sha256="1" * 64,
            photographs=40,
            groups=20,
            left_out=6,
            figures={"exact": _EXACT, "quadratic_kappa": _KAPPA, "twin_auc": _UNKNOWN},
            by_tone={"light": {"exact": _EXACT}, "dark": {"exact": _UNKNOWN}},
            by_score={"3": {"exact": _EXACT}},
            table=((7, 0, 0, 0, 0, 0, 1), *[(0, 0, 0, 0, 0, 0, 0)] * 5),
        ),
    ),
)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A registry with one tiny model that was measured."""
    files = ModelFiles(tiny_model_bytes(), "# tiny\n", _EVALUATION.model_dump_json())
    Registry.create(tmp_path / "models").add("tiny", files)
    return tmp_path / "models"


def _card(models: Path, *more: str) -> str:
    assert main(["tiny", "--models", str(models), *more]) == 0
    return Registry.open(models).find("tiny").card


def _write_manifest(folder: Path, text: str) -> Path:
    (folder / "legs").mkdir(parents=True)
    (folder / "legs" / "manifest.csv").write_text(text, "utf-8")
    return folder


def test_a_figure_stands_with_its_interval_and_the_photographs_it_rests_on(models: Path):
    card = _card(models)
    assert "| exactly the true score | 81.2% | 75.0% to 86.0% | 40 |" in card
    assert "| agreement beyond chance, errors squared | 0.900 | 0.870 to 0.930 | 40 |" in card


def test_a_figure_that_cannot_be_estimated_is_left_out(models: Path):
    assert "area under the curve" not in _card(models)


def test_tones_scores_and_counts_have_tables(models: Path):
    card = _card(models)
    assert "| light | 81.2% (75.0% to 86.0%; 40) |" in card
    assert "| dark | – |" in card
    assert "| 3 | 81.2% (75.0% to 86.0%; 40) |" in card
    assert "| **0** | 7 | 0 | 0 | 0 | 0 | 0 | 1 |" in card


def test_command_commit_and_what_was_left_out_are_told(models: Path):
    card = _card(models)
    assert "`python -m training.evaluate --model tiny --set shifted` at abc123" in card
    assert "6 left out, for the model was calibrated on them" in card


@pytest.mark.parametrize(
    "sentence",
    [
        "not a device for treatment",
        "It learned from made photographs",
        "must not be used for",
        "The worse leg counts",
    ],
)
def test_every_card_says_what_the_model_is_and_is_not(models: Path, sentence: str):
    assert sentence in _card(models)


def test_sources_are_listed_with_author_and_licence(models: Path, tmp_path: Path):
    text = "file,attribution,licence\na.jpg,Ada | Press,CC BY 2.0\nb.jpg,Ada | Press,CC BY 2.0\n"
    real = _write_manifest(tmp_path / "real", text)
    assert read_sources(real) == (Source("legs", "Ada / Press", "CC BY 2.0", 2),)
    card = _card(models, "--real", str(real))
    assert "| legs | Ada / Press | CC BY 2.0 | 2 |" in card
    assert str(tmp_path) not in card


def _was_trained_by(models: Path, command: str) -> None:
    """Write down that one command trained the tiny model."""
    maker = MadeBy(package="0.1.0", commit="abc123")
    history = History(
        run="tiny",
        seed=1,
        steps=2,
        phases=(),
        commands=(f"python -m training.train tiny.toml --set rendered {command}",),
        commits=(),
        data=(TrainedOn(name="rendered", sha256="5" * 64),),
        photos_per_s=None,
        watched=(),
        parity_difference=0.0,
        exported_by=maker,
    )
    (models / "tiny" / HISTORY).write_text(history.model_dump_json(), "utf-8")


@pytest.mark.parametrize("option", ["--real data", "--real=data"])
def test_real_photographs_whose_sources_are_not_given_are_never_denied(
    models: Path, capsys: pytest.CaptureFixture[str], option: str
):
    _was_trained_by(models, option)
    assert main(["tiny", "--models", str(models)]) == 1
    told = capsys.readouterr().out
    assert "The training had real photographs (--real data), and whose they are was not given" in told
    assert Registry.open(models).find("tiny").card == "# tiny\n"


def test_a_training_without_real_photographs_says_so(models: Path):
    _was_trained_by(models, "--out run")
    assert "No openly licensed real photographs: none of the commands above names any" in _card(models)


def test_what_it_was_trained_on_is_named_with_its_hash(models: Path):
    _was_trained_by(models, "--out run")
    assert f"trained on `rendered`, sha256 {'5' * 64}" in _card(models)


def test_an_average_names_whose_weights_it_is_made_of(models: Path):
    _was_trained_by(models, "--out run")
    path = models / "tiny" / HISTORY
    history = History.model_validate_json(path.read_bytes())
    path.write_text(history.model_copy(update={"averaged": ("one", "two")}).model_dump_json(), "utf-8")
    assert "the average of the weights of one, two; BatchNorm's statistics" in _card(models)


def test_what_nobody_wrote_down_is_not_denied(models: Path):
    assert "Not known: nobody wrote down the commands that trained it" in _card(models)


def test_patients_and_earlier_weights_are_named_as_what_it_learned_from(models: Path):
    _was_trained_by(models, "--extra frozen --start-from-model first")
    card = _card(models)
    assert "Photographs of patients that people have read, from frozen sets: frozen." in card
    assert "It began from the weights of [first](../first/card.md)" in card


def test_a_checkpoint_that_it_began_from_is_named(models: Path):
    _was_trained_by(models, "--start-from final.pt")
    assert "the weights in `final.pt`; what those learned from is not written here" in _card(models)


def test_the_card_of_a_model_without_weights_can_be_told_anew(models: Path):
    (models / "tiny" / "model.onnx").unlink()
    assert "| exactly the true score | 81.2% |" in _card(models)


def test_a_manifest_without_licences_is_refused(tmp_path: Path):
    real = _write_manifest(tmp_path / "real", "file,attribution\na.jpg,Ada\n")
    with pytest.raises(TrainingRefused, match="has no column 'licence'"):
        read_sources(real)


def test_a_folder_without_manifests_is_refused(tmp_path: Path):
    with pytest.raises(TrainingRefused, match=r"holds no manifest\.csv"):
        read_sources(tmp_path)


def test_a_model_that_was_never_measured_gets_no_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    registry = Registry.create(tmp_path / "models")
    registry.add("new", ModelFiles(tiny_model_bytes(), "# new\n", "{}\n"))
    assert main(["new", "--models", str(tmp_path / "models")]) == 1
    assert "Make it again with python -m training.evaluate" in capsys.readouterr().out
    assert registry.find("new").card == "# new\n"
