"""Which language an answer is in."""

import pytest

from mottling.web.languages import Languages

BOTH = Languages(("fr", "en"))


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        ("/ward/en/", {}, "en"),
        ("/ward/en/", {"cookie": "mottling-language=fr"}, "en"),
        ("/ward", {"cookie": "mottling-language=en"}, "en"),
        ("/ward", {"cookie": "mottling-language=en", "accept-language": "fr-FR"}, "en"),
        ("/ward", {"accept-language": "de-DE,de;q=0.9,en-GB;q=0.8"}, "en"),
        ("/ward", {"cookie": "mottling-language=xx", "accept-language": "de"}, "fr"),
        ("/ward", {}, "fr"),
    ],
)
def test_the_page_then_the_choice_then_the_browser_decide(path, headers, language):
    assert BOTH.of(path, headers) == language


def test_a_language_that_is_not_offered_is_not_chosen():
    assert Languages(("en",)).of("/ward/fr/", {"cookie": "mottling-language=fr"}) == "en"


def test_cookies_that_nobody_understands_choose_nothing():
    assert BOTH.of("/ward", {"cookie": 'a="\\"; mottling-language=e n; ='}) == "fr"
