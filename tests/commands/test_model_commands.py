"""The commands of models beside list and show: who signs, and a release by two people."""

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.errors import NotAllowed, SignInRefused
from mottling.registry import Registry
from mottling.services.opening import open_services
from tests.house import DAY1, EMMA, OLGA, charter_text, confirm, house_settings, open_house
from tests.tiny_model import write_tiny_registry


def run(folder, *words, password=None):
    """Type a command; what it refuses is raised."""
    env = {} if password is None else {"MOTTLING_PASSWORD": password}
    options = ["--settings", str(folder / "app.toml")]
    return CliRunner().invoke(mottling, [*words, *options], env=env, catch_exceptions=False).output


@pytest.fixture
def folder(tmp_path):
    """Two models, and a trial that asks for two people."""
    write_tiny_registry(tmp_path / "models", names=("tiny", "second"))
    charter = charter_text('release = "one_person"', 'release = "two_people"')
    settings = house_settings(tmp_path, charter=charter)
    (tmp_path / "app.toml").write_text(
        f'data = "{settings.data}"\ntrial = "trial.toml"\nmodels = "models"\n', "utf-8"
    )
    return tmp_path


def test_signing_prints_what_the_settings_need(folder):
    said = run(folder, "models", "sign")
    key = said.partition('["')[2].partition('"]')[0]
    assert (
        f"Signed with the key {key}"
        in CliRunner().invoke(mottling, ["models", "list", "--models", str(folder / "models")]).output
    )
    with (folder / "app.toml").open("a", encoding="utf-8") as file:
        file.write(f'release_keys = ["{key}"]\n')
    assert "registry was signed with the key" in run(folder, "doctor")


def test_two_people_release_at_the_terminal_each_with_a_password(folder):
    with closing(open_services(house_settings(folder), at=DAY1)) as services:
        services.accounts.add_user(EMMA, "a long password", by="adam", at=DAY1)
        services.accounts.add_user(OLGA, "another long one", by="adam", at=DAY1)
    with pytest.raises(NotAllowed, match="two people"):
        run(folder, "models", "release", "second")
    why = ("--reason", "Better")
    said = run(folder, "models", "propose", "second", "--by", "emma", *why, password="a long password")
    assert said == "second is proposed; another person confirms it.\n"
    with pytest.raises(SignInRefused):
        run(folder, "models", "confirm", "second", "--by", "olga", *why, password="a long password")
    run(folder, "models", "decline", "second", "--by", "olga", *why, password="another long one")
    run(folder, "models", "propose", "second", "--by", "emma", *why, password="a long password")
    said = run(folder, "models", "confirm", "second", "--by", "olga", *why, password="another long one")
    assert said == "second is in use.\n"
    assert run(folder, "models", "rollback") == "tiny is in use again.\n"


def test_a_challenger_scores_silently_by_command(folder):
    open_house(folder, charter=charter_text()).close()
    assert run(folder, "models", "shadow", "show") == "No challenger has scored silently.\n"
    said = run(folder, "models", "shadow", "start", "second", "--reason", "To see")
    assert said == "second scores silently from the next photograph on.\n"
    with closing(open_services(house_settings(folder), at=DAY1)) as services:
        confirm(services)
        services.shadow.settle()
    shown = run(folder, "models", "shadow", "show")
    assert "(To see); not seen yet: 0" in shown
    assert "site 01: 1 photographs, 1 scored by both; exact 1.00, kappa none" in shown
    said = run(folder, "models", "shadow", "stop", "--reason", "Seen")
    assert said == "second scores silently no more.\n"


def test_a_model_is_retired_by_command_and_says_so_in_the_list(folder):
    said = run(folder, "models", "retire", "second", "--reason", "Not better")
    assert said == "second is retired: its weights are gone, its card stays.\n"
    listed = CliRunner().invoke(mottling, ["models", "list", "--models", str(folder / "models")]).output
    assert "second  retired  never released" in listed
    assert (
        "# second"
        in CliRunner()
        .invoke(mottling, ["models", "show", "second", "--models", str(folder / "models")])
        .output
    )


def _measured(folder, name, *, exact, photographs="1" * 64):
    """Write what was measured of a model on one set."""
    figures = {"exact": {"value": exact, "low": exact - 0.05, "high": exact + 0.05, "count": 40}}
    shown = {"name": "ward", "sha256": photographs, "photographs": 40, "figures": figures}
    sha256 = Registry.open(folder / "models").find(name).sha256
    said = {"model": {"name": name, "sha256": sha256}, "sets": [shown]}
    (folder / "models" / name / "evaluation.json").write_text(json.dumps(said), "utf-8")
    return {"name": name, "sha256": sha256}


def _compared(folder, *names):
    return CliRunner().invoke(mottling, ["models", "compare", *names, "--models", str(folder / "models")])


def test_two_models_are_told_side_by_side_with_their_intervals(folder):
    _measured(folder, "tiny", exact=0.7)
    _measured(folder, "second", exact=0.8)
    said = _compared(folder, "tiny", "second").output
    assert "ward: 40 | 40, the same photographs" in said
    assert "0.700 (0.650 to 0.750) | 0.800 (0.750 to 0.850)" in said
    _measured(folder, "second", exact=0.8, photographs="2" * 64)
    assert "ward: 40 | 40, not the same photographs" in _compared(folder, "tiny", "second").output


def test_what_a_retraining_found_of_the_two_follows_with_its_verdict(folder):
    names = {
        "first": _measured(folder, "tiny", exact=0.7),
        "challenger": _measured(folder, "second", exact=0.8),
    }
    differences = {"exact": {"value": 0.1, "low": 0.02, "high": 0.18, "count": 40}}
    said = {**names, "photographs": 40, "differences": differences, "verdict": "better"}
    path = folder / "models" / "second" / "comparison.json"
    path.write_text(json.dumps(said), "utf-8")
    shown = _compared(folder, "tiny", "second").output
    assert "second minus tiny, on the same 40 photographs" in shown
    assert "+0.100 (+0.020 to +0.180)" in shown
    assert "by the rule written before, second is better" in shown
    said["challenger"]["sha256"] = "3" * 64
    path.write_text(json.dumps(said), "utf-8")
    assert "minus" not in _compared(folder, "tiny", "second").output


def test_models_that_were_measured_on_nothing_in_common_say_what_to_run(folder):
    assert "python -m training.evaluate measures each" in _compared(folder, "tiny", "second").output
