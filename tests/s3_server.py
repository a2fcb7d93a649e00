"""A server that speaks S3 on this machine, and fails or is slow when it is told to; in memory."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of packages that moto brings
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

__all__ = ["BUCKET", "S3", "credentials", "s3_server"]

BUCKET = "s3://mottling-test/trial"
_NAME = "mottling-test"
_PATIENCE_S = 120


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 # Werkzeug's own name
        """Say nothing."""


@dataclass
class S3:
    """What the server does with what it is asked."""

    app: Callable[..., Iterable[bytes]]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    """Each request that came, as `PUT /bucket/key`."""
    fails: int = 0
    """So many requests are answered 500 before one is done."""
    fails_after: int = 0
    """So many requests are done and all the same answered 500, as when the answer is lost."""
    goes_on: threading.Event = field(default_factory=threading.Event)
    """While it is not set, no request is answered."""
    _came: threading.Condition = field(default_factory=threading.Condition)
    _port: int = 0

    def __call__(self, environ: dict[str, str], start: Callable[..., object]) -> Iterable[bytes]:
        with self._came:
            self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
            self._came.notify_all()
        self.goes_on.wait()
        if self.fails > 0:
            self.fails -= 1
            return _failed(start)
        if self.fails_after > 0:
            self.fails_after -= 1
            list(self.app(environ, lambda *_: None))
            return _failed(start)
        return self.app(environ, start)

    def wait_until_asked(self, times: int) -> None:
        """Wait until so many requests came."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.asked) >= times, timeout=_PATIENCE_S)

    def come(self) -> None:
        """Listen, with all that was put here before."""
        self._server = make_server("127.0.0.1", self._port, self, threaded=True, request_handler=_Quiet)
        self._port = self._server.server_port
        self.url = f"http://127.0.0.1:{self._port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def leave(self) -> None:
        """Be away: nobody is let in."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _failed(start: Callable[..., object]) -> Iterable[bytes]:
    start("500 Internal Server Error", [("Content-Type", "application/xml")])
    return [b"<Error><Code>InternalError</Code><Message>We are sorry</Message></Error>"]


@contextmanager
def s3_server() -> Iterator[S3]:
    """Run the server, with one bucket."""
    s3 = S3(DomainDispatcherApplication(create_backend_app))
    s3.goes_on.set()
    s3.come()
    try:
        httpx.put(f"{s3.url}/{_NAME}", timeout=120).raise_for_status()
        yield s3
    finally:
        s3.goes_on.set()
        s3.leave()


def credentials(monkeypatch: pytest.MonkeyPatch, s3: S3) -> None:
    """Let this process use the server."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3.url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
