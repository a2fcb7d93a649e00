"""A tablet that is left lying is locked, and a photograph without a score waits there for its owner."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NELL, photograph, sign_in
from tests.house import INITIALS, NINA, OLGA

PATIENT = "01-040"


@pytest.fixture(scope="module", autouse=True)
def patient(served):
    """One more whose photograph is due, for these tests alone."""
    now = datetime.now(UTC)
    line = f"{PATIENT},01,{(now - timedelta(hours=24)).isoformat()},{INITIALS}"
    data = f"patient,site,randomised_at,initials\n{line}".encode()
    assert served.services.office.enrol(OLGA, data, at=now).stored


def leave_lying(ward: Page) -> None:
    """Let the idle time pass at once."""
    ward.evaluate("document.querySelector('dialog.lock').dataset.idleS = 0.001")
    ward.locator("dialog.lock[open]").wait_for()
    ward.evaluate("document.querySelector('dialog.lock').dataset.idleS = 900")


def test_a_photograph_without_a_score_survives_the_lock_another_person_and_a_new_page(served, enter):
    ward = enter(NINA, size="tablet")
    photograph(ward, PATIENT)
    leave_lying(ward)
    ward.keyboard.press("Escape")
    expect(ward.locator("dialog.lock")).to_be_visible()

    # The owner goes on where the page was left.
    secret = ward.locator("dialog.lock [autocomplete=current-password]")
    secret.fill("not her password")
    secret.press("Enter")
    expect(ward.locator(".lock-said")).to_contain_text("do not go together")
    secret.fill("the password of nina")
    secret.press("Enter")
    expect(ward.locator("dialog.lock")).to_be_hidden()
    expect(ward.locator(".stage-score .viewer.is-loaded")).to_be_visible()

    # Somebody else sees nothing of it.
    leave_lying(ward)
    sign_in(ward, served.address, NELL)
    ward.locator("html[data-outbox=open]").wait_for(state="attached")
    expect(ward.locator(".todo.is-draft")).to_have_count(0)

    # The owner, on a new page, finds it again and gives the score.
    sign_in(ward, served.address, NINA)
    ward.locator(f'.todo.is-draft[data-with-patient="{PATIENT}"]').click()
    ward.locator("[data-capture=yes]").click()
    ward.locator(".stage-score .viewer.is-loaded").wait_for()
    ward.locator('.stage-score .tile:has([value="2"])').click()
    ward.locator(".stage-score .answer-lock").click()
    ward.locator("[data-do=keep]").wait_for()
    assert len(served.records_of(PATIENT)) == 1
