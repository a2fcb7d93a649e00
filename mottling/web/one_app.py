"""One app of Gradio's a page, where it would make three: it drops the first two and serves the last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr

__all__ = ["no_app_yet"]


class _NoAppYet:
    """Stands where Gradio makes an app, with all its routes, of a page that is being written."""

    @staticmethod
    def create_app(_blocks: gr.Blocks, *, mcp_server: bool) -> None:
        """Make none: the page gets one when it is mounted."""
        assert not mcp_server, "no page is one"


@contextmanager
def no_app_yet() -> Iterator[None]:
    """Let pages be written without an app each time Gradio's `Blocks` begin or are filled.

    The routes took two thirds of a server's start, and nobody ever asks those apps.
    """
    written: Any = gr.blocks  # Gradio offers no other place
    made = written.App
    written.App = _NoAppYet
    try:
        yield
    finally:
        written.App = made
