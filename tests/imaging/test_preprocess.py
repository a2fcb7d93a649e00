"""The network's picture and its way back to the photograph."""

import numpy as np
import pytest

from mottling.imaging.preprocess import STRIDE, Box, fit, normalise


def a_photo(height, width):
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_normalises_to_what_the_encoder_was_trained_on():
    photo = np.array([[[0, 127, 255]]], np.uint8)
    assert normalise(photo)[:, 0, 0].tolist() == [-127 / 128, 0, 1]


@pytest.mark.parametrize(("height", "width"), [(300, 400), (400, 300), (64, 1000), (33, 33)])
def test_the_network_sees_multiples_of_32_and_the_whole_photograph(height, width):
    fitted = fit(a_photo(height, width), long_side_px=512)
    assert fitted.pixels.shape[0] % 32 == fitted.pixels.shape[1] % 32 == 0
    assert max(fitted.frame.width, fitted.frame.height) == 512
    assert fitted.frame.width / fitted.frame.height == pytest.approx(width / height, rel=0.03)


def test_padding_is_black():
    fitted = fit(np.full((100, 70, 3), 200, np.uint8), long_side_px=100)
    assert (fitted.pixels[:100, :70] == 200).all()
    assert (fitted.pixels[100:] == 0).all()
    assert (fitted.pixels[:, 70:] == 0).all()


def test_a_spot_comes_back_to_where_it_was():
    photo = np.zeros((600, 800, 3), np.uint8)
    photo[396:405, 196:205] = 255
    fitted = fit(photo, long_side_px=400)
    cells = fitted.pixels[..., 0].reshape(-1, STRIDE, fitted.pixels.shape[1] // STRIDE, STRIDE).mean((1, 3))
    row, column = np.unravel_index(int(cells.argmax()), cells.shape)
    point = fitted.frame.cell_to_photo(float(column), float(row))
    assert point.x == pytest.approx(200, abs=4)
    assert point.y == pytest.approx(400, abs=4)


def test_a_part_is_looked_at_and_mapped_back_to_the_whole():
    photo = np.zeros((600, 800, 3), np.uint8)
    photo[300:, 400:] = 255
    fitted = fit(photo, long_side_px=256, box=Box(400, 300, 800, 600))
    assert (fitted.pixels[2 : fitted.frame.height, 2 : fitted.frame.width] == 255).all()
    corner = fitted.frame.cell_to_photo(-0.5, -0.5)
    assert corner == (399.5, 299.5)


def test_many_places_come_back_as_each_of_them_does():
    frame = fit(a_photo(300, 400), long_side_px=256, box=Box(30, 40, 330, 240)).frame
    cells = np.array([[[0.0, 0.0], [7.25, 3.5]], [[-0.5, 20.0], [63.0, 41.75]]])
    for cell, place in zip(cells.reshape(-1, 2), frame.cells_to_photo(cells).reshape(-1, 2), strict=True):
        assert tuple(place) == frame.cell_to_photo(*cell)


def test_a_map_without_its_padding_covers_the_photograph():
    fitted = fit(a_photo(100, 70), long_side_px=100)
    shape = (fitted.frame.padded_height // STRIDE, fitted.frame.padded_width // STRIDE)
    network_map = np.zeros(shape, np.float32)
    network_map[:25] = 1.0
    full = fitted.frame.unpad(network_map, width=140, height=200)
    assert full.shape == (200, 140)
    assert full[:190].min() == 1.0
    assert fitted.frame.whole_cells(network_map).shape == (25, 18)
