"""The study card's code: read by the browser's own reader or by ours, or typed by a hand scanner."""

from contextlib import ExitStack

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.chromium import start_chromium
from tests.browser.conftest import NEW_PATIENT, entering
from tests.browser.printed_codes import code_39, code_128, qr_code, write_film
from tests.house import NINA

READER = """
window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code", "code_128"]; }
    async detect() { return window.card ? [{ rawValue: window.card }] : []; }
};"""
NO_READER = "delete window.BarcodeDetector;"
READER_OF_NOTHING = "window.BarcodeDetector = class { static async getSupportedFormats() { return []; } };"
NO_CAMERA = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"


@pytest.fixture
def seeing(served, chromium, tmp_path):
    """Sign somebody in on a tablet whose camera sees a printed code."""
    with ExitStack() as opened:

        def come_in(code: Image.Image, script: str) -> Page:
            film = tmp_path / "card.mjpeg"
            write_film(film, code)
            browser = opened.enter_context(start_chromium(chromium.browser_type, sees=film))
            enter = opened.enter_context(entering(served.address, browser))
            return enter(NINA, size="tablet", script=script)

        yield come_in


def loaded(page: Page) -> bool:
    """Whether our own decoder was fetched."""
    return page.evaluate("'ZXing' in window")


def test_the_code_of_a_card_opens_the_one_thing_to_do_for_its_patient(enter):
    ward = enter(NINA, size="tablet", script=READER)
    ward.locator("[data-scan]").click()
    ward.locator(".scanner[open] video").wait_for()
    ward.evaluate("window.card = 'I-MICRO;01-099;QZ'")
    expect(ward.locator(".scanner-said")).to_have_text("This code names no patient of this list.")
    ward.evaluate(f"window.card = 'I-MICRO;{NEW_PATIENT};QZ'")
    expect(ward.locator(".stage-whose .confirm-who strong")).to_have_text(NEW_PATIENT)
    assert ward.evaluate("document.querySelector('dialog[open]')") is None


def test_a_patient_with_two_things_to_do_is_found_and_nothing_is_chosen_for_the_nurse(enter):
    ward = enter(NINA, size="tablet", script=READER + "window.card = '01-011';")
    ward.locator("[data-scan]").click()
    expect(ward.locator(".find input")).to_have_value("01-011")
    expect(ward.locator(".todo:visible")).to_have_count(2)


@pytest.mark.parametrize(
    "code",
    [qr_code(f"I-MICRO;{NEW_PATIENT};QZ"), code_128(NEW_PATIENT), code_39(NEW_PATIENT)],
    ids=["QR", "Code 128", "Code 39"],
)
def test_a_printed_code_is_read_where_the_browser_has_no_reader(seeing, code):
    ward = seeing(code, NO_READER)
    assert not loaded(ward)
    ward.locator("[data-scan]").click()
    expect(ward.locator(".stage-whose .confirm-who strong")).to_have_text(NEW_PATIENT)
    assert loaded(ward)


def test_a_reader_that_reads_nothing_is_none(seeing):
    ward = seeing(qr_code(NEW_PATIENT), READER_OF_NOTHING)
    ward.locator("[data-scan]").click()
    expect(ward.locator(".stage-whose .confirm-who strong")).to_have_text(NEW_PATIENT)


def test_a_printed_code_is_read_without_network_and_where_scripts_may_not_make_scripts(seeing):
    ward = seeing(qr_code(NEW_PATIENT), NO_READER)
    ward.locator("html[data-shell=kept]").wait_for(state="attached")
    ward.context.set_offline(True)
    ward.reload()
    ward.locator("[data-scan]").click()
    expect(ward.locator("[name=patient]")).to_have_value(NEW_PATIENT)


def test_with_a_reader_of_its_own_a_browser_fetches_none(enter):
    ward = enter(NINA, size="tablet", script=READER + "window.card = '01-011';")
    ward.locator("[data-scan]").click()
    expect(ward.locator(".find input")).to_have_value("01-011")
    assert not loaded(ward)


def test_without_a_camera_there_is_no_button_and_a_hand_scanner_types_into_the_search(enter):
    ward = enter(NINA, size="tablet", script=NO_CAMERA)
    ward.locator("html[data-outbox=open]").wait_for(state="attached")
    expect(ward.locator("[data-scan]")).to_be_hidden()
    ward.locator(".find input").focus()
    ward.keyboard.type(NEW_PATIENT)
    ward.keyboard.press("Enter")
    expect(ward.locator(".stage-whose .confirm-who strong")).to_have_text(NEW_PATIENT)
