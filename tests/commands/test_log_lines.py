"""What the server writes down, line by line."""

import json
import logging
import sys
from datetime import datetime

import pytest

from mottling.commands.log_lines import JsonLines, log_acts
from mottling.settings import LogFormat


def a_record(what, *arguments, exc_info=None):
    return logging.LogRecord("mottling.services", logging.WARNING, "", 1, what, arguments, exc_info)


def test_a_line_is_one_json_object_whatever_it_says():
    line = JsonLines().format(a_record('%s said "é"\nand more', "nina"))
    assert "\n" not in line
    said = json.loads(line)
    assert (said["level"], said["part"]) == ("warning", "mottling.services")
    assert said["what"] == 'nina said "é"\nand more'
    assert datetime.fromisoformat(said["at"]).utcoffset().total_seconds() == 0


def test_a_failure_brings_its_trace():
    try:
        int("out of order")
    except ValueError:
        line = JsonLines().format(a_record("failed", exc_info=sys.exc_info()))
    assert "invalid literal for int" in json.loads(line)["trace"]


@pytest.mark.parametrize("form", LogFormat)
def test_acts_of_ours_are_written_and_what_others_do_is_not(form, capsys, monkeypatch):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    log_acts(form)
    logging.getLogger("mottling.services.accounts").info("%s signed in", "nina")
    logging.getLogger("uvicorn").info("noise")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "nina signed in" in (json.loads(lines[0])["what"] if form is LogFormat.JSON else lines[0])
