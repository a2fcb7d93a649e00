"""The ward's proposal in a real browser: no score is kept without what makes the model careful in sight."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from mottling.imaging import quality
from mottling.scale import Zone
from tests.browser.chromium import SIZES
from tests.browser.conftest import give, lock
from tests.house import NINA
from tests.tiny_model import a_jpeg


def one_of_its_own(folder: Path, *mottled: Zone) -> Path:
    """A photograph that no other test gives: what was once said of one is kept."""
    path = folder / "own.jpg"
    path.write_bytes(a_jpeg(mottled))
    return path


def bottom_of(part: Locator) -> float:
    """How far down a part reaches, in pixels of the window."""
    box = part.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize(("language", "patient"), [("fr", "01-017"), ("en", "01-018")])
def test_the_way_to_examples_then_two_doubts_and_the_bars_are_in_sight_on_every_screen(
    enter, tmp_path, language, patient, monkeypatch
):
    monkeypatch.setattr(quality, "WEAK_LIGHT", 255.0)  # the tiny model knows no dark skin, and no glare
    monkeypatch.setattr(quality, "GLARE_SHARE", 0.0)
    ward = enter(NINA, language=language, size="tablet")
    give(ward, patient, one_of_its_own(tmp_path, Zone.KNEE))
    examples = ward.locator(".stage-score .scale-help summary")
    for width, height in SIZES.values():
        ward.set_viewport_size({"width": width, "height": height})
        assert bottom_of(examples) <= height
    lock(ward, "2")
    bars, buttons = ward.locator(".plausible ol"), ward.locator(".acts")
    expect(ward.locator(".doubts li")).to_have_count(2)
    for width, height in SIZES.values():
        ward.set_viewport_size({"width": width, "height": height})
        assert bottom_of(bars) <= buttons.bounding_box()["y"]
        assert bottom_of(buttons) <= height


@pytest.mark.parametrize(("language", "patient"), [("fr", "01-007"), ("en", "01-008")])
def test_with_one_doubt_the_bars_stand_above_the_buttons_on_every_screen(
    enter, tmp_path, language, patient, monkeypatch
):
    monkeypatch.setattr(quality, "WEAK_LIGHT", 255.0)
    ward = enter(NINA, language=language, size="desk")
    give(ward, patient, one_of_its_own(tmp_path, Zone.COIN))
    lock(ward, "2")
    bars, buttons = ward.locator(".plausible ol"), ward.locator(".acts")
    expect(ward.locator(".doubts li")).to_have_count(1)
    for width, height in SIZES.values():
        ward.set_viewport_size({"width": width, "height": height})
        assert bottom_of(bars) <= buttons.bounding_box()["y"]
