"""The photographs that are shipped are those that their manifest says, small, and without Exif."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mottling.errors import TrainingRefused
from mottling.scale import SCORES
from mottling.services.made_photographs import SHIPPED_PHOTOS, read_made_photos
from training import demo_photos
from training.synthetic.scene_records import Framing

_ROOT = Path(__file__).parents[2]
_LARGEST_BYTES = 120_000


def test_every_score_and_light_and_dark_skin_are_among_them():
    photos = read_made_photos(SHIPPED_PHOTOS)
    assert {photo.score for photo in photos} == set(SCORES)
    tones = {photo.tone for photo in photos if photo.tone is not None}
    assert min(tones) <= 2
    assert max(tones) >= 8


def test_the_manifest_names_every_file_and_what_was_wished():
    entries = json.loads((SHIPPED_PHOTOS / "manifest.json").read_text("utf-8"))
    assert {one["file"] for one in entries} == {path.name for path in SHIPPED_PHOTOS.glob("*.jpg")}
    assert [(one["score"], one["tone"]) for one in entries] == [
        (wish.score, wish.tone) for wish in demo_photos._WISHES
    ]


@pytest.mark.parametrize("path", [*sorted(SHIPPED_PHOTOS.glob("*.jpg")), _ROOT / "docs" / "example.jpg"])
def test_each_is_small_and_tells_nothing_but_its_picture(path):
    assert path.stat().st_size <= _LARGEST_BYTES
    with Image.open(path) as photo:
        assert max(photo.size) == 1024
        assert len(photo.getexif()) == 0


def test_a_wish_is_found_again_from_its_seed():
    wish = demo_photos._Wish(0, 2, Framing.FULL, 205)
    geometry, dressed = demo_photos._render(wish, 205, 96)
    again = demo_photos._render(wish, 205, 96)[1]
    assert np.array_equal(dressed.photo, again.photo)
    assert demo_photos._shows(wish, geometry, dressed)


def test_a_photograph_that_stays_too_large_is_refused():
    photo = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    with pytest.raises(TrainingRefused, match="larger than 100 bytes"):
        demo_photos._encode(photo, largest=100)
    assert Image.open(io.BytesIO(demo_photos._encode(photo, largest=50_000))).size == (64, 64)
