"""What hangs together on a small map is what SciPy says hangs together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage

from mottling.imaging.regions import connected

_MASKS = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.booleans())


@settings(deadline=None)
@given(_MASKS)
def test_the_parts_of_a_mask_are_those_that_scipy_finds(mask):
    labels, count = ndimage.label(mask)
    theirs = {(labels == label).tobytes() for label in range(1, count + 1)}
    assert {part.tobytes() for part in connected(mask, min_cells=1)} == theirs


@settings(deadline=None)
@given(_MASKS, st.integers(1, 6))
def test_parts_come_by_size_and_small_ones_not_at_all(mask, min_cells):
    sizes = [int(part.sum()) for part in connected(mask, min_cells=min_cells)]
    labels, count = ndimage.label(mask)
    theirs = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    assert sizes == sorted((int(size) for size in theirs if size >= min_cells), reverse=True)


def test_arms_that_meet_in_the_last_row_are_one_part_and_an_empty_row_parts_two():
    meeting = np.array([[1, 0, 1], [1, 0, 1], [1, 1, 1]], bool)
    parted = np.array([[1, 1, 1], [0, 0, 0], [1, 1, 1]], bool)
    assert [len(connected(mask, min_cells=1)) for mask in (meeting, parted)] == [1, 2]
