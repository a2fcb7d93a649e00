"""Health for a proxy, and figures for Prometheus: no name, number or score is in either.

`/healthy` is answered 200 as long as this server can read its records, else 503 with a sentence. `/metrics`
is answered to programs on this machine alone.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mottling import __version__
from mottling.errors import MottlingError
from mottling.services.watch import Watch, Watched

__all__ = ["add_watching"]

_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_UNAVAILABLE = 503


class _Counts:
    """What was asked of this process since it began."""

    def __init__(self) -> None:
        self.began_s = time.time()
        self.answered: Counter[str] = Counter()
        """By the first digit of the status, as `2xx`."""
        self.in_progress = 0
        self.took_s = 0.0
        """Until the head of each answer, altogether."""


class _Counting:
    """Counts each request on its way."""

    def __init__(self, app: ASGIApp, counts: _Counts) -> None:
        """Stand before everything else.

        Args:
            app: What answers.
            counts: Where it is counted.
        """
        self._app = app
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_s = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._counts.answered[f"{message['status'] // 100}xx"] += 1
                self._counts.took_s += time.perf_counter() - began_s
            await send(message)

        self._counts.in_progress += 1
        try:
            await self._app(scope, receive, counted)
        finally:
            self._counts.in_progress -= 1


def add_watching(app: FastAPI, watch: Watch) -> None:
    """Add the two routes, and count what comes; added last, so that whatever the guard refuses counts too."""
    counts = _Counts()
    app.add_middleware(_Counting, counts=counts)

    @app.get("/healthy")
    async def healthy() -> PlainTextResponse:
        try:
            await run_in_threadpool(watch.look)
        except (MottlingError, OSError) as error:
            said = error.message if isinstance(error, MottlingError) else f"The disk fails: {error.strerror}"
            return PlainTextResponse(said, _UNAVAILABLE)
        return PlainTextResponse("healthy")

    @app.get("/metrics")
    async def metrics() -> PlainTextResponse:
        try:
            watched = await run_in_threadpool(watch.look)
        except (MottlingError, OSError):
            watched = None
        lines = [*_of_the_process(counts), *_of_the_store(watched)]
        return PlainTextResponse("\n".join([*lines, ""]), media_type=_TEXT)


def _of_the_process(counts: _Counts) -> Iterator[str]:
    yield from _figure("mottling_build_info", "gauge", "The version.", 1, f'{{version="{__version__}"}}')
    yield from _figure(
        "process_start_time_seconds", "gauge", "When this process began, since 1970.", counts.began_s
    )
    yield from _figure(
        "mottling_requests_in_progress", "gauge", "Requests, and streams of open pages.", counts.in_progress
    )
    yield from _head("mottling_requests_total", "counter", "Requests, by the first digit of their status.")
    for status, number in sorted(counts.answered.items()):
        yield f'mottling_requests_total{{status="{status}"}} {number}'
    yield from _head("mottling_request_seconds", "summary", "How long the head of an answer took.")
    yield f"mottling_request_seconds_sum {counts.took_s:.6f}"
    yield f"mottling_request_seconds_count {counts.answered.total()}"


def _of_the_store(watched: Watched | None) -> Iterator[str]:
    yield from _figure(
        "mottling_healthy", "gauge", "1 when the records can be read.", int(watched is not None)
    )
    if watched is None:
        return
    yield from _figure("mottling_records", "gauge", "Rows of the chain.", watched.records.rows)
    yield from _figure("mottling_disk_free_bytes", "gauge", "Of the data folder.", watched.free_bytes)
    for name, help_, at in (
        ("mottling_last_record_time_seconds", "When the last record was added.", watched.records.last_at),
        ("mottling_last_backup_time_seconds", "When the last backup was made.", watched.records.backup_at),
    ):
        if at is not None:
            yield from _figure(name, "gauge", help_, at.timestamp())


def _figure(name: str, kind: str, help_: str, value: float, labels: str = "") -> Iterator[str]:
    yield from _head(name, kind, help_)
    yield f"{name}{labels} {value}"


def _head(name: str, kind: str, help_: str) -> Iterator[str]:
    yield f"# HELP {name} {help_}"
    yield f"# TYPE {name} {kind}"
