"""Gradio's queues, one a page and language, kept from doing what nobody has asked for."""

from __future__ import annotations

import asyncio
import sys
import time

import gradio as gr
from fastapi import Request
from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Queue
from gradio.utils import run_coro_in_background, set_task_name

__all__ = ["calm"]

# No page shows Gradio's progress bars.
_PROGRESS_EVERY_S = 1.0


def calm(blocks: gr.Blocks) -> None:
    """Let a page's queue do nothing that is not asked for.

    After each deed it would tabulate, with pandas, how long up to ten thousand deeds before it took, for a
    page of its own that is closed here, and each deed would wait for it. And it would look a thousand times a
    second whether there is something to do.
    """
    queue = blocks._queue
    queue.ANALYTICS_MAX_EVENTS = 1
    queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize  # Gradio's spelling
    queue.progress_update_sleep_when_free = _PROGRESS_EVERY_S
    desk = _Desk(queue)
    # Gradio offers no other place.
    queue.start = lambda: None  # type: ignore[method-assign]
    queue.start_processing = desk.start_processing  # type: ignore[method-assign]
    queue.push = desk.push  # type: ignore[method-assign, assignment]


class _Desk:
    """Where deeds are brought and begun: at once, and nobody looks for them meanwhile.

    Gradio lets the queue of every page look from the start of the server, whether anybody opens it, and a
    second time from the first visitor on. Here it begins with the first deed, once in each event loop.
    """

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._begin, self._push = queue.start, queue.push
        self._begun_in: asyncio.AbstractEventLoop | None = None
        self._asked = asyncio.Event()

    async def push(self, body: PredictBodyInternal, request: Request, username: str | None) -> object:
        """Take a deed, and say that there is one."""
        if self._begun_in is not asyncio.get_running_loop():
            self._begun_in, self._asked = asyncio.get_running_loop(), asyncio.Event()
            self._begin()  # type: ignore[no-untyped-call] # as Gradio wrote it
        taken = await self._push(body=body, request=request, username=username)
        self._asked.set()
        return taken

    async def start_processing(self) -> None:
        """Begin what was brought, as Gradio's loop does, which would look for it all the time."""
        queue, asked = self._queue, self._asked
        try:
            while not queue.stopped:
                await asked.wait()
                asked.clear()
                while None in queue.active_jobs and await self._has_begun_one(asked):
                    pass
        finally:
            queue.stopped = True
            queue._cancel_asyncio_tasks()  # type: ignore[no-untyped-call] # as Gradio wrote it

    async def _has_begun_one(self, asked: asyncio.Event) -> bool:
        queue = self._queue
        async with queue.delete_lock:
            found = queue.get_events()
        if found is None:
            return False
        events, batch, concurrency_id = found
        queue.active_jobs[queue.active_jobs.index(None)] = events
        waiting, fn, at = queue.event_queue_per_concurrency_id[concurrency_id], events[0].fn, time.time()
        waiting.current_concurrency += 1
        waiting.start_times_per_fn[fn].add(at)
        task = run_coro_in_background(queue.process_events, events, batch, at, fn)
        set_task_name(task, events[0].session_hash, fn._id, events[0]._id, batch)  # who cancels asks for it
        queue._asyncio_tasks.add(task)
        task.add_done_callback(queue._asyncio_tasks.discard)
        # What had to wait for a place can begin now.
        task.add_done_callback(lambda _: asked.set())
        return True
