"""The web app over a trial's services on a fresh store, and visitors who speak raw HTTP to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI
from httpx import Response
from starlette.testclient import TestClient

from mottling.services.accounts import User
from mottling.services.opening import Services
from mottling.web.server import build_app
from tests.house import RANDOMISED_AT, house_settings, open_house

ORIGIN = "http://testserver"
HTML = {"Accept": "text/html"}


@dataclass(frozen=True)
class WebHouse:
    """A server that is built and not listening."""

    services: Services
    app: FastAPI
    folder: Path
    running: TestClient
    """Holds the event loop in which the pages' queues run."""
    origin: str = ORIGIN
    tokens: dict[str, str] = field(default_factory=dict)
    """Of who signed in before: a password takes a tenth of a second, on purpose."""

    def visitor(self) -> TestClient:
        """Somebody with an empty cookie jar who follows no redirect."""
        client = TestClient(self.app, base_url=self.origin, follow_redirects=False)
        client.portal = self.running.portal
        return client

    def add(self, user: User) -> None:
        """Add a user."""
        self.services.accounts.add_user(user, password_of(user), by="setup", at=RANDOMISED_AT)

    def sign_in(self, user: User, *, password: str = "") -> Response:
        """Send the sign-in page's form."""
        form = {"name": user.name, "password": password or password_of(user), "language": "en"}
        return self.visitor().post("/sign-in", data=form, headers={"Origin": self.origin})

    def enter(self, user: User) -> TestClient:
        """Come in as a user, who is added and signed in when it is the first time."""
        if user.name not in self.tokens:
            self.add(user)
            self.tokens[user.name] = self.sign_in(user).cookies["mottling"]
        client = self.visitor()
        client.cookies.set("mottling", self.tokens[user.name])
        return client

    def stored_files(self) -> list[Path]:
        """Every photograph that lies on the shelf."""
        return [path for path in (self.folder / "data").rglob("*") if len(path.name.partition(".")[0]) == 64]


@contextmanager
def web_house(folder: Path, *, behind_tls: bool = False, charter: str | None = None) -> Iterator[WebHouse]:
    """Run the web app over three patients; nobody is a user yet."""
    services = open_house(folder, charter=charter)
    settings = house_settings(folder).model_copy(update={"behind_tls": behind_tls, "upload_limit_mb": 2})
    origin = "https://testserver" if behind_tls else ORIGIN
    app = build_app(services, settings)
    with closing(services), TestClient(app, base_url=origin) as running:
        yield WebHouse(services, app, folder, running, origin)


def password_of(user: User) -> str:
    """A password that is long enough."""
    return f"the password of {user.name}"


def send_photo(client: TestClient, data: bytes, **headers: str):
    """Send a photograph's bytes as the tablet does."""
    given = {
        "Origin": str(client.base_url).rstrip("/"),
        "Mottling-Patient": "01-001",
        "Mottling-Visit": "day1",
        "Idempotency-Key": "key-1",
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/ward/photos", content=data, headers={**given, **named})


def hash_of(client: TestClient) -> str:
    """A session hash of a visitor's own."""
    return client.cookies.get("mottling", "").lower().replace("-", "").replace("_", "")[:20]


def call(client: TestClient, page: str, *, fn_index: int, event_data: object, session_hash: str = ""):
    """Call a function of a page's queue; gives the answer to the call."""
    body = {
        "data": [],
        "event_data": event_data,
        "fn_index": fn_index,
        "session_hash": session_hash or hash_of(client),
        "trigger_id": None,
    }
    origin = str(client.base_url).rstrip("/")
    return client.post(f"{page}gradio_api/queue/join", json=body, headers={"Origin": origin})


def heard(client: TestClient, page: str, *, session_hash: str = "") -> str:
    """Listen to a page's queue until it closes; gives what it said."""
    asked = {"session_hash": session_hash or hash_of(client)}
    return client.get(f"{page}gradio_api/queue/data", params=asked).text


def shown(client: TestClient, page: str, deed: str = "", form: dict[str, object] | None = None) -> dict:
    """Open a page, or do a deed on it; gives what the browser would put on the page."""
    event = {"deed": deed, "form": form or {}} if deed else None
    assert call(client, page, fn_index=1 if deed else 0, event_data=event).status_code == 200
    messages = [
        json.loads(line[6:]) for line in heard(client, page).splitlines() if line.startswith("data: ")
    ]
    (done,) = [one for one in messages if one["msg"] == "process_completed"]
    assert done["success"], done
    return done["output"]["data"][0]
