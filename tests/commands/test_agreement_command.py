"""The read-out is closed, and only then is it said how alike its readings are."""

from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.errors import ExportRefused
from mottling.services.opening import open_services
from mottling.services.views import Answer
from tests.house import DAY1, OLGA, RAVI, RITA, confirm, house_settings, open_house, read

PASSWORD = "the password of olga"


@pytest.fixture
def data(tmp_path):
    """A trial with one photograph that two have read."""
    with closing(open_house(tmp_path)) as services:
        services.accounts.add_user(OLGA, PASSWORD, by="setup", at=DAY1)
        confirm(services, score=3)
        for reader in (RITA, RAVI):
            read(services, reader, Answer.scored(2))
    return house_settings(tmp_path).data


def run(*words, data):
    return CliRunner().invoke(mottling, [*map(str, words), "--data", str(data)])


def close(data):
    done = run("readout", "close", "--by", "olga", "--password", PASSWORD, data=data)
    assert done.exit_code == 0, done.output


def exported(folder):
    """What was exported; that the command reads another trial file is noted beside it."""
    with closing(open_services(house_settings(folder), at=DAY1)) as services:
        entries = services.office._store.office.audit()
        return [entry.subject for entry in entries if entry.act == "exported"]


def test_an_open_read_out_has_no_report_but_for_the_statistician(data, tmp_path):
    out = tmp_path / "report.html"
    refused = run("agreement", out, data=data)
    assert isinstance(refused.exception, ExportRefused)
    assert not out.exists()
    assert run("agreement", out, "--statistician-while-open", data=data).exit_code == 0
    assert "La lecture était encore ouverte" in out.read_text("utf-8")
    assert exported(tmp_path) == ["agreement.html, read-out open"]


def test_a_closed_read_out_has_its_report_in_the_language_that_is_asked_for(data, tmp_path):
    close(data)
    out = tmp_path / "report.html"
    assert run("agreement", out, "--language", "en", data=data).exit_code == 0
    text = out.read_text("utf-8")
    assert "Made after the read-out was closed" in text
    assert "Bedside against committee" in text
    assert exported(tmp_path) == ["agreement.html"]


def test_a_name_that_ends_in_pdf_gives_a_pdf_and_any_other_is_refused(data, tmp_path):
    close(data)
    assert run("agreement", tmp_path / "report.pdf", data=data).exit_code == 0
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert exported(tmp_path) == ["agreement.pdf"]
    refused = run("agreement", tmp_path / "report.doc", data=data)
    assert isinstance(refused.exception, ExportRefused)


def test_a_report_takes_the_place_of_no_file(data, tmp_path):
    out = tmp_path / "report.html"
    out.write_text("mine")
    refused = run("agreement", out, "--statistician-while-open", data=data)
    assert isinstance(refused.exception, ExportRefused)
    assert out.read_text() == "mine"


def test_where_the_read_out_stands_is_shown_closed_and_opened_again(data):
    assert run("readout", "show", data=data).output.startswith("Open: 1 of 1 have a verdict.")
    close(data)
    shown = run("readout", "show", data=data).output
    assert shown.startswith("Closed")
    assert "closed by olga" in shown
    again = run("readout", "reopen", "--by", "olga", "--password", PASSWORD, "--reason", "late", data=data)
    assert again.exit_code == 0
    assert "reopened by olga" in run("readout", "show", data=data).output
