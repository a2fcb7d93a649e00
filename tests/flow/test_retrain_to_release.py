"""One way, nothing left out: photographs, verdicts, frozen set, retraining, silence, release, way back."""

from contextlib import closing
from itertools import count

import pytest
import torch

from mottling.errors import ModelRefused
from mottling.registry import Registry
from mottling.scale import Zone
from mottling.services.pseudonyms import Pseudonyms
from mottling.services.views import Answer
from mottling.training_set import Split, read_training_set, split_of
from tests.house import DAY1, EMMA, NINA, OLGA, RAVI, RITA, confirm, enrol, open_house, read, take
from tests.tiny_model import a_jpeg, draw_photo, jpeg_bytes, leg_zones
from training.measuring import metrics
from training.network.mottling_network import MottlingNetwork
from training.retrain import main as retrain
from training.running.checkpoint import WEIGHTS, round_weights, save_weights

_MOTTLED = [Zone.COIN, Zone.KNEE]


def _patients(data):
    """Name patients of one site: three that will train, then three that will measure."""
    pseudonyms = Pseudonyms(data)
    chosen = []
    for split in (Split.TRAIN, Split.VALIDATION):
        numbers = (f"01-{number:03}" for number in count(101))
        fitting = (number for number in numbers if split_of(pseudonyms.of(number)) is split)
        chosen += [next(fitting) for _ in range(3)]
    return chosen


def _scored_by(house, number, key):
    photo_id = take(house, number, data=a_jpeg(_MOTTLED), key=key)
    house.ward.lock_own_score(NINA, photo_id, Answer.scored(2), at=DAY1)
    return house.ward.proposal(NINA, photo_id, at=DAY1).assessment.model.name


def test_photographs_become_a_model_that_scores_the_next_one_and_goes_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(metrics, "_RESAMPLES", 10)
    with closing(open_house(tmp_path)) as house:
        torch.manual_seed(3)
        save_weights(tmp_path / "models" / "tiny" / WEIGHTS, round_weights(MottlingNetwork()))
        patients = _patients(tmp_path / "data")
        enrol(house, *patients, "01-901", "01-902", "01-903")
        for number, patient in enumerate(patients):
            score = 2 * (number % 2)
            drawn = draw_photo(leg_zones(240 + 8 * number, 180), _MOTTLED[:score])
            confirm(house, patient, data=jpeg_bytes(drawn), score=score)
            for reader in (RITA, RAVI):
                read(house, reader, Answer.scored(score))
        house.office.freeze(OLGA, tmp_path / "frozen", at=DAY1)
        frozen = read_training_set(tmp_path / "frozen")
        assert sorted(one.score for one in frozen.photos) == [0, 0, 0, 2, 2, 2]
        assert len(frozen.of(Split.TRAIN)) == len(frozen.of(Split.VALIDATION)) == 3

        given = ["frozen", "--head-only", "--out", "run", "--models", "models", "--name", "second"]
        assert retrain([*given, "--workers", "1"]) == 0
        challenger = Registry.open(tmp_path / "models").find("second")
        assert (challenger.active, frozen.header.trial != "") == (False, True)

        house.shadow.start(EMMA, "second", because="Before a release", at=DAY1)
        assert _scored_by(house, "01-901", "silently") == "tiny"
        house.shadow.settle()
        assert house.shadow.agreement(EMMA).all.photographs == 1
        house.release.release(EMMA, "second", at=DAY1)
        assert _scored_by(house, "01-902", "released") == "second"
        assert house.release.roll_back(EMMA, at=DAY1) == "tiny"
        assert _scored_by(house, "01-903", "rolled back") == "tiny"


def test_a_set_that_was_altered_trains_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with closing(open_house(tmp_path)) as house:
        confirm(house)
        for reader in (RITA, RAVI):
            read(house, reader, Answer.scored(2))
        house.office.freeze(OLGA, tmp_path / "frozen", at=DAY1)
    manifest = tmp_path / "frozen" / "manifest.jsonl"
    manifest.write_text(manifest.read_text("utf-8").replace('"score":2', '"score":3'), "utf-8")
    given = ["frozen", "--head-only", "--out", "run", "--models", "models", "--name", "second"]
    assert retrain([*given, "--workers", "1"]) == 1
    assert "manifest.jsonl" in capsys.readouterr().out
    with pytest.raises(ModelRefused, match="There is no model 'second'"):
        Registry.open(tmp_path / "models").find("second")
