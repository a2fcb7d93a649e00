"""The commands of a trial: they act through the services, and what is refused is said and not done."""

import csv
from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.errors import Conflict, ExportRefused, RecordRefused, StoreRefused
from mottling.services.opening import open_services
from mottling.services.views import Answer
from mottling.training_set import read_training_set
from mottling.trial.consents import Choice
from tests.house import (
    DAY1,
    OLGA,
    PATIENT,
    RANDOMISED_AT,
    RAVI,
    RITA,
    charter_text,
    confirm,
    house_settings,
    open_house,
    read,
)
from tests.tiny_model import write_tiny_registry

HEADER = "patient,site,randomised_at\n"


@pytest.fixture(scope="module")
def read_house(tmp_path_factory):
    """A folder where one patient has a verdict."""
    folder = tmp_path_factory.mktemp("read")
    with closing(open_house(folder)) as services:
        confirm(services)
        for reader in (RITA, RAVI):
            read(services, reader, Answer.scored(3))
        services.consents.record(OLGA, [PATIENT], Choice.GIVEN, at=DAY1)
    return folder


def run(folder, *words, password=None):
    env = None if password is None else {"MOTTLING_PASSWORD": password}
    options = ["--data", str(folder / "data"), "--models", str(folder / "models")]
    return CliRunner().invoke(mottling, [*words, *options], env=env)


def outcome_of(folder, patient=PATIENT):
    with closing(open_services(house_settings(folder), at=DAY1)) as services:
        lines = services.office.outcome(OLGA, at=DAY1)
    return [line for line in lines if line.patient == patient]


def test_a_file_of_patients_is_enrolled(tmp_path):
    (tmp_path / "patients.csv").write_text(HEADER + "03-001,03,2026-03-01T08:00Z\n")
    result = run(tmp_path, "enrol", str(tmp_path / "patients.csv"))
    assert (result.exit_code, result.output) == (0, "Enrolled: 1; enrolled already: 0\n")
    assert outcome_of(tmp_path, "03-001")


def test_a_file_that_is_only_checked_enrols_nobody(tmp_path):
    (tmp_path / "patients.csv").write_text(HEADER + "03-001,03,2026-03-01T08:00Z\n")
    result = run(tmp_path, "enrol", str(tmp_path / "patients.csv"), "--check")
    assert "Would be enrolled: 1" in result.output
    assert not outcome_of(tmp_path, "03-001")


def test_a_line_with_a_problem_is_named_and_ends_with_one(tmp_path):
    (tmp_path / "patients.csv").write_text(HEADER + "03-001,99,2026-03-01T08:00Z\n")
    result = run(tmp_path, "enrol", str(tmp_path / "patients.csv"))
    assert result.exit_code == 1
    assert "Line 2: site '99' is not in the trial file" in result.output
    assert "Nobody was enrolled" in result.output


def test_what_a_second_file_says_of_somebody_enrolled_is_counted_apart(tmp_path):
    (tmp_path / "patients.csv").write_text(HEADER + "03-001,03,2026-03-01T08:00Z\n")
    run(tmp_path, "enrol", str(tmp_path / "patients.csv"))
    tones = "patient,site,randomised_at,skin_tone\n03-001,03,2026-03-01T08:00Z,5\n"
    (tmp_path / "tones.csv").write_text(tones)
    assert run(tmp_path, "enrol", str(tmp_path / "tones.csv")).output.splitlines() == [
        "Enrolled: 0; enrolled already: 1",
        "Of these, completed by this file: 1",
    ]


def test_rows_of_redcaps_export_that_enrol_nobody_are_counted(tmp_path):
    redcap = """[enrolment.redcap]
patient = ["record_id"]
site = ["redcap_data_access_group"]
randomised_at = ["rando_dt"]
event = ["inclusion_arm_1"]
"""
    (tmp_path / "trial.toml").write_text(charter_text("[[sites]]", f"{redcap}\n[[sites]]"), "utf-8")
    (tmp_path / "export.csv").write_text(
        "record_id,redcap_event_name,redcap_data_access_group,rando_dt\n"
        "03-001,inclusion_arm_1,03,2026-03-01 08:00\n"
        "03-001,follow_up_arm_1,03,\n"
        "03-002,inclusion_arm_1,03,\n"
    )
    (tmp_path / "app.toml").write_text('trial = "trial.toml"\n')
    words = ("enrol", str(tmp_path / "export.csv"), "--settings", str(tmp_path / "app.toml"))
    assert run(tmp_path, *words).output.splitlines() == [
        "Enrolled: 1; enrolled already: 0",
        "Rows of other events or instruments, skipped: 1",
        "Records without a randomisation yet, skipped: 1",
    ]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert isinstance(run(tmp_path, "enrol", str(tmp_path / "none.csv")).exception, RecordRefused)


def test_a_user_is_added_given_another_password_and_let_in_no_more(tmp_path):
    run(tmp_path, "user", "add", "nina", "--role", "ward", "--site", "01", password="a long password")
    run(tmp_path, "user", "reset", "nina", password="another long password")
    with closing(open_services(house_settings(tmp_path), at=DAY1)) as services:
        session = services.accounts.sign_in("nina", "another long password", at=DAY1)
    assert session.user.site == "01"
    assert run(tmp_path, "user", "disable", "nina").output == "nina is let in no more.\n"
    with closing(open_services(house_settings(tmp_path), at=DAY1)) as services:
        assert services.accounts.session(session.token, at=DAY1) is None


def test_an_invitation_is_a_link_by_which_a_password_is_chosen(tmp_path):
    at = "https://mottling.example"
    said = run(
        tmp_path, "user", "invite", "nina", "--role", "ward", "--site", "01", "--address", f"{at}/"
    ).output
    link, what = said.splitlines()
    assert link.startswith(f"{at}/invitation#")
    assert what == "It opens once, within 72 hours. Send it to nobody else."
    with closing(open_services(house_settings(tmp_path), at=DAY1)) as services:
        services.invitations.follow(link.partition("#")[2], "a long password", at=DAY1)
        assert services.accounts.sign_in("nina", "a long password", at=DAY1).user.site == "01"
    again = run(tmp_path, "user", "link", "nina").output
    assert again.startswith("http://127.0.0.1:7860/invitation#")
    assert isinstance(run(tmp_path, "user", "link", "noah").exception, Conflict)


def test_a_password_is_asked_for_twice_when_it_is_not_given(tmp_path):
    options = ["--data", str(tmp_path / "data")]
    answers = "a long password\na long password\n"
    result = CliRunner().invoke(
        mottling, ["user", "add", "rita", "--role", "reader", *options], input=answers
    )
    assert result.output.endswith("rita may sign in.\n")
    assert "a long password" not in result.output


def test_a_reader_with_a_site_is_refused(tmp_path):
    result = run(
        tmp_path, "user", "add", "rita", "--role", "reader", "--site", "01", password="a long password"
    )
    assert isinstance(result.exception, RecordRefused)


def test_a_visit_is_recorded_as_not_done(tmp_path):
    open_house(tmp_path).close()
    result = run(tmp_path, "not-done", "01-002", "--reason", "died")
    assert result.output == "01-002, day1: not done (died).\n"
    assert [line.not_done_reason for line in outcome_of(tmp_path, "01-002")] == [None, "died"]


@pytest.mark.parametrize(
    "words",
    [
        ("01-999", "--reason", "died"),
        (PATIENT, "--reason", "bored"),
        (PATIENT, "--visit", "x", "--reason", "died"),
    ],
)
def test_a_visit_reason_or_patient_that_the_trial_does_not_know_is_refused(read_house, words):
    assert isinstance(run(read_house, "not-done", *words).exception, RecordRefused)


def test_a_visit_with_a_photograph_was_done(read_house):
    assert isinstance(run(read_house, "not-done", PATIENT, "--reason", "died").exception, Conflict)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("outcome", "outcome_score"),
        ("readings", "reading_s"),
        ("audit", "hash"),
        ("dictionary", "means"),
    ],
)
def test_each_table_is_written(read_house, tmp_path, table, column):
    assert run(read_house, "export", table, str(tmp_path / "out.csv")).exit_code == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        assert column in next(csv.reader(file))


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("odm", ()),
        ("fhir", ()),
        ("dataset-json", ("rs.json", "supprs.json")),
        ("redcap", ("redcap_dictionary.csv", "redcap_import.csv")),
        ("dicom", ("01-001-photograph.dcm", "01-001-score.dcm", "SHA256SUMS")),
    ],
)
def test_each_format_is_written_and_recorded(read_house, tmp_path, kind, files):
    out = tmp_path / "out"
    assert run(read_house, "export", kind, str(out)).exit_code == 0
    assert tuple(sorted(path.name for path in out.iterdir()) if files else ()) == files
    assert files or PATIENT.encode() in out.read_bytes()
    with closing(open_services(house_settings(read_house), at=DAY1)) as services:
        audit = services.office.audit_csv(OLGA, at=DAY1).decode()
    recorded = files if kind != "dicom" else ()  # by their sums, as one
    assert all(name in audit for name in recorded or (f"{kind}",))


def test_a_table_never_replaces_a_file(read_house, tmp_path):
    (tmp_path / "out.csv").write_text("mine")
    assert isinstance(
        run(read_house, "export", "outcome", str(tmp_path / "out.csv")).exception, ExportRefused
    )
    assert (tmp_path / "out.csv").read_text() == "mine"


def test_a_table_that_cannot_be_written_is_refused(read_house, tmp_path):
    result = run(read_house, "export", "outcome", str(tmp_path / "nowhere" / "out.csv"))
    assert isinstance(result.exception, ExportRefused)


def test_verdicts_are_frozen_into_a_set(read_house, tmp_path):
    result = run(read_house, "freeze", str(tmp_path / "set"))
    assert "1 photographs with a verdict" in result.output
    assert read_training_set(tmp_path / "set").photos[0].score == 3


@pytest.mark.parametrize(
    "words", [("export", "outcome", "out.csv"), ("freeze", "out"), ("not-done", PATIENT, "--reason", "died")]
)
def test_a_data_folder_whose_name_was_mistyped_is_not_made(tmp_path, words):
    assert isinstance(run(tmp_path, *words).exception, StoreRefused)
    assert not (tmp_path / "data").exists()


def test_a_model_is_released_and_taken_back_on_the_record(tmp_path):
    write_tiny_registry(tmp_path / "models", names=("tiny", "challenger"))
    assert run(tmp_path, "models", "release", "challenger").output == "challenger is in use.\n"
    assert run(tmp_path, "models", "rollback").output == "tiny is in use again.\n"
    with closing(open_services(house_settings(tmp_path), at=RANDOMISED_AT)) as services:
        audit = services.office.audit_csv(OLGA, at=DAY1).decode()
    assert [line.split(",")[2] for line in audit.splitlines() if "model" in line] == ["command", "command"]


def test_consent_is_recorded_listed_and_told_when_a_set_is_frozen(read_house, tmp_path):
    assert (
        run(read_house, "consent", "given", PATIENT, "02-001").output == "Consent recorded: 01-001, 02-001\n"
    )
    said = run(read_house, "consent", "refused", "02-001", "--reason", "By the son").output
    assert said.startswith("Refusal recorded: 02-001.")
    assert run(read_house, "consent", "list").output.splitlines() == [
        "01-001  given  may train",
        "01-002  nothing known  is left out",
        "02-001  refused  is left out",
    ]
    frozen = run(read_house, "freeze", str(tmp_path / "consented")).output
    assert "Consent for retraining: given 1, refused 1, not known 1 (left out)" in frozen
