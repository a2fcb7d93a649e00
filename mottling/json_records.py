"""Frozen dataclasses from JSON, strictly, and back: for the few records that a first score waits for.

To load pydantic and have it compile them takes longer than to read the photograph. Where it is loaded anyway,
as in the store, it reads the same classes, and the tests hold the two to the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["Misread", "Pattern", "Strict", "as_plain", "read_record", "to_json"]

Record = TypeVar("Record")

_LIMITS: dict[str, Callable[[Any, Any], bool]] = {
    "ge": lambda value, limit: value >= limit,
    "gt": lambda value, limit: value > limit,
    "le": lambda value, limit: value <= limit,
    "lt": lambda value, limit: value < limit,
    "min_length": lambda value, limit: len(value) >= limit,
    "max_length": lambda value, limit: len(value) <= limit,
    "pattern": lambda value, limit: re.fullmatch(limit, value) is not None,
}
"""What `annotated_types` and `Pattern` call a limit, and how it is kept."""

# Of a value, in an error.
_MOST_LETTERS = 40


class Misread(ValueError):
    """What was read is not the record that it should be: which key, and why."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}" if where else why)


class Strict:
    """Above each of these records: where pydantic reads one, it refuses unknown keys and trusts no object."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid", "revalidate_instances": "always"}


@dataclass(frozen=True)
class Pattern:
    """A text must be as this regular expression says, from its first letter to its last."""

    pattern: str


def read_record(kind: type[Record], data: str | bytes) -> Record:
    """Read a record; nothing is converted, and no key is passed over.

    Raises:
        Misread: It is no JSON, a key is unknown or missing, or a value is not as its type says.
    """
    try:
        found = json.loads(data, parse_constant=_no_number)
    except ValueError as error:
        raise Misread("", f"it is no JSON ({error})") from error
    record: Record = _record(kind, found, "")
    return record


def as_plain(value: Any, *, without_nothing: bool = False) -> Any:
    """Give a record as JSON's own kinds of value: dict, list, text, number, true or false, nothing.

    Args:
        value: A record, or what a field of one holds.
        without_nothing: Whether keys that hold None are left out.
    """
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {
            key: as_plain(one, without_nothing=without_nothing)
            for key, one in value.items()
            if not (without_nothing and one is None)
        }
    if isinstance(value, tuple):
        return [as_plain(one, without_nothing=without_nothing) for one in value]
    return _moment_text(value) if isinstance(value, datetime) else value


def to_json(record: object) -> str:
    """Write a record on one line, to the byte as pydantic does."""
    return _text(as_plain(record))


def _record(kind: Any, found: Any, where: str) -> Any:
    if not isinstance(found, dict):
        raise Misread(where, f"{_short(found)} is no object")
    types, before = _types(kind), f"{where}." if where else ""
    for key in found:
        if key not in types:
            raise Misread(f"{before}{key}", "it is an unknown key")
    for field in fields(kind):
        if field.name not in found and field.default is MISSING:
            raise Misread(f"{before}{field.name}", "it is missing")
    return kind(**{key: _value(types[key], one, f"{before}{key}") for key, one in found.items()})


@cache
def _types(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in fields(kind)}


def _value(kind: Any, found: Any, where: str) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _within(parts[1:], _value(parts[0], found, where), where)
    if origin in (Union, UnionType):
        return None if found is None else _value(_but_nothing(parts), found, where)
    if origin is tuple:
        return _tuple(parts, found, where)
    if origin is Literal:
        return _one_of(parts, found, where)
    return _record(kind, found, where) if is_dataclass(kind) else _plain(kind, found, where)


def _within(limits: tuple[Any, ...], value: Any, where: str) -> Any:
    for limit in limits:
        for name, keeps in _LIMITS.items():
            bound = getattr(limit, name, None)
            if bound is not None and not keeps(value, bound):
                raise Misread(where, f"{_short(value)} is not within its limit, {name} {bound}")
    return value


def _but_nothing(parts: tuple[Any, ...]) -> Any:
    (kind,) = (one for one in parts if one is not NoneType)
    return kind


def _tuple(parts: tuple[Any, ...], found: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(found, list):
        raise Misread(where, f"{_short(found)} is no list")
    kinds = (parts[0],) * len(found) if parts[-1] is Ellipsis else parts
    if len(kinds) != len(found):
        raise Misread(where, f"it has {len(found)} values, not {len(kinds)}")
    return tuple(
        _value(kind, one, f"{where}.{i}") for i, (kind, one) in enumerate(zip(kinds, found, strict=True))
    )


def _one_of(known: tuple[Any, ...], found: Any, where: str) -> Any:
    if not any(type(one) is type(found) and one == found for one in known):
        raise Misread(where, f"{_short(found)} is none of {', '.join(map(repr, known))}")
    return found


def _plain(kind: Any, found: Any, where: str) -> Any:
    """Read a text, a number, a truth or a moment; a whole number is a number as well."""
    if kind is datetime and isinstance(found, str):
        return _moment(found, where)
    if type(found) is kind:
        return found
    if kind is float and type(found) is int:
        return float(found)
    raise Misread(where, f"{_short(found)} is no {kind.__name__}")


def _moment(found: str, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(found)
    except ValueError as error:
        raise Misread(where, f"{_short(found)} is no moment") from error
    if moment.utcoffset() is None:
        raise Misread(where, f"{_short(found)} names no time zone")
    return moment


def _moment_text(moment: datetime) -> str:
    text = moment.isoformat()
    return f"{text.removesuffix('+00:00')}Z" if text.endswith("+00:00") else text


def _text(plain: Any) -> str:
    if isinstance(plain, dict):
        return f"{{{','.join(f'{_text(key)}:{_text(one)}' for key, one in plain.items())}}}"
    if isinstance(plain, list):
        return f"[{','.join(map(_text, plain))}]"
    return _number(plain) if isinstance(plain, float) else json.dumps(plain, ensure_ascii=False)


def _number(value: float) -> str:
    """Write a number in the shortest way; Python writes one that is very small in another."""
    text = float.__repr__(value)  # of a kind of NumPy, too
    digits, _, power = text.partition("e-0")
    if power == "5":
        sign, digits = ("-", digits[1:]) if value < 0 else ("", digits)
        return f"{sign}0.0000{digits.replace('.', '')}"
    return f"{digits}e-{power}" if power else text


def _no_number(found: str) -> None:
    raise ValueError(f"{found} is no number")


def _short(found: object) -> str:
    text = repr(found)
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"
