"""A tablet that is left lying is locked, and a photograph without a score waits there for its owner."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    NELL,
    go_offline,
    kept_in,
    lock,
    photograph,
    shoot,
    sign_in,
    wait_until_nothing_is_kept,
    waits,
)
from tests.house import INITIALS, NINA, OLGA

PATIENT, TAKEN_WITHOUT_NETWORK = "01-040", "01-041"


@pytest.fixture(scope="module", autouse=True)
def patient(served):
    """Two more whose photograph is due, for these tests alone."""
    now = datetime.now(UTC)
    due = f"01,{(now - timedelta(hours=24)).isoformat()},{INITIALS}"
    lines = [f"{one},{due}" for one in (PATIENT, TAKEN_WITHOUT_NETWORK)]
    data = "\n".join(["patient,site,randomised_at,initials", *lines]).encode()
    assert served.services.enrolling.enrol(OLGA, data, at=now).stored


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


def open_without_network(ward: Page) -> None:
    """Load the ward's page again where there is no network."""
    ward.locator("html[data-shell=kept]").wait_for(state="attached")
    go_offline(ward)
    ward.reload()
    ward.locator(".shell-form").wait_for()


def try_to_come_back(ward: Page) -> None:
    secret = ward.locator("dialog.lock [autocomplete=current-password]")
    secret.fill("the password of nina")
    secret.press("Enter")


def test_without_network_a_tablet_locks_nobody_comes_in_and_what_waits_is_sent_when_its_owner_is_back(
    served, enter
):
    ward = enter(NINA, size="tablet")
    open_without_network(ward)
    ward.fill("[name=patient]", TAKEN_WITHOUT_NETWORK)
    ward.locator(".shell-form button").click()
    shoot(ward)
    lock(ward, "1")
    ward.locator('[data-sending="waiting"]').wait_for()
    leave_lying(ward)
    expect(ward.locator("#lock-title")).to_have_text("Locked for nina")
    try_to_come_back(ward)
    expect(ward.locator(".lock-said")).to_contain_text("Without network nobody can come in here")
    assert TAKEN_WITHOUT_NETWORK not in kept_in(ward)

    # Another page, without network too, is locked as this one was, and nobody else gets past it.
    ward.reload()
    expect(ward.locator("dialog.lock")).to_be_visible()
    ward.locator(".lock-other").click()
    expect(ward.locator(".lock-said")).to_contain_text("Without network nobody can come in here")

    # The network alone opens nothing and sends nothing.
    ward.context.set_offline(False)
    with ward.expect_response("**/alive"):
        pass
    expect(ward.locator("dialog.lock")).to_be_visible()
    assert served.records_of(TAKEN_WITHOUT_NETWORK) == ()
    try_to_come_back(ward)
    expect(ward.locator(f'.todo-to_confirm:has-text("{TAKEN_WITHOUT_NETWORK}")')).to_be_visible()
    waits(ward, 0)
    wait_until_nothing_is_kept(ward)
    assert len(served.records_of(TAKEN_WITHOUT_NETWORK)) == 1


def test_a_tablet_that_was_put_away_opens_locked_without_network(enter):
    ward = enter(NINA, size="tablet")
    open_without_network(ward)
    expect(ward.locator("dialog.lock")).to_be_hidden()
    # As it is after an hour: the page that is left would note a later touch.
    ward.add_init_script(
        "localStorage.setItem('mottling-lock',"
        " JSON.stringify({touched: Date.now() - 3600000, isLocked: false}))"
    )
    ward.reload()
    expect(ward.locator("dialog.lock")).to_be_visible()
