"""Servers that die: each is a copy of one process, in which the pages were built once.

A copy opens the store as the server of its folder, listens on a socket, and answers HTTP as `mottling serve`
does. Building the pages takes seconds, so that they are built before anything is open, over services that
are put in their place by each copy.
"""

from __future__ import annotations

import gc
import http.client
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from http import HTTPStatus
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

import uvicorn

from benchmarks.kill_looks import copy_that
from benchmarks.kill_points import Armed, install
from mottling.services.opening import Services, open_services
from mottling.settings import Settings
from mottling.trial.charter import read_charter
from mottling.web.server import build_app

__all__ = ["BEFORE_THE_ANSWER", "WITHIN_THE_ANSWER", "Arms", "Server", "Servers"]

BEFORE_THE_ANSWER = "after the work, before the answer"
WITHIN_THE_ANSWER = "after the head of the answer, before its body"

_PATIENCE_S = 60


@dataclass(frozen=True)
class Arms:
    """Where a server dies: at a point, after so many steps, or after so long."""

    point: str = ""
    steps: int = 0
    delay_s: float = 0.0


class _Later:
    """Stands for one service until a copy has opened it."""

    def __init__(self, name: str, opened: list[Services]) -> None:
        self._name = name
        self._opened = opened

    def __getattr__(self, wanted: str) -> Any:
        return getattr(getattr(self._opened[-1], self._name), wanted)


class _Watched:
    """An app whose answers pass by two points on their way out."""

    def __init__(self, app: Callable[..., Any], armed: Armed) -> None:
        self._app = app
        self._armed = armed

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def watched(message: Any) -> None:
            is_start = message["type"] == "http.response.start"
            if message["type"].startswith("http."):
                self._armed.reach(BEFORE_THE_ANSWER if is_start else WITHIN_THE_ANSWER)
            await send(message)

        await self._app(scope, receive, watched)


class Servers:
    """Makes one server after the other, or several at once where the records are in PostgreSQL."""

    def __init__(self, settings: Settings) -> None:
        """Build the pages; nothing is opened."""
        self.settings = settings
        self._opened: list[Services] = []
        charter = read_charter(settings.trial).charter
        later = {each.name: _Later(each.name, self._opened) for each in fields(Services)}
        self._app = build_app(SimpleNamespace(**{**later, "charter": charter}), settings)
        # What is built is not looked through again by each copy, which would write to all of it.
        gc.collect()
        gc.freeze()

    def start(self) -> Server:
        """Let a copy of this process serve; it takes what is sent from now on."""
        here, there = Pipe()
        with socket.create_server(("127.0.0.1", 0), backlog=100) as door:
            process = copy_that(lambda: self._serve(here, there, door))
            port = door.getsockname()[1]
        there.close()
        return Server(process, port, here)

    def _serve(self, here: Connection, there: Connection, door: socket.socket) -> None:
        here.close()
        armed = Armed()
        install(armed)
        services = open_services(self.settings, at=datetime.now(UTC), serving=True)
        self._opened.append(services)
        services.office.settle_in(at=datetime.now(UTC))
        threading.Thread(target=_hear, args=(there, armed), daemon=True).start()
        app = _Watched(self._app, armed)
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=3)
        uvicorn.Server(config).run(sockets=[door])


def _hear(wire: Connection, armed: Armed) -> None:
    """Take orders where to die."""
    with suppress(EOFError, ConnectionError):
        while True:
            arms: Arms = wire.recv()
            armed.delay_s, armed.left, armed.point = arms.delay_s, arms.steps, arms.point
            wire.send("armed")


@dataclass(frozen=True)
class Server:
    """One server that runs, or did."""

    process: int
    port: int
    _wire: Connection
    cookie: str = "mottling"

    @property
    def origin(self) -> str:
        """Its address, as pages of it have it."""
        return f"http://127.0.0.1:{self.port}"

    def line(self) -> http.client.HTTPConnection:
        """Make a connection of its own for one request."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)

    def arm(self, arms: Arms) -> None:
        """Say where it dies; nothing happens when it has died."""
        with suppress(EOFError, ConnectionError):
            self._wire.send(arms)
            self._wire.recv()

    def is_alive(self) -> bool:
        """Wait until it answers, and say whether it does."""
        line = self.line()
        try:
            line.request("GET", "/alive")
            return line.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def is_dead(self) -> bool:
        """Say whether it has died by itself."""
        return os.waitid(os.P_PID, self.process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def kill(self) -> int:
        """Kill it, if nothing else has; gives how it ended."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        _, status = os.waitpid(self.process, 0)
        self._wire.close()
        return os.waitstatus_to_exitcode(status)
