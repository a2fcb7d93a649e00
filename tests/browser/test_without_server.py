"""The ward's page opens without network or server, keeps nothing that can be read, and goes at sign-out."""

import re

import pytest
from playwright.sync_api import Error, Page, expect

from mottling.web import shell
from tests.browser.conftest import kept_in, lock, shoot, waits
from tests.house import INITIALS, NINA


def wait_until_kept(ward: Page) -> None:
    """The browser has what it needs to open the page again."""
    ward.locator("html[data-shell=kept]").wait_for(state="attached")


def take(ward: Page, patient: str) -> None:
    """Photograph and score a patient whose number is typed, because the list is not there."""
    ward.fill("[name=patient]", patient)
    ward.locator(".shell-form button").click()
    expect(ward.locator(".confirm-who strong")).to_have_text(patient)
    shoot(ward)
    lock(ward, "1")
    ward.locator('[data-sending="waiting"]').wait_for()


def pages_asked_of(ward: Page) -> list[str]:
    """Note each page that is asked for from here on."""
    asked: list[str] = []
    ward.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    return asked


def caches_of(ward: Page) -> list[str]:
    return ward.evaluate("() => caches.keys()")


def cached_in(ward: Page) -> str:
    """The text of everything that the browser has cached."""
    return ward.evaluate(
        """async () => {
            const texts = [];
            for (const name of await caches.keys()) {
                const answers = await (await caches.open(name)).matchAll();
                texts.push(...(await Promise.all(answers.map((answer) => answer.text()))));
            }
            return texts.join("\\n");
        }"""
    )


def test_a_photograph_that_is_taken_after_a_reload_without_network_is_stored_exactly_once(served, enter):
    ward = enter(NINA, language="fr", size="tablet")
    wait_until_kept(ward)
    ward.context.set_offline(True)
    ward.reload()
    expect(ward.get_by_role("heading", level=1)).to_have_text("Sans réseau")
    expect(ward.locator(".who b")).to_have_text("nina")
    take(ward, "01-021")
    waits(ward, 1)
    assert len(kept_in(ward)) > 10_000
    assert not re.search("01-021|day1|PNG\r\n|JFIF", kept_in(ward))
    assert not re.search(rf"01-0\d\d|>{INITIALS}<|nina", cached_in(ward))

    ward.reload()
    waits(ward, 1)
    asked = pages_asked_of(ward)
    # The network comes back, and at once again: the real page is not loaded over itself while it sends.
    ward.evaluate("addEventListener('online', () => dispatchEvent(new Event('online')), { once: true })")
    ward.context.set_offline(False)
    expect(ward.locator('.todo-to_confirm:has-text("01-021")')).to_be_visible()
    waits(ward, 0)
    assert len(asked) == 1
    assert len(served.records_of("01-021")) == 1


def test_a_number_that_was_typed_wrong_is_corrected_and_the_photograph_is_not_lost(served, enter):
    ward = enter(NINA, size="tablet")
    wait_until_kept(ward)
    served.end()
    ward.reload()
    take(ward, "01-999")
    served.begin()
    refused = ward.locator(".refused")
    expect(refused.locator(".refused-why")).to_contain_text("01-999")
    waits(ward, 1)
    refused.locator("input").fill("01-010")
    refused.locator("form button").click()
    expect(ward.locator('.todo-to_confirm:has-text("01-010")')).to_be_visible()
    waits(ward, 0)
    assert len(served.records_of("01-010")) == 1


def test_a_new_release_takes_the_old_ones_place_and_signing_out_leaves_nothing(served, enter, monkeypatch):
    ward = enter(NINA, size="tablet")
    wait_until_kept(ward)
    (before,) = caches_of(ward)
    served.end()
    plain = shell.text_of
    monkeypatch.setattr(shell, "text_of", lambda name: f"{plain(name)}// another release\n")
    served.begin()
    ward.reload()
    ward.wait_for_function(
        "async (old) => { const [one, ...more] = await caches.keys(); return !more.length && one !== old; }",
        arg=before,
    )

    ward.locator("form[action='/sign-out'] button").click()
    ward.locator("html[data-away=done]").wait_for(state="attached")
    assert caches_of(ward) == []
    assert ward.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    ward.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        ward.goto(f"{served.address}/ward/en/")
