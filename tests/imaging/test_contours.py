"""The borders that are drawn: along a known circle, to the picture's edge, and where saved maps change."""

import numpy as np
import pytest

from mottling.imaging.assessor import Assessor
from mottling.imaging.contours import borders_of, zero_lines
from mottling.imaging.spread import spread_maps
from mottling.scale import Zone
from tests.tiny_model import draw_photo, jpeg_bytes, leg_zones, tiny_model_bytes, zone_colour

_NEAR_PX = 6


@pytest.fixture(scope="module")
def assessor():
    return Assessor.load(tiny_model_bytes(), name="tiny", threads=1)


def bowl(radius):
    rows, columns = np.mgrid[:41, :51]
    return (radius - np.hypot(rows - 20.0, columns - 25.0)).astype(np.float32)


def test_the_line_of_a_disc_is_its_circle_and_has_its_length():
    lines = zero_lines(bowl(12.3))
    assert np.hypot(lines[..., 0] - 25, lines[..., 1] - 20) == pytest.approx(12.3, abs=0.03)
    length = np.hypot(*(lines[:, 1] - lines[:, 0]).T).sum()
    assert length == pytest.approx(2 * np.pi * 12.3, rel=0.01)


def test_each_end_of_a_closed_line_is_met_by_another():
    ends = zero_lines(bowl(9.3)).reshape(-1, 2).round(5)
    assert set(np.unique(ends, axis=0, return_counts=True)[1]) == {2}


@pytest.mark.parametrize("value", [1.0, 0.0, -1.0])
def test_a_map_that_lies_on_one_side_has_no_line(value):
    assert zero_lines(np.full((8, 9), value, np.float32)).shape == (0, 2, 2)


def changes(marked):
    """The pixels whose neighbour to the right or below is another."""
    found = np.zeros(marked.shape, bool)
    found[:-1] |= marked[:-1] != marked[1:]
    found[:, :-1] |= marked[:, :-1] != marked[:, 1:]
    return np.argwhere(found)[:, ::-1]


def farthest(places, others):
    """From any of some places to the nearest of the others, in pixels."""
    return max(
        np.hypot(*(part[:, None] - others).transpose(2, 0, 1)).min(axis=1).max()
        for part in np.array_split(places, 1 + len(places) // 500)
    )


@pytest.mark.parametrize("from_afar", [False, True], ids=["near", "looked at again closer"])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_what_is_drawn_is_where_the_saved_maps_change(assessor, from_afar, scale):
    photo = draw_photo(leg_zones(), [1, 2, 3])
    if from_afar:
        whole = np.full((900, 900, 3), zone_colour(Zone.NOT_SKIN), np.uint8)
        whole[150:550, 420:720] = photo
        photo = whole
    assessed = assessor.assess(jpeg_bytes(photo), file="")
    seen = assessed.seen
    assert (seen.last is not seen.first) is from_afar
    height, width = (round(side * scale) for side in assessed.photo.pixels.shape[:2])
    maps = spread_maps(seen.last, assessed.photo, width=width, height=height)
    inside = (maps.mottling >= assessed.mottled_from) & (maps.zones > 0)
    borders = borders_of(seen.last, mottled_from=assessed.mottled_from, scale=scale)
    for lines, marked in ((borders.zones, maps.zones), (borders.mottling, inside)):
        ends = lines.reshape(-1, 2)
        kept = ends[(ends >= 0).all(axis=1) & (ends <= (width - 1, height - 1)).all(axis=1)]
        assert farthest(changes(marked), kept) < _NEAR_PX
        assert farthest(kept, changes(marked)) < _NEAR_PX


def test_a_border_goes_on_to_the_edge_of_the_picture(assessor):
    zones = leg_zones(legs=1)
    zones[-40:] = zones[-41]
    assessed = assessor.assess(jpeg_bytes(draw_photo(zones)), file="")
    ends = borders_of(assessed.seen.last, mottled_from=0.5, scale=1.0).zones.reshape(-1, 2)
    assert ends[:, 1].max() >= zones.shape[0] - 1
