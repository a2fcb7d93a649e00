"""Says models, fields and types in a reader's words, from their types and the sentences below them."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import fields
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import msgspec
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mottling.json_records import Strict

__all__ = ["cell", "fields_of", "first_sentence", "models_in", "notes_of", "rows", "tables"]

_SIMPLE = {bool: "true or false", int: "whole number", float: "number", str: "text", Path: "path"}
_OF_NUMBERS = {"ge": "from {}", "gt": "above {}", "le": "up to {}", "lt": "below {}"}
_OF_TEXTS = {"max_length": "up to {} letters"}
_OF_LISTS = {"min_length": "{} at least", "max_length": "{} at most"}


def tables(model: type[Any]) -> Iterator[str]:
    """Describe a model and every model within it, each once, as Markdown."""
    waiting: list[tuple[str, type[Any]]] = [("", model)]
    paths: dict[type[Any], list[str]] = {}
    while waiting:
        path, part = waiting.pop(0)
        is_new = part not in paths
        paths.setdefault(part, []).append(path)
        if is_new:
            for name, field in fields_of(part).items():
                waiting += [(f"{path}.{name}".lstrip("."), one) for one in models_in(field.annotation)]
    for part, places in paths.items():
        where = ", ".join(f"`{place}`" for place in places if place)
        yield f"## {f'{where}: ' if where else ''}{part.__name__}\n"
        yield f"{first_sentence(part)}\n"
        yield from rows(part)


def rows(model: type[Any], *, without: frozenset[str] = frozenset()) -> Iterator[str]:
    """Write a table of the fields of a model, and a line for each word that a field may be."""
    shown = {name: one for name, one in fields_of(model).items() if name not in without}
    if not shown:
        return
    notes = notes_of(model)
    has_defaults = any(not field.is_required() for field in shown.values())
    yield "| key | type | default | what |" if has_defaults else "| key | type | what |"
    yield "|---|---|---|---|" if has_defaults else "|---|---|---|"
    for name, field in shown.items():
        default = f" {cell(_default(field))} |" if has_defaults else ""
        said = cell(_type(field.annotation, field.metadata))
        yield f"| `{name}` | {said} |{default} {cell(notes.get(name, ''))} |"
    yield ""
    for field in shown.values():
        for words in _inside(field.annotation, Enum):
            said_of = notes_of(words)
            lines = [f"- `{one.value}`: {said_of[one.name]}" for one in words if one.name in said_of]
            yield from [f"{first_sentence(words)}\n", *lines, ""] if lines else []


def models_in(annotation: Any) -> list[type[Any]]:
    """Find every model within a type."""
    return [*_inside(annotation, BaseModel), *_inside(annotation, Strict)]


def fields_of(model: type[Any]) -> dict[str, FieldInfo]:
    """Give the fields of a model; of a record that is read from JSON with their defaults, too."""
    if issubclass(model, BaseModel):
        return model.model_fields
    hints = inspect.get_annotations(model, eval_str=True)
    if not issubclass(model, Strict):
        return {one.name: FieldInfo.from_annotation(hints[one.name]) for one in fields(model)}
    return {
        one.name: FieldInfo.from_annotation(hints[one.name])
        if one.required
        else FieldInfo.from_annotated_attribute(hints[one.name], one.default)
        for one in msgspec.structs.fields(model)
    }


def notes_of(model: type[Any]) -> dict[str, str]:
    """Read the sentences that stand below fields or members."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__[:-1]):
        if one.__module__.startswith("mottling"):
            body = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
            assert isinstance(body, ast.ClassDef)
            found |= _notes_in(body)
    return found


def first_sentence(described: type[Any]) -> str:
    """Give the first paragraph of a docstring on one line."""
    return cell(" ".join((inspect.getdoc(described) or "").split("\n\n")[0].split()))


def cell(text: str) -> str:
    """Make a text fit for a table."""
    return text.replace("|", "\\|")


def _notes_in(body: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, note in zip(body.body, body.body[1:], strict=False):
        name = getattr(field, "target", None) or getattr(field, "targets", [None])[0]
        if isinstance(name, ast.Name) and isinstance(note, ast.Expr) and isinstance(note.value, ast.Constant):
            yield name.id, " ".join(str(note.value.value).split())


def _inside(annotation: Any, kind: type[Any]) -> list[type[Any]]:
    if isinstance(annotation, type) and not get_args(annotation):
        return [annotation] if issubclass(annotation, kind) else []
    return [one for part in get_args(annotation) for one in _inside(part, kind)]


def _type(annotation: Any, metadata: Sequence[Any] = ()) -> str:
    args = get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _type(args[0], annotation.__metadata__)
    if get_origin(annotation) is Literal:
        return _one_of(args)
    if NoneType in args:
        return f"{_type(next(one for one in args if one is not NoneType), metadata)}, or nothing"
    if get_origin(annotation) is tuple:
        return _tuple(args, metadata)
    if get_origin(annotation) is dict:
        return f"{_type(args[1])}; by {_type(args[0])}"
    return " ".join([_name(annotation), *_limits(metadata, _OF_TEXTS if annotation is str else _OF_NUMBERS)])


def _tuple(args: tuple[Any, ...], metadata: Sequence[Any]) -> str:
    parts = [_type(one) for one in args if one is not Ellipsis]
    if Ellipsis in args:
        return ", ".join([f"list of {parts[0]}", *_limits(metadata, _OF_LISTS)])
    return f"{len(parts)} times: {parts[0]}" if len(set(parts)) == 1 else ", ".join(parts)


def _name(annotation: type[Any]) -> str:
    if issubclass(annotation, Enum):
        return _one_of([one.value for one in annotation])
    is_moment = annotation.__name__ in ("AwareDatetime", "datetime")
    moment = "moment, UTC" if is_moment else f"`{annotation.__name__}`"
    return _SIMPLE.get(annotation, moment)


def _one_of(values: Sequence[object]) -> str:
    return " or ".join(f"`{json.dumps(value)}`" for value in values)


def _limits(metadata: Sequence[Any], names: dict[str, str]) -> list[str]:
    flat = [one for item in metadata for one in (item.metadata if isinstance(item, FieldInfo) else [item])]
    said = [
        words.format(f"{getattr(one, name):g}")
        for one in flat
        for name, words in names.items()
        if getattr(one, name, None) is not None
    ]
    return [*said, *(f"as `{one.pattern}`" for one in flat if getattr(one, "pattern", None))]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    if isinstance(field.default, BaseModel | Strict):
        return "as below"
    value = field.default.value if isinstance(field.default, Enum) else field.default
    return "nothing" if value is None else f"`{json.dumps(value, default=str)}`"
