"""Each page that shows what a model says, says what the model is."""

import pytest

from mottling.agreement.texts import texts_in
from mottling.web import markup
from mottling.web.words import words_in

SAID_OF_A_MODEL = {
    "ward_proposal.html": "ward.proposal.research",
    "committee_model.html": "committee.model.research",
    "models.html": "models.research",
    "models_drift.html": "models.research",
}
WHAT_IT_IS = {
    "en": ("research software", "not a medical device", "made photographs"),
    "fr": ("logiciel de recherche", "pas un dispositif médical", "fabriquées"),
}


def test_no_other_page_shows_what_a_model_says():
    shows = {
        path.name
        for path in markup._FOLDER.iterdir()
        if any(name in path.read_text("utf-8") for name in ("proposal.score", "model.score", "models.title"))
    }
    assert shows == set(SAID_OF_A_MODEL)


@pytest.mark.parametrize(("page", "key"), SAID_OF_A_MODEL.items())
def test_a_page_says_what_its_model_is(page, key):
    assert f"say('{key}')" in (markup._FOLDER / page).read_text("utf-8")


@pytest.mark.parametrize("language", WHAT_IT_IS)
def test_a_model_is_research_software_no_device_and_learned_from_made_photographs(language):
    words = words_in(language)
    said = [words.say(key) for key in SAID_OF_A_MODEL.values()]
    said.append(texts_in(language).say("is.not_2"))
    assert all(part in text.lower() for text in said for part in WHAT_IT_IS[language])
