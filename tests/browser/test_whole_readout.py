"""A whole read-out in a browser: training, preload, disagreement, third reader, a repeat, signatures."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mottling.scale import Zone
from mottling.services.accounts import User
from mottling.services.opening import Services
from tests.browser.conftest import PASSWORD, entering
from tests.browser.rooms import listening, lock, look, press, sign, with_a_repeat
from tests.house import DAY1, OLGA, RAVI, RITA, ROSA, confirm, enrol, open_house, trained_charter_text
from tests.tiny_model import a_jpeg

TRAINED = re.sub(
    "cases = .*",
    'cases = ["02"]',
    trained_charter_text()
    .replace("repeats_share = 0.1\nrepeat_after = 20", "repeats_share = 0.5\nrepeat_after = 2")
    .replace("batch_size = 40", "batch_size = 3"),
)
PATIENTS = tuple(f"01-{number:03d}" for number in range(10, 16))


@pytest.fixture
def house(tmp_path):
    """Six photographs that nobody has read; one of them comes back to rita."""
    with closing(with_a_repeat(RITA, six_unread, tmp_path)) as services:
        yield services


def six_unread(folder: Path) -> Services:
    services = open_house(folder, charter=TRAINED)
    enrol(services, *PATIENTS)
    for number, patient in enumerate(PATIENTS):
        confirm(services, patient, data=a_jpeg([Zone.COIN, Zone.KNEE][: number % 3]))
    return services


@pytest.fixture
def enter(house, tmp_path, chromium):
    with (
        listening(house, tmp_path, RITA, RAVI, ROSA, OLGA) as address,
        entering(address, chromium) as come_in,
    ):
        yield come_in


def train(page: Page) -> None:
    """Read the made photograph wrong, be told its score, and read it again as it was told."""
    press(page, "n")
    page.locator(".chip").first.click()
    look(page, "readout-training")
    page.locator(".answer-lock").click()
    page.locator("[data-do=go_on]").wait_for()
    look(page, "readout-training-told")
    told = re.search(r"\d", page.locator(".room-answer b").inner_text())[0]
    page.locator("[data-do=go_on]").click()
    page.locator("[data-do=train_again]").click()
    expect(page.locator(".answer-lock")).to_be_visible()
    press(page, told)
    page.locator(".answer-lock").click()
    expect(page.locator(".room-answer h1")).to_have_text("Right")
    page.locator("[data-do=go_on]").click()
    expect(page.locator("form[data-do=lock]")).to_be_visible()


def first_answer(page: Page) -> None:
    """Not assessable, with a reason."""
    press(page, "n")
    expect(page.locator(".answer-lock")).to_be_disabled()
    page.locator(".chip").first.click()
    lock(page)


_FETCHED = (
    "(place) => performance.getEntriesByName(location.origin + place).some((one) => one.responseEnd > 0)"
)


def fetched_ahead(page: Page) -> str:
    """Wait until the next photograph lies ready, and give its address."""
    address = page.locator("[data-ahead]").get_attribute("data-ahead")
    page.wait_for_function(_FETCHED, arg=address)
    return address


def read_to_the_end(page: Page, user: User, key: str) -> None:
    """Give one score to all that comes, sign each batch and go on after each pause."""
    while page.locator(".room, .batch-sign, [data-do=go_on]").count():
        if page.locator(".batch-sign").count():
            sign(page, user)
        elif page.locator("[data-do=go_on]").count():
            page.locator("[data-do=go_on]").click()
            expect(page.locator("[data-do=go_on]")).to_have_count(0)
        else:
            press(page, key)
            lock(page)


def read_by_rita(page: Page) -> None:
    """The first photograph cannot be judged, and the one after it lies ready meanwhile."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = fetched_ahead(page)
    first_answer(page)
    expect(page.locator(".viewer-photo")).to_have_attribute("src", re.compile("^blob:"))
    assert len([url for url in asked if url.endswith(address)]) <= 1, "asked for a second time"
    read_to_the_end(page, RITA, "3")
    look(page, "readout-all-read")


def test_a_whole_read_out_from_the_training_to_the_last_verdict(house, enter):
    book = house.committee._book
    rita = enter(RITA)
    train(rita)
    read_by_rita(rita)
    assert {one.by for one in book.repeats()} == {"rita"}
    ravi = enter(RAVI)
    train(ravi)
    read_to_the_end(ravi, RAVI, "3")
    state = house.readout.state()
    assert (state.verdicts, state.to_read) == (5, 6), "one is in dispute"
    rosa = enter(ROSA, size="tablet", scheme="dark")
    train(rosa)
    look(rosa, "readout-third-reader")
    read_to_the_end(rosa, ROSA, "1")
    chosen = {verdict.reading_id for verdict in book.verdicts()}
    scores = sorted(one.answer.score for one in book.readings() if one.reading_id in chosen)
    assert scores == [1, 3, 3, 3, 3, 3]
    assert [one.answer.score for one in book.readings(by="rita")].count(None) == 1
    house.readout.close("olga", PASSWORD.format("olga"), meaning="All are read", at=DAY1)
    rosa.reload()
    expect(rosa.get_by_role("heading", level=1)).to_have_text("The read-out is closed")
    assert house.office._store.verify().clean
