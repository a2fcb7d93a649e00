"""The drawing of the scale is that of the pages."""

import xml.etree.ElementTree as ET

from docs.build_drawings import SCALE, scale_svg


def test_the_drawing_is_what_the_pages_draw():
    assert SCALE.read_text("utf-8") == scale_svg(), (
        "run `python -m docs.build_drawings`, and commit what it drew"
    )


def test_the_drawing_shows_each_score_once():
    drawn = ET.fromstring(scale_svg())  # noqa: S314 - our own
    marked = [
        one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text") if one.get("class") == "score"
    ]
    assert marked == ["0", "1", "2", "3", "4", "5"]
