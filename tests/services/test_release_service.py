"""Releasing models: by whom, on the record, and from the next photograph on."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from mottling.errors import Conflict, ModelRefused, NotAllowed, RecordRefused
from mottling.services.opening import open_services
from mottling.services.views import Answer
from tests.house import ADAM, DAY1, EMMA, NINA, OLGA, RITA, enrol, house_settings, take
from tests.tiny_model import write_tiny_registry


@pytest.fixture
def models(house, tmp_path):
    """Two models, the first in use."""
    write_tiny_registry(tmp_path / "two", names=("tiny", "challenger"))
    (tmp_path / "models").rename(tmp_path / "one")
    (tmp_path / "two").rename(tmp_path / "models")
    return house


def in_use(house):
    return house.release.models(EMMA)[0]


def acts(house):
    table = csv.DictReader(io.StringIO(house.office.audit_csv(OLGA, at=DAY1).decode()))
    return [(one["by"], one["act"], one["subject"]) for one in table]


def test_the_model_in_use_comes_first(models):
    assert [(one.name, one.active) for one in models.release.models(OLGA)] == [
        ("tiny", True),
        ("challenger", False),
    ]


def test_the_next_photograph_is_scored_by_the_model_that_was_released(models):
    models.ward.lock_own_score(NINA, take(models), Answer.scored(0), at=DAY1)
    models.release.release(EMMA, "challenger", at=DAY1)
    photo_id = take(models, "01-002")
    models.ward.lock_own_score(NINA, photo_id, Answer.scored(0), at=DAY1)
    assert models.ward.proposal(NINA, photo_id, at=DAY1).assessment.model.name == "challenger"


def test_a_release_amid_photographs_loses_none_and_each_names_the_model_that_read_it(models):
    patients = [f"01-{number:03}" for number in range(11, 19)]
    enrol(models, *patients)
    start = Barrier(len(patients) + 1)

    def act(patient):
        start.wait()
        if patient is None:
            models.release.release(EMMA, "challenger", at=DAY1)
            return ""
        photo_id = take(models, patient)
        models.ward.lock_own_score(NINA, photo_id, Answer.scored(0), at=DAY1)
        return photo_id

    with ThreadPoolExecutor(len(patients) + 1) as pool:
        taken = [one for one in pool.map(act, [*patients[:4], None, *patients[4:]]) if one]
    read_by = {models.ward.proposal(NINA, one, at=DAY1).assessment.model.name for one in taken}
    assert len(taken) == len(patients)
    assert read_by <= {"tiny", "challenger"}
    assert models.ward.proposal(NINA, act_after(models), at=DAY1).assessment.model.name == "challenger"


def act_after(models):
    """Take one more photograph; gives its id."""
    photo_id = take(models)
    models.ward.lock_own_score(NINA, photo_id, Answer.scored(0), at=DAY1)
    return photo_id


def test_a_release_and_its_way_back_are_in_the_audit_trail(models):
    models.release.release(EMMA, "challenger", at=DAY1)
    assert models.release.roll_back(OLGA, at=DAY1) == "tiny"
    assert in_use(models).name == "tiny"
    assert [(by, subject) for by, act, subject in acts(models) if "model" in act] == [
        ("emma", "challenger"),
        ("olga", "tiny"),
    ]


def test_releasing_what_is_in_use_changes_and_records_nothing(models):
    before = len(acts(models))
    models.release.release(EMMA, "tiny", at=DAY1)
    assert [act for _, act, _ in acts(models)[before:] if "model" in act] == []


def test_an_altered_model_is_not_released(models, tmp_path):
    (tmp_path / "models" / "challenger" / "model.onnx").write_bytes(b"altered")
    with pytest.raises(ModelRefused, match="was altered"):
        models.release.release(EMMA, "challenger", at=DAY1)
    assert in_use(models).name == "tiny"


def test_a_model_that_does_not_exist_has_no_card(models):
    with pytest.raises(ModelRefused, match="no model 'nothing'"):
        models.release.card(EMMA, "nothing")


def test_a_card_is_given_as_it_is_written(models):
    assert models.release.card(EMMA, "tiny").startswith("# tiny")


def test_there_is_no_way_back_from_the_first_model(models):
    with pytest.raises(ModelRefused, match="No model was in use before"):
        models.release.roll_back(EMMA, at=DAY1)


@pytest.mark.parametrize("user", [NINA, RITA, ADAM], ids=lambda user: user.name)
def test_who_has_no_business_with_models_sees_and_releases_none(models, user):
    for act in (
        lambda: models.release.models(user),
        lambda: models.release.card(user, "tiny"),
        lambda: models.release.release(user, "challenger", at=DAY1),
        lambda: models.release.roll_back(user, at=DAY1),
        lambda: models.release.sign(user, at=DAY1),
        lambda: models.release.signed_by(user),
        lambda: models.release.retire(user, "challenger", because="x", at=DAY1),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_server_does_not_start_with_a_model_that_was_altered(tmp_path):
    settings = house_settings(tmp_path)
    (tmp_path / "models" / "tiny" / "model.onnx").write_bytes(b"altered")
    with pytest.raises(ModelRefused, match="was altered"):
        open_services(settings, at=DAY1, serving=True)


def test_a_command_that_scores_nothing_opens_without_any_model(tmp_path):
    settings = house_settings(tmp_path).model_copy(update={"models": tmp_path / "nothing"})
    open_services(settings, at=DAY1).close()


def test_a_registry_is_signed_with_the_key_of_the_data_folder_and_then_stays_so(models, tmp_path):
    key = models.release.sign(EMMA, at=DAY1)
    models.release.release(EMMA, "challenger", at=DAY1)
    assert models.release.signed_by(OLGA) == key == models.release._registry._vouch(b"").public_key
    settings = house_settings(tmp_path).model_copy(update={"release_keys": (key,)})
    assert [one.name for one in models.release.models(EMMA)] == ["challenger", "tiny"]
    assert [(by, subject) for by, act, subject in acts(models) if "model" in act] == [
        ("emma", "tiny"),
        ("emma", "challenger"),
    ]
    models.close()
    open_services(settings, at=DAY1, serving=True).close()


def test_a_server_does_not_start_with_a_registry_that_nobody_signed_where_a_key_is_asked_for(tmp_path):
    settings = house_settings(tmp_path).model_copy(update={"release_keys": ("0" * 64,)})
    with pytest.raises(ModelRefused, match="is not signed"):
        open_services(settings, at=DAY1, serving=True)


def test_a_model_is_retired_on_the_record_and_its_card_stays(models):
    models.release.retire(EMMA, "challenger", because="Not better", at=DAY1)
    line = next(one for one in models.release.models(OLGA) if one.name == "challenger")
    assert (line.retired.by, line.retired.because) == ("emma", "Not better")
    assert models.release.card(EMMA, "challenger").startswith("# challenger")
    assert acts(models)[-1] == ("emma", "model_retired", "challenger")


def test_what_is_in_use_or_scores_silently_is_not_retired_and_nothing_is_recorded(models):
    before = len(acts(models))
    with pytest.raises(ModelRefused, match="tiny is in use"):
        models.release.retire(EMMA, "tiny", because="x", at=DAY1)
    with pytest.raises(RecordRefused, match="The reason has 0"):
        models.release.retire(EMMA, "challenger", because=" ", at=DAY1)
    assert [act for _, act, _ in acts(models)[before:] if "model" in act] == []
    models.shadow.start(EMMA, "challenger", because="To see", at=DAY1)
    with pytest.raises(Conflict, match="challenger scores silently"):
        models.release.retire(EMMA, "challenger", because="x", at=DAY1)
