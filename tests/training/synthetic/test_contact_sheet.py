"""A sheet holds every picture above its zones."""

from __future__ import annotations

import numpy as np

from training.synthetic.contact_sheet import contact_sheet


def test_each_picture_stands_above_its_zones_with_the_mottling_outlined():
    photo = np.full((40, 20, 3), 200, np.uint8)
    zones = np.zeros((40, 20), np.uint8)
    zones[20:] = 2
    mottled = np.zeros((40, 20), bool)
    mottled[25:35, 5:15] = True
    sheet = contact_sheet([(photo, zones, mottled)] * 3, columns=2, cell_px=40)
    assert sheet.shape == (160, 80, 3)
    assert sheet[20, 20].tolist() == [200, 200, 200]
    assert sheet[45, 20].tolist() == [50, 50, 50]
    assert sheet[65, 15].tolist() == [255, 255, 255]
    assert sheet[100, 60].tolist() == [24, 24, 24]
