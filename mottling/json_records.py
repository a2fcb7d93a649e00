"""Records from JSON, strictly, and back: msgspec's structs, for the few that a first score waits for.

To load pydantic and have it compile them takes longer than to read the photograph. Where it is loaded anyway,
as in the store, it has msgspec read what lies within its own models.
"""

from __future__ import annotations

import re
from operator import methodcaller
from typing import Any, TypeVar

import msgspec

__all__ = ["Misread", "Strict", "read_record", "to_json"]

Record = TypeVar("Record", bound="Strict")

# Of a value, in an error.
_MOST_LETTERS = 40

# Makes a number of NumPy's one of Python's.
_OF_NUMPY = methodcaller("item")

# How msgspec says what is wrong: "Expected `int` <= 5 - at `$.models[0].score`".
_SAID = re.compile(r"(?s)(?P<why>.*?)(?: - at .*`\$(?P<path>.*)`)?")


class Misread(ValueError):
    """What was read is not the record that it should be: which key, the value, and why."""


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Above each of these records: no key is passed over, and pydantic trusts no object."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> Any:
        from pydantic_core import core_schema  # noqa: PLC0415 - who asks has loaded it

        return core_schema.no_info_plain_validator_function(
            lambda given: read_record(cls, to_json(given)),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda held: msgspec.to_builtins(held, enc_hook=_OF_NUMPY)
            ),
        )


def read_record(kind: type[Record], data: str | bytes) -> Record:
    """Read a record; nothing is converted, but a whole number is a number as well.

    Raises:
        Misread: It is no JSON, a key is unknown or missing, or a value is not as its type says.
    """
    try:
        found = msgspec.json.decode(data)
    except ValueError as error:
        raise Misread(f"It is no JSON ({error})") from error
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise Misread(_sentence(str(error), found)) from error


def to_json(record: object) -> str:
    """Write a record on one line, to the byte as pydantic does for numbers below 10^16."""
    return msgspec.json.encode(record, enc_hook=_OF_NUMPY).decode()


def _sentence(said: str, found: Any) -> str:
    parts = _SAID.fullmatch(said)
    assert parts is not None, "every text fits"
    # What a dictionary holds has no name in the path: "[...]".
    steps = re.findall(r"[^.\[\]]+", (parts["path"] or "").partition("[...]")[0])
    for step in steps:
        found = found[int(step)] if isinstance(found, list) else found[step]
    text = repr(found)
    short = text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"
    why = parts["why"]
    return f"{'.'.join(steps)}{': ' if steps else ''}{short} is refused: {why[:1].lower()}{why[1:]}"
