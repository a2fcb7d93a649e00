"""The reading room in a real browser: a whole read-out with a dispute, a repeat, signatures and a closing."""

from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mottling.scale import Zone
from mottling.services.accounts import User
from mottling.services.opening import Services
from mottling.services.views import Answer
from tests.browser.conftest import PASSWORD, entering
from tests.browser.rooms import listening, lock, look, press, sign, with_a_repeat
from tests.house import DAY1, OLGA, RAVI, RITA, ROSA, charter_text, confirm, enrol, open_house, read
from tests.tiny_model import a_jpeg

OFTEN = charter_text(
    "repeats_share = 0.1\nrepeat_after = 20", "repeats_share = 0.5\nrepeat_after = 2"
).replace("batch_size = 40", "batch_size = 4")


@pytest.fixture
def room(tmp_path):
    """A trial of six photographs, which ravi has read: he gave 3 to all. One of them comes back to rita."""
    with (
        closing(with_a_repeat(RITA, six_read_by_ravi, tmp_path)) as services,
        listening(services, tmp_path, RITA, RAVI, ROSA, OLGA) as address,
    ):
        yield address, services


def six_read_by_ravi(folder: Path) -> Services:
    services = open_house(folder, charter=OFTEN)
    patients = [f"01-{number:03d}" for number in range(10, 16)]
    enrol(services, *patients)
    for number, patient in enumerate(patients):
        confirm(services, patient, data=a_jpeg([Zone.COIN, Zone.KNEE][: number % 3]))
    read_all(services, RAVI, Answer.scored(3))
    return services


def read_all(services: Services, reader: User, answer: Answer) -> None:
    while services.committee.next_photo(reader, at=DAY1):
        read(services, reader, answer)


@pytest.fixture
def enter(room, chromium):
    with entering(room[0], chromium) as come_in:
        yield come_in


def light(page: Page) -> str:
    return page.locator(".viewer-photo").evaluate("photo => photo.style.filter")


def read_to_the_end(page: Page, user: User, key: str) -> None:
    """Give the same score to all that comes, sign each batch, and go on after each pause."""
    while page.locator(".room, .batch-sign, [data-do=go_on]").count():
        if page.locator(".batch-sign").count():
            sign(page, user)
            continue
        if page.locator("[data-do=go_on]").count():
            page.locator("[data-do=go_on]").click()
        press(page, key)
        lock(page)
    expect(page.locator(".empty")).to_be_visible()


def say_anew(page: Page, key: str) -> None:
    """Change the first reading of the batch, with a reason."""
    page.locator("[data-do=again]").first.click()
    press(page, key)
    page.fill("[name=because]", "The lower thigh too")
    look(page, "room-desk-again")
    page.locator(".answer-lock").click()
    expect(page.locator(".batch-lines")).to_contain_text("changed")


def test_the_light_is_of_this_screen_only_and_the_next_photograph_begins_plain(enter):
    page = enter(RITA)
    press(page, "2")
    look(page, "room-desk")
    page.locator('.light input[data-filter="brightness"]').fill("150")
    assert light(page) == "brightness(150%) contrast(100%)"
    page.locator(".light-plain").click()
    assert light(page) == ""
    page.locator('.light input[data-filter="contrast"]').fill("140")
    page.locator(".viewer-stage").hover()
    page.mouse.wheel(0, -400)
    expect(page.locator(".viewer-level")).not_to_have_text("100 %")
    look(page, "room-desk-light")
    page.locator(".viewer-stage").focus()
    lock(page)
    expect(page.locator(".viewer.is-loaded")).to_be_visible()
    assert light(page) == ""
    expect(page.locator(".viewer-level")).to_have_text("100 %")


def test_reading_time_stands_still_when_nobody_touches_anything(enter):
    page = enter(RITA)
    expect(page.locator(".viewer.is-loaded")).to_be_visible()
    page.clock.install()
    page.reload()
    expect(page.locator(".viewer.is-loaded")).to_be_visible()
    seconds = page.locator("input[data-clock]")
    page.clock.run_for(30_000)
    assert 25 < float(seconds.input_value()) < 31
    page.clock.run_for(600_000)
    assert float(seconds.input_value()) < 62
    page.keyboard.press("2")
    page.clock.run_for(10_000)
    assert 65 < float(seconds.input_value()) < 75


def test_a_reader_answers_by_key_changes_one_answer_signs_the_batch_and_rests(room, enter):
    page = enter(RITA)
    press(page, "2")
    lock(page)
    press(page, "3")
    page.keyboard.press("a")
    expect(page.locator(".answer-said")).to_have_text("≥ 3")
    lock(page)
    press(page, "n")
    expect(page.locator(".answer-lock")).to_be_disabled()
    page.locator(".chip").first.click()
    look(page, "room-desk-not-assessable")
    lock(page)
    press(page, "3")
    lock(page)
    expect(page.locator(".batch-lines li")).to_have_count(4)
    say_anew(page, "3")
    look(page, "room-batch")
    page.fill(".batch-sign [name=password]", "another password")
    page.locator(".batch-sign button").click()
    expect(page.locator(".said-problem")).to_be_visible()
    sign(page, RITA)
    expect(page.locator("[data-do=go_on]")).to_be_visible()
    look(page, "room-pause")
    read_to_the_end(page, RITA, "3")
    book = room[1].committee._book
    assert len(book.readings(by="rita")) == 6
    assert any(one.by == "rita" for one in book.repeats())


def test_the_third_reader_decides_and_then_the_read_out_is_closed(room, enter):
    services = room[1]
    read_all(services, RITA, Answer.scored(0))
    page = enter(ROSA, language="fr", size="tablet", scheme="dark")
    press(page, "1")
    look(page, "room-tablet-dark-fr")
    read_to_the_end(page, ROSA, "1")
    state = services.readout.state()
    assert state.verdicts == state.to_read == 6
    services.readout.close("olga", PASSWORD.format("olga"), meaning="All are read", at=DAY1)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("La lecture est close")
