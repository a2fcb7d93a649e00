"""The drawing of the scale is that of the pages, and the learning curve that of its page's table."""

import xml.etree.ElementTree as ET

from docs.build_drawings import SCALE, scale_svg
from docs.draw_curve import CURVE, curve_svg


def test_the_drawing_is_what_the_pages_draw():
    assert SCALE.read_text("utf-8") == scale_svg(), (
        "run `python -m docs.build_drawings`, and commit what it drew"
    )


def test_the_learning_curve_is_drawn_from_the_table_that_stands_beside_it():
    assert CURVE.read_text("utf-8") == curve_svg(), (
        "run `python -m docs.build_drawings`, and commit what it drew"
    )
    drawn = ET.fromstring(curve_svg())  # noqa: S314 - our own
    kinds = [one.get("class") for one in drawn.iter("{http://www.w3.org/2000/svg}path")]
    assert kinds == ["c0", "c1", "c2"] * 2
    rows = (
        CURVE.with_suffix(".md").read_text("utf-8").partition("\n| patients read |")[2].partition("\n\n")[0]
    )
    circles = list(drawn.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) == 2 * (rows.count("masks |") + rows.count("| head, scores |"))


def test_the_drawing_shows_each_score_once():
    drawn = ET.fromstring(scale_svg())  # noqa: S314 - our own
    marked = [
        one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text") if one.get("class") == "score"
    ]
    assert marked == ["0", "1", "2", "3", "4", "5"]
