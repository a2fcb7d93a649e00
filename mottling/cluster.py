"""Opens Ray, which spreads work over processes and machines: the one file that starts it."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mottling.errors import ClusterRefused, MottlingError

__all__ = ["HERE", "cluster"]

HERE = "local"
"""The address of a cluster of this machine alone, which ends with the work."""

# Paths of Ray's sockets begin there: they may have 104 letters on a Mac, whose own temporary folder has half.
_SHORT = "/tmp"  # noqa: S108 - a folder with a name that nobody can guess is made in it

# What waits between two steps of the work is names and lines of text: little.
_OBJECTS_BYTES = 128 * 2**20

# Set before Ray is imported, for it reads them once, and hands them on to its processes.
_QUIET = {
    # Otherwise Ray sends to its maker which machines it runs on, and which of its parts are used.
    "RAY_USAGE_STATS_ENABLED": "0",
    # What its core writes to the error stream is raised too; and it warns there of what Ray Data does.
    "RAY_BACKEND_LOG_LEVEL": "fatal",
}
_QUIET_HERE = {
    # Whoever reaches Ray runs programs on this machine: let only those in who know the token of this process.
    "RAY_AUTH_MODE": "token",
    # Ray's own name for staying at 127.0.0.1. Otherwise its ports are open to the network.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
}


@contextmanager
def cluster(address: str, *, processors: int | None = None) -> Iterator[None]:
    """Open Ray for as long as the block lasts; inside it `import ray` finds it ready.

    A cluster that this process has opened already is used, and left open. What an actor or a task raises on
    purpose leaves the block as it was raised.

    Args:
        address: `HOST:PORT` of a cluster that this machine belongs to, or `HERE`.
        processors: To use of this machine, if it is `HERE`; None for all.

    Raises:
        ClusterRefused: Ray is not installed, there is no such cluster, or it stopped.
    """
    if address != HERE and re.fullmatch(r"[\w.-]+:\d+|\[[\da-fA-F:]+\]:\d+", address) is None:
        raise ClusterRefused(f"{address!r} is no address of a cluster", remedy=f"Give HOST:PORT, or {HERE}")
    ray = _import_ray(address)
    try:
        if ray.is_initialized():
            yield
        elif address == HERE:
            with _opened_here(ray, processors):
                yield
        else:
            with _joined(ray, address):
                yield
    except ray.exceptions.RayError as error:
        raise _told(error) from error


def _import_ray(address: str) -> Any:
    """Import Ray, with its environment set."""
    os.environ.update(_QUIET)
    if address == HERE:
        for name, value in (_QUIET_HERE | {"RAY_AUTH_TOKEN": secrets.token_hex(32)}).items():
            os.environ.setdefault(name, value)
    try:
        import ray  # noqa: PLC0415 - only who spreads work has it installed
        import ray.exceptions  # noqa: PLC0415
    except ImportError as error:
        raise ClusterRefused(
            "The package ray, which spreads work over processes and machines, is not installed",
            remedy="Run pip install -c requirements.lock '.[ray]'",
        ) from error
    return ray


@contextmanager
def _opened_here(ray: Any, processors: int | None) -> Iterator[None]:
    """Start Ray on this machine; whatever it writes is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ray-", dir=_SHORT, ignore_cleanup_errors=True) as folder:
        try:
            ray.init(
                num_cpus=processors,
                include_dashboard=False,  # a page that shows what runs, and runs more
                object_store_memory=_OBJECTS_BYTES,
                logging_level="ERROR",
                log_to_driver=False,
                _temp_dir=folder,
            )
        except Exception as error:  # its errors at the start have no other ancestor in common
            raise ClusterRefused(
                f"Ray did not start here ({_first_line(error)})",
                remedy="Wait until this machine has less to do, or give the address of a cluster",
            ) from error
        try:
            yield
        finally:
            ray.shutdown()


@contextmanager
def _joined(ray: Any, address: str) -> Iterator[None]:
    try:
        ray.init(address=address, logging_level="ERROR", log_to_driver=False)
    except Exception as error:  # see above
        raise ClusterRefused(
            f"No cluster answers at {address} ({_first_line(error)})",
            remedy="Start Ray on this machine too: ray start --address",
        ) from error
    try:
        yield
    finally:
        ray.shutdown()


def _told(error: Exception) -> MottlingError:
    """Find what was raised on purpose in what Ray made of it."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, MottlingError):
        return cause
    return ClusterRefused(
        f"The work stopped: {_first_line(cause or error)}",
        remedy="Call again to go on, when its cause is mended",
    )


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]
