"""Units and container that are shipped: systemd understands the units, and what both run is ours."""

import email
import email.policy
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mottling.store.store import Store
from tests.docs.snippets import parse
from tests.installed import program
from tests.store.acts import enrol

SERVING = Path(__file__).parents[2] / "configs" / "serving"
UNITS = ["mottling@.service", "mottling-daily.service", "mottling-daily.timer"]
MOST_EXPOSED = 2
"""Of ten, by systemd's own count; 9.6 is a unit that says nothing."""


def _analyze(*arguments):
    analyze = program("systemd-analyze", "systemd")
    return subprocess.run([analyze, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def units(tmp_path):
    """The units, with a program that is on this machine where ours would be."""
    for name in UNITS:
        text = (SERVING / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("/srv/mottling/venv/bin/mottling", "/bin/true"), "utf-8")
    return tmp_path


def test_systemd_understands_every_unit(units):
    done = _analyze("verify", "--man=no", *(str(units / name) for name in UNITS))
    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_names_what_it_does_not_understand(units):
    path = units / "mottling-daily.timer"
    path.write_text(path.read_text("utf-8").replace("03:00", "at night"), "utf-8")
    assert "at night" in _analyze("verify", "--man=no", str(path)).stderr


def test_a_server_may_do_little_on_its_machine(units):
    threshold = f"--threshold={MOST_EXPOSED * 10}"
    done = _analyze("security", "--offline=yes", threshold, str(units / "mottling@.service"))
    assert done.returncode == 0, done.stdout


def test_the_nightly_unit_mails_a_head(tmp_path):
    """Its first command, as systemd hands it to the shell, with a file in the place of the mail's program."""
    with Store.open(tmp_path / "data") as store:
        enrol(store)
    text = (SERVING / "mottling-daily.service").read_text("utf-8")
    (line,) = re.findall(r"^ExecStart=/bin/sh -c '(.*)'$", text, re.MULTILINE)
    exchanged = {
        "$$": "$",
        "%%": "%",
        "\\\\": "\\",
        "venv/bin/mottling": f'{sys.executable} -c "from mottling.cli import main; main()"',
        "/usr/sbin/sendmail -t": "tee sent",
    }
    for old, new in exchanged.items():
        assert old in line, old
        line = line.replace(old, new)
    paths = {**os.environ, "PYTHONPATH": str(SERVING.parents[1])}
    subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, env=paths, check=True, capture_output=True)
    mail = email.message_from_bytes((tmp_path / "sent").read_bytes(), policy=email.policy.default)
    assert mail["To"] == "keeper@sponsor.example"
    assert [each.get_content_type() for each in mail.iter_attachments()] == ["application/json"]


def test_the_container_runs_a_command_of_ours_and_asks_whether_it_is_well():
    text = (SERVING / "Containerfile").read_text("utf-8")
    (serves,) = re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)
    parse(" ".join(json.loads(serves)))
    (asks,) = re.findall(r"^HEALTHCHECK .* CMD \\\n  (\[.*\])$", text, re.MULTILINE)
    program, option, code = json.loads(asks)
    assert (program, option) == ("python", "-c")
    assert "/healthy" in code
    compile(code, "Containerfile", "exec")
