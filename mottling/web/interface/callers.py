"""Whose request it is: the bearer token that a program sends, and how an operation learns who came."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

from mottling.services.programs import Program

__all__ = ["program_of", "remember_program", "token_in"]

_SCOPE_KEY = "mottling.program"
_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/-]{1,200}=*)")


def token_in(headers: Mapping[str, str]) -> str | None:
    """Read a request's token. Nothing else opens a door to programs, a session's cookie least of all.

    A browser sends a cookie by itself and never this header, so no page of another origin can use it.
    """
    found = _BEARER.fullmatch(headers.get("authorization", ""))
    return None if found is None else found[1]


def remember_program(scope: MutableMapping[str, Any], program: Program) -> None:
    """Write on a request whose it is; the guard does, once."""
    scope[_SCOPE_KEY] = program


def program_of(scope: Mapping[str, Any]) -> Program:
    """Say whose a request is. The guard has let it through, so some program came by its token."""
    program = scope[_SCOPE_KEY]
    assert isinstance(program, Program)
    return program
