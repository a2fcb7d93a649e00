"""The whole way in a real browser: from the photograph on the ward to the outcome on the office's desk."""

import csv
import hashlib
import io
import re

from click.testing import CliRunner
from playwright.sync_api import Page, expect

from mottling.cli import mottling
from tests.browser.conftest import give
from tests.house import NINA, OLGA, RAVI, RITA


def take_and_score(ward: Page, patient: str, photo, *, key: str) -> None:
    """Photograph a patient who is due, score with a key of the keyboard, lock."""
    give(ward, patient, photo)
    expect(ward.locator(".stage-score .viewer.is-loaded")).to_be_visible()
    ward.keyboard.press(key)
    ward.keyboard.press("Enter")


def read_all(room, key):
    """Read every photograph that waits: other tests of this server have left some."""
    while not room.locator(".batch-sign").count():
        expect(room.locator(".viewer.is-loaded")).to_be_visible()
        before = room.locator("input[name=reading_id]").input_value()
        room.keyboard.press(key)
        room.keyboard.press("Enter")
        expect(room.locator(f"input[value='{before}']")).to_have_count(0)
        expect(room.locator(".batch-sign, .viewer.is-loaded").first).to_be_visible()


def test_a_photograph_becomes_an_outcome(served, enter, a_photo):
    ward = enter(NINA, size="tablet")
    take_and_score(ward, "01-001", a_photo, key="2")
    expect(ward.get_by_role("heading", level=1)).to_have_text(re.compile("proposal|model", re.I))
    expect(ward.locator(".viewer-overlay")).to_have_js_property("complete", True)
    ward.locator("[data-do=keep]").click()
    expect(ward.locator(".stored-sign")).to_be_visible()

    for reader in (RITA, RAVI):
        room = enter(reader)
        assert "01-001" not in room.content()
        read_all(room, "2")
        room.fill(".batch-sign [name=password]", f"the password of {reader.name}")
        room.locator(".batch-sign button").click()
        expect(room.locator(".empty")).to_be_visible()

    office = enter(OLGA)
    answer = office.request.get(f"{served.address}/office/files/outcome")
    lines = list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))
    (line,) = [one for one in lines if one["patient"] == "01-001" and one["visit"] == "day1"]
    assert "2" in line.values()

    sent = hashlib.sha256(a_photo.read_bytes()).hexdigest()
    # The photograph lies sealed under its hash; verify opens it and computes the hash anew.
    assert sent in {path.name for path in (served.settings.data / "photos").rglob("*")}
    verified = CliRunner().invoke(mottling, ["verify", "--data", str(served.settings.data)])
    assert verified.exit_code == 0, verified.output
