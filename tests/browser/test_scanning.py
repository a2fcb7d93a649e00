"""The study card's code: read where the browser has a reader, typed by a hand scanner where it has none."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NEW_PATIENT
from tests.house import NINA

READER = """
window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code", "code_128"]; }
    async detect() { return window.card ? [{ rawValue: window.card }] : []; }
};"""
NO_READER = "delete window.BarcodeDetector;"
READER_OF_NOTHING = "window.BarcodeDetector = class { static async getSupportedFormats() { return []; } };"


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


@pytest.mark.parametrize("script", [NO_READER, READER_OF_NOTHING])
def test_without_a_reader_there_is_no_button_and_a_hand_scanner_types_into_the_search(enter, script):
    ward = enter(NINA, size="tablet", script=script)
    ward.locator("html[data-outbox=open]").wait_for(state="attached")
    expect(ward.locator("[data-scan]")).to_be_hidden()
    ward.locator(".find input").focus()
    ward.keyboard.type(NEW_PATIENT)
    ward.keyboard.press("Enter")
    expect(ward.locator(".stage-whose .confirm-who strong")).to_have_text(NEW_PATIENT)
