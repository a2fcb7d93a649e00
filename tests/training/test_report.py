"""The validation report says what was measured, and shows where the model was furthest off."""

from __future__ import annotations

from pathlib import Path

import pytest

from mottling.imaging.contract import ModelContract, ScoringRules
from mottling.registry import ModelFiles, Registry
from mottling.scale import LegReading, Status
from tests.tiny_model import tiny_model_bytes
from tests.training.drawn_set import write_drawn_set
from training import evaluate
from training.measuring import metrics
from training.measuring.evaluation import read_evaluation
from training.measuring.failures import reliability_of, worst_failures
from training.measuring.outcomes import Outcome
from training.measuring.truths import TruePhoto
from training.report import main
from training.tones import Tone

# Nothing is mottled for these rules: every mottled leg is missed.
_BLIND = ScoringRules(biases=(-60.0,) * 5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a drawn set, and a blind tiny model that was measured on it."""
    folder = tmp_path_factory.mktemp("reported")
    write_drawn_set(folder / "drawn", views=6, height=240)
    files = ModelFiles(tiny_model_bytes(ModelContract(scoring=_BLIND)), "# tiny\n", "{}\n")
    Registry.create(folder / "models").add("tiny", files)
    sets = ["--set", str(folder / "drawn"), "--workers", "1"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metrics, "_RESAMPLES", 10)
        assert evaluate.main(["--model", "tiny", "--models", str(folder / "models"), *sets]) == 0
    return folder


def _report(folder: Path, *more: str) -> str:
    out = folder / "report.html"
    assert main(["tiny", str(out), "--models", str(folder / "models"), *more]) == 0
    return out.read_text("utf-8")


def test_it_says_what_it_is_and_what_was_measured(folder: Path):
    html = _report(folder)
    assert "not a device for treatment" in html
    assert "learned from made photographs" in html
    assert "exactly the true score" in html
    assert str(folder) not in html
    assert "<img" not in html


def test_with_the_set_it_shows_the_worst_failures_with_their_overlays(folder: Path):
    failures = read_evaluation(folder / "models" / "tiny" / "evaluation.json").sets[0].failures
    html = _report(folder, "--set", str(folder / "drawn"))
    assert len(failures) > 3
    assert html.count("data:image/jpeg;base64,") == len(failures)
    assert f'truth 5, model 0 <span class="faint">{failures[0].photo}' in html


def test_a_model_that_was_never_evaluated_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    Registry.create(tmp_path).add("tiny", ModelFiles(tiny_model_bytes(), "# tiny\n", "{}\n"))
    assert main(["tiny", str(tmp_path / "out.html"), "--models", str(tmp_path)]) == 1
    assert "training.evaluate" in capsys.readouterr().out
    assert not (tmp_path / "out.html").exists()


def _outcome(truth: LegReading, ours: LegReading, *, fires: float = 0.5) -> Outcome:
    return Outcome(truth, ours, "a", Tone.LIGHT, (), fires, None, (), (), None, 0, 0)


def test_the_furthest_off_comes_first_and_what_was_right_does_not_come():
    scored = [LegReading(Status.SCORED, score) for score in range(6)]
    nothing = LegReading(Status.NOT_ASSESSABLE, None)
    pairs = [
        (scored[1], scored[2]),
        (scored[0], scored[5]),
        (scored[3], scored[3]),
        (LegReading(Status.AT_LEAST, 3), scored[5]),
        (nothing, scored[0]),
        (scored[2], nothing),
        (nothing, nothing),
    ]
    photos = [TruePhoto(Path(f"{number}.jpg"), truth, "a") for number, (truth, _) in enumerate(pairs)]
    found = worst_failures(photos, [_outcome(truth, ours) for truth, ours in pairs])
    assert [failure.photo for failure in found] == ["1.jpg", "4.jpg", "5.jpg", "0.jpg"]


def test_reliability_sets_what_was_said_against_what_was_true():
    clean, mottled = LegReading(Status.SCORED, 0), LegReading(Status.SCORED, 2)
    rows = [_outcome(clean, clean, fires=0.1)] * 9 + [_outcome(mottled, clean, fires=0.1)]
    rows += [_outcome(mottled, mottled, fires=0.9)] * 10
    bins = reliability_of(rows)
    assert sum(one.count for one in bins) == 20
    assert sum(one.observed * one.count for one in bins) == pytest.approx(11)
    assert [one.predicted for one in bins] == sorted(one.predicted for one in bins)
    assert reliability_of(rows[:3]) == ()
