"""The areas of the web app: which role works where, and in which languages."""

from __future__ import annotations

from enum import StrEnum

from mottling.trial.access import Role

__all__ = ["LANGUAGES", "Area", "areas_of", "home_of", "may_enter", "page_of"]

LANGUAGES = ("fr", "en")
"""The first one is shown to who has not chosen."""


class Area(StrEnum):
    """The first part of a path, and one page a language."""

    WARD = "ward"
    COMMITTEE = "committee"
    OFFICE = "office"
    MODELS = "models"
    READOUT = "readout"
    MONITOR = "monitor"
    ACCOUNTS = "accounts"


_MAY_ENTER: dict[Area, frozenset[Role]] = {
    Area.WARD: frozenset({Role.WARD}),
    Area.COMMITTEE: frozenset({Role.READER}),
    Area.OFFICE: frozenset({Role.OFFICE}),
    Area.MODELS: frozenset({Role.OFFICE, Role.ENGINEER}),
    Area.READOUT: frozenset({Role.COORDINATOR}),
    Area.MONITOR: frozenset({Role.MONITOR}),
    Area.ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
}


def may_enter(role: Role, area: Area) -> bool:
    """Say whether a role works in an area."""
    return role in _MAY_ENTER[area]


def areas_of(role: Role) -> tuple[Area, ...]:
    """List the areas of a role, one at least; the first is its home."""
    return tuple(area for area in Area if may_enter(role, area))


def page_of(area: Area, language: str) -> str:
    """Give the path where an area's page is mounted."""
    return f"/{area}/{language}"


def home_of(role: Role, language: str) -> str:
    """Give the path to which a role goes after signing in."""
    return page_of(areas_of(role)[0], language) + "/"
