"""A challenger is better, not worse or worse than the model in use, by a rule that is written down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mottling.imaging.contract import ModelContract, ScoringRules
from mottling.registry import ModelFiles, Registry
from tests.tiny_model import tiny_model_bytes
from tests.training.drawn_set import write_drawn_set
from training.compare import Pairs, Verdict, differences, judge, main
from training.measuring import metrics

_BLIND = ModelContract(scoring=ScoringRules(biases=(-99.0, -99.0, -99.0, -99.0, -99.0)))


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_RESAMPLES", 100)


def _pairs(truth: list[int], first: list[int], challenger: list[int]) -> Pairs:
    """The same photographs forty times over, each of a patient of its own."""
    repeated = [np.repeat(np.array(scores), 40) for scores in (truth, first, challenger)]
    count = len(repeated[0])
    return Pairs(*repeated, np.arange(count), np.arange(count) % 3)


@pytest.mark.parametrize(
    ("first", "challenger", "verdict"),
    [
        ([0, 1, 3, 3], [0, 1, 2, 3], Verdict.BETTER),
        ([0, 1, 2, 3], [0, 1, 2, 3], Verdict.NOT_WORSE),
        ([0, 1, 2, 3], [0, 1, 3, 3], Verdict.WORSE),
        ([0, 1, 3, 3], [1, 1, 2, 3], Verdict.WORSE),
        ([0, 1, 2, 3], [0, 1, -1, 3], Verdict.WORSE),
    ],
    ids=["more exact", "the same", "less exact", "alarms on healthy legs", "refuses what can be read"],
)
def test_the_rule_says_which_may_take_the_others_place(
    first: list[int], challenger: list[int], verdict: Verdict
):
    assert judge(differences(_pairs([0, 1, 2, 3], first, challenger))) is verdict


def test_two_of_three_photographs_prove_nothing():
    few = Pairs(np.array([2, 2, 0]), np.array([2, 3, 0]), np.array([2, 2, 0]), np.arange(3), np.arange(3))
    assert judge(differences(few)) is not Verdict.BETTER


def test_differences_are_taken_on_the_same_photographs():
    found = differences(_pairs([0, 2], [0, 3], [0, 2]))
    assert found["exact"].value == 0.5
    assert found["mean_absolute_error"].value == -0.5
    assert found["healthy_above_0"].value == 0.0


def test_what_is_gained_is_told_by_true_score_and_by_tone_of_skin():
    pairs = _pairs([0, 2], [0, 3], [0, 2])
    found = differences(pairs)
    assert (found["exact_of_0"].value, found["exact_of_2"].value) == (0.0, 1.0)
    assert found["exact_of_5"].value is None
    dark = differences(pairs.take(pairs.tone == 2))
    assert found["exact_dark"].value == dark["exact"].value
    assert found["exact_dark"].count == len(pairs.take(pairs.tone == 2).truth)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn legs, a model that reads them, the same again, and one that is blind to mottling."""
    folder = tmp_path_factory.mktemp("compared")
    write_drawn_set(folder / "drawn", views=6, height=160)
    registry = Registry.create(folder / "models")
    for name, contract in (("seeing", ModelContract()), ("again", ModelContract()), ("blind", _BLIND)):
        registry.add(name, ModelFiles(tiny_model_bytes(contract), f"# {name}\n", "{}\n"))
    return folder


def _said(folder: Path, first: str, challenger: str, capsys: pytest.CaptureFixture[str]) -> str:
    given = [first, challenger, "--models", str(folder / "models"), "--set", str(folder / "drawn")]
    assert main([*given, "--workers", "1"]) == 0
    return capsys.readouterr().out


def test_a_model_that_is_blind_to_mottling_is_worse(folder: Path, capsys: pytest.CaptureFixture[str]):
    said = _said(folder, "seeing", "blind", capsys)
    assert "blind minus seeing, 12 photographs" in said
    assert "The challenger is worse." in said


def test_the_same_model_under_another_name_is_not_worse(folder: Path, capsys: pytest.CaptureFixture[str]):
    said = _said(folder, "seeing", "again", capsys)
    assert "The challenger is not worse." in said
    assert "photographs say little" in said


def test_a_model_that_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]):
    given = ["seeing", "none", "--models", str(folder / "models"), "--set", str(folder / "drawn")]
    assert main(given) == 1
    assert "There is no model 'none'" in capsys.readouterr().out
