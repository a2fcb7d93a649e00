"""Every word of the pages stands in both languages, and every key that a page asks for is there."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from mottling import errors
from mottling.web import words as words_module
from mottling.web.words import Problem, words_in

WEB = Path(words_module.__file__).parent
FRENCH, ENGLISH = words_in("fr"), words_in("en")


def asked_keys() -> set[str]:
    """Keys that templates and pages name in full."""
    found: set[str] = set()
    for path in [*WEB.rglob("*.html"), *WEB.rglob("*.py")]:
        found.update(re.findall(r"""\bsay\(\s*["']([\w.]+)["']\s*[,)]""", path.read_text("utf-8")))
    return found


def places(text: str) -> set[str]:
    """Names of the values that a text is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys():
    assert FRENCH.texts.keys() == ENGLISH.texts.keys()


@pytest.mark.parametrize("words", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_no_text_is_empty(words):
    assert [key for key, text in words.texts.items() if not text.strip()] == []


def test_both_languages_fill_in_the_same_values():
    assert [key for key in FRENCH.texts if places(FRENCH.texts[key]) != places(ENGLISH.texts[key])] == []


def test_every_text_that_is_asked_for_is_there():
    assert sorted(asked_keys() - FRENCH.texts.keys()) == []


def test_every_kind_of_error_has_its_words():
    kinds = [f"problems.{name}.{part}" for name in errors.__all__ for part in ("message", "remedy")]
    assert [key for key in kinds if not FRENCH.has(key)] == []


def test_an_error_is_said_in_the_language_of_the_page():
    error = errors.Conflict("The visit 'day1' is confirmed", remedy="Choose another visit")
    assert ENGLISH.problem(error) == Problem("The visit 'day1' is confirmed", "Choose another visit")
    assert FRENCH.problem(error) == Problem("La visite 'day1' est confirmée", "Choisissez une autre visite")


def test_an_error_that_nobody_translated_is_said_by_its_kind():
    error = errors.PhotoRefused("Something new", remedy="Do something new")
    assert FRENCH.problem(error).message == "Cette photographie ne peut pas être lue"


def test_every_translated_refusal_fills_in_the_same_values():
    pairs = tomllib.loads((WEB / "words" / "refusals.fr.toml").read_text("utf-8"))["sentences"]
    assert [english for english, french in pairs if places(english) != places(french)] == []


def test_a_text_that_nobody_wrote_is_an_error():
    with pytest.raises(KeyError, match=r"ward\.nothing"):
        FRENCH.say("ward.nothing")
