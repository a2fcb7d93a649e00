"""A server over a committee's services, and what a reader does in the reading room."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, expect

from mottling.services.accounts import User
from mottling.services.opening import Services
from mottling.web.server import build_app
from tests.browser.conftest import PASSWORD
from tests.house import DAY1, house_settings

# Where pictures of the pages go, for somebody who wants to look at them.
PICTURES = os.environ.get("MOTTLING_PICTURES")


@contextmanager
def listening(services: Services, folder: Path, *users: User) -> Iterator[str]:
    """Let these users in over a server that listens; gives its address."""
    for user in users:
        services.accounts.add_user(user, PASSWORD.format(user.name), by="setup", at=DAY1)
    with socket.create_server(("127.0.0.1", 0)) as listens:
        config = uvicorn.Config(build_app(services, house_settings(folder)), log_level="warning")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listens]})
        thread.start()
        try:
            yield f"http://localhost:{listens.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)


def with_a_repeat(reader: User, build: Callable[[Path], Services], folder: Path) -> Services:
    """Build stores until one has drawn that a photograph comes back to a reader: each store draws its own."""
    for number in count():
        services = build(folder / str(number))
        committee = services.committee
        with committee._book.looking() as board:
            plan = committee._list.plan(reader, board.to_read(), board.shown(reader.name))
        if any(one.is_repeat for one in plan):
            return services
        services.close()
    raise AssertionError("count() does not end")


def look(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def press(page: Page, key: str) -> None:
    """Press a key when the photograph is there."""
    expect(page.locator(".viewer.is-loaded")).to_be_visible()
    page.keyboard.press(key)


def lock(page: Page) -> None:
    """Lock what is chosen, and wait for what comes next."""
    before = page.locator("input[name=reading_id]").input_value()
    expect(page.locator(".answer-lock")).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.locator(f"input[value='{before}']")).to_have_count(0)


def sign(page: Page, user: User) -> None:
    """Sign the batch with the password."""
    page.fill(".batch-sign [name=password]", PASSWORD.format(user.name))
    page.locator(".batch-sign button").click()
    expect(page.locator(".batch")).to_have_count(0)
