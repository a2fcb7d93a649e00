"""The page of the models over real services."""

from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.imaging.contract import ModelContract
from mottling.scale import Zone
from mottling.web.pages import models
from tests.house import DAY1, EMMA, OLGA, charter_text, confirm, open_house
from tests.page_visits import Visit
from tests.tiny_model import a_jpeg, tiny_reference, write_tiny_registry


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    """Two models; the first is in use, and the second one's card holds HTML."""
    folder = tmp_path_factory.mktemp("models")
    write_tiny_registry(folder / "models", names=("tiny", "challenger"))
    with (folder / "models" / "challenger" / "card.md").open("a", encoding="utf-8") as card:
        card.write("\n| figure | value |\n|---|---|\n| exact | 0.70 |\n\n<script>alert(1)</script>\n")
    with closing(open_house(folder)) as made:
        yield made


@pytest.fixture(scope="module")
def emma(services):
    return Visit(models.build, services, EMMA)


def test_the_model_in_use_is_shown_first(emma):
    body = emma.see()
    assert body.index("tiny") < body.index("challenger")
    assert "In use" in body
    assert 'data-do="release_form"' not in body


def test_the_office_sees_the_models_too(services):
    assert "challenger" in Visit(models.build, services, OLGA).see()


def test_a_card_is_rendered_and_its_html_stays_text(emma):
    body = emma.answer("look", {"name": "challenger"})["body"]
    assert "<td>0.70</td>" in body
    assert "<script>" not in body
    assert "&lt;script&gt;" in body


def test_a_release_asks_first_and_can_be_taken_back(emma, services):
    assert "Release challenger?" in emma.see("release_form", name="challenger")
    assert services.release.models(EMMA)[0].name == "tiny"
    assert emma.answer("release", {"name": "challenger"})["notice"] == "challenger is in use"
    assert "return to the model before?" in emma.see("roll_back_form")
    assert emma.answer("roll_back")["notice"] == "tiny is in use again"


def test_a_model_that_is_not_there_is_refused(emma):
    assert emma.answer("look", {"name": "nobody"})["problem"]


def test_two_people_release_where_the_trial_file_says_so(tmp_path):
    write_tiny_registry(tmp_path / "models", names=("tiny", "challenger"))
    charter = charter_text('release = "one_person"', 'release = "two_people"')
    with closing(open_house(tmp_path, charter=charter)) as services:
        emma, olga = (Visit(models.build, services, user) for user in (EMMA, OLGA))
        assert 'data-do="propose"' in emma.see("look", name="challenger")
        proposed = emma.answer("propose", {"name": "challenger", "because": "Fewer alarms"})
        assert proposed["notice"] == "challenger is proposed; another person confirms it"
        assert 'data-do="confirm"' not in proposed["body"]
        assert "Fewer alarms" in olga.see("look", name="challenger")
        confirmed = olga.answer("confirm", {"name": "challenger", "because": "I read the card"})
        assert confirmed["notice"] == "challenger is in use"


def test_a_proposal_is_declined_on_the_page(tmp_path):
    write_tiny_registry(tmp_path / "models", names=("tiny", "challenger"))
    charter = charter_text('release = "one_person"', 'release = "two_people"')
    with closing(open_house(tmp_path, charter=charter)) as services:
        emma = Visit(models.build, services, EMMA, "fr")
        emma.see("propose", name="challenger", because="Moins d'alarmes")
        assert emma.answer("decline", {"name": "challenger", "because": "Trop tôt"})["notice"] == (
            "challenger n’est pas mis en service"
        )


def test_a_challenger_is_let_score_silently_and_how_alike_it_scores_is_shown(tmp_path):
    write_tiny_registry(tmp_path / "models", names=("tiny", "challenger"))
    with closing(open_house(tmp_path)) as services:
        emma, olga = Visit(models.build, services, EMMA), Visit(models.build, services, OLGA, "fr")
        started = emma.answer("shadow_start", {"name": "challenger", "because": "Before a release"})
        assert started["notice"] == "challenger scores silently from the next photograph on"
        for patient in ("01-001", "02-001"):
            confirm(services, patient)
            services.shadow.settle()
        body = olga.see("look", name="challenger")
        assert "challenger cote en silence" in body
        assert '<th scope="row">Tous</th><td class="number">2</td>' in body
        assert '<td class="number">1,00</td>' in body
        stopped = emma.answer("shadow_stop", {"name": "challenger", "because": "Enough"})
        assert stopped["notice"] == "challenger scores silently no more"
        assert "Same score" in stopped["body"]


def test_a_retired_model_is_shown_with_its_reason_and_offered_no_more(tmp_path):
    write_tiny_registry(tmp_path / "models", names=("tiny", "challenger"))
    with closing(open_house(tmp_path)) as services:
        services.release.retire(EMMA, "challenger", because="Not better.", at=DAY1)
        body = Visit(models.build, services, EMMA).see("look", name="challenger")
        assert "Retired by emma: Not better." in body
        assert 'data-do="release_form"' not in body
        assert 'data-do="shadow_start"' not in body


def test_the_weeks_of_the_model_in_use_are_shown_in_all_and_by_site(tmp_path):
    with closing(open_house(tmp_path)) as services:
        confirm(services, "02-001")
        olga = Visit(models.build, services, OLGA, "fr")
        body = olga.see("drift", grouping="site", group="02")
        assert "Ce que dit tiny, semaine par semaine" in body
        assert '<option value="02" selected>02</option>' in body
        assert '<th scope="row">2 mars 2026</th><td class="number">1</td>' in body
        assert "Il y a encore trop peu de photos" in body
        assert "n’est connu pour aucune de ces photos" in body
        assert "In use" in Visit(models.build, services, EMMA).see("back")
        assert "unknown" in olga.see("drift", grouping="device")


def test_the_distance_from_the_calibration_is_shown_where_the_model_gives_it(tmp_path):
    write_tiny_registry(tmp_path / "models", contract=ModelContract(reference=tiny_reference()))
    with closing(open_house(tmp_path)) as services:
        photo_id = confirm(services, "02-001")
        distance = services.office._store.ward.distances()[photo_id]
        assert f'<td class="number">{distance:.2f}</td></tr>' in Visit(models.build, services, EMMA).see(
            "drift"
        )
        body = Visit(models.build, services, OLGA, "fr").see("drift")
        options = ["--data", str(tmp_path / "data"), "--models", str(tmp_path / "models")]
        result = CliRunner().invoke(mottling, ["models", "drift", *options])
    assert f"{distance:.2f}".replace(".", ",") in body
    assert "n’est connu pour aucune" not in body
    assert f"distance: {distance:.2f}" in result.output


def test_an_alarm_is_said_on_the_page_and_ends_the_command_with_one(tmp_path, monkeypatch):
    for place in ("agreement", "services"):
        monkeypatch.setattr(f"mottling.{place}.drift.REFERENCE", 1)
    monkeypatch.setattr("mottling.agreement.drift._THRESHOLD", 0.01)
    with closing(open_house(tmp_path)) as services:
        confirm(services, "01-001")
        confirm(services, "01-002", data=a_jpeg([Zone.COIN, Zone.KNEE]))
        body = Visit(models.build, services, EMMA).see("drift")
        assert "Site 01, week of 2 Mar 2026: 1 of 1 photographs scored 2 or more" in body
        options = ["--data", str(tmp_path / "data"), "--models", str(tmp_path / "models")]
        result = CliRunner().invoke(mottling, ["models", "drift", *options])
    assert result.exit_code == 1
    assert "ALARM 2026-03-02, site 01: 1 of 1 scored 2 or more since 2026-03-02" in result.output
