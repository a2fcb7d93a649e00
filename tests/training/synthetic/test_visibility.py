import cv2
import numpy as np

from training.synthetic.labels import visibility

_DARK_L, _LIGHT_L = 22.0, 65.0


def skin(lightness: float) -> np.ndarray:
    lab = np.full((32, 32, 3), (lightness, 12.0, 18.0), np.float32)
    return (cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255).round().astype(np.uint8)


def shown(lightness: float, *, darker_by: float) -> float:
    return float(visibility(skin(lightness - darker_by), skin(lightness)).mean())


def test_a_difference_that_nobody_sees_on_light_skin_is_seen_on_dark_skin():
    assert shown(_LIGHT_L, darker_by=3) < 1
    assert shown(_DARK_L, darker_by=3) > 1


def test_hardly_a_difference_is_seen_on_no_skin():
    assert shown(_LIGHT_L, darker_by=1) < 1
    assert shown(_DARK_L, darker_by=1) < 1


def test_a_plain_difference_is_seen_on_every_skin():
    assert min(shown(lightness, darker_by=8) for lightness in (_DARK_L, 40.0, _LIGHT_L)) > 1
