"""The commands of models beside list and show: who signs, and a release by two people."""

from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.errors import NotAllowed, SignInRefused
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
