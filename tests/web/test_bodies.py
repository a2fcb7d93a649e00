"""Bodies of requests are no larger than allowed, and calls that carry files are known."""

import asyncio

import pytest

from mottling.web.bodies import BodyTooLarge, holds_a_file, limited, parsed, read_whole, replayed


def receiving(*parts: bytes):
    waiting = [
        {"type": "http.request", "body": part, "more_body": at < len(parts) - 1}
        for at, part in enumerate(parts)
    ]

    async def receive():
        return waiting.pop(0)

    return receive


def test_a_body_in_parts_is_read_whole():
    assert asyncio.run(read_whole(receiving(b"ab", b"", b"c"))) == b"abc"


def test_a_body_that_was_read_can_be_read_once_more():
    again = replayed(b"abc", receiving())
    assert asyncio.run(read_whole(again)) == b"abc"


def test_a_body_as_large_as_allowed_passes():
    assert asyncio.run(read_whole(limited(receiving(b"ab", b"c"), 3))) == b"abc"


def test_a_body_is_stopped_at_the_part_that_goes_past():
    with pytest.raises(BodyTooLarge):
        asyncio.run(read_whole(limited(receiving(b"ab", b"cd", b"never read"), 3)))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_none(body):
    assert parsed(body) is None


@pytest.mark.parametrize(
    "value",
    [
        {"data": [{"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}]},
        {"event_data": {"a": [[{"_type": "gradio.FileData"}]]}},
        {"data": [{"path": "x"}]},
    ],
)
def test_a_file_is_found_however_deep_it_lies(value):
    assert holds_a_file(value)


def test_a_deed_holds_no_file():
    assert not holds_a_file({"event_data": {"deed": "lock", "form": {"answer": {"score": "3"}}}, "data": []})
