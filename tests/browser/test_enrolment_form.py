"""One patient enrolled by form in a browser: by keyboard, pressed twice, and then looked at on the sheet."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.house import OLGA

_PATIENT = "01-401"
_SMALLEST_PX = 48
_SMALL = f"""() => [...document.querySelectorAll('.one-patient :is(button, input, select, .chip)')]
    .map((one) => one.closest('.chip') ?? one)
    .filter((one) => one.getBoundingClientRect().height < {_SMALLEST_PX})
    .map((one) => one.outerHTML)"""


def open_form(page: Page) -> None:
    page.locator(".tabs [data-do=enrolment]").click()
    expect(page.locator("form.one-patient")).to_be_visible()


def write(page: Page, day: datetime) -> None:
    """Fill the form in with the keyboard alone, but for the date, which a browser asks for in its own way."""
    page.locator(".one-patient [name=patient]").focus()
    page.keyboard.type(_PATIENT)
    page.keyboard.press("Tab")
    page.keyboard.type("01")
    page.locator("[name=day]").fill(f"{day:%Y-%m-%d}")
    page.locator("[name=clock]").fill("09:05")
    page.locator("[name=initials]").focus()
    page.keyboard.type("qz")
    score = page.locator("[name='items.mottling_included'][value='']")
    score.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.locator("[name='items.finger_recoloration']").focus()
    page.keyboard.type("3,5")


def test_a_patient_is_enrolled_by_form_and_is_found_on_the_sheet(served, enter):
    office = enter(OLGA, size="tablet", language="fr")
    open_form(office)
    assert office.evaluate(_SMALL) == []
    write(office, datetime.now(UTC) - timedelta(days=2))
    office.keyboard.press("Enter")

    fault = office.locator("#fault-initials")
    expect(fault).to_be_visible()
    expect(office.locator("[name=initials]")).to_be_focused()
    expect(office.locator("[name='items.mottling_included'][value='3']")).to_be_checked()
    office.locator("[name=initials]").fill("QZ")
    office.locator(".one-patient button.primary").dblclick()
    expect(office.locator(".said-notice")).to_contain_text(_PATIENT)
    expect(office.locator(".one-patient [name=patient]")).to_have_value("")

    office.locator(".tabs [data-do=patients]").click()
    office.locator(f"[data-do=sheet][data-with-patient='{_PATIENT}']").first.click()
    lines = office.locator(".sheet-item")
    expect(lines.nth(0).locator("h3")).to_have_text(re.compile("3$"))
    expect(lines.nth(1).locator("h3")).to_have_text(re.compile("3,5 s$"))
    lines.nth(1).locator("summary").click()
    lines.nth(1).locator("[name=text]").fill("4")
    lines.nth(1).locator("[name=because]").fill("Lu sur la mauvaise ligne")
    lines.nth(1).locator("button.primary").click()
    expect(office.locator(".sheet-item").nth(1).locator("h3")).to_have_text(re.compile("4 s$"))

    store = served.services.enrolling._store
    assert [one.patient for one in store.ward.patients()].count(_PATIENT) == 1
    said = [one for one in store.eligibility.all() if one.patient == _PATIENT]
    assert [(one.item, one.value, one.version) for one in said] == [
        ("mottling_included", "3", 1),
        ("finger_recoloration", "3.5", 1),
        ("finger_recoloration", "4", 2),
    ]
