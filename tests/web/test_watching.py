"""Whoever watches the server learns whether it works and what it counts, and nothing of a patient."""

import re
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mottling.errors import StoreBusy
from mottling.services.watch import Watch
from mottling.store.store import Store
from mottling.trial.office_records import ExportRecord
from mottling.web.guard import Guard, GuardRules
from mottling.web.languages import Languages
from mottling.web.sessions import CookieJar
from mottling.web.watching import add_watching
from tests.store.acts import NOW, SHA, enrol

HERE = ("127.0.0.1", 50000)
# name, or name with labels, then a number: what Prometheus reads.
LINE = re.compile(r'[a-z_]+(?:\{[a-z]+="[^"]+"\})? -?[0-9.e+]+')


def client_of(watch, *, client=HERE):
    """Ask a server that has nothing but the guard and what is watched."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    nobody = SimpleNamespace(session=lambda _token, *, at: None)
    app.add_middleware(Guard, rules=GuardRules(nobody, CookieJar(is_secure=False), Languages(), 1000))
    add_watching(app, watch)
    return TestClient(app, client=client)


@pytest.fixture
def watch(tmp_path):
    with Store.open(tmp_path / "data") as store:
        enrol(store)
        store.office.note_export(ExportRecord(kind="backup", sha256=SHA, rows=1, by="command", at=NOW))
        yield Watch(store, tmp_path / "data")


def figures(text):
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_a_program_on_this_machine_is_given_the_figures(watch):
    client = client_of(watch)
    client.get("/nothing")
    text = client.get("/metrics").text
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in lines), text
    found = figures(text)
    assert found["mottling_records"] == "3"
    assert float(found["mottling_last_backup_time_seconds"]) == NOW.timestamp()
    assert found['mottling_requests_total{status="4xx"}'] == "1"
    assert float(found["mottling_disk_free_bytes"]) > 0
    assert "01-001" not in text
    assert "olga" not in text


@pytest.mark.parametrize(
    ("client", "headers"),
    [(("192.0.2.7", 50000), {}), (HERE, {"X-Forwarded-For": "192.0.2.7"}), (None, {})],
    ids=["from elsewhere", "by a proxy", "from nobody knows where"],
)
def test_nobody_else_is(watch, client, headers):
    answer = client_of(watch, client=client or ("", 0)).get("/metrics", headers=headers)
    assert answer.status_code == 404
    assert "mottling_records" not in answer.text


def test_a_server_that_reads_its_records_is_healthy_to_everybody(watch):
    answer = client_of(watch, client=("192.0.2.7", 50000)).get("/healthy")
    assert (answer.status_code, answer.text) == (200, "healthy")


def test_one_that_does_not_says_so_and_why(tmp_path):
    def look():
        raise StoreBusy("The database does not answer", remedy="Try again")

    client = client_of(SimpleNamespace(look=look))
    answer = client.get("/healthy")
    assert (answer.status_code, answer.text) == (503, "The database does not answer")
    found = figures(client.get("/metrics").text)
    assert (found["mottling_healthy"], "mottling_records" in found) == ("0", False)
