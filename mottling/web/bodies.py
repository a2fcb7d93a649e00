"""Bodies of requests: no larger than their door says, and read whole where the guard must look inside."""

from __future__ import annotations

import json

from starlette.types import Message, Receive

__all__ = ["BodyTooLarge", "holds_a_file", "limited", "parsed", "read_whole", "replayed"]


class BodyTooLarge(Exception):
    """A body went past its door's limit; the guard answers 413, so this never leaves the web room."""


def limited(receive: Receive, limit_bytes: int) -> Receive:
    """Let a body through until it goes past a limit.

    Raises:
        BodyTooLarge: From the returned function, at the part that goes past.
    """
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit_bytes:
            raise BodyTooLarge
        return message

    return receive_limited


async def read_whole(receive: Receive) -> bytes:
    """Read a body to its end; what came until the client went away, if it did."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read once more, then whatever the client says next."""
    is_given = False

    async def receive_again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def parsed(body: bytes) -> dict[str, object] | None:
    """Read a JSON object; None when it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def holds_a_file(value: object) -> bool:
    """Say whether a call carries a file in Gradio's manner: no page of ours does, so it is forged."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "_type" in one or "path" in one:
                return True
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return False
