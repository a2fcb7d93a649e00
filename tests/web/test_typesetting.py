"""French signs stay with the word that they belong to."""

import pytest

from mottling.errors import Conflict
from mottling.web.typesetting import typeset
from mottling.web.words import words_in

NO_BREAK = "\u00a0"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Est-ce bien ce patient ?", f"Est-ce bien ce patient{NO_BREAK}?"),
        ("Score : 2", f"Score{NO_BREAK}: 2"),
        ("« X » n'est pas là", f"«{NO_BREAK}X{NO_BREAK}» n’est pas là"),
        ("{share} % de la peau", f"{{share}}{NO_BREAK}% de la peau"),
        ("La visite 'day1' est close", "La visite 'day1' est close"),
        ("https://example.org/a?b:c", "https://example.org/a?b:c"),
    ],
)
def test_french_signs_begin_no_line(text, printed):
    assert typeset(text, "fr") == printed


def test_english_stays_as_it_was_written():
    assert typeset("Who : 'me' isn't it ?", "en") == "Who : 'me' isn't it ?"


def test_no_french_text_of_a_page_can_break_before_its_sign():
    texts = words_in("fr").texts
    assert [key for key, text in texts.items() if any(f" {sign}" in text for sign in ":;?!»")] == []


def test_a_refusal_is_set_like_the_page_that_shows_it():
    problem = words_in("fr").problem(
        Conflict("This link opens nothing any more", remedy="Ask for another one")
    )
    assert "'" not in problem.message
    assert "’" in problem.message
