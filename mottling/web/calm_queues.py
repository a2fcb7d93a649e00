"""Gradio's queues, one a page and language, kept from doing what nobody has asked for."""

from __future__ import annotations

import asyncio
import sys

import gradio as gr
from fastapi import Request
from gradio.data_classes import PredictBodyInternal

__all__ = ["calm"]

# Nobody sees that a deed waits so long for its turn.
_LOOKS_EVERY_S = 0.005
# No page shows Gradio's progress bars.
_PROGRESS_EVERY_S = 1.0


def calm(blocks: gr.Blocks) -> None:
    """Let a page's queue do nothing that is not asked for.

    After each deed it would tabulate, with pandas, how long up to ten thousand deeds before it took, for a
    page of its own that is closed here, and each deed would wait for it. And it would look a thousand times a
    second whether something was done.
    """
    queue = blocks._queue
    queue.ANALYTICS_MAX_EVENTS = 1
    queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize  # Gradio's spelling
    queue.sleep_when_free = _LOOKS_EVERY_S
    queue.progress_update_sleep_when_free = _PROGRESS_EVERY_S
    _begin_when_asked(blocks)


def _begin_when_asked(blocks: gr.Blocks) -> None:
    """Let a queue look for work from the first deed on, once.

    Gradio lets the queue of every page look from the start of the server, whether anybody opens it, and a
    second time from the first visitor on.
    """
    queue = blocks._queue
    begin, push = queue.start, queue.push
    begun_in: asyncio.AbstractEventLoop | None = None

    async def push_and_begin(body: PredictBodyInternal, request: Request, username: str | None) -> object:
        nonlocal begun_in
        if begun_in is not asyncio.get_running_loop():
            begun_in = asyncio.get_running_loop()
            begin()  # type: ignore[no-untyped-call] # as Gradio wrote it
        return await push(body=body, request=request, username=username)

    # Gradio offers no other place.
    queue.start = lambda: None  # type: ignore[method-assign]
    queue.push = push_and_begin  # type: ignore[method-assign, assignment]
