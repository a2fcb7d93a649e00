"""Whoever sees everything but the mottling must not be able to guess the score."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from plain_geometry import plain_geometry
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from training.synthetic.appearance import draw_appearance
from training.synthetic.dress import dress
from training.synthetic.parameters import Scene, draw_scene
from training.synthetic.ranges import Ranges
from training.synthetic.records import Appearance

_PATTERN = {"legs", "look"}


def _numbers(value: Any) -> list[float]:
    """Flatten a record; of a list of unknown length its length, and the mean of what it holds."""
    if isinstance(value, Mapping):
        return [number for key in sorted(value) for number in _numbers(value[key])]
    if isinstance(value, (list, tuple)):
        held = [_numbers(one) for one in value]
        return [len(held), *(np.mean(held, axis=0).tolist() if held else [])]
    if isinstance(value, str):
        return [float(sum(value.encode()) % 97)]
    return [-1.0 if value is None else float(value)]


def _without_pattern(scene: Scene, appearance: Appearance) -> list[float]:
    kept = appearance.model_dump(mode="json", exclude=_PATTERN)
    blemishes = kept.pop("blemishes")
    strengths = [blemish["strength"] for blemish in blemishes]
    return [*_numbers(scene.model_dump(mode="json")), *_numbers(kept), len(strengths), sum(strengths)]


def _worst(appearance: Appearance) -> int:
    return max(leg.score for leg in appearance.legs)


def _guess(features: np.ndarray, answers: np.ndarray) -> float:
    """AUC of a linear probe on pictures that it was not fitted to: 0.5 is chance."""
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
    chances = cross_val_predict(probe, features, answers, cv=5, method="predict_proba")
    return float(roc_auc_score(answers, chances[:, 1]))


@pytest.fixture(scope="module", params=list(Ranges))
def drawn(request: pytest.FixtureRequest) -> tuple[np.ndarray, np.ndarray]:
    pairs = []
    for seed in range(700):
        scene = draw_scene(np.random.default_rng((1, seed)), request.param)
        pairs.append((scene, draw_appearance(np.random.default_rng((1, seed, 1)), request.param)))
    features = np.array([_without_pattern(*pair) for pair in pairs])
    return features, np.array([_worst(appearance) for _, appearance in pairs])


@pytest.mark.parametrize("least", [1, 3, 5])
def test_body_cover_camera_light_skin_and_phone_do_not_tell_the_score(drawn, least):
    features, scores = drawn
    assert abs(_guess(features, scores >= least) - 0.5) < 0.08


def test_the_probe_would_find_a_leak(drawn):
    features, scores = drawn
    leaking = features.copy()
    leaking[:, 0] += 0.5 * leaking[:, 0].std() * scores
    assert _guess(leaking, scores >= 3) > 0.6


def test_the_clean_twin_does_not_tell_the_score():
    geometry = plain_geometry(height=96, width=64)
    statistics, scores = [], []
    for seed in range(72):
        rng = np.random.default_rng((2, seed))
        appearance = draw_appearance(rng, Ranges.TRAINING)
        clean = dress(geometry, appearance, rng=rng).clean.astype(float)
        skin = clean[geometry.zone > 0]
        statistics.append(
            [*clean.mean((0, 1)), *skin.mean(0), *skin.std(0), np.abs(np.diff(clean, axis=0)).mean()]
        )
        scores.append(_worst(appearance))
    assert abs(_guess(np.array(statistics), np.array(scores) >= 2) - 0.5) < 0.17
