"""The six drawings of the scale."""

import re
import xml.etree.ElementTree as ET

import pytest

from mottling.scale import SCORES
from mottling.web.scale_drawings import drawing


def marked_height(score: int) -> float:
    """Height of the highest point that is tinted or dotted, from the top of the picture."""
    marked = re.search(r'class="(?:tint|coin)"><path d="([^"]+)"', drawing(score, ""))
    return min(float(y) for y in re.findall(r"[ML][-\d.]+ ([-\d.]+)", marked[1]))


def test_each_score_has_a_drawing_of_its_own():
    assert len({drawing(score, "") for score in SCORES}) == 6


@pytest.mark.parametrize("score", SCORES)
def test_a_drawing_is_well_formed(score):
    assert ET.fromstring(drawing(score, "A & B")).tag == "svg"  # noqa: S314 # our own text


def test_a_drawing_says_what_it_shows_to_who_cannot_see_it():
    said = drawing(3, "Does not pass the middle of the thigh")
    assert 'role="img" aria-label="Does not pass the middle of the thigh"' in said
    assert "<title>Does not pass the middle of the thigh</title>" in said


def test_a_drawing_beside_words_is_silent():
    assert 'aria-hidden="true"' in drawing(3, "")
    assert "<title>" not in drawing(3, "")


def test_a_title_is_escaped():
    assert "<b>" not in drawing(0, '<b>"')


@pytest.mark.parametrize("score", SCORES)
def test_a_page_may_show_a_drawing_twice(score):
    assert "id=" not in drawing(score, "")


def test_clean_legs_carry_no_mark():
    assert not re.search(r'class="(?:tint|net|coin)"', drawing(0, ""))


def test_the_higher_the_score_the_higher_the_mottling_reaches():
    heights = [marked_height(score) for score in range(1, 6)]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 5
