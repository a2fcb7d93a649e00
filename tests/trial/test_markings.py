"""What a page sends as a marked border is kept whole or refused with a sentence."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mottling.errors import RecordRefused
from mottling.trial.markings import Outline, read_outline

SQUARE = [[10, 10], [60, 10], [60, 60], [10, 60]]


def sent(*patches, width=100, height=80) -> str:
    return json.dumps(
        {"width_px": width, "height_px": height, "patches": [{"corners": each} for each in patches]}
    )


def test_nothing_that_was_marked_is_no_outline():
    assert read_outline("") is None


def test_patches_are_read_corner_by_corner():
    outline = read_outline(sent(SQUARE, [[0, 0], [9, 0], [0, 9]]))
    assert outline.patches[0].corners[2] == (60, 60)
    assert (outline.width_px, outline.height_px, len(outline.patches)) == (100, 80, 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Invalid JSON"),
        ("[" * 50_000, "recursion limit"),
        (sent(), "at least 1 item"),
        (sent(SQUARE[:2]), "at least 3 items"),
        (sent([[10, 10], [60, 10], [90, 10]]), "a line or a dot"),
        (sent([[0, 0], [100, 0], [0, 70]]), "outside the photograph"),
        (sent([[0, 0], [-1, 0], [0, 70]]), "greater than or equal to 0"),
        (sent([[0, 0], [9.5, 0], [0, 70]]), "valid integer"),
        (sent([[0, 0], ["9", 0], [0, 70]]), "valid integer"),
        (sent([[0, 0], [9, 0, 9], [0, 70]]), "at most 2 items"),
        (sent(*[SQUARE] * 41), "at most 40 items"),
        (sent(SQUARE * 126), "at most 500 items"),
        (sent(*[SQUARE * 101] * 10), "4040 corners"),
        (sent(SQUARE, width=10**9), "less than or equal to 4096"),
        ('{"width_px": 9, "height_px": 9, "patches": [], "by": "me"}', "at least 1 item"),
    ],
)
def test_what_is_no_outline_or_too_much_is_refused(text, why):
    with pytest.raises(RecordRefused, match=why):
        read_outline(text)


@given(st.text(max_size=60) | st.recursive(st.integers() | st.text(), st.lists).map(json.dumps))
def test_whatever_is_sent_is_an_outline_nothing_or_refused(text):
    with contextlib.suppress(RecordRefused):
        outline = read_outline(text)
        assert outline is None or isinstance(outline, Outline)
