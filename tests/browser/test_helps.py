"""What helps a nurse: a line that says how the tablet is held, and the scale with its examples."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import go_offline, photograph
from tests.house import NINA

GOOD = "From the groin to below the knees, knees uncovered"


def turn(page: Page, *, beta: float, gamma: float) -> None:
    """Hold the tablet another way: tipped back by `beta`, to the side by `gamma`, in degrees."""
    page.evaluate(
        "(turned) => dispatchEvent(new DeviceOrientationEvent('deviceorientation', turned))",
        {"alpha": 0, "beta": beta, "gamma": gamma},
    )


@pytest.fixture
def camera(enter) -> Page:
    """A tablet with its camera open."""
    page = enter(NINA, size="tablet")
    page.locator('.todo[data-with-patient="01-015"][data-with-visit="day1"]').click()
    page.locator("[data-capture=yes]").click()
    page.locator(".finder-hint:not(:empty)").wait_for()
    return page


def test_a_tablet_that_leans_is_said_to_until_it_is_level(camera):
    expect(camera.locator(".level")).to_be_hidden()
    turn(camera, beta=50, gamma=20)
    expect(camera.locator(".finder-hint")).to_have_text("Tilted: hold the tablet level")
    turn(camera, beta=50, gamma=1)
    expect(camera.locator(".finder-hint")).to_have_text(GOOD)
    expect(camera.locator(".level:not(.is-tilted)")).to_be_visible()


def test_a_tablet_that_lies_on_its_side_or_looks_down_does_not_lean(camera):
    turn(camera, beta=0, gamma=-60)
    expect(camera.locator(".level:not(.is-tilted)")).to_be_visible()
    turn(camera, beta=5, gamma=12)
    expect(camera.locator(".level")).to_be_hidden()
    expect(camera.locator(".finder-hint")).to_have_text(GOOD)


def test_the_scale_with_its_examples_opens_beside_the_photograph_without_network_too(enter):
    page = enter(NINA, size="tablet")
    page.locator("html[data-shell=kept]").wait_for(state="attached")
    go_offline(page)
    photograph(page, "01-015")
    examples = page.locator(".stage-score .scale-help")
    examples.locator("summary").click()
    last = examples.locator("img").last
    last.scroll_into_view_if_needed()
    page.wait_for_function(
        "(image) => image.complete && image.naturalWidth === 300", arg=last.element_handle()
    )
    expect(last).to_have_attribute("alt", "Score 5, dark skin")
