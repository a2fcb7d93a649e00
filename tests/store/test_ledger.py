"""What the ledger says where nothing is on record yet, of the last that is, and within one writing."""

from mottling.store.schema import KINDS
from mottling.trial.changes import NumberCorrected
from mottling.trial.records import Patient, Photo
from tests.store.acts import NOW, enrol


def test_what_is_not_on_record_has_no_place_and_there_is_no_last_one(store):
    enrol(store)
    with store._ledger.reading() as page:
        assert (page.place(Photo), page.last(Photo), page.all(Photo)) == (0, None, ())
        assert page.place(Patient) == 1
        assert page.last(Patient) == page.all(Patient)[-1]
        assert list(page.in_order([Photo, Patient], after=0)) == list(page.all(Patient))
        assert list(page.in_order([Photo, Patient], after=1)) == []


def test_the_last_of_a_kind_is_the_one_that_was_added_last(store):
    enrol(store, "01-002", "01-001")
    with store._ledger.reading() as page:
        assert [one.patient for one in page.all(Patient)] == ["01-002", "01-001"]
        assert page.last(Patient).patient == "01-001"


def test_a_number_that_is_corrected_holds_for_what_is_written_after_it_at_once(store):
    enrol(store)
    with store._ledger.writing() as pen:
        assert pen.last(Patient).patient == "01-001"
        pen.add(
            NumberCorrected(
                patient="01-001", was="01-001", becomes="01-010", because="Typing error", by="olga", at=NOW
            )
        )
        assert pen.last(Patient).patient == "01-010"


def test_the_newest_with_something_in_a_column_is_the_last_such_record(store):
    enrol(store, "01-001", "01-002")
    patients = KINDS[Patient].table.c
    with store._ledger.reading() as page:
        for one in page.all(Patient):
            assert page.newest(Patient, patients.patient, one.patient) == one
            assert page.newest(Patient, patients.site, one.site) == page.last(
                Patient, patients.site == one.site
            )
        assert page.newest(Patient, patients.patient, "99-999") is None


def test_what_was_added_after_a_place_is_told_in_its_order(store):
    enrol(store, "01-001", "01-002")
    with store._ledger.reading() as page:
        everybody = page.all(Patient)
        assert [page.added(Patient, after=after) for after in (0, 1)] == [everybody, everybody[1:]]
