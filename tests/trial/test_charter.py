import hashlib
import re

import pytest

from mottling.errors import RecordRefused, SettingsRefused
from mottling.scale import Status
from mottling.shipped import shipped
from mottling.trial.charter import Endpoint, read_charter
from mottling.trial.records import Answer

SHIPPED = shipped("configs") / "trials" / "i-micro.toml"
REDCAP = """[enrolment.redcap]
patient = ["record_id"]
randomised_at = ["rando"]
sites = { paris = "99" }

"""


@pytest.fixture
def charter():
    return read_charter(SHIPPED).charter


def _changed(tmp_path, *pairs):
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "trial.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_trial_file_is_understood(charter):
    assert (charter.trial, charter.registration) == ("I-MICRO", "NCT03788837")
    assert [(visit.code, visit.due_h, visit.tolerance_h) for visit in charter.visits] == [
        ("baseline", 0, 6),
        ("day1", 24, 6),
    ]
    assert (charter.endpoint, charter.endpoint_visit) == (Endpoint.VERDICT, "day1")
    assert charter.reading.readers_per_photo == 2


def test_the_text_and_its_hash_come_with_the_charter():
    found = read_charter(SHIPPED)
    assert found.text == SHIPPED.read_text(encoding="utf-8")
    assert found.sha256 == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


def test_labels_are_there_in_both_languages(charter):
    label = charter.visit("day1").label
    assert (label.of("fr"), label.of("en")) == ("Jour 1", "Day 1")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "proposal_on_ward",
            "propsal_on_ward",
            "propsal_on_ward is an unknown key|proposal_on_ward is missing",
        ),
        ("tolerance_h = 6", "tolerance_h = 6\ntolerance_min = 5", "visits.0.tolerance_min is an unknown key"),
        ('code = "died"', 'code = "died"\nlabels = 1', "reasons_not_done.0.labels is an unknown key"),
        ("[[sites]]", "[arm]\nname = 1\n\n[[sites]]", "arm is an unknown key"),
        ('registration = "NCT03788837"\n', "", "registration is missing"),
        ("due_h = 24", 'due_h = "24"', "visits.1.due_h: Input should be a valid number"),
        ("tolerance_h = 6", "tolerance_h = 0", "visits.0.tolerance_h: Input should be greater than 0"),
        (
            'endpoint = "verdict"',
            'endpoint = "mean"',
            "endpoint: Input should be 'verdict', 'final' or 'own'",
        ),
        ('endpoint_visit = "day1"', 'endpoint_visit = "day2"', "endpoint_visit 'day2' is none of the visits"),
        ("readers_per_photo = 2", "readers_per_photo = 3", "readers_per_photo: Input should be 1 or 2"),
        (
            "repeats_share = 0.1",
            "repeats_share = 0.6",
            "repeats_share: Input should be less than or equal to 0.5",
        ),
        ('code = "02"', 'code = "01"', "sites: the code '01' comes twice"),
        ("Europe/Paris", "Europe/Pariss", "sites.0.time_zone: 'Europe/Pariss' is no time zone"),
        ("'[0-9]{2}-[0-9]{3}'", "'[0-9'", re.escape("patient_pattern: '[0-9' is no regular expression")),
        ('died = ["died"]', 'died = ["gone"]', "outcome names 'gone', which is none of reasons_not_done"),
        ('["left_unit"]', '["died"]', "outcome names the reason 'died' twice"),
        ('visit = "baseline"', 'visit = "day9"', "enrolment.visit 'day9' is none of the visits"),
        (
            "[[enrolment.items]]",
            f"{REDCAP}[[enrolment.items]]",
            "enrolment.redcap.sites names '99', which is none of the sites",
        ),
        ('en = "Baseline"', 'de = "Start"', "visits.0.label.(en is missing|de is an unknown key)"),
        ('languages = ["fr", "en"]', "languages = []", "languages: Tuple should have at least 1 item"),
    ],
)
def test_what_nobody_understands_is_an_error_that_names_the_key(tmp_path, old, new, said):
    with pytest.raises(SettingsRefused, match=said):
        read_charter(_changed(tmp_path, (old, new)))


def test_a_trial_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsRefused, match=r"none\.toml cannot be read"):
        read_charter(tmp_path / "none.toml")


@pytest.mark.parametrize(
    "answer",
    [
        Answer.scored(0),
        Answer.scored(5),
        Answer.at_least(1),
        Answer.at_least(4),
        Answer.not_assessable("blurred"),
    ],
    ids=str,
)
def test_an_answer_that_a_person_can_give_passes(charter, answer):
    charter.check_answer(answer)


@pytest.mark.parametrize(
    "answer",
    [
        Answer.scored(-1),
        Answer.scored(6),
        Answer.at_least(0),
        Answer.at_least(5),
        Answer(Status.SCORED, None),
        Answer(Status.SCORED, 2, "blurred"),
        Answer(Status.NOT_ASSESSABLE, 2, "blurred"),
        Answer(Status.NOT_ASSESSABLE, None),
        Answer.not_assessable("bored"),
        Answer(Status.ERROR, None),
        Answer(Status.ERROR, 2),
    ],
    ids=str,
)
def test_an_answer_that_nobody_can_give_is_refused(charter, answer):
    with pytest.raises(RecordRefused):
        charter.check_answer(answer)


@pytest.mark.parametrize("number", ["01-001", "25-999"])
def test_a_number_of_the_trial_passes(charter, number):
    charter.check_patient(number)


@pytest.mark.parametrize("number", ["1-1", "01-0011", " 01-001", "01-001\n", "", "Dupont"])
def test_any_other_number_is_refused(charter, number):
    with pytest.raises(RecordRefused, match="is not a number of the form"):
        charter.check_patient(number)


def test_what_is_not_in_the_trial_file_is_refused_with_what_is(charter):
    for find in (charter.site, charter.visit, charter.check_not_done):
        with pytest.raises(RecordRefused, match=r"'nowhere' is no .* of this trial\. Give one of "):
            find("nowhere")
    charter.check_not_done("died")
    assert charter.site("02").name == "Centre 02"


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda charter: charter.site("99"), "'99' is no site of this trial. Give one of {sites}."),
        (lambda charter: charter.visit("day9"), "'day9' is no visit of this trial. Give one of {visits}."),
        (
            lambda charter: charter.check_patient("1-1"),
            "Patient '1-1' is not a number of the form [0-9]{{2}}-[0-9]{{3}}. "
            "Give the number as the randomisation gave it.",
        ),
        (
            lambda charter: charter.check_not_done("bored"),
            "'bored' is no reason for not done of this trial. Give one of {reasons_not_done}.",
        ),
        (
            lambda charter: charter.check_answer(Answer(Status.NOT_ASSESSABLE, None)),
            "'' is no reason for not assessable of this trial. Give one of {reasons_not_assessable}.",
        ),
        (
            lambda charter: charter.check_answer(Answer(Status.SCORED, 2, "blurred")),
            "scored with score 2 and reason blurred is no answer. "
            "Give a score from 0 to 5, at least 1 to 4, or not assessable with its reason.",
        ),
    ],
)
def test_what_is_refused_is_named_with_what_may_be_given(charter, ask, said):
    parts = ("sites", "visits", "reasons_not_done", "reasons_not_assessable")
    codes = {part: ", ".join(one.code for one in getattr(charter, part)) for part in parts}
    with pytest.raises(RecordRefused) as refused:
        ask(charter)
    assert str(refused.value) == said.format(**codes)
