"""Verification finds a signature that does not fit what was read, even where each row fits the chain."""

import hashlib

import pytest

from mottling.errors import Conflict, RecordRefused
from mottling.store.signing import Signer
from mottling.trial.committee_records import (
    BatchSignature,
    ReadingChange,
    SignedReading,
    signed_text,
)
from mottling.trial.reading_plan import Planned
from mottling.trial.records import Answer, Reading
from tests.store.acts import NOW, SHA, enrol, read, say_anew, sign, take


@pytest.fixture
def reading(store):
    """A reading that its reader has signed."""
    enrol(store)
    read(store, "rita", Answer.scored(3), photo_id=take(store).photo_id)
    return store.committee.readings()[0]


def signature(*signed, readings=1, by="rita", sha256=None):
    text = signed_text(signed)
    return BatchSignature(
        meaning="I have read these",
        readings=readings,
        signed=text,
        sha256=sha256 or hashlib.sha256(text.encode()).hexdigest(),
        by=by,
        at=NOW,
    )


def found_after(store, record):
    with store._ledger.writing() as pen:
        pen.add(record)
    bad = store.verify().bad_row
    return None if bad is None else bad.what


def test_a_signed_reading_is_clean(store, reading):
    assert store.verify().clean
    with store.committee.looking() as board:
        assert board.locked(reading.reading_id).content_hash in {
            one.content_hash for one in store.office.audit()
        }


def test_a_change_after_the_signature_is_found(store, reading):
    said_anew = ReadingChange(
        reading_id=reading.reading_id,
        photo_id=reading.photo_id,
        answer=Answer.scored(0),
        because="Somebody wished it",
        by="rita",
        at=NOW,
    )
    assert "was changed afterwards" in found_after(store, said_anew)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda one: signature(SignedReading(one.reading_id, SHA)), "is not what was read"),
        (lambda one: signature(SignedReading("no such id", SHA)), "is not what was read"),
        (lambda one: signature(SignedReading("", "")), "is not what was read"),
    ],
)
def test_a_signature_over_something_else_is_found(store, reading, make, said):
    assert said in found_after(store, make(reading))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"by": "remi"}, "signs a reading of rita"),
        ({"readings": 2}, "names other readings than it says"),
        ({"sha256": SHA}, "names other readings than it says"),
        ({}, "was signed before"),
    ],
)
def test_a_signature_of_another_or_that_miscounts_is_found(store, reading, more, said):
    with store.committee.looking() as board:
        signed = SignedReading(reading.reading_id, board.locked(reading.reading_id).content_hash)
    assert said in found_after(store, signature(signed, **more))


def test_what_was_changed_before_the_signature_is_signed_as_it_stands(store):
    enrol(store)
    photo_id = take(store).photo_id
    read(store, "rita", Answer.scored(3), photo_id=take(store, visit="baseline").photo_id)
    given = store.committee.assign("rita", choose=lambda photos, _: _planned(photo_id), at=NOW)
    store.committee.lock(_reading(given, Answer.scored(1)))
    say_anew(store, "rita", Answer.scored(2))
    say_anew(store, "rita", Answer.at_least(2))
    with pytest.raises(Conflict, match="the page showed 7"):
        store.committee.sign(Signer("rita", "x", 7, NOW), settle=lambda _: None)
    sign(store, "rita")
    assert store.committee.readings(by="rita")[-1].answer == Answer.at_least(2)
    assert store.verify().clean
    with pytest.raises(RecordRefused):
        sign(store, "rita")


def _planned(photo_id):
    return Planned(photo_id)


def _reading(given, answer):
    return Reading(
        reading_id=given.reading_id,
        photo_id=given.photo_id,
        answer=answer,
        reading_s=1.0,
        by=given.by,
        at=NOW,
    )
