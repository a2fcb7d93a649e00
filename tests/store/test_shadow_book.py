"""Which photographs a challenger has not seen, and what it said of the others."""

import pytest

from mottling.errors import Conflict, PhotosErased
from mottling.trial.model_records import ShadowAct
from mottling.trial.office_records import ModelRelease, ReleaseKind
from tests.store.acts import enrol, erasure, take
from tests.store.model_acts import NOW, assessment, shadow_run, shadow_said

OTHER = "b" * 64


def assess(store, photo_id):
    store.ward.add_assessment(photo_id, assessment(), overlay=None, by="nina", at=NOW)


@pytest.fixture
def photos(store):
    """Two patients: the first one's photograph was assessed before a run began, the second one's after."""
    enrol(store, "01-001", "02-001")
    before, after = take(store).photo_id, take(store, "02-001", data=b"another").photo_id
    assess(store, before)
    store.shadows.note(shadow_run())
    assess(store, after)
    return before, after


def test_only_what_was_assessed_since_the_run_began_waits(store, photos):
    assert store.shadows.waiting(store.shadows.running()) == (photos[1],)


def test_what_was_seen_or_erased_waits_no_more(store, photos):
    store.shadows.add(shadow_said(photos[1]))
    assert store.shadows.waiting(store.shadows.running()) == ()
    assess(store, take(store, "01-001", data=b"a third").photo_id)
    store.vault.erase(erasure())
    assert store.shadows.waiting(store.shadows.running()) == ()


def test_a_pair_of_an_erased_photograph_is_left_out_where_the_trial_file_says_so(store, photos):
    store.shadows.add(shadow_said(photos[1]))
    store.vault.erase(erasure(store.ward.photo(photos[1]).photo.patient))
    assert len(store.shadows.pairs("a" * 64)) == 1
    store.leave_out_erased()
    assert store.shadows.pairs("a" * 64) == ()


def test_what_another_challenger_saw_still_waits(store, photos):
    store.shadows.add(shadow_said(photos[1], sha256=OTHER))
    assert store.shadows.waiting(store.shadows.running()) == (photos[1],)
    assert store.shadows.pairs(OTHER)[0].site == "02"


def test_a_challenger_says_something_of_a_photograph_once(store, photos):
    for _ in range(2):
        store.shadows.add(shadow_said(photos[1]))
    (pair,) = store.shadows.pairs("a" * 64)
    assert (pair.patient, pair.in_use) == ("02-001", assessment())


def test_nothing_is_said_of_an_erased_photograph(store, photos):
    store.vault.erase(erasure("02-001"))
    with pytest.raises(PhotosErased):
        store.shadows.add(shadow_said(photos[1]))


def test_one_challenger_at_a_time_and_only_that_one_stops(store, photos):
    with pytest.raises(Conflict, match="m scores silently already"):
        store.shadows.note(shadow_run(sha256=OTHER))
    with pytest.raises(Conflict, match="No model scores silently"):
        store.shadows.note(shadow_run(ShadowAct.STOPPED, sha256=OTHER))
    store.shadows.note(shadow_run(ShadowAct.STOPPED))
    assert store.shadows.running() is None


def test_a_release_ends_the_run_of_what_was_released(store, photos):
    store.office.note_release(
        ModelRelease(name="other", sha256=OTHER, kind=ReleaseKind.RELEASED, by="eva", at=NOW)
    )
    assert store.shadows.running() is not None
    store.office.note_release(
        ModelRelease(name="m", sha256="a" * 64, kind=ReleaseKind.RELEASED, by="eva", at=NOW)
    )
    assert store.shadows.running() is None
