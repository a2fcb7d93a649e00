"""Which model is in use, which was before, and that none was altered."""

import json
from datetime import UTC, datetime

import pytest

from mottling.errors import ModelRefused
from mottling.listing import Retired
from mottling.registry import ModelFiles, Registry
from tests.tiny_model import measured, tiny_model_bytes, write_tiny_registry

MONDAY, TUESDAY = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 3, 8, tzinfo=UTC)
FILES = measured("four", b"a network")


@pytest.fixture
def registry(tmp_path):
    return Registry.open(write_tiny_registry(tmp_path / "models", names=("one", "two", "three")))


def test_gives_the_model_in_use_with_its_card_and_its_unaltered_bytes(registry):
    model = registry.active()
    assert (model.name, model.active) == ("one", True)
    assert model.load() == tiny_model_bytes()
    assert model.card.startswith("# one")
    assert json.loads(model.evaluation)["model"]["sha256"] == model.sha256


def test_lists_the_model_in_use_first_then_the_newest(registry):
    assert [model.name for model in registry.models()] == ["one", "three", "two"]


def test_an_altered_file_is_refused(registry):
    path = registry.folder / "one" / "model.onnx"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelRefused, match="the model one was altered"):
        registry.active().load()


def test_a_missing_file_is_refused(registry):
    (registry.folder / "two" / "model.onnx").unlink()
    with pytest.raises(ModelRefused, match="The model two cannot be read"):
        registry.find("two").load()
    (registry.folder / "two" / "card.md").unlink()
    with pytest.raises(ModelRefused, match=r"no card\.md"):
        registry.find("two").card  # noqa: B018 - reading it is what fails


def test_an_unknown_name_is_refused_with_the_known_ones(registry):
    with pytest.raises(ModelRefused, match=r"no model 'four'.*Known are: one, two, three"):
        registry.find("four")


def test_a_folder_without_a_registry_is_refused(tmp_path):
    with pytest.raises(ModelRefused, match="There are no models here"):
        Registry.open(tmp_path)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "is no JSON"),
        ('{"active": null, "models": [], "latest": 1}', "latest"),
        ('{"active": "../x", "models": []}', "active"),
        ('{"models": [{"name": "a", "sha256": "b"}]}', "sha256"),
    ],
)
def test_a_registry_that_nobody_understands_is_refused_by_what_is_wrong(tmp_path, text, named):
    (tmp_path / "registry.json").write_text(text, "utf-8")
    with pytest.raises(ModelRefused, match=named):
        Registry.open(tmp_path)


def test_a_new_registry_has_no_model_in_use(tmp_path):
    registry = Registry.create(tmp_path / "models")
    assert registry.models() == ()
    with pytest.raises(ModelRefused, match="is in use"):
        registry.active()


def test_an_added_model_is_a_challenger(registry):
    model = registry.add("four", FILES)
    assert (model.active, model.released_at) == (False, None)
    assert model.load() == b"a network"
    assert registry.active().name == "one"


@pytest.mark.parametrize("name", ["one", "../four", "Four", "", ".hidden"])
def test_a_name_that_is_taken_or_is_no_folders_name_is_refused(registry, name):
    with pytest.raises(ModelRefused):
        registry.add(name, FILES)
    assert len(registry.models()) == 3


def test_the_first_model_is_released_like_every_other(tmp_path):
    registry = Registry.create(tmp_path)
    registry.add("first", FILES)
    assert registry.release("first", at=MONDAY).active
    with pytest.raises(ModelRefused, match="No model was in use before"):
        registry.roll_back(at=TUESDAY)


def test_a_released_model_is_in_use_from_then_on(registry):
    registry.release("two", at=MONDAY)
    again = Registry.open(registry.folder)
    assert (again.active().name, again.active().released_at) == ("two", MONDAY)
    assert again.models()[0].name == "two"


def test_an_altered_model_is_not_released(registry):
    (registry.folder / "two" / "model.onnx").write_bytes(b"another")
    with pytest.raises(ModelRefused, match="altered"):
        registry.release("two", at=MONDAY)
    assert registry.active().name == "one"


@pytest.mark.parametrize("evaluation", ["{}", "", '{"model": {"name": "four"}}', "no JSON"])
def test_a_model_that_nobody_measured_is_not_released_and_the_sentence_says_what_to_run(registry, evaluation):
    registry.add("four", ModelFiles(b"a network", FILES.card, evaluation))
    with pytest.raises(ModelRefused, match=r"four was not measured as it is.*speaks of nothing") as refused:
        registry.release("four", at=MONDAY)
    assert "Run python -m training.evaluate --model four" in str(refused.value)
    assert registry.active().name == "one"


def test_a_model_whose_rules_were_fitted_after_it_was_measured_is_not_released(registry):
    registry.add("four", FILES)
    registry.replace("four", b"the same network with other rules")
    with pytest.raises(ModelRefused, match=r"four was not measured as it is.*speaks of another file"):
        registry.release("four", at=MONDAY)


def test_a_model_whose_card_was_not_written_since_it_was_measured_is_not_released(registry):
    registry.add("four", ModelFiles(b"a network", "# four\n\nNot yet measured.\n", FILES.evaluation))
    with pytest.raises(ModelRefused, match=r"card of the model four was not written.*training\.card four"):
        registry.release("four", at=MONDAY)


def test_the_way_back_asks_for_no_card(registry):
    registry.release("two", at=MONDAY)
    (registry.folder / "one" / "card.md").unlink()
    assert registry.roll_back(at=TUESDAY).name == "one"


def test_rolling_back_goes_to_the_model_before_and_can_go_further(registry):
    registry.release("two", at=MONDAY)
    registry.release("three", at=MONDAY)
    assert registry.roll_back(at=TUESDAY).name == "two"
    assert registry.roll_back(at=TUESDAY).name == "one"
    with pytest.raises(ModelRefused, match="No model was in use before"):
        registry.roll_back(at=TUESDAY)
    registry.release("three", at=TUESDAY)
    assert registry.roll_back(at=TUESDAY).name == "one"


def test_releasing_the_model_in_use_changes_nothing(registry):
    before = (registry.folder / "registry.json").read_text("utf-8")
    assert registry.release("one", at=MONDAY).name == "one"
    assert (registry.folder / "registry.json").read_text("utf-8") == before


def test_every_release_stays_on_record(registry):
    registry.release("two", at=MONDAY)
    registry.roll_back(at=TUESDAY)
    said = json.loads((registry.folder / "registry.json").read_text("utf-8"))["releases"]
    assert [(one["name"], one["rolled_back"]) for one in said] == [
        ("one", False),
        ("two", False),
        ("one", True),
    ]


RETIRED = Retired(at=TUESDAY, by="eva", because="The one after is better")


def test_a_retired_model_keeps_name_hash_and_card_and_loses_its_weights(registry):
    sha256, home = registry.find("two").sha256, registry.folder / "two"
    (home / "weights.pt").write_bytes(b"weights")
    model = registry.retire("two", RETIRED)
    assert (model.sha256, model.retired, model.card[:5]) == (sha256, RETIRED, "# two")
    assert sorted(path.name for path in home.iterdir()) == ["card.md", "evaluation.json"]
    with pytest.raises(ModelRefused, match="was retired on 2026-03-03: The one after is better"):
        model.load()


def test_a_retired_model_is_not_released_and_its_name_stays_taken(registry):
    registry.retire("two", RETIRED)
    with pytest.raises(ModelRefused, match="was retired"):
        registry.release("two", at=TUESDAY)
    with pytest.raises(ModelRefused, match="a model 'two' already"):
        registry.add("two", FILES)


def test_the_model_in_use_and_one_that_is_retired_already_are_not_retired(registry):
    with pytest.raises(ModelRefused, match="The model one is in use"):
        registry.retire("one", RETIRED)
    registry.retire("two", RETIRED)
    with pytest.raises(ModelRefused, match="is retired already"):
        registry.retire("two", RETIRED)
    assert registry.active().load()


def test_the_way_back_passes_over_a_retired_model(registry):
    registry.release("two", at=MONDAY)
    registry.release("three", at=MONDAY)
    registry.retire("two", RETIRED)
    assert registry.roll_back(at=TUESDAY).name == "one"
    with pytest.raises(
        ModelRefused, match="No model was in use before this one, or each of them was retired"
    ):
        registry.roll_back(at=TUESDAY)


def test_where_everything_before_is_retired_there_is_no_way_back(registry):
    registry.release("two", at=MONDAY)
    registry.retire("one", RETIRED)
    with pytest.raises(ModelRefused, match="each of them was retired"):
        registry.roll_back(at=TUESDAY)
    assert registry.active().name == "two"
