"""A real server over a trial's services, and a real Chromium that may speak to nobody else."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from mottling.scale import Zone
from mottling.services.accounts import User
from mottling.services.opening import Services, open_services
from mottling.settings import Settings
from mottling.web.server import build_app
from tests.house import NINA, OLGA, RAVI, RITA, house_settings
from tests.tiny_model import a_jpeg

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PATIENCE_MS = 60_000
"""Machines that run tests have other work too; nothing is measured by it."""
SIZES = {"tablet": (820, 1180), "desk": (1280, 800)}


@dataclass(frozen=True)
class Served:
    """A server that listens."""

    address: str
    services: Services
    settings: Settings


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    """A server with three patients whose day-1 photograph is due now."""
    settings = house_settings(tmp_path_factory.mktemp("served"))
    now = datetime.now(UTC)
    with closing(open_services(settings, at=now, serving=True)) as services:
        for user in (NINA, RITA, RAVI, OLGA):
            services.accounts.add_user(user, f"the password of {user.name}", by="setup", at=now)
        randomised_at = (now - timedelta(hours=24)).isoformat()
        lines = [f"{one},{one[:2]},{randomised_at}" for one in ("01-001", "01-002", "01-003")]
        enrolment = "\n".join(["patient,site,randomised_at", *lines]).encode()
        assert services.office.enrol(OLGA, enrolment, at=now).stored
        with socket.create_server(("127.0.0.1", 0)) as listening:
            address = f"http://localhost:{listening.getsockname()[1]}"
            config = uvicorn.Config(build_app(services, settings), log_level="warning")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            try:
                yield Served(address, services, settings)
            finally:
                server.should_exit = True
                thread.join(timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def enter(served, chromium) -> Iterator[Callable[..., Page]]:
    """Sign somebody in with a browser of their own; afterwards nothing may have gone wrong in it."""
    wrong: list[str] = []
    contexts = []

    def come_in(user: User, *, language: str = "en", size: str = "desk", scheme: str = "light") -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale=language
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        watch(page, served.address, wrong)
        page.goto(f"{served.address}/sign-in?language={language}")
        page.fill("#name", user.name)
        page.fill("#password", f"the password of {user.name}")
        page.keyboard.press("Enter")
        page.wait_for_selector("main.body h1")
        return page

    yield come_in
    for context in contexts:
        context.close()
    assert wrong == []


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
