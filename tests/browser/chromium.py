"""The system's Chromium as tests and pictures start it: with a camera, and in two sizes of screen."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Browser, BrowserType

SIZES = {"tablet": (820, 1180), "desk": (1280, 800)}

_PATH = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # A camera that shows a pattern, and nobody who would have to allow it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


def start_chromium(kind: BrowserType, *, sees: Path | None = None) -> Browser:
    """Start the system's Chromium, whose camera sees a pattern or, over and over, the frames of a file."""
    shown = [] if sees is None else [f"--use-file-for-fake-video-capture={sees}"]
    return kind.launch(executable_path=_PATH, args=[*_ARGUMENTS, *shown])
