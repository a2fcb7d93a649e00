"""Photographs that were mutated on their way; `python -m tests.fuzz_uploads` sends thousands."""

import pytest

from tests.fuzz_uploads.mutations import MUTATIONS, draw
from tests.fuzz_uploads.originals import originals
from tests.fuzz_uploads.sending import Tally
from tests.fuzz_uploads.ward_door import open_door

SEED = 7
COUNT = 100


@pytest.mark.filterwarnings("ignore")  # as in the server: what a decoder warns of ends no upload
def test_mutated_photographs_are_stored_whole_or_refused_with_a_sentence(tmp_path):
    tally = Tally()
    with open_door(tmp_path) as door:
        for number in range(COUNT):
            sent = draw(number, seed=SEED)
            tally.note(sent, door.send(sent))
        assert tally.bad == []
        assert door.whole(tally.stored) == ""
    assert tally.stored > COUNT / 5
    assert len(tally.sentences) > 5


def test_the_whole_photographs_are_of_every_kind_and_every_mutation_is_drawn():
    drawn = [draw(number, seed=1) for number in range(600)]
    assert {one.kind for one in drawn} == set(originals())
    assert {name for one in drawn for name in one.mutations} == set(MUTATIONS)


def test_a_number_gives_the_same_upload_each_time():
    assert draw(17, seed=3) == draw(17, seed=3)
    assert draw(17, seed=3).data != draw(18, seed=3).data


@pytest.mark.parametrize("kind", ["JPEG with a profile", "TIFF CMYK", "HEIC with a profile"])
def test_no_photograph_holds_the_time_at_which_it_was_made(kind):
    data = originals()[kind]
    profile = data.index(b"acsp") - 36
    assert data[profile + 24 : profile + 36] == bytes(12)
