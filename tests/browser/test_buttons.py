"""Buttons in a real browser: their words can be read under the pointer, pressed or greyed out."""

from playwright.sync_api import Locator, Page

_COLOURS = """(one) => {
    const style = getComputedStyle(one);
    return [style.color, style.backgroundColor];
}"""


def at_the_door(served, chromium) -> Page:
    page = chromium.new_page()
    page.goto(f"{served.address}/sign-in?language=fr")
    return page


def under_the_pointer(button: Locator) -> list[str]:
    button.hover(force=True)
    return button.evaluate(_COLOURS)


def test_the_words_of_a_button_do_not_take_the_colour_of_its_ground(served, chromium):
    button = at_the_door(served, chromium).locator("button.primary").first
    words, ground = under_the_pointer(button)
    assert words != ground


def test_a_button_that_cannot_be_pressed_stays_as_it_is_under_the_pointer(served, chromium):
    button = at_the_door(served, chromium).locator("button.primary").first
    button.evaluate("one => { one.disabled = true; }")
    before = button.evaluate(_COLOURS)
    assert under_the_pointer(button) == before
