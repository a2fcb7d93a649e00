"""How many taps and seconds it takes from the unlocked tablet to the stored photograph and its final score.

On both sizes of screen and in both languages, with the camera of the page.

Run: pytest tests/browser/test_thirty_seconds.py -o addopts= -s (prints seconds, which depend on the machine).
"""

import time

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import lock, photograph
from tests.house import NINA

MOST_TAPS = 6
COUNT = """
window.taps = 0;
addEventListener("pointerdown", () => { window.taps += 1; }, true);"""


class Counter:
    """Counts what a finger does on a page, and looks at the clock after each step."""

    def __init__(self, page: Page):
        self.page = page
        page.evaluate(COUNT)
        self.began = self.last = time.monotonic()
        self.lines: list[str] = []

    def note(self, step: str) -> None:
        now = time.monotonic()
        self.lines.append(f"{step:<28}{self.taps():>3} taps {now - self.last:>7.1f} s")
        self.last = now

    def taps(self) -> int:
        return self.page.evaluate("window.taps")


@pytest.mark.parametrize(
    ("size", "language", "patient"),
    [
        ("tablet", "fr", "01-009"),
        ("tablet", "en", "01-012"),
        ("desk", "fr", "01-013"),
        ("desk", "en", "01-014"),
    ],
)
def test_six_taps_lead_from_the_list_to_the_stored_photograph_and_its_final_score(
    served, enter, size, language, patient
):
    ward = enter(NINA, language=language, size=size)
    assert ward.locator("html").get_attribute("lang") == language
    counter = Counter(ward)
    photograph(ward, patient)
    counter.note("photograph taken")
    lock(ward, "1")
    ward.locator("[data-do=keep]").wait_for()
    counter.note("stored, own score locked")
    assert len(served.records_of(patient)) == 1
    taps_to_stored = counter.taps()
    ward.locator("[data-do=keep]").click()
    ward.locator(".stored-sign").wait_for()
    counter.note("final score stored")
    whole = f"{'in all':<28}{counter.taps():>3} taps {time.monotonic() - counter.began:>7.1f} s"
    print("", f"{size}, {language}", *counter.lines, whole, sep="\n")  # noqa: T201 # to be read
    assert 3 <= taps_to_stored < counter.taps() <= MOST_TAPS
