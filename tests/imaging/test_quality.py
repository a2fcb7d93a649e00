"""Blur, darkness and burnt-out light are measured, and named past what anybody could judge by."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from mottling.assessment import ReasonCode
from mottling.imaging.preprocess import STRIDE
from mottling.imaging.quality import measure_quality
from mottling.scale import Zone
from tests.tiny_model import draw_photo, leg_zones

ZONES = leg_zones(512, 384)
SKIN = ZONES[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE] > 0


def a_picture():
    return draw_photo(ZONES)


def faults(picture, skin=SKIN):
    return measure_quality(picture, skin).faults


def test_a_good_photograph_has_no_fault():
    assert faults(a_picture()) == ()


@pytest.mark.parametrize("noise", [0, 8])
def test_a_blurred_photograph_is_named_even_if_its_sensor_is_noisy(noise):
    blurred = np.asarray(Image.fromarray(a_picture()).filter(ImageFilter.GaussianBlur(12)), np.int16)
    grain = np.random.default_rng(2).normal(0, noise, blurred.shape)
    assert faults((blurred + grain).clip(0, 255).astype(np.uint8)) == (ReasonCode.BLURRED,)


def test_a_photograph_that_was_moved_sideways_is_blurred():
    picture = a_picture().astype(np.float32)
    moved = np.mean([np.roll(picture, shift, axis=1) for shift in range(40)], axis=0)
    assert faults(moved.astype(np.uint8)) == (ReasonCode.BLURRED,)


def test_a_dark_photograph_is_named():
    assert ReasonCode.TOO_DARK in faults((a_picture() * 0.1).astype(np.uint8))


def test_dark_skin_in_good_light_is_not_too_dark():
    picture = a_picture()
    picture[ZONES > 0] = (61, 38, 28)
    assert faults(picture) == ()


def test_burnt_out_skin_is_named_and_a_white_sheet_is_not():
    burnt = a_picture()
    burnt[ZONES >= Zone.KNEE] = 255
    assert faults(burnt) == (ReasonCode.BLOWN_OUT,)
    sheet = a_picture()
    sheet[ZONES == 0] = 255
    assert faults(sheet) == ()


def test_without_skin_the_whole_picture_is_measured():
    assert ReasonCode.TOO_DARK in faults(np.zeros((512, 384, 3), np.uint8), np.zeros((128, 96), bool))


def test_a_picture_of_one_colour_has_no_edges_to_be_blurred():
    assert measure_quality(np.full((512, 384, 3), 120, np.uint8), SKIN).edge_px == 0


def test_skin_that_is_dark_in_its_light_is_doubtful_and_not_refused():
    picture = a_picture()
    picture[ZONES > 0] = (61, 38, 28)
    assert measure_quality(picture, SKIN).doubts == (ReasonCode.WEAK_LIGHT,)
    assert measure_quality(a_picture(), SKIN).doubts == ()


def test_a_gleam_on_the_skin_is_doubtful_and_not_refused():
    picture = a_picture()
    rows = np.flatnonzero((ZONES > 0).any(axis=1))
    gleam = np.zeros_like(ZONES, bool)
    gleam[rows[: len(rows) // 8]] = True
    picture[gleam & (ZONES > 0)] = 255
    found = measure_quality(picture, SKIN)
    assert (found.faults, found.doubts) == ((), (ReasonCode.GLARE,))
