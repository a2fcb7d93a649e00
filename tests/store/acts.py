"""What people do in these tests: one patient, photographs of drawn bytes, scores and readings."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from mottling.store.beside import NOTHING, Beside
from mottling.store.meetings import Minutes
from mottling.store.model_shown import SaidAfter
from mottling.store.signing import Signer
from mottling.store.store import Store
from mottling.trial.access import Role
from mottling.trial.adjudication import settling_reading
from mottling.trial.committee_records import (
    ConsensusVerdict,
    ReadingChange,
    ReadoutAct,
    ReadoutChange,
    RepeatReading,
    TakenBack,
    TrainingReading,
)
from mottling.trial.eligibility import EligibilityValue
from mottling.trial.markings import Outline, Patch, Point
from mottling.trial.office_records import (
    Erasure,
    ExportRecord,
    MonitorLook,
    SkinTone,
    Snapshot,
    TrialFile,
)
from mottling.trial.programs import Scope, TokenGiven, TokenRevoked, scopes_text
from mottling.trial.queries import QueryAnswered, QueryAsked, QueryAskedAgain, QueryClosed
from mottling.trial.reading_plan import Planned
from mottling.trial.reading_rules import ReadingRules
from mottling.trial.records import (
    Answer,
    FinalRecord,
    Initials,
    NewPhoto,
    NotDone,
    OwnScore,
    PasswordSet,
    Patient,
    Photo,
    Reading,
    Reveal,
    SessionEnded,
    SessionOpened,
    SignIn,
    SignInOutcome,
    UserAdded,
    UserDisabled,
    Verdict,
)
from mottling.trial.session_records import PinSet, PinTried, SessionPlace, SignedOutEverywhere
from mottling.trial.user_records import Invitation, UserLock, UserLockAct
from tests.store.change_acts import change_everything
from tests.store.model_acts import NOW, SHA, assessment, work_on_models


def enrol(store: Store, *numbers: str) -> None:
    numbers = numbers or ("01-001",)
    store.ward.enrol(
        [Patient(patient=n, site=n[:2], randomised_at=NOW, by="olga", at=NOW) for n in numbers],
        [Initials(patient=n, initials="AB", by="olga", at=NOW) for n in numbers],
    )


def said_of_knee(value: str | None, *, version=1, patient="01-001") -> EligibilityValue:
    because = None if version == 1 else "Read from the wrong line"
    return EligibilityValue(
        patient=patient, item="knee", value=value, version=version, because=because, by="olga", at=NOW
    )


def new_photo(
    patient="01-001", *, visit="day1", data=b"a photograph", key="key-1", taken_at=None
) -> NewPhoto:
    return NewPhoto(patient, visit, data, key, outside_window=False, by="nina", at=NOW, taken_at=taken_at)


def take(store: Store, patient="01-001", *, visit="day1", data=b"a photograph", key=None) -> Photo:
    return store.ward.add_photo(
        new_photo(patient, visit=visit, data=data, key=key or f"{patient}-{visit}-{data!r}")
    )


def own(photo_id: str, answer: Answer | None = None) -> OwnScore:
    return OwnScore(photo_id=photo_id, answer=answer or Answer.scored(2), by="nina", at=NOW)


def final(photo_id: str) -> FinalRecord:
    answer = Answer.at_least(3)
    return FinalRecord(photo_id=photo_id, answer=answer, because="The thigh too", by="nina", at=NOW)


def not_done(patient="01-001", *, visit="baseline") -> NotDone:
    return NotDone(patient=patient, visit=visit, reason="died", by="nina", at=NOW)


def erasure(patient="01-001") -> Erasure:
    return Erasure(patient=patient, reason="Consent withdrawn", by="olga", at=NOW)


def read(store: Store, reader: str, answer: Answer, *, photo_id: str, readers_per_photo=2) -> Verdict | None:
    given = store.committee.assign(reader, choose=lambda _photos, _shown: Planned(photo_id), at=NOW)
    reading = Reading(
        reading_id=given.reading_id, photo_id=given.photo_id, answer=answer, reading_s=7.5, by=reader, at=NOW
    )
    store.committee.lock(reading)
    settle = partial(settling_reading, rules=ReadingRules(readers_per_photo=readers_per_photo))
    return next(iter(sign(store, reader, settle=settle)), None)


def sign(store: Store, reader: str, *, settle=lambda _readings: None) -> tuple[Verdict, ...]:
    """Let a reader sign what is locked."""
    signer = Signer(reader, "I have read these", len(store.committee.batch(reader)), NOW)
    return store.committee.sign(signer, settle=settle)


def say_anew(store: Store, reader: str, answer: Answer, beside: Beside = NOTHING) -> None:
    """Let a reader change the last reading of the batch."""
    reading = store.committee.batch(reader)[-1].reading
    store.committee.change(
        ReadingChange(
            reading_id=reading.reading_id,
            photo_id=reading.photo_id,
            answer=answer,
            because="I had looked at the shadow",
            by=reader,
            at=NOW,
        ),
        beside,
    )


def mark(store: Store, reader: str, answer: Answer) -> None:
    """Let a reader say the last reading of the batch anew, with the mottled border."""
    corners = (Point(0, 0), Point(8, 0), Point(0, 8))
    outline = Outline(width_px=9, height_px=9, patches=(Patch(corners=corners),))
    say_anew(store, reader, answer, Beside(outline, "The light is yellow"))


def see_model(store: Store, reader: str, answer: Answer, *, counts: bool = True) -> None:
    """Show a reader what the model said of the last reading of the batch, and let him say something then."""
    reading_id = store.committee.batch(reader)[-1].reading.reading_id
    store.committee.show_model(reading_id, by=reader, at=NOW)
    because = "I had not seen the thigh"
    store.committee.say_after(SaidAfter(reading_id, reader, answer, counts, because, NOW))


def read_again(store: Store, reader: str, answer: Answer, *, photo_id: str) -> None:
    given = store.committee.assign(
        reader, choose=lambda _photos, _shown: Planned(photo_id, is_repeat=True), at=NOW
    )
    store.committee.lock(
        RepeatReading(
            reading_id=given.reading_id, photo_id=photo_id, answer=answer, reading_s=7.5, by=reader, at=NOW
        )
    )


def read_out(store: Store, *, photo_id: str) -> None:
    """Read a photograph to its verdict, let it come back to one reader, and close the read-out."""
    read(store, "rita", Answer.scored(2), photo_id=photo_id)
    read(store, "remi", Answer.scored(2), photo_id=photo_id)
    look_again(store, "remy", photo_id=photo_id)
    read_again(store, "rita", Answer.scored(3), photo_id=photo_id)
    say_anew(store, "rita", Answer.scored(1))
    mark(store, "rita", Answer.scored(1))
    see_model(store, "rita", Answer.scored(2))
    sign(store, "rita")
    store.committee.train(training("rita"))
    meet(store, photo_id=take(store, visit="day7").photo_id)
    store.office.change_readout(
        ReadoutChange(kind=ReadoutAct.CLOSED, meaning="All are read", by="olga", at=NOW)
    )


def minutes(photo_id: str, answer: Answer | None = None) -> Minutes:
    return Minutes(
        reading_id="of the meeting",
        photo_id=photo_id,
        answer=answer or Answer.scored(3),
        sat=("remi", "rita"),
        guests="Dr Z, chair",
        comment=None,
        meaning="We said this together",
        by="rita",
        at=NOW,
    )


def meet(store: Store, *, photo_id: str, answer: Answer | None = None) -> ConsensusVerdict:
    """Let the committee meet about a photograph."""
    return store.committee.meet(minutes(photo_id, answer), awaits=lambda photo: photo.verdict is None)


def training(reader: str) -> TrainingReading:
    return TrainingReading(
        attempt=1, case="01", answer=Answer.scored(4), truth=5, reading_s=4.0, by=reader, at=NOW
    )


def add_user(store: Store, name="nina", *, role=Role.WARD, site="01") -> None:
    store.users.add(
        UserAdded(name=name, role=role, site=site, by="root", at=NOW),
        PasswordSet(name=name, password_hash="$argon2id$first", by="root", at=NOW),
    )


def session(name="nina", *, token_hash=SHA) -> SessionOpened:
    return SessionOpened(token_hash=token_hash, expires_at=NOW + timedelta(hours=12), by=name, at=NOW)


def sign_in(outcome: SignInOutcome, *, minute=0, name="nina") -> SignIn:
    return SignIn(outcome=outcome, by=name, at=NOW + timedelta(minutes=minute))


def invitation(name="noah", *, token_hash=SHA) -> Invitation:
    return Invitation(
        name=name,
        role=Role.READER,
        site=None,
        token_hash=token_hash,
        expires_at=NOW + timedelta(hours=72),
        by="root",
        at=NOW,
    )


def token(name="icu", *, token_hash=SHA, scopes=frozenset({Scope.STATUS}), site=None) -> TokenGiven:
    return TokenGiven(
        name=name,
        scopes=scopes_text(scopes),
        site=site,
        token_hash=token_hash,
        expires_at=NOW + timedelta(days=30),
        by="root",
        at=NOW,
    )


def revoked(name="icu") -> TokenRevoked:
    return TokenRevoked(name=name, because="The program is no more", by="root", at=NOW)


def change_lock(store: Store, kind: UserLockAct, name="nina", *, minute=0) -> None:
    store.users.change_lock(UserLock(name=name, kind=kind, by="adam", at=NOW + timedelta(minutes=minute)))


def look_again(store: Store, reader: str, *, photo_id: str) -> None:
    """Give a reader a photograph because the model lies far from its verdict."""
    chosen = Planned(photo_id, is_second_look=True)
    assert store.committee.assign(reader, choose=lambda _photos, _shown: chosen, at=NOW) is not None


def take_back(store: Store, reader: str, *, photo_id: str) -> str:
    """Give a reader a photograph and take it back; gives the id under which he had it."""
    given = store.committee.assign(reader, choose=lambda _photos, _shown: Planned(photo_id), at=NOW)
    assert given is not None
    store.committee.take_back(TakenBack(reading_id=given.reading_id, because="On leave", by="cora", at=NOW))
    return given.reading_id


def choose_pin(store: Store, name="nina", *, token_hash=SHA) -> None:
    store.users.pins.choose(
        PinSet(device_hash=SHA, pin_hash="$argon2id$pin", by=name, at=NOW),
        SessionPlace(device_hash=SHA, token_hash=token_hash, by=name, at=NOW),
    )


def pin_tried(outcome: SignInOutcome, name="nina") -> PinTried:
    return PinTried(device_hash=SHA, outcome=outcome, by=name, at=NOW)


def ask(store: Store, query_id="q1", *, patient="01-001", visit: str | None = "day1") -> None:
    store.queries.ask(
        QueryAsked(
            query_id=query_id,
            patient=patient,
            visit=visit,
            photo_id=None,
            text="Is the time right?",
            by="olga",
            at=NOW,
        )
    )


def answer(store: Store, query_id="q1") -> None:
    store.queries.answer(QueryAnswered(query_id=query_id, text="Yes", by="nina", at=NOW))


def ask_again(store: Store, query_id="q1") -> None:
    store.queries.ask_again(QueryAskedAgain(query_id=query_id, text="And the day?", by="olga", at=NOW))


def close_query(store: Store, query_id="q1") -> None:
    store.queries.close(QueryClosed(query_id=query_id, because=None, by="olga", at=NOW))


def ask_a_site(store: Store) -> None:
    """Ask, be answered, ask again, and close."""
    ask(store)
    answer(store)
    ask_again(store)
    close_query(store)


def do_everything(store: Store) -> None:
    """Add at least one record of every kind."""
    store.ward.use_trial_file(TrialFile(trial="T", sha256=SHA, text="x = 1", by="server", at=NOW))
    enrol(store)
    store.ward.enrol([], tones=[SkinTone(patient="01-001", tone=8, by="olga", at=NOW)])
    store.eligibility.note([said_of_knee("4"), said_of_knee("5", version=2)])
    store.ward.add_photo(new_photo(key="waited", taken_at=NOW - timedelta(hours=1)))
    photo_id = take(store).photo_id
    store.ward.lock_own_score(own(photo_id))
    store.ward.add_assessment(photo_id, assessment(), overlay=b"an overlay", by="server", at=NOW)
    store.ward.reveal(Reveal(photo_id=photo_id, by="nina", at=NOW))
    store.ward.confirm(final(photo_id))
    store.ward.add_not_done(not_done())
    take_back(store, "rosa", photo_id=photo_id)
    read_out_and_ask(store, photo_id=photo_id)
    add_user(store)
    let_others_in(store)
    store.users.note_sign_in(sign_in(SignInOutcome.LET_IN))
    store.users.open_session(session())
    store.users.note_use(session(), at=NOW + timedelta(minutes=9), every=timedelta(minutes=1))
    choose_pin(store)
    store.users.pins.note_try(pin_tried(SignInOutcome.LET_IN))
    store.users.sign_out_everywhere(SignedOutEverywhere(name="nina", by="nina", at=NOW))
    store.users.end_session(SessionEnded(token_hash=SHA, by="nina", at=NOW))
    change_lock(store, UserLockAct.LOCKED)
    store.users.disable(UserDisabled(name="nina", by="root", at=NOW))
    work_on_models(store, photo_id)
    change_patients(store)
    store.vault.rotate(by="root", at=NOW)
    store.office.note_export(ExportRecord(kind="outcome.csv", sha256=SHA, rows=1, by="olga", at=NOW))
    freeze(store)


def change_patients(store: Store) -> None:
    """Erase the photographs of one patient, and change everything that can of another."""
    enrol(store, "09-009")
    store.vault.erase(erasure("09-009"))
    enrol(store, "08-001")
    change_everything(store, "08-001", becomes="08-010")


def let_others_in(store: Store) -> None:
    """Invite somebody, let a monitor look, and give a program a token that is revoked."""
    store.office.note_look(MonitorLook(what="completeness", by="mona", at=NOW))
    store.invitations.add(invitation())
    store.tokens.add(token())
    store.tokens.revoke(revoked())


def read_out_and_ask(store: Store, *, photo_id: str) -> None:
    read_out(store, photo_id=photo_id)
    ask_a_site(store)


def freeze(store: Store) -> Snapshot:
    end = store.office.end()
    snapshot = Snapshot(
        snapshot=1,
        table="patient,value\r\n01-001,2\r\n",
        sha256=SHA,
        rows=1,
        trial_file_sha256=SHA,
        upto=end.rows,
        upto_hash=end.hash,
        supersedes=None,
        because=None,
        by="olga",
        at=NOW,
    )
    store.office.add_snapshot(snapshot)
    return snapshot
