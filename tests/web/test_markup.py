"""What a person typed is shown as it was typed, and never becomes a part of the page."""

import pytest
from jinja2 import UndefinedError

from mottling.web.markup import render
from mottling.web.words import Problem, words_in

WORDS = words_in("en")


def test_values_are_escaped():
    html = render("refused.html", WORDS, {"problem": Problem("<script>alert(1)</script>", 'a "b" & c')})
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "a &#34;b&#34; &amp; c" in html


def test_a_value_that_is_missing_is_an_error():
    with pytest.raises(UndefinedError, match="problem"):
        render("refused.html", WORDS, {})
