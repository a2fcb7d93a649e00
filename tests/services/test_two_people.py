"""A release by two people, where the trial file asks for them: proposed, then confirmed or declined."""

import shutil
from contextlib import closing

import pytest

from mottling.errors import Conflict, ModelRefused, NotAllowed, RecordRefused
from mottling.services.opening import open_services
from mottling.trial.model_records import ModelRetirement, ProposalAnswered, ReleaseProposal
from tests.house import DAY1, EMMA, MINUTE, NINA, OLGA, charter_text, house_settings, open_house
from tests.tiny_model import write_tiny_registry

TWO_PEOPLE = charter_text('release = "one_person"', 'release = "two_people"')


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    write_tiny_registry(folder / "models", names=("tiny", "second", "third"))
    open_house(folder, charter=TWO_PEOPLE).close()
    return folder


@pytest.fixture
def house(made, tmp_path):
    """Three models, the first in use, in a trial that asks for two people."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    with closing(_opened(tmp_path)) as services:
        yield services


def _opened(folder):
    return open_services(house_settings(folder), at=DAY1)


def propose(house, name="second", *, user=EMMA):
    house.proposals.propose(user, name, because="Better on dark skin", at=DAY1)


def in_use(house):
    return house.release.models(EMMA)[0].name


def kept(house, kind):
    with house.proposals._book._ledger.reading() as page:
        return page.all(kind)


def test_one_person_alone_releases_nothing(house):
    with pytest.raises(NotAllowed, match="two people"):
        house.release.release(EMMA, "second", at=DAY1)
    assert in_use(house) == "tiny"


def test_a_proposal_changes_nothing_until_another_person_confirms(house):
    propose(house)
    assert in_use(house) == "tiny"
    house.proposals.confirm(OLGA, "second", because="I read the card", at=DAY1 + MINUTE)
    assert in_use(house) == "second"
    (proposed,), (answered,) = kept(house, ReleaseProposal), kept(house, ProposalAnswered)
    assert (proposed.by, proposed.because) == ("emma", "Better on dark skin")
    assert (answered.by, answered.because, answered.answer) == ("olga", "I read the card", "confirmed")
    assert house.proposals.waiting(EMMA) is None


def test_nobody_confirms_the_own_proposal(house):
    propose(house)
    with pytest.raises(NotAllowed, match="your own proposal"):
        house.proposals.confirm(EMMA, "second", because="Sure", at=DAY1)
    assert in_use(house) == "tiny"


@pytest.mark.parametrize("user", [EMMA, OLGA], ids=["withdrawn", "declined"])
def test_a_proposal_is_declined_or_withdrawn_with_a_reason(house, user):
    propose(house)
    house.proposals.decline(user, "second", because="Too few patients", at=DAY1)
    assert (in_use(house), house.proposals.waiting(OLGA)) == ("tiny", None)
    propose(house, "third")
    assert house.proposals.waiting(EMMA).is_own


def test_one_proposal_waits_at_a_time(house):
    propose(house)
    with pytest.raises(Conflict, match="second is proposed already, by emma"):
        propose(house, "third", user=OLGA)
    with pytest.raises(Conflict, match="third is not proposed"):
        house.proposals.confirm(OLGA, "third", because="Yes", at=DAY1)


def test_a_model_that_is_proposed_is_not_retired(house):
    propose(house)
    with pytest.raises(Conflict, match="second is proposed for release, by emma"):
        house.release.retire(EMMA, "second", because="Too old", at=DAY1)
    house.proposals.decline(OLGA, "second", because="Too old", at=DAY1)
    house.release.retire(EMMA, "second", because="Too old", at=DAY1)
    assert kept(house, ModelRetirement)[0].because == "Too old"


def test_another_file_than_the_one_that_was_proposed_is_not_confirmed(house):
    propose(house)
    house.release._registry.replace("second", b"another network")
    with pytest.raises(ModelRefused, match="is not the one that was proposed"):
        house.proposals.confirm(OLGA, "second", because="Yes", at=DAY1)


def test_a_model_that_nobody_measured_is_not_even_proposed(house, tmp_path):
    (tmp_path / "models" / "second" / "evaluation.json").write_text("{}", "utf-8")
    with pytest.raises(ModelRefused, match="second was not measured as it is"):
        propose(house)
    assert house.proposals.waiting(OLGA) is None


def test_what_the_registry_refuses_leaves_no_record_and_the_proposal_waits(house, monkeypatch):
    propose(house)

    def full(*_, **__):
        raise ModelRefused("The folder cannot be written", remedy="Make room")

    monkeypatch.setattr(house.release._registry, "release", full)
    with pytest.raises(ModelRefused):
        house.proposals.confirm(OLGA, "second", because="Yes", at=DAY1)
    assert kept(house, ProposalAnswered) == ()
    assert house.proposals.waiting(OLGA).name == "second"


@pytest.mark.parametrize("because", ["", "  ", "x" * 2001])
def test_each_of_the_two_says_why(house, because):
    with pytest.raises(RecordRefused, match="The reason has"):
        house.proposals.propose(EMMA, "second", because=because, at=DAY1)
    propose(house)
    for act in (house.proposals.confirm, house.proposals.decline):
        with pytest.raises(RecordRefused, match="The reason has"):
            act(OLGA, "second", because=because, at=DAY1)


def test_the_way_back_takes_one_person(house):
    propose(house)
    house.proposals.confirm(OLGA, "second", because="Yes", at=DAY1)
    assert house.release.roll_back(EMMA, at=DAY1) == "tiny"


def test_the_model_in_use_is_not_proposed(house):
    with pytest.raises(Conflict, match="tiny is in use already"):
        propose(house, "tiny")


def test_who_has_no_business_with_models_proposes_and_confirms_none(house):
    propose(house)
    for act in (house.proposals.propose, house.proposals.confirm, house.proposals.decline):
        with pytest.raises(NotAllowed):
            act(NINA, "second", because="Yes", at=DAY1)


def test_where_one_person_releases_nothing_is_proposed(tmp_path):
    with closing(open_house(tmp_path)) as one, pytest.raises(Conflict, match="asks for one person"):
        propose(one, "tiny")
