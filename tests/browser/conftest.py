"""A real server over a trial's services, and a real Chromium that may speak to nobody else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from mottling.scale import Zone
from mottling.services.accounts import User
from mottling.services.opening import Services, open_services
from mottling.settings import Settings
from mottling.trial.access import Role
from mottling.trial.records import PhotoSteps
from mottling.web.server import build_app
from tests.browser.chromium import SIZES, start_chromium
from tests.house import INITIALS, NINA, OLGA, RAVI, RITA, house_settings
from tests.tiny_model import a_jpeg

NELL = User("nell", Role.WARD, "01")
"""Works on the same ward as Nina, with the same tablet."""

NEW_PATIENT = "01-020"
"""Randomised two hours ago: only the first visit is to be done."""
PASSWORD = "the password of {}"
PATIENCE_MS = 90_000
"""Machines that run tests have other work too; nothing is measured by it."""


@dataclass
class Served:
    """A server that listens, and can be stopped and begun again over the same records."""

    settings: Settings
    port: int = 0
    services: Services = field(init=False)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://localhost:{self.port}"

    def begin(self) -> None:
        """Open the records and listen, where it listened before."""
        self.services = open_services(self.settings, at=datetime.now(UTC), serving=True)
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        config = uvicorn.Config(build_app(self.services, self.settings), log_level="warning")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listening]})
        self._thread.start()

    def end(self) -> None:
        """Stop at once: what a browser is sending is cut off."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(timeout=20)
        self._listening.close()
        self.services.close()

    def records_of(self, patient: str) -> tuple[PhotoSteps, ...]:
        """Every photograph that was stored of a patient, with its steps."""
        with closing(open_services(self.settings, at=datetime.now(UTC))) as beside:
            return beside.ward._book.photos(patient=patient)


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    """A server with patients whose day-1 photograph is due now."""
    made = Served(house_settings(tmp_path_factory.mktemp("served")))
    made.begin()
    now = datetime.now(UTC)
    for user in (NINA, NELL, RITA, RAVI, OLGA):
        made.services.accounts.add_user(user, PASSWORD.format(user.name), by="setup", at=now)
    lines = [enrolled(f"01-{number:03d}", now - timedelta(hours=24)) for number in (*range(1, 20), 21)]
    lines += [enrolled(NEW_PATIENT, now - timedelta(hours=2))]
    enrolment = "\n".join(["patient,site,randomised_at,initials", *lines]).encode()
    assert made.services.enrolling.enrol(OLGA, enrolment, at=now).stored
    try:
        yield made
    finally:
        made.end()


def enrolled(patient: str, randomised_at: datetime) -> str:
    """A line of the office's file."""
    return f"{patient},01,{randomised_at.isoformat()},{INITIALS}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = start_chromium(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture
def enter(served, chromium) -> Iterator[Callable[..., Page]]:
    """Sign somebody in with a browser of their own; afterwards nothing may have gone wrong in it."""
    with entering(served.address, chromium) as come_in:
        yield come_in


@contextmanager
def entering(address: str, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Let people sign in, each with a browser of their own; afterwards nothing may have gone wrong in it."""
    wrong: list[str] = []
    contexts = []

    def come_in(
        user: User, *, language: str = "en", size: str = "desk", scheme: str = "light", script: str = ""
    ) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale=language,
            has_touch=size == "tablet",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        watch(page, address, wrong)
        sign_in(page, address, user, language)
        return page

    try:
        yield come_in
    finally:
        for context in contexts:
            context.close()
    assert wrong == [], wrong


def sign_in(page: Page, address: str, user: User, language: str = "en") -> None:
    """Come in by name and password."""
    page.goto(f"{address}/sign-in?language={language}")
    page.fill("#name", user.name)
    page.fill("#password", PASSWORD.format(user.name))
    page.keyboard.press("Enter")
    page.wait_for_selector("main.body h1, .said-problem, a[href='/']")
    assert "/sign-in" not in page.url


def go_offline(page: Page) -> None:
    """Take the network away, once the page has what it needs to work without."""
    page.locator("html[data-outbox=open]").wait_for(state="attached")
    page.context.set_offline(True)


def photograph(page: Page, patient: str) -> None:
    """From the list to the own score, with the camera of the page."""
    page.locator(f'.todo[data-with-patient="{patient}"][data-with-visit="day1"]').click()
    shoot(page)


def shoot(page: Page) -> None:
    """From the question whose photograph it is to the own score."""
    page.locator("[data-capture=yes]").click()
    page.locator(".finder-hint:not(:empty)").wait_for()
    page.locator(".shutter").click()
    page.locator(".stage-score .viewer.is-loaded").wait_for()


def give(page: Page, patient: str, photo: Path) -> None:
    """From the list to the own score, with a file instead of the camera."""
    page.locator(f'.todo[data-with-patient="{patient}"][data-with-visit="day1"]').click()
    page.locator("[data-capture=yes]").click()
    page.locator(".photo-file input").set_input_files(photo)
    page.locator(".stage-score").wait_for()


def lock(page: Page, score: str) -> None:
    """Give the own score and lock it."""
    page.locator(f'.stage-score .tile:has([value="{score}"])').click()
    page.locator(".stage-score .answer-lock").click()


def waits(page: Page, number: int) -> None:
    """The frame says how many photographs wait."""
    if number:
        expect(page.locator(".waits-number")).to_have_text(str(number))
    else:
        expect(page.locator(".waits")).to_be_hidden()


_KEPT = """async () => {
    const open = indexedDB.open("mottling-outbox");
    await new Promise((done) => { open.onsuccess = done; });
    const all = open.result.transaction("waiting").objectStore("waiting").getAll();
    await new Promise((done) => { all.onsuccess = done; });
    open.result.close();
    const texts = all.result.map((one) => [one.head.bytes, one.photo.bytes].map((bytes) =>
        new TextDecoder("latin1").decode(bytes)));
    return texts.flat().join("");
}"""


def kept_in(page: Page) -> str:
    """Everything that the browser keeps of what waits, as text."""
    return page.evaluate(_KEPT)


def wait_until_nothing_is_kept(page: Page) -> None:
    """Wait for the outbox to be empty: the server knows a photograph before the tablet has heard so."""
    page.wait_for_function(f"async () => (await ({_KEPT})()) === ''")


def watch(page: Page, address: str, wrong: list[str]) -> None:
    """Note every request to elsewhere, every error of a script and everything that the policy blocks."""
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("console", lambda said: note(said, wrong))
    page.on(
        "request", lambda asked: None if is_ours(asked.url, address) else wrong.append(f"asked {asked.url}")
    )


def note(said: ConsoleMessage, wrong: list[str]) -> None:
    # An answer of 4xx or 5xx is an "error" to Chromium; the tests ask for those on purpose.
    if said.type == "error" and not said.text.startswith("Failed to load resource"):
        wrong.append(f"console: {said.text}")


def is_ours(url: str, address: str) -> bool:
    return url.startswith((f"{address}/", "blob:", "data:"))


@pytest.fixture
def a_photo(tmp_path) -> Path:
    """A photograph of drawn legs, mottled up to the knee, as the tablet's camera would give it."""
    path = tmp_path / "knees.jpg"
    path.write_bytes(a_jpeg([Zone.COIN, Zone.KNEE]))
    return path
