"""The examples of the scale: what they show, and that a page can show them."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mottling.scale import SCORES
from mottling.shipped import shipped
from mottling.trial.charter import read_charter
from mottling.web import statics
from mottling.web.markup import render
from mottling.web.scale_examples import TONES, file_name, file_names
from mottling.web.trial_words import TrialWords
from mottling.web.words import words_in

STATIC = Path(statics.__file__).parent / "static"
CHANGED = 12
"""Of 255, and more than JPEG changes by itself in an area of this size."""


def photo(tone: str, score: int) -> np.ndarray:
    with Image.open(STATIC / file_name(tone, score)) as opened:
        small = opened.convert("L").resize((75, 100), Image.Resampling.BOX)
    return np.asarray(small, dtype=float)


def highest_mottled_row(tone: str, score: int) -> int:
    rows = np.flatnonzero((np.abs(photo(tone, score) - photo(tone, 0)) > CHANGED).sum(axis=1) > 0)
    return int(rows[0])


@pytest.mark.parametrize("tone", TONES)
def test_the_mottling_reaches_higher_with_each_score(tone):
    reached = [highest_mottled_row(tone, score) for score in SCORES[2:]]
    assert reached == sorted(reached, reverse=True)
    assert len(set(reached)) == len(reached)


@pytest.mark.parametrize("tone", TONES)
def test_a_coin_is_on_the_knee_below_where_higher_scores_reach(tone):
    assert highest_mottled_row(tone, 1) > highest_mottled_row(tone, 3)


@pytest.mark.parametrize("score", SCORES)
def test_the_tones_differ_as_they_are_called(score):
    skin = [float(photo(tone, score)[80:95].min(axis=1).mean()) for tone in TONES]
    assert all(lighter > darker for lighter, darker in itertools.pairwise(skin))


@pytest.mark.parametrize("name", file_names())
def test_an_example_is_small_and_says_nothing_of_a_camera(name):
    data = (STATIC / name).read_bytes()
    assert len(data) < 40_000
    with Image.open(STATIC / name) as opened:
        assert opened.format == "JPEG"
        assert opened.size == (300, 400)
        assert not opened.getexif()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_score_has_its_words_and_its_three_examples_beside_the_score_that_is_asked_for(language):
    charter = read_charter(shipped("configs") / "trials" / "i-micro.toml").charter
    words = words_in(language)
    values = {"reasons": TrialWords(charter, words).not_assessable(), "own": "2", "photo": {"photo_id": "a"}}
    who = {"patient": "01-001", "initials": "", "visit_label": "x"}
    shown = render("ward_change.html", words, {**values, **who})
    assert [name for name in file_names() if statics.address_of(name) not in shown] == []
    assert all(words.say(f"scale.long.{score}") in shown for score in SCORES)
