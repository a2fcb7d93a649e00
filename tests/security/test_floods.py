"""Guesses and floods are made to wait before anything is looked at; other people are not."""

import asyncio

import pytest

from mottling.web.guard import Guard, GuardRules
from mottling.web.languages import Languages
from mottling.web.sessions import CookieJar
from tests.house import NINA
from tests.security.test_doors import LET_THROUGH, OneSession, answer_of, everything

TOO_OFTEN = 429


def guard_for(user) -> Guard:
    """A guard for whom no time passes."""
    jar = CookieJar(is_secure=False)
    return Guard(everything, GuardRules(OneSession(user), jar, Languages(), 1000, clock=lambda: 7.0))


def statuses(guard: Guard, method: str, path: str, *, times: int) -> list[int]:
    async def all_of_them() -> list[int]:
        return [await answer_of(guard, method, path) for _ in range(times)]

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("path", ["/sign-in", "/invitation"])
def test_guesses_from_one_address_are_not_even_looked_at(path):
    found = statuses(guard_for(None), "POST", path, times=150)
    assert found[:120] == [LET_THROUGH] * 120
    assert found[-1] == TOO_OFTEN


@pytest.mark.parametrize(
    ("path", "most"), [("/ward/photos", 120), ("/ward/framing", 120), ("/ward/fr/gradio_api/queue/join", 300)]
)
def test_a_flood_of_one_person_is_held_back(path, most):
    found = statuses(guard_for(NINA), "POST", path, times=most + 20)
    assert found[:most] == [LET_THROUGH] * most
    assert found[-1] == TOO_OFTEN


def test_a_page_loads_as_many_parts_as_it_has():
    assert set(statuses(guard_for(NINA), "GET", "/static/live.js", times=400)) == {LET_THROUGH}
