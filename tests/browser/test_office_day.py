"""The office's day in a browser: enrol, ask a site, hear its answer, close, freeze, take the files."""

import csv
import io
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, enrolled
from tests.house import NINA, OLGA

_PATIENT = "01-301"
_QUESTION = "By whose clock was this patient randomised?"
_ANSWER = "By the clock of the pharmacy."


def tab(page: Page, name: str) -> None:
    page.locator(f".tabs [data-do={name}]").click()
    expect(page.locator(f".tabs [data-do={name}][aria-current=page]")).to_be_visible()


def choose(page: Page, *lines: str) -> None:
    """Choose an enrolment file."""
    text = "\n".join(["patient,site,randomised_at,initials", *lines])
    file = {"name": "patients.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("form[data-do=check] input[type=file]").set_input_files(file)


def enrol(office: Page) -> None:
    """Enrol a patient; a file with a line that is wrong enrols nobody."""
    line = enrolled(_PATIENT, datetime.now(UTC) - timedelta(hours=24))
    tab(office, "enrolment")
    choose(office, line, "01-302,99,soon,AB")
    expect(office.locator(".report-head.is-bad")).to_be_visible()
    expect(office.locator("[data-do=enrol]")).to_have_count(0)
    choose(office, line)
    expect(office.locator(".report .numbers")).to_have_text(_PATIENT)
    office.locator("[data-do=enrol] button").click()
    expect(office.locator("[data-do=enrol]")).to_have_count(0)
    expect(office.locator(".report-head.is-good")).to_be_visible()


def ask(office: Page) -> Locator:
    """Ask the patient's site; gives the query as the office sees it."""
    tab(office, "queries")
    office.locator("[data-do=query_form]").first.click()
    form = office.locator("form[data-do=query_ask]")
    form.locator("[name=patient]").fill(_PATIENT)
    form.locator("[name=text]").fill(_QUESTION)
    form.locator("button.primary").click()
    asked = office.locator(f".query[aria-label^='{_PATIENT}']")
    expect(asked).to_contain_text(_QUESTION)
    return asked


def answer(ward: Page) -> None:
    """Answer on the ward's tablet: then it waits there no longer."""
    waiting = ward.locator("button[data-do=query]").filter(has_text=_PATIENT)
    waiting.click()
    expect(ward.locator(".turn-text")).to_have_text(_QUESTION)
    ward.locator("form[data-do=query_answer] [name=text]").fill(_ANSWER)
    ward.locator("form[data-do=query_answer] button.primary").click()
    expect(ward.locator("form[data-do=query_answer]")).to_have_count(0)
    expect(waiting).to_have_count(0)


def freeze(office: Page) -> None:
    """Freeze the outcome of every patient, signed with the password."""
    tab(office, "files")
    office.locator("button[data-do=frozen]").click()
    form = office.locator("form[data-do=freeze_outcome]")
    form.locator("[name=password]").fill(PASSWORD.format(OLGA.name))
    form.locator("button.primary").click()
    expect(office.locator(".copied-from textarea")).to_be_visible()
    expect(office.locator("tbody th[scope=row]")).to_have_text(["1"])


def test_from_an_enrolment_over_a_query_to_a_frozen_outcome(served, enter):
    office = enter(OLGA)
    enrol(office)
    asked = ask(office)
    answer(enter(NINA, size="tablet"))

    tab(office, "completeness")
    tab(office, "queries")
    expect(asked).to_contain_text(_ANSWER)
    asked.locator("form[data-do=query_close] button").click()
    expect(asked).to_have_count(0)

    freeze(office)
    (snapshot,) = served.services.results.snapshots(OLGA)
    assert (snapshot.by, f"{_PATIENT}," in snapshot.table) == (OLGA.name, True)

    tab(office, "files")
    with office.expect_download() as coming:
        office.locator("a[href='/office/files/queries']").click()
    text = coming.value.path().read_text("utf-8-sig")
    said = [line for line in csv.DictReader(io.StringIO(text)) if line["patient"] == _PATIENT]
    assert [text for line in said for text in line.values() if text in (_QUESTION, _ANSWER)] == [
        _QUESTION,
        _ANSWER,
    ]
