"""From verdicts to a model in use and back: consent, frozen set, challenger, silence, two people, rollback.

Training stands between the frozen set and the challenger: `tests/training/test_retrain.py` goes that way.
"""

from contextlib import closing

import pytest

from mottling.errors import ExportRefused, ModelRefused
from mottling.imaging.contract import ModelContract
from mottling.imaging.scoring import ScoringRules
from mottling.registry import Registry
from mottling.scale import Zone
from mottling.services.opening import open_services
from mottling.services.views import Answer
from mottling.store.store import Store
from mottling.training_set import read_training_set
from mottling.trial.consents import Choice
from tests.house import (
    DAY1,
    EMMA,
    NINA,
    OLGA,
    RAVI,
    RITA,
    charter_text,
    confirm,
    enrol,
    house_settings,
    open_house,
    read,
    take,
)
from tests.tiny_model import a_jpeg, measured, tiny_model_bytes

MOTTLED = a_jpeg([Zone.COIN, Zone.KNEE])
CHARTER = charter_text('release = "one_person"', 'release = "two_people"').replace("implied", "asked")


def scored_by(house, number, key):
    """Let a photograph of a patient be scored; gives the model's name."""
    photo_id = take(house, number, data=MOTTLED, key=key)
    house.ward.lock_own_score(NINA, photo_id, Answer.scored(2), at=DAY1)
    return house.ward.proposal(NINA, photo_id, at=DAY1).assessment.model.name


def test_a_challenger_comes_into_use_and_goes_again_with_every_step_on_record(tmp_path):
    with closing(open_house(tmp_path, charter=CHARTER)) as house:
        enrol(house, "01-003")
        confirm(house, data=MOTTLED)
        for reader in (RITA, RAVI):
            read(house, reader, Answer.scored(2))
        with pytest.raises(ExportRefused, match="no consent"):
            house.office.freeze(OLGA, tmp_path / "set", at=DAY1)
        house.consents.record(OLGA, ["01-001"], Choice.GIVEN, at=DAY1)
        house.office.freeze(OLGA, tmp_path / "set", at=DAY1)
        assert [one.score for one in read_training_set(tmp_path / "set").photos] == [2]

        key = house.release.sign(EMMA, at=DAY1)
        second = tiny_model_bytes(ModelContract(scoring=ScoringRules(threshold=0.6)))
        Registry.open(tmp_path / "models").add("second", measured("second", second))
        house.shadow.start(EMMA, "second", because="Trained on the set", at=DAY1)
        confirm(house, "02-001", data=MOTTLED)
        house.shadow.settle()
        assert house.shadow.agreement(EMMA).all.exact.value == 1.0

        house.proposals.propose(EMMA, "second", because="As alike as can be", at=DAY1)
        house.proposals.confirm(OLGA, "second", because="I read the card", at=DAY1)
        assert (scored_by(house, "01-002", "released"), house.shadow.state(EMMA)) == ("second", None)
        assert house.release.roll_back(EMMA, at=DAY1) == "tiny"
        house.release.retire(EMMA, "second", because="Not better after all", at=DAY1)

    settings = house_settings(tmp_path).model_copy(update={"release_keys": (key,)})
    with closing(open_services(settings, at=DAY1, serving=True)) as again:
        assert scored_by(again, "01-003", "rolled back") == "tiny"
        with pytest.raises(ModelRefused, match="was retired"):
            again.release._registry.find("second").load()
    with closing(Store.open(tmp_path / "data")) as store:
        assert store.verify().clean
