"""Every page of every role, looked at in both languages, light and dark, on tablet and desk: nothing serious.

Run: pytest tests/browser/test_looks.py -o addopts= (a few minutes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mottling.scale import Zone
from mottling.services.opening import Services
from mottling.services.query_views import NewQuery
from mottling.services.views import Answer, Shot
from mottling.trial.reading_plan import Planned
from mottling.web import markup
from tests.browser.conftest import Served, go_offline
from tests.browser.looks import Looks
from tests.browser.test_scanning import READER
from tests.house import (
    ADAM,
    CORA,
    EMMA,
    INITIALS,
    MONA,
    NINA,
    OLGA,
    RAVI,
    RITA,
    ROSA,
    house_settings,
    trained_charter_text,
)
from tests.tiny_model import a_jpeg, write_tiny_registry

ONE_OF_EACH = re.sub(
    "cases = .*", 'cases = ["02"]', trained_charter_text().replace("batch_size = 40", "batch_size = 1")
)
"""One training case, and a pause after each photograph."""
PARTS = {
    "bare.html",
    "bare_parts.html",
    "frame.html",
    "lock_parts.html",
    "office_parts.html",
    "readout_progress.html",
    "ward_parts.html",
    "widgets.html",
    "ward_shell.html",
}
"""Templates that are never a page of their own, and the one that the server fills before it is asked."""
ELSEWHERE = {"committee_meeting.html", "committee_model.html"}
"""Looked at in test_meeting.py and test_after_lock.py: they need trials of other rules."""
BAD_FILE = "patient,site,randomised_at\nX,09,never\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    """A server whose ward has a visit in every state, and whose committee has two photographs to read."""
    folder = tmp_path_factory.mktemp("looks")
    write_tiny_registry(folder / "models", names=("tiny", "other"))
    made = Served(house_settings(folder, charter=ONE_OF_EACH))
    made.begin()
    now = datetime.now(UTC)
    for user in (NINA, RITA, RAVI, ROSA, OLGA, EMMA, ADAM, CORA, MONA):
        made.services.accounts.add_user(user, f"the password of {user.name}", by="setup", at=now)
    ages_h = {"01-001": 24, "01-002": 24, "01-003": 40, "01-004": 2, "01-005": 24, "01-006": 24}
    enrol(made.services, {**ages_h, "01-007": 24, "01-008": 24, "01-009": 24}, now)
    fill(made.services.ward, now)
    ask(made.services, now)
    try:
        yield made
    finally:
        made.end()


def enrol(services: Services, ages_h: dict[str, int], now: datetime) -> None:
    lines = [
        f"{one},01,{(now - timedelta(hours=age_h)).isoformat()},{INITIALS}" for one, age_h in ages_h.items()
    ]
    data = "\n".join(["patient,site,randomised_at,initials", *lines]).encode()
    assert services.enrolling.enrol(OLGA, data, at=now).stored


def fill(ward, now: datetime) -> None:
    """Photographs to score, to confirm and done, and a visit that was not done."""
    for patient, steps in {"01-005": 1, "01-006": 2, "01-007": 3, "01-008": 3}.items():
        photo_id = ward.take_photo(
            NINA, Shot(patient, "day1", a_jpeg([Zone.COIN]), key=patient), at=now
        ).photo_id
        if steps > 1:
            ward.lock_own_score(NINA, photo_id, Answer.scored(2), at=now)
        if steps > 2:
            ward.proposal(NINA, photo_id, at=now)
            ward.keep(NINA, photo_id, at=now)
    ward.not_done(NINA, "01-009", visit="day1", reason="died", at=now)


def ask(services: Services, now: datetime) -> None:
    """A question that waits for the ward, one that is answered, and one that is closed."""
    for patient in ("01-001", "01-007", "01-009"):
        query_id = services.queries.ask(OLGA, NewQuery(patient, "day1", "Is the time right?"), at=now)
        if patient != "01-001":
            services.queries.answer(NINA, query_id, "Yes", at=now)
        if patient == "01-009":
            services.queries.close(OLGA, query_id, because="Thanks", at=now)


@pytest.fixture
def rendered(monkeypatch) -> set[str]:
    """The templates that the server has filled since the test began."""
    names: set[str] = set()
    environment = markup._environment()
    plain = environment.get_template

    def noting(name: str, *rest: object):
        names.add(name)
        return plain(name, *rest)

    monkeypatch.setattr(environment, "get_template", noting)
    return names


@dataclass
class Visitor:
    """Goes through the pages as each of their users, and looks at everything on the way."""

    enter: Callable[..., Page]
    looks: Looks
    address: str
    photo: Path
    services: Services

    def come(self, user) -> Page:
        return self.enter(user, language=self.looks.language, size="tablet", script=READER)

    def do(self, page: Page, selector: str, then: str, name: str = "") -> None:
        """Press something, wait for what it brings, and look where it has a name."""
        page.locator(selector).first.click()
        page.locator(then).first.wait_for()
        expect(page.locator(".live.busy")).to_have_count(0)
        if name:
            self.looks.at(page, name)

    def door(self) -> None:
        page = self.come(ADAM)
        page.goto(f"{self.address}/ward/{self.looks.language}/")
        self.looks.at(page, "another role")
        page.context.clear_cookies()
        page.goto(f"{self.address}/sign-in?language={self.looks.language}")
        self.looks.at(page, "sign in")
        page.fill("#name", "nobody")
        page.fill("#password", "not a password")
        self.do(page, "form.fields button", ".said-problem", "sign in, refused")
        page.goto(f"{self.address}/invitation?language={self.looks.language}")
        self.looks.at(page, "invitation")

    def ward(self) -> None:
        page = self.come(NINA)
        self.do(page, "[data-scan]", ".scanner[open]", "scanner")
        page.locator("[data-scan-end]").click()
        self.looks.at(page, "list")
        for summary in page.locator(".rows-of summary").all():
            summary.click()
        self.looks.at(page, "list, unfolded")
        self.do(page, ".rows-of-asked .todo", ".asked-card", "question")
        self.do(page, ".whose-back", ".ward-list")
        row = '.todo[data-with-patient="{}"][data-with-visit="day1"]'.format
        self.do(page, row("01-003"), ".stage-whose [data-capture=yes]", "whose, late")
        self.do(page, ".stage-whose [data-do=not_done_form]", ".not-done", "not done")
        self.do(page, ".not-done [data-do=open]", ".stage-whose [data-capture=yes]")
        self.do(page, ".stage-whose [data-capture=yes]", ".finder-hint:not(:empty)", "camera")
        page.locator(".photo-file input").set_input_files(self.photo)
        page.locator(".stage-score .viewer.is-loaded").wait_for()
        page.locator('.stage-score .tile:has([value="1"])').click()
        self.looks.at(page, "own score, on the tablet")
        page.locator(".stage-score .answer-none").click()
        self.looks.at(page, "not assessable")
        page.reload()
        self.stored(page)
        self.without_network(page)

    def stored(self, page: Page) -> None:
        """What comes after the photograph: score, proposal, change, stored."""
        self.do(page, ".todo-done, .rows-of-done summary", ".rows-of-done[open] .todo")
        self.do(page, ".todo-done", ".stored-sign", "stored")
        self.do(page, "[data-do=list]", ".ward-list")
        self.do(page, ".todo-to_confirm", "[data-do=keep]", "proposal")
        self.do(page, "[data-do=change_form]", ".because", "change")
        self.do(page, ".whose-back", ".ward-list")
        self.do(page, ".todo-to_score", ".viewer.is-loaded", "own score, stored photograph")
        self.do(page, "[data-do=retake]", ".stage-whose [data-capture=yes]", "whose, again")
        self.do(page, ".whose-back", ".ward-list")

    def without_network(self, page: Page) -> None:
        go_offline(page)
        self.do(page, '.todo[data-with-patient="01-001"]', ".stage-whose [data-capture=yes]")
        page.locator(".stage-whose [data-capture=yes]").click()
        page.locator(".photo-file input").set_input_files(self.photo)
        page.locator('.stage-score .tile:has([value="1"])').click()
        self.do(page, ".stage-score .answer-lock", '[data-sending="waiting"] .sending-now', "waits")
        self.do(page, ".sending-back", ".todo.is-waiting", "list with one that waits")
        page.locator("html[data-shell=kept]").wait_for(state="attached")
        page.reload()
        page.locator(".shell-form").wait_for()
        self.looks.at(page, "without the server")

    def committee(self) -> None:
        user = RITA if self.looks.language == "fr" else RAVI
        page = self.come(user)
        page.locator(".viewer.is-loaded").wait_for()
        self.training(page)
        page.keyboard.press("n")
        self.looks.at(page, "reading")
        for name in ("pause", "all read"):
            page.keyboard.press("2")
            self.do(page, ".answer-lock", ".batch-sign")
            if name == "pause":
                self.looks.at(page, "batch")
                self.do(page, "[data-do=again]", ".viewer.is-loaded", "reading again")
                self.do(page, "[data-do=batch]", ".batch-sign")
            page.fill(".batch-sign [name=password]", f"the password of {user.name}")
            self.do(page, ".batch-sign button", ".body .empty", name)
            if name == "pause":
                self.do(page, "[data-do=go_on]", ".viewer.is-loaded")

    def training(self, page: Page) -> None:
        """One made photograph: read wrong, told its score, sent back, and read again as it was told."""
        self.looks.at(page, "training case")
        page.keyboard.press("n")
        page.locator(".chip").first.click()
        self.do(page, ".answer-lock", "[data-do=go_on]", "training case, wrong")
        told = re.search(r"\d", page.locator(".room-answer b").inner_text())
        self.do(page, "[data-do=go_on]", "[data-do=train_again]", "training failed")
        self.do(page, "[data-do=train_again]", ".viewer.is-loaded")
        page.keyboard.press(told[0])
        self.do(page, ".answer-lock", "[data-do=go_on]")
        self.do(page, "[data-do=go_on]", ".viewer.is-loaded")

    def office(self) -> None:
        page = self.come(OLGA)
        self.do(page, "[data-do=queries]", "section.queries")
        self.do(page, "[data-do=query_form]", "form[data-do=query_ask]", "office, ask a site")
        for tab in page.locator(".tabs [data-do]").all():
            tab.click()
            expect(page.locator(".live.busy")).to_have_count(0)
            self.looks.at(page, f"office, {page.locator('h1').inner_text()}")
        self.do(page, "[data-do=files]", "[data-do=frozen]")
        self.do(page, "[data-do=frozen]", "form[data-do=freeze_outcome]", "office, frozen")
        self.do(page, "[data-do=patients]", ".to-sheet")
        self.do(
            page, "[data-do=sheet][data-with-patient='01-007']", "section.sheet", "office, a patient's sheet"
        )
        self.do(page, "[data-do=changes]", ".change-find")
        page.fill(".change-find input", "01-001")
        self.do(page, ".change-find button", ".change-standing")
        for act in page.locator(".change summary").all():
            act.click()
        self.looks.at(page, "office, what changes about a patient")
        self.do(page, "[data-do=enrolment]", ".file-input")
        for name, text in {"a bad file": BAD_FILE, "a good file": a_file()}.items():
            file = {"name": "patients.csv", "mimeType": "text/csv", "buffer": text.encode()}
            page.locator(".file-input input").set_input_files(file)
            page.locator(".report-head" + (".is-bad" if name == "a bad file" else ".is-good")).wait_for()
            self.looks.at(page, f"office, {name}")
        page.evaluate("window.mottling.lock()")
        self.looks.at(page, "locked")
        page.goto(f"{self.address}/access")
        self.looks.at(page, "own access")

    def accounts(self) -> None:
        page = self.come(ADAM)
        self.looks.at(page, "accounts")
        self.do(page, "[data-do=invite_form]", ".choices")
        page.locator("[value=ward]").click()
        self.looks.at(page, "invite")
        page.fill(".body [name=name]", f"nell.{self.looks.language}")
        self.do(page, "form[data-do=invite] button", ".link-card", "invited")
        self.do(page, ".back", ".people")
        self.do(page, "[data-do=account][data-with-name=nina]", ".can-do", "account")
        self.do(page, "[data-do=withdraw_form]", "[data-do=withdraw]", "withdraw")

    def readout(self) -> None:
        give_a_photograph(self.services)
        page = self.come(CORA)
        self.looks.at(page, "read-out")
        self.do(page, "[data-do=remind]", "textarea", "a reader reminded")
        self.do(page, "[data-do=take_back_form]", "[data-do=take_back]", "take back")
        page.fill("[name=because]", "On leave")
        self.do(page, "[data-do=take_back] .primary", ".said-notice", "taken back")
        self.do(page, "[data-do=close_form]", "[data-do=close]", "close")

    def monitor(self) -> None:
        page = self.come(MONA)
        for tab in page.locator(".tabs [data-do]").all():
            tab.click()
            expect(page.locator(".live.busy")).to_have_count(0)
            self.looks.at(page, f"monitor, {page.locator('h1').inner_text()}")

    def models(self) -> None:
        page = self.come(EMMA)
        self.looks.at(page, "models")
        self.do(page, ".model:not(.is-active)", "[data-do=release_form]", "challenger")
        self.do(page, "[data-do=release_form]", "[data-do=release]", "release")
        self.do(page, "[data-do=roll_back_form]", "[data-do=roll_back]", "roll back")
        self.do(page, ".tabs [data-do=drift]", "form[data-do=drift]", "drift")


def give_a_photograph(services: Services) -> None:
    """Let a third reader have one that was not taken back from him before; it is taken back again."""
    given = services.committee._book.assign(
        ROSA.name,
        choose=lambda photos, _: next(
            Planned(one.photo_id) for one in photos if one.is_confirmed and ROSA.name not in one.without
        ),
        at=datetime.now(UTC),
    )
    assert given is not None


def a_file() -> str:
    return f"patient,site,randomised_at\n01-050,01,{datetime.now(UTC).isoformat()}\n"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_of_any_role_has_anything_serious(served, enter, rendered, a_photo, language):
    looks = Looks(language)
    visitor = Visitor(enter, looks, served.address, a_photo, served.services)
    for walk in (visitor.door, visitor.ward, visitor.readout, visitor.committee, visitor.office):
        walk()
    for walk in (visitor.models, visitor.accounts, visitor.monitor):
        walk()
    assert looks.wrong == []
    pages = {path.name for path in markup._FOLDER.iterdir()} - PARTS - ELSEWHERE
    assert pages - rendered == set(), "a page that nobody looked at"
