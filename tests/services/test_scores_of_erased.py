"""After an erasure scores stay, or are shown nowhere and count nowhere, as the trial file says."""

import hashlib
from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import PhotosErased
from mottling.services.agreement import cases_of
from mottling.services.drift import Grouping
from mottling.services.meetings import Said
from mottling.services.office_views import Look, Standing
from mottling.services.opening import open_services
from mottling.services.programs import Program
from mottling.services.query_views import NewQuery
from mottling.services.results import ExportKind
from mottling.services.views import Answer, VisitState
from mottling.trial.changes import Extent
from mottling.trial.outcome import Missing
from mottling.trial.programs import Scope
from tests.house import (
    DAY1,
    EMMA,
    MINUTE,
    NINA,
    OLGA,
    PATIENT,
    RAVI,
    RITA,
    charter_text,
    confirm,
    house_settings,
    lock,
    open_house,
    read,
)
from tests.tiny_model import a_jpeg

LATER = DAY1 + timedelta(hours=8)
OTHER = "01-002"
PASSWORD = "the password of both"
SPONSOR = Program("sponsor", frozenset({Scope.OUTCOMES, Scope.STATUS}), None)


def trial(*, stays):
    """The shipped trial file with this rule; the sheet shows the visit of which the scores are."""
    rule = "stay" if stays else "left_out"
    text = charter_text('scores_of_erased = "stay"', f'scores_of_erased = "{rule}"')
    return text.replace('[enrolment]\nvisit = "baseline"', '[enrolment]\nvisit = "day1"')


def picture(patient):
    return a_jpeg() + patient.encode()


def sha256(patient):
    return hashlib.sha256(picture(patient)).hexdigest()


def erase(services):
    services.office.erase_photos(OLGA, PATIENT, reason="Consent withdrawn", at=LATER)


@pytest.fixture(scope="module", params=[True, False], ids=["they_stay", "they_are_left_out"])
def house(request, tmp_path_factory):
    """Two patients were scored and read, and the photographs of one were erased; says whether scores stay."""
    folder = tmp_path_factory.mktemp("house")
    with closing(open_house(folder, charter=trial(stays=request.param))) as services:
        photo_ids = {each: confirm(services, each, score=4, data=picture(each)) for each in (PATIENT, OTHER)}
        for reader in (RITA, RAVI):
            for _ in photo_ids:
                read(services, reader, Answer.scored(3))
        services.queries.ask(OLGA, NewQuery(PATIENT, "day1", "Which leg is it?"), at=LATER)
        # Everybody has looked before, so that what is kept in memory is tried too.
        services.office.lines(OLGA, Look("", Standing.ALL), most=9, at=LATER)
        services.office.track(OLGA, at=LATER)
        erase(services)
        yield services, photo_ids, request.param


def line_of(lines, patient):
    (line,) = [one for one in lines if one.patient == patient and one.visit == "day1"]
    return line


def test_the_outcome_has_a_value_or_says_that_it_was_erased(house):
    services, _, stays = house
    rows = {one.patient: one for one in services.results.outcome(OLGA, at=LATER)}
    row = rows[PATIENT]
    assert (row.value, row.missing) == ((3, None) if stays else (None, Missing.ERASED))
    assert (row.photographs, row.photo_sha256) == ((1, sha256(PATIENT)) if stays else (0, None))
    assert (row.model_score is None, row.record_id is None, row.answered_by is None) == (not stays,) * 3
    assert (rows[OTHER].value, rows[OTHER].missing) == (3, None)


@pytest.mark.parametrize("kind", list(ExportKind))
def test_no_export_carries_what_is_left_out(house, kind):
    services, _, stays = house
    text = "".join(one.data.decode() for one in services.results.export(OLGA, kind, at=LATER))
    assert (sha256(PATIENT) in text) is stays
    assert sha256(OTHER) in text
    assert ('"masked"' in text) is (kind is ExportKind.FHIR and not stays)


def test_the_tables_carry_no_answer_that_is_left_out(house):
    services, _, stays = house
    readings = services.office.readings_csv(OLGA, at=LATER).decode().splitlines()
    assert len([one for one in readings if PATIENT in one]) == (4 if stays else 0)
    assert len([one for one in readings if OTHER in one]) == 4
    outcome = services.office.outcome_csv(OLGA, at=LATER).decode()
    assert (sha256(PATIENT) in outcome) is stays


def test_a_table_of_queries_still_names_the_photograph_that_was_asked_about(house):
    services, _, _ = house
    assert sha256(PATIENT) in services.office.queries_csv(OLGA, at=LATER).decode()


def test_the_office_sees_and_counts_no_score_that_is_left_out(house):
    services, _, stays = house
    lines = services.office.lines(OLGA, Look("", Standing.ALL), most=9, at=LATER).lines
    for line in (line_of(lines, PATIENT), line_of(services.office.outcome(OLGA, at=LATER), PATIENT)):
        answers = (line.bedside, line.verdict, line.outcome)
        assert answers == ((Answer.scored(4), Answer.scored(3), Answer.scored(3)) if stays else (None,) * 3)
        assert line.standing is (Standing.COMPLETE if stays else Standing.WITHDRAWN)
    assert line_of(lines, OTHER).verdict == Answer.scored(3)
    (count,) = [
        one for one in services.office.completeness(OLGA, at=LATER) if (one.site, one.visit) == ("01", "day1")
    ]
    photographs = 2 if stays else 1
    assert (count.with_photo, count.with_bedside_score, count.with_verdict) == (photographs,) * 3
    assert count.overdue == 0
    assert services.office.track(OLGA, at=LATER).total.decided == photographs


def test_the_sheet_of_the_patient_shows_no_score_that_is_left_out(house):
    services, _, stays = house
    beside = services.sheets.of(OLGA, PATIENT, at=LATER).beside
    assert (beside.bedside, beside.verdict) == (
        (Answer.scored(4), Answer.scored(3)) if stays else (None, None)
    )
    assert beside.photo_id is None


def test_the_ward_sees_neither_the_patient_nor_a_score_either_way(house):
    services, photo_ids, _ = house
    assert [one.patient for one in services.ward.today(NINA, at=LATER)] == [OTHER]
    with pytest.raises(PhotosErased):
        services.ward.photo(NINA, photo_ids[PATIENT])


def test_the_committee_and_the_agreement_count_no_reading_that_is_left_out(house):
    services, photo_ids, stays = house
    book = services.committee._book
    for said in (book.readings(), book.verdicts(), book.counting()):
        photos = [getattr(one, "photo_id", None) or one.reading.photo_id for one in said]
        assert (photo_ids[PATIENT] in photos) is stays
        assert photo_ids[OTHER] in photos
    cases = cases_of(services.agreement._store, services.charter, at=LATER)
    read_of = {case.patient: len(case.readings) for case in cases if case.taken_at is not None}
    assert read_of == ({PATIENT: 2, OTHER: 2} if stays else {OTHER: 2})
    of_patient = [one for one in cases if one.patient == PATIENT]
    for said in ("bedside", "verdict", "assessment"):
        assert any(getattr(one, said) is not None for one in of_patient) is stays
    assert services.agreement.report(OLGA, language="en", while_open=True, at=LATER)


def test_programs_are_told_no_outcome_that_is_left_out(house):
    services, _, stays = house
    (row,) = [one for one in services.interface.outcomes(SPONSOR, at=LATER).rows if one.patient == PATIENT]
    assert (row.value, row.missing) == ((3, None) if stays else (None, Missing.ERASED))
    visit = services.interface.visit(SPONSOR, PATIENT, "day1", at=LATER)
    assert visit.state is (VisitState.DONE if stays else VisitState.WITHDRAWN)
    assert (visit.photo_id is None) is not stays


def test_drift_counts_no_photograph_that_is_left_out(house):
    services, _, stays = house
    assert services.drift.report(EMMA, Grouping.SITE).photographs == (2 if stays else 1)


def test_a_frozen_outcome_holds_none_of_it_and_what_changed_says_who_erased(tmp_path):
    with closing(open_house(tmp_path, charter=trial(stays=False))) as services:
        confirm(services, data=picture(PATIENT))
        before = services.results.freeze(OLGA, because=None, at=LATER).snapshot
        erase(services)
        after = services.results.freeze(OLGA, because="A patient was erased", at=LATER).snapshot
        assert [sha256(PATIENT) in one.table for one in (before, after)] == [True, False]
        (change,) = services.results.diff(OLGA, 1, 2).changes
        assert "photos_erased" in [act.act for act in change.acts]


def test_the_rows_stay_in_a_whole_chain_and_another_trial_file_shows_them_again(tmp_path):
    with closing(open_house(tmp_path, charter=trial(stays=False))) as services:
        confirm(services, score=4)
        erase(services)
        store = services.results._store
        assert (store.ward.photos(), len(store.ward.photos_left_out())) == ((), 1)
        assert store.verify().clean
    settings = house_settings(tmp_path, charter=trial(stays=True))
    with closing(open_services(settings, at=LATER)) as services:
        (steps,) = services.results._store.ward.photos()
        assert steps.final.answer == Answer.scored(4)


def test_a_reading_that_waits_for_its_signature_is_neither_shown_nor_asked_for(tmp_path):
    with closing(open_house(tmp_path, charter=trial(stays=False))) as services:
        confirm(services)
        lock(services, RITA, Answer.scored(5))
        assert (len(services.committee.batch(RITA)), services.readout.state().unsigned) == (1, 1)
        erase(services)
        assert services.committee.batch(RITA) == ()
        assert services.readout.state().unsigned == 0


def test_a_visit_that_was_not_done_keeps_its_reason_and_none_is_awaited_of_who_was_erased(tmp_path):
    with closing(open_house(tmp_path, charter=trial(stays=False))) as services:
        services.ward.not_done(NINA, PATIENT, visit="baseline", reason="forgotten", at=DAY1)
        confirm(services)
        before = services.readout.state().awaited
        erase(services)
        assert services.readout.state().awaited == before
        states = {
            one.visit: one.state for one in services.office.outcome(OLGA, at=LATER) if one.patient == PATIENT
        }
        assert states == {"baseline": VisitState.NOT_DONE, "day1": VisitState.WITHDRAWN}


def test_a_photograph_from_after_the_withdrawal_is_no_erased_one(tmp_path):
    with closing(open_house(tmp_path, charter=trial(stays=False))) as services:
        confirm(services)
        services.changing.withdraw(
            OLGA, PATIENT, Extent.PHOTOGRAPHS, since=DAY1 - MINUTE, because="Form", at=LATER
        )
        erase(services)
        (row,) = [one for one in services.results.outcome(OLGA, at=LATER) if one.patient == PATIENT]
        assert row.missing is Missing.WITHDRAWN
        standing = services.changing.look_up(OLGA, PATIENT)
        assert (standing.photographs, standing.after_withdrawal, standing.are_erased) == (1, 1, True)


def test_what_the_committee_said_together_is_left_out_too(tmp_path):
    charter = trial(stays=False).replace('third_reader = "decides"', 'third_reader = "meeting"')
    with closing(open_house(tmp_path, charter=charter)) as services:
        for user in (RITA, RAVI):
            services.accounts.add_user(user, PASSWORD, by="setup", at=DAY1)
        confirm(services)
        for reader, score in ((RITA, 1), (RAVI, 4)):
            read(services, reader, Answer.scored(score))
        meetings = services.committee.meetings
        (waits,) = meetings.waiting(RITA)
        said = Said(Answer.scored(4), ["ravi"])
        meetings.record(RITA, waits.reading_id, said, password=PASSWORD, meaning="We said this", at=LATER)
        assert "consensus" in services.office.readings_csv(OLGA, at=LATER).decode()
        erase(services)
        assert services.committee._book.consensus() == ()
        assert "consensus" not in services.office.readings_csv(OLGA, at=LATER).decode()


def test_who_was_erased_stays_so_under_a_corrected_number(tmp_path):
    with closing(open_house(tmp_path, charter=trial(stays=False))) as services:
        confirm(services)
        read(services, RITA, Answer.scored(3))
        erase(services)
        services.office.outcome(OLGA, at=LATER)
        services.changing.correct_number(OLGA, PATIENT, "01-009", because="Typed", at=LATER)
        rows = {one.patient: one for one in services.results.outcome(OLGA, at=LATER)}
        assert rows["01-009"].missing is Missing.ERASED
        assert line_of(services.office.outcome(OLGA, at=LATER), "01-009").bedside is None
        assert services.committee._book.readings() == ()
