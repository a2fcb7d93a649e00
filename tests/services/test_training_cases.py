"""Training cases come first, with the answer after each; what is said of them counts for nothing else."""

import re
from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused, SettingsRefused
from mottling.services.agreement import cases_of
from mottling.services.training_cases import cases_named_in
from mottling.services.views import Answer, Progress
from mottling.trial.access import Role
from mottling.trial.reading_rules import TrainingRules
from tests.house import DAY1, OLGA, RAVI, RITA, confirm, open_house, read, sign, trained_charter_text

AT = DAY1 + timedelta(hours=3)
CASES = ("01", "05", "13")
RULES = f"[reading.training]\ncases = {list(CASES)}\nleast_right = 0.6\n".replace("'", '"')


def text_with(rules=RULES) -> str:
    before, _, rest = trained_charter_text().partition("[reading.training]")
    return before + rules + "\n" + rest.partition("\n\n")[2]


@pytest.fixture
def house(tmp_path):
    """Three training cases, of which two must be right, and one photograph to read."""
    with closing(open_house(tmp_path, charter=text_with())) as made:
        confirm(made)
        yield made


def go_through(house, reader, *, right: int) -> list[bool]:
    """Answer every case of an attempt, the first so many of them rightly."""
    training, said = house.committee.training, []
    reading_id = training.again(reader)
    while reading_id is not None:
        truth = training.case_of(reader, reading_id).score
        answer = Answer.scored(truth if len(said) < right else (truth + 1) % 6)
        taught = house.committee.train(reader, reading_id, answer, reading_s=3, at=AT)
        assert taught.truth == truth
        said.append(taught.is_right)
        reading_id = training.state(reader).next_id
    return said


def test_the_reading_list_opens_after_the_training(house):
    with pytest.raises(NotAllowed, match="0 of 3 training cases are right, and 2 must be"):
        house.committee.next_photo(RITA, at=AT)
    assert go_through(house, RITA, right=2) == [True, True, False]
    state = house.committee.training.state(RITA)
    assert (state.right, state.needed, state.is_qualified) == (2, 2, True)
    assert house.committee.next_photo(RITA, at=AT) is not None
    with pytest.raises(NotAllowed):
        house.committee.next_photo(RAVI, at=AT)


def test_who_is_below_the_threshold_is_told_what_to_do_and_may_try_again(house):
    go_through(house, RITA, right=1)
    assert house.committee.training.state(RITA).has_failed
    with pytest.raises(NotAllowed, match=r"1 of 3 .* Look at the scale again, then read the training cases"):
        house.committee.next_photo(RITA, at=AT)
    go_through(house, RITA, right=3)
    assert house.committee.training.state(RITA).is_qualified
    with pytest.raises(NotAllowed, match="training is done"):
        house.committee.training.again(RITA)


def test_a_reading_that_was_given_before_is_not_open_either(house):
    go_through(house, RITA, right=3)
    given = house.committee.next_photo(RITA, at=AT)
    house.committee.training._rules = TrainingRules(cases=(*CASES, "02"), least_right=1)
    for act in (
        lambda: house.committee.picture(RITA, given.reading_id),
        lambda: house.committee.lock_reading(RITA, given.reading_id, Answer.scored(1), reading_s=1, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_case_looks_like_any_photograph_and_its_id_is_the_reader_s_own(house):
    ids = {reader.name: house.committee.training.state(reader).next_id for reader in (RITA, RAVI)}
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids.values())
    assert ids["rita"] != ids["ravi"]
    assert len(house.committee.picture(RITA, ids["rita"])) % (512 * 1024) == 0
    with pytest.raises(NotAllowed):
        house.committee.picture(RAVI, ids["rita"])
    with pytest.raises(NotAllowed):
        house.committee.train(RAVI, ids["rita"], Answer.scored(1), reading_s=1, at=AT)


def test_a_case_is_read_once_in_an_attempt_with_an_answer_that_there_is(house):
    reading_id = house.committee.training.state(RITA).next_id
    with pytest.raises(RecordRefused):
        house.committee.train(RITA, reading_id, Answer.scored(7), reading_s=1, at=AT)
    house.committee.train(RITA, reading_id, Answer.not_assessable("dark"), reading_s=1, at=AT)
    with pytest.raises(Conflict):
        house.committee.train(RITA, reading_id, Answer.scored(1), reading_s=1, at=AT)


@pytest.fixture
def trained(house):
    """Both readers are trained; what each export and figure said before is kept."""
    before = everything_said_by(house)
    for reader in (RITA, RAVI):
        go_through(house, reader, right=3)
    return house, before


def everything_said_by(house) -> dict[str, object]:
    office = house.office
    return {
        "outcome": office.outcome(OLGA, at=AT),
        "outcome.csv": office.outcome_csv(OLGA, at=AT),
        "readings.csv": office.readings_csv(OLGA, at=AT),
        "results": house.results.outcome_csv(OLGA, at=AT),
        "agreement": cases_of(office._store, house.charter, at=AT),
        "read-out": house.readout.state(),
        "completeness": office.completeness(OLGA, at=AT),
    }


@pytest.mark.parametrize(
    "what", ["outcome", "outcome.csv", "readings.csv", "results", "agreement", "read-out", "completeness"]
)
def test_what_is_said_of_training_cases_enters_nothing_else(trained, what):
    house, before = trained
    assert everything_said_by(house)[what] == before[what]


def test_training_is_no_reading_repeat_batch_or_progress(trained):
    house, _ = trained
    with house.committee._book.looking() as board:
        assert (board.readings(), board.repeats(), board.unsigned()) == ((), (), 0)
    assert house.committee.batch(RITA) == ()
    assert house.committee.progress(RITA) == Progress(read=0, to_read=1, read_in_batch=0, batch=1)
    for reader in (RITA, RAVI):
        read(house, reader, Answer.scored(3))
    assert house.readout.state().verdicts == 1
    with pytest.raises(RecordRefused):
        sign(house, RITA)


def test_the_audit_trail_keeps_the_training_and_the_chain_is_whole(trained):
    house, _ = trained
    acts = [(one.act, one.by) for one in house.office._store.office.audit()]
    assert acts.count(("training_read", "rita")) == 3
    assert house.office._store.verify().clean


def test_a_case_that_there_is_not_is_named(tmp_path):
    with pytest.raises(SettingsRefused, match="names '99', which is none of the made photographs"):
        cases_named_in(TrainingRules(cases=("01", "99"), least_right=1))
    with pytest.raises(SettingsRefused, match="the case '01' comes twice"):
        open_house(tmp_path, charter=text_with(RULES.replace("05", "01")))


def test_who_is_no_reader_has_no_training(house):
    assert OLGA.role is Role.OFFICE
    with pytest.raises(NotAllowed):
        house.committee.training.state(OLGA)
