"""The page of the models over real services."""

import pytest

from mottling.web.pages import models
from tests.house import EMMA, OLGA, open_house
from tests.page_visits import Visit
from tests.tiny_model import write_tiny_registry


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    """Two models; the first is in use, and the second one's card holds HTML."""
    folder = tmp_path_factory.mktemp("models")
    write_tiny_registry(folder / "models", names=("tiny", "challenger"))
    card = "# Challenger\n\n| figure | value |\n|---|---|\n| exact | 0.70 |\n\n<script>alert(1)</script>\n"
    (folder / "models" / "challenger" / "card.md").write_text(card, "utf-8")
    return open_house(folder)


@pytest.fixture(scope="module")
def emma(services):
    return Visit(models.build, services, EMMA)


def test_the_model_in_use_is_shown_first(emma):
    body = emma.see()
    assert body.index("tiny") < body.index("challenger")
    assert "In use" in body
    assert 'data-do="release_form"' not in body


def test_the_office_sees_the_models_too(services):
    assert "challenger" in Visit(models.build, services, OLGA).see()


def test_a_card_is_rendered_and_its_html_stays_text(emma):
    body = emma.answer("look", {"name": "challenger"})["body"]
    assert "<td>0.70</td>" in body
    assert "<script>" not in body
    assert "&lt;script&gt;" in body


def test_a_release_asks_first_and_can_be_taken_back(emma, services):
    assert "Release challenger?" in emma.see("release_form", name="challenger")
    assert services.release.models(EMMA)[0].name == "tiny"
    assert emma.answer("release", {"name": "challenger"})["notice"] == "challenger is in use"
    assert "return to the model before?" in emma.see("roll_back_form")
    assert emma.answer("roll_back")["notice"] == "tiny is in use again"


def test_a_model_that_is_not_there_is_refused(emma):
    assert emma.answer("look", {"name": "nobody"})["problem"]
