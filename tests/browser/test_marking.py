"""The mottled border, marked with mouse, fingers and keys: kept, shown to its reader alone, and frozen."""

import json
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from mottling.scale import Zone
from mottling.training_set import read_training_set
from tests.browser.conftest import entering
from tests.browser.looks import Looks
from tests.browser.rooms import listening, lock, look, press, sign
from tests.house import DAY1, OLGA, RAVI, RITA, charter_text, confirm, open_house
from tests.tiny_model import a_jpeg

PLAIN = charter_text("repeats_share = 0.1", "repeats_share = 0.0")


@pytest.fixture
def house(tmp_path):
    """One photograph of mottled knees, for two readers."""
    with closing(open_house(tmp_path, charter=PLAIN)) as services:
        confirm(services, data=a_jpeg([Zone.COIN, Zone.KNEE]))
        yield services


@pytest.fixture
def enter(house, tmp_path, chromium):
    with (
        listening(house, tmp_path, RITA, RAVI) as address,
        entering(address, chromium) as come_in,
    ):
        yield come_in


def marked(page: Page) -> list[list[list[int]]]:
    """The corners of each patch, as they go with the form."""
    value = page.locator("[data-marking]").input_value()
    return [patch["corners"] for patch in json.loads(value)["patches"]] if value else []


def at(page: Page, across: float, down: float) -> tuple[float, float]:
    """A place on the screen, by its share of the photograph's stage."""
    box = page.locator(".viewer-stage").bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def stroke(page: Page, *places: tuple[float, float]) -> None:
    page.mouse.move(*at(page, *places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*at(page, *place), steps=6)
    page.mouse.up()


def test_a_stroke_is_a_patch_that_can_be_undone_and_nothing_of_it_is_needed(house, enter):
    page = enter(RITA)
    press(page, "m")
    expect(page.locator(".marks-hint")).to_be_visible()
    stroke(page, (0.45, 0.4), (0.55, 0.4), (0.55, 0.6), (0.45, 0.6))
    stroke(page, (0.48, 0.7), (0.52, 0.7), (0.52, 0.8))
    look(page, "marking-desk")
    assert len(marked(page)) == 2
    page.locator(".marks-clear").click()
    assert marked(page) == []
    page.locator(".marks-undo").click()
    page.locator(".marks-undo").click()
    assert len(marked(page)) == 1
    page.locator(".marks-undo").click()
    page.keyboard.press("m")
    page.keyboard.press("3")
    lock(page)
    assert [one.answer.score for one in house.committee.batch(RITA)] == [3]


def test_what_is_marked_lies_where_it_was_drawn_however_near_the_photograph_is(enter):
    page = enter(RITA)
    press(page, "m")
    stroke(page, (0.5, 0.45), (0.54, 0.45), (0.54, 0.55), (0.5, 0.55))
    (far,) = marked(page)
    page.mouse.move(*at(page, 0.5, 0.5))
    page.mouse.wheel(0, -600)
    expect(page.locator(".viewer-level")).not_to_have_text("100 %")
    look(page, "marking-desk-near")
    page.locator(".marks-undo").click()
    scale = float(page.locator(".viewer-level").inner_text().split()[0]) / 100
    near = [(0.5 + (x - 0.5) * scale, 0.5 + (y - 0.5) * scale) for x, y in ((0.5, 0.45), (0.54, 0.45))]
    stroke(page, *near, *[(x, 1 - y) for x, y in reversed(near)])
    (again,) = marked(page)
    for side in (0, 1):
        for ends in (min, max):
            assert ends(c[side] for c in far) == pytest.approx(ends(c[side] for c in again), abs=4)


def test_a_patch_is_drawn_by_keys_alone(enter):
    page = enter(RITA)
    press(page, "m")
    for key in ("Space", "ArrowRight", "Space", "ArrowDown", "Space"):
        for _ in range(1 if key == "Space" else 6):
            page.keyboard.press(key)
    look(page, "marking-desk-keys")
    assert len(marked(page)) == 1
    page.keyboard.press("Enter")
    expect(page.locator(".marks-number")).to_have_text("1")
    page.keyboard.press("Backspace")
    expect(page.locator(".marks-said")).to_have_text("Corners of this patch: 3")
    page.keyboard.press("Escape")
    expect(page.locator(".marks-on")).to_have_attribute("aria-pressed", "false")
    assert len(marked(page)) == 1


def test_fingers_tap_corners_and_two_of_them_zoom(enter):
    page = enter(RITA, size="tablet", language="fr")
    expect(page.locator(".viewer.is-loaded")).to_be_visible()
    page.locator(".marks-on").tap()
    for place in ((0.4, 0.4), (0.6, 0.4), (0.5, 0.6)):
        page.touchscreen.tap(*at(page, *place))
    expect(page.locator(".marks-said")).to_have_text("Sommets de cette zone : 3")
    look(page, "marking-tablet-fr")
    page.touchscreen.tap(*at(page, 0.4, 0.4))
    expect(page.locator(".marks-number")).to_have_text("1")
    pinch(page)
    expect(page.locator(".viewer-level")).not_to_have_text("100 %")
    assert len(marked(page)) == 1


def pinch(page: Page) -> None:
    """Two fingers that move apart."""
    touch = page.context.new_cdp_session(page)
    for apart, kind in ((40, "touchStart"), (80, "touchMove"), (160, "touchMove"), (0, "touchEnd")):
        x, y = at(page, 0.5, 0.5)
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}] if apart else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_its_reader_sees_it_again_nobody_else_does_and_the_set_has_it(house, enter, tmp_path):
    page = enter(RITA)
    press(page, "m")
    stroke(page, (0.45, 0.4), (0.55, 0.4), (0.55, 0.6), (0.45, 0.6))
    page.keyboard.press("2")
    lock(page)
    page.locator("[data-do=again]").click()
    expect(page.locator(".marks-number")).to_have_text("1")
    look(page, "marking-desk-again")
    page.locator("[data-do=batch]").click()
    other = enter(RAVI)
    press(other, "2")
    assert marked(other) == []
    expect(other.locator(".marks-number")).to_be_empty()
    lock(other)
    for user, theirs in ((RITA, page), (RAVI, other)):
        sign(theirs, user)
    house.office.freeze(OLGA, tmp_path / "set", at=DAY1)
    assert [bool(one.mottling) for one in read_training_set(tmp_path / "set").photos] == [True]


def test_a_border_and_the_score_0_are_refused_with_a_sentence_and_nothing_is_lost(enter):
    page = enter(RITA, language="fr")
    press(page, "m")
    stroke(page, (0.45, 0.4), (0.55, 0.4), (0.55, 0.6))
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect(page.locator(".said-problem")).to_contain_text("Effacez le contour")
    assert len(marked(page)) == 1
    page.keyboard.press("1")
    lock(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_marking_looks_right_and_every_target_is_large_enough(enter, language):
    looks = Looks(language)
    page = enter(RITA, language=language)
    press(page, "m")
    stroke(page, (0.45, 0.4), (0.55, 0.4), (0.55, 0.6))
    page.mouse.click(*at(page, 0.3, 0.5))
    looks.at(page, "marking")
    assert looks.wrong == []
