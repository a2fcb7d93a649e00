"""A server that listens on a socket, and visitors who speak HTTP to it as a browser does."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import uvicorn

from mottling.services.accounts import User
from mottling.services.opening import Services
from mottling.web.guard import Guard
from mottling.web.server import build_app
from tests.house import RANDOMISED_AT, house_settings
from tests.web_house import password_of

_PATIENCE_S = 600
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Served:
    """Services behind a server that listens."""

    services: Services
    port: int

    @contextmanager
    def visit(self, user: User) -> Iterator[Visitor]:
        """Add a user and sign in over the sign-in page's form."""
        self.services.accounts.add_user(user, password_of(user), by="setup", at=RANDOMISED_AT)
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)) as line:
            yield Visitor(line, user, f"http://127.0.0.1:{self.port}")


@contextmanager
def served(services: Services, folder: Path, *, minutes_a_minute: float = 1.0) -> Iterator[Served]:
    """Let a server listen on a free port of this machine, as `mottling serve` does.

    Args:
        services: What it serves.
        folder: In which they were opened.
        minutes_a_minute: How fast the guard's clock runs: who reads ten photographs a second is no person,
            and would soon be told to come back later.
    """
    app = build_app(services, house_settings(folder))
    (guard,) = (layer for layer in app.user_middleware if layer.cls is Guard)
    rules = guard.kwargs["rules"]
    guard.kwargs["rules"] = replace(rules, clock=lambda: minutes_a_minute * rules.clock())
    # A visitor is one connection, which a busy machine may leave alone for longer than a browser would.
    config = uvicorn.Config(app, log_level="warning", timeout_keep_alive=_PATIENCE_S)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            yield Served(services, door.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


class Visitor:
    """Who is signed in, with one connection that stays open."""

    def __init__(self, line: http.client.HTTPConnection, user: User, origin: str) -> None:
        self._line = line
        self._headers = {"Origin": origin}
        form = urlencode({"name": user.name, "password": password_of(user), "language": "en"})
        answer, _ = self._ask("POST", "/sign-in", form, **_FORM)
        cookies = [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie") or ()]
        self._headers["Cookie"] = "; ".join(cookies)
        # As a page does: a hash of its own.
        self._hash = f"{user.name}of{origin.rpartition(':')[2]}"

    def _ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        self._line.request(method, path, body, {**self._headers, **headers})
        answer = self._line.getresponse()
        data = answer.read()
        assert answer.status in (200, 303), (path, answer.status, data[:300])
        return answer, data

    def get(self, path: str, **headers: str) -> bytes:
        """Load a file or a picture."""
        return self._ask("GET", path, **headers)[1]

    def shown(self, page: str, deed: str = "", form: dict[str, object] | None = None) -> str:
        """Open a page, or do a deed on it; gives the HTML that the browser would put there."""
        asked = {
            "data": [],
            "event_data": {"deed": deed, "form": form or {}} if deed else None,
            "fn_index": 1 if deed else 0,
            "session_hash": self._hash,
            "trigger_id": None,
        }
        self._ask("POST", f"{page}gradio_api/queue/join", json.dumps(asked), **_JSON)
        heard = self.get(f"{page}gradio_api/queue/data?session_hash={self._hash}").decode()
        said = [json.loads(line[6:]) for line in heard.splitlines() if line.startswith("data: ")]
        (done,) = [one for one in said if one["msg"] == "process_completed"]
        assert done["success"], done
        answer = done["output"]["data"][0]
        assert answer["problem"] is None, answer["problem"]
        return str(answer["body"])
