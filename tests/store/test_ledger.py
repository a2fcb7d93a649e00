"""What the ledger says where nothing is on record yet, and of the last that is."""

from mottling.trial.records import Patient, Photo
from tests.store.acts import enrol


def test_what_is_not_on_record_has_no_place_and_there_is_no_last_one(store):
    enrol(store)
    with store._ledger.reading() as page:
        assert (page.place(Photo), page.last(Photo), page.all(Photo)) == (0, None, ())
        assert page.place(Patient) == 1
        assert page.last(Patient) == page.all(Patient)[-1]
        assert list(page.in_order([Photo, Patient], after=0)) == list(page.all(Patient))
        assert list(page.in_order([Photo, Patient], after=1)) == []
