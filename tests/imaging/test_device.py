"""Maker and model are read from the photograph's own file, and never guessed."""

import io

import pytest
from PIL import Image

from mottling.imaging.device import device_of


def _jpeg(**tags) -> bytes:
    exif = Image.Exif()
    for tag, value in tags.items():
        exif[{"maker": 0x010F, "model": 0x0110}[tag]] = value
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"maker": "Maker", "model": "Tablet 9"}, "Maker Tablet 9"),
        ({"maker": "Maker", "model": "MAKER Tablet 9"}, "MAKER Tablet 9"),
        ({"model": " Tablet\n9 "}, "Tablet 9"),
        ({"maker": "Maker"}, "Maker"),
        ({"model": "x" * 300}, "x" * 80),
        ({}, None),
    ],
)
def test_the_device_is_what_the_file_says(tags, said):
    assert device_of(_jpeg(**tags)) == said


@pytest.mark.parametrize("data", [b"", b"no picture", _jpeg(model="Tablet")[:30]], ids=len)
def test_what_cannot_be_read_names_no_device(data):
    assert device_of(data) is None
