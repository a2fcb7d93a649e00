import pytest

from mottling.store.chain import BEFORE_THE_FIRST, Link, content_hash
from tests.store.acts import do_everything, enrol

LINK = Link(
    number=1,
    at="2026-03-02T08:00:00.000000+00:00",
    by="olga",
    act="patient_enrolled",
    subject="01-001",
    content_hash="c" * 64,
    previous_hash=BEFORE_THE_FIRST,
)


def test_the_hash_of_a_link_is_the_one_that_stores_already_hold():
    assert LINK.hash() == "a79af77d13ce6984f964fc5963b5ea88ea9233cd4aad05c23c0babd80031bb4a"


def test_the_hash_of_a_record_is_the_one_that_stores_already_hold():
    row = {"number": 7, "by": "Zoé", "score": None, "reading_s": 7.5, "outside_window": 0}
    assert content_hash(row) == "ab6f42865fee02325125ef0a6ca2a62f3f86f501c445e0f8a57edcc1362d97d0"


def test_a_record_hashes_the_same_wherever_it_stands_in_the_chain():
    assert content_hash({"number": 1, "by": "a"}) == content_hash({"number": 2, "by": "a"})


@pytest.mark.parametrize("other", [{"by": "b"}, {"by": "a", "at": None}, {"by": 1}, {}], ids=str)
def test_any_other_content_hashes_differently(other):
    assert content_hash(other) != content_hash({"by": "a"})


def test_every_act_is_named_with_who_when_and_to_what(store):
    do_everything(store)
    trail = store.office.audit()
    assert [entry.number for entry in trail] == list(range(1, len(trail) + 1))
    first, second, third, fourth = trail[1:5]
    assert (first.act, first.by, first.subject) == ("patient_enrolled", "olga", "01-001")
    assert (second.act, second.by, second.subject) == ("initials_given", "olga", "01-001")
    assert (third.act, third.by) == ("skin_tone_recorded", "olga")
    assert (fourth.act, fourth.by) == ("eligibility_recorded", "olga")
    assert [one.previous_hash for one in (second, third, fourth)] == [
        one.hash for one in (first, second, third)
    ]


def test_each_link_follows_from_the_one_before(store):
    enrol(store, "01-001", "01-002", "01-003")
    trail = store.office.audit()
    assert [entry.previous_hash for entry in trail] == [BEFORE_THE_FIRST, *(one.hash for one in trail[:-1])]
