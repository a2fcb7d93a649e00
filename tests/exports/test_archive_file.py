"""The archive, checked as somebody without this software would: by its sums, its manifest and its links."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mottling.exports.archive import ArchiveOrigin, ArchivePart, archive, zipped
from mottling.exports.outcome_table import outcome_table
from tests.exports.drawn_trial import EVIL, VALUES, extract
from tests.exports.html_tidy import wrong_in

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
PARTS = (
    ArchivePart("tables/outcome.csv", b"patient\r\n01-001\r\n", "outcome"),
    ArchivePart("tables/audit.csv", b"number\r\n1\r\n", "audit"),
    ArchivePart("models/tiny/card.md", f"# {EVIL}".encode(), "card"),
)


def origin(*, is_closed=True, trial="I-MICRO") -> ArchiveOrigin:
    return ArchiveOrigin(trial, "NCT03788837", AT, "olga", "1.2.3", 17, "e" * 64, is_closed)


def made(**given) -> tuple[ArchivePart, ...]:
    outcomes = [one for one in extract().outcomes if one.records.visit.code == "day1"]
    return archive(PARTS, outcome_table(tuple(outcomes), trial="I-MICRO"), origin(**given), language="en")


@pytest.fixture
def folder(tmp_path) -> Path:
    for one in made():
        path = tmp_path / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
    return tmp_path


class Page(HTMLParser):
    """What a page links to and fetches, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.links += [given["href"]] if tag == "a" else []
        self.fetched += [value for name, value in attrs if name == "src" or (name == "href" and tag != "a")]

    def handle_data(self, data):
        self.text.append(data)


def page() -> Page:
    return Page(next(one.data for one in made() if one.path == "index.html").decode())


def files_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_the_sums_hold_every_file_and_are_right(folder):
    listed = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    found = {path: hashlib.sha256(data).hexdigest() for path, data in files_in(folder).items()}
    del found["SHA256SUMS"]
    assert listed == found


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="coreutils are not here")
def test_a_program_that_is_not_ours_checks_it_and_finds_what_was_changed(folder):
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 0
    (folder / "tables" / "outcome.csv").write_bytes(b"patient\r\n01-002\r\n")
    changed = subprocess.run(check, cwd=folder, capture_output=True, text=True, check=False)
    assert changed.returncode == 1
    assert "tables/outcome.csv: FAILED" in changed.stdout


def test_the_manifest_names_each_file_with_its_size_and_hash(folder):
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    files = files_in(folder)
    assert {one["path"] for one in manifest["files"]} == set(files) - {"manifest.json", "SHA256SUMS"}
    for one in manifest["files"]:
        data = files[one["path"]]
        assert (one["bytes"], one["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert (manifest["trial"], manifest["chain"]) == ("I-MICRO", {"records": 17, "end": "e" * 64})


def test_each_link_of_the_page_leads_to_a_file_and_nothing_is_fetched(folder):
    shown = page()
    assert shown.links == [one.path for one in PARTS]
    assert all((folder / link).is_file() for link in shown.links)
    assert shown.fetched == []


def test_a_program_that_is_not_ours_finds_nothing_wrong_in_the_page(folder):
    assert wrong_in((folder / "index.html").read_bytes()) == []


def test_the_page_shows_each_patient_with_a_value_or_the_reason(folder):
    text = " ".join(" ".join(page().text).split())
    for patient, value in VALUES.items():
        assert f"{patient} {patient[:2]} {'≥ ' if patient == '01-002' else ''}{value}" in text
    assert "01-005 01 – died (died)" in text


def test_the_page_says_whether_the_read_out_is_closed():
    texts = {
        is_closed: next(one.data for one in made(is_closed=is_closed) if one.path == "index.html").decode()
        for is_closed in (True, False)
    }
    assert "The agreement report is missing" in texts[False]
    assert "The agreement report is missing" not in texts[True]


def test_what_somebody_named_is_text_on_the_page():
    html = next(one.data for one in made(trial="<b>T</b>") if one.path == "index.html").decode()
    assert "<b>T</b>" not in html
    assert "&lt;b&gt;T&lt;/b&gt;" in html


def test_a_zip_file_holds_the_same_and_is_the_same_each_time():
    parts = made()
    data = zipped(parts, at=AT)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == {one.path: one.data for one in parts}
    assert zipped(parts, at=AT) == data
    assert list(csv.reader(io.StringIO(PARTS[0].data.decode()))) == [["patient"], ["01-001"]]
