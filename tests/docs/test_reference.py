"""The reference says what the code says: each page is what `python -m docs.build_reference` writes."""

import pytest

from docs.build_reference import FOLDER, PAGES, written
from docs.said import fields_of, models_in, notes_of
from mottling.assessment import Assessment
from mottling.imaging.contract import ModelContract
from mottling.settings import Settings
from mottling.trial.charter import Charter


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_what_the_code_says(name):
    kept = (FOLDER / name).read_text("utf-8")
    assert kept == written(name), f"run `python -m docs.build_reference`, and commit docs/reference/{name}"


def _all_in(model):
    waiting, found = [model], []
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.append(part)
            waiting += [one for field in fields_of(part).values() for one in models_in(field.annotation)]
    return found


@pytest.mark.parametrize(
    "model", [Settings, Charter, Assessment, ModelContract], ids=lambda one: one.__name__
)
def test_each_key_that_a_person_meets_has_a_sentence(model):
    silent = [
        f"{part.__name__}.{name}"
        for part in _all_in(model)
        for name in fields_of(part)
        if name not in notes_of(part)
    ]
    assert silent == []
