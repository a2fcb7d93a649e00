"""Whoever sees everything but the mottling must not be able to guess the score."""

import json
from typing import Any

import numpy as np
import pytest
from plain_geometry import plain_geometry

from training.leak import Evidence, Probe, Question, evidence_of_records, guess, main
from training.synthetic.appearance import draw_appearance
from training.synthetic.dress import dress
from training.synthetic.parameters import draw_scene
from training.synthetic.ranges import Ranges

_DRAWN = 500


def _draw_record(seed: int, ranges: Ranges) -> dict[str, Any]:
    scene = draw_scene(np.random.default_rng((1, seed)), ranges)
    appearance = draw_appearance(np.random.default_rng((1, seed, 1)), ranges)
    return {"scene": scene.model_dump(mode="json"), "appearance": appearance.model_dump(mode="json")}


def _guess(evidence: Evidence, probe: Probe, question: Question):
    return guess(evidence, probe, question, rng=np.random.default_rng(2))


@pytest.fixture(scope="module", params=list(Ranges))
def records(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return [_draw_record(seed, request.param) for seed in range(_DRAWN)]


@pytest.mark.parametrize("probe", list(Probe))
@pytest.mark.parametrize("question", list(Question))
def test_body_cover_camera_light_skin_and_phone_do_not_tell_the_score(records, probe, question):
    evidence = evidence_of_records(records, range(_DRAWN))
    found = _guess(evidence, probe, question)
    assert not found.leaks, found


@pytest.mark.parametrize("probe", list(Probe))
def test_the_probes_would_find_a_gown_pulled_higher_where_more_is_mottled(records, probe):
    worst = [max(leg["score"] for leg in one["appearance"]["legs"]) for one in records]
    copied = [json.loads(json.dumps(one)) for one in records]
    for one, score in zip(copied, worst, strict=True):
        one["scene"]["cloth"]["hem"] += 0.5 * score
    assert _guess(evidence_of_records(copied, range(_DRAWN)), probe, Question.SCORE).leaks


def test_the_small_network_would_find_what_lies_only_in_the_interplay_of_two_numbers():
    rng = np.random.default_rng(3)
    score = rng.integers(0, 6, _DRAWN)
    features = rng.normal(size=(_DRAWN, 4)).astype(np.float32)
    features[:, 0] = np.where(score > 0, 1, -1) * np.sign(features[:, 1]) * np.abs(features[:, 0])
    evidence = Evidence(features, score, np.arange(_DRAWN))
    assert _guess(evidence, Probe.NETWORK, Question.ANY).leaks
    assert not _guess(evidence, Probe.LINEAR, Question.ANY).leaks


def test_the_mottling_itself_is_kept_from_the_probes(records):
    few = records[:20]
    changed = [json.loads(json.dumps(one)) for one in few]
    for one in changed:
        one["appearance"]["look"]["strength"] *= 3
        one["appearance"]["legs"][0]["reach"] = 0.0
    before, after = (evidence_of_records(kind, range(20)).features for kind in (few, changed))
    assert np.array_equal(before, after)


def test_the_clean_twin_does_not_tell_the_score():
    geometry = plain_geometry(height=96, width=64)
    thumbnails, scores = [], []
    for seed in range(72):
        rng = np.random.default_rng((2, seed))
        appearance = draw_appearance(rng, Ranges.TRAINING)
        clean = dress(geometry, appearance, rng=rng).clean.astype(np.float32)
        thumbnails.append(clean.reshape(6, 16, 4, 16, 3).mean((1, 3)).ravel())
        scores.append(max(leg.score for leg in appearance.legs))
    evidence = Evidence(np.stack(thumbnails), np.array(scores), np.arange(72))
    assert not _guess(evidence, Probe.LINEAR, Question.ANY).leaks


def test_a_set_too_small_to_say_anything_is_refused_with_a_sentence(tmp_path, capsys):
    (tmp_path / "000000-0.json").write_text("{}")
    assert main([str(tmp_path)]) == 1
    assert "60 are needed" in capsys.readouterr().out
