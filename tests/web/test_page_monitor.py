"""The monitor's page over real services: what it shows, what it does not, and what it leaves."""

import re
from datetime import timedelta

import pytest

from mottling.services.sheets import ItemCorrection
from mottling.services.views import Answer
from mottling.store.schema import KINDS
from mottling.trial.changes import Extent
from mottling.trial.consents import Choice
from mottling.web.pages import monitor
from mottling.web.words import words_in
from tests.house import MONA, OLGA, RANDOMISED_AT, RAVI, RITA, confirm, open_house, read
from tests.page_visits import Visit

PASSWORD = "a long password"

# The screens, each by its deed; the page opens with the one of no name.
_SCREENS = ("", "patients", "enrolment", "changes", "eligibility", "consent", "readout", "frozen", "audit")


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    """01-001 has a verdict, not assessable; of 01-002 the readers differ; 02-001 is overdue."""
    made = open_house(tmp_path_factory.mktemp("monitor"))
    made.accounts.add_user(OLGA, PASSWORD, by="setup", at=RANDOMISED_AT)
    confirm(made, "01-001", score=3)
    for reader in (RITA, RAVI):
        read(made, reader, Answer.not_assessable("blurred"))
    confirm(made, "01-002", score=2)
    why = {"because": "On paper", "at": RANDOMISED_AT + timedelta(hours=30)}
    made.changing.withdraw(OLGA, "02-001", Extent.VISITS, since=RANDOMISED_AT + timedelta(hours=29), **why)
    for version, (text, because) in enumerate((("3", ""), ("4", "Misread"))):
        item = ItemCorrection("02-001", "mottling_included", version, text, because)
        made.sheets.correct(OLGA, item, at=why["at"])
    for choice, because in ((Choice.GIVEN, "On paper"), (Choice.REFUSED, "The daughter called")):
        made.consents.record(OLGA, ["02-001"], choice, because=because, at=why["at"])
    read(made, RITA, Answer.scored(1))
    read(made, RAVI, Answer.scored(4))
    yield made
    made.close()


@pytest.fixture(scope="module")
def mona(services):
    return Visit(monitor.build, services, MONA)


def lines(body: str) -> list[str]:
    found = re.findall(r"<tr data-find=.*?</tr>", body, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_the_bedside_score_is_on_the_list_and_the_committees_answer_is_not(mona):
    body = mona.see("patients")
    assert "01-001 Day 1 Complete 3" in lines(body)
    assert "01-002 Day 1 Waits for readers 2" in lines(body)
    assert not re.search(r'<th scope="col">(Committee|Outcome)<', body)


def test_no_screen_says_that_readers_differ_or_could_not_judge(mona):
    seen = "".join(mona.see(deed) for deed in ("", "completeness", "patients", "readout", "audit"))
    said = re.sub(r"<p class=\"looked\">.*?</p>", "", seen)
    assert not re.search("(?i)dispute|differ|not assessable|blurred", said)


def test_the_page_offers_looks_and_to_ask_a_site_and_no_more(mona):
    seen = "".join(mona.see(deed) for deed in _SCREENS)
    looks = {*_SCREENS[1:], "completeness", "track", "queries"}
    assert set(re.findall(r'data-do="(\w+)"', seen)) == {*looks, "query_form"}
    assert "/office/files/" not in seen
    assert "<form" not in seen


def test_each_screen_says_that_looks_are_recorded(mona):
    for deed in _SCREENS:
        assert "Each of your looks is recorded." in mona.see(deed)


def test_who_was_enrolled_is_read_with_site_and_time_on_the_site_s_clock(mona):
    seen = lines(mona.see("enrolment"))
    assert [line.split(" ")[0] for line in seen] == ["02-001", "01-002", "01-001"]
    assert all("(Europe/Paris)" in line for line in seen)


def test_what_changed_about_patients_is_read_with_its_reason(mona):
    (line,) = lines(mona.see("changes"))
    assert re.fullmatch(r"02-001 Withdrew from .* on: no further visits On paper olga .*", line)


def test_each_version_of_an_eligibility_item_is_read(mona):
    latest, first = lines(mona.see("eligibility"))
    assert latest.startswith("02-001 Mottling score when included 4 Misread olga")
    assert first.startswith("02-001 Mottling score when included 3 – olga")


def test_each_word_about_retraining_is_read_with_its_reason_and_what_it_comes_to(mona):
    screen = mona.see("consent")
    latest, first = lines(screen)
    assert latest.startswith("02-001 Refused or withdrawn The daughter called olga")
    assert first.startswith("02-001 Given On paper olga")
    assert "Given: 0. Refused: 1." in screen


def test_a_look_at_consents_stands_in_the_audit_trail_in_words(services):
    for language, said in (("en", "Consent for retraining"), ("fr", "Consentement au réentraînement")):
        mona = Visit(monitor.build, services, MONA, language)
        mona.see("consent")
        audit, consents = lines(mona.see("audit"))[:2]
        assert said in consents
        assert said not in audit


def test_frozen_outcomes_are_listed_and_as_long_as_the_read_out_is_open_without_hash_and_reason(
    services, mona
):
    assert "Nothing is frozen yet." in mona.see("frozen")
    snapshot = services.results.freeze(OLGA, because=None, at=RANDOMISED_AT + timedelta(hours=40)).snapshot
    body = mona.see("frozen")
    row = re.search(r'<tr><th scope="row".*?</tr>', body, re.DOTALL)[0]
    line = " ".join(re.sub(r"<[^>]+>", " ", row).split())
    assert re.fullmatch(rf"1 .* olga {snapshot.rows}", line)
    assert snapshot.sha256[:12] not in body
    assert "SHA-256" not in body
    assert "are shown once the read-out is closed" in body
    assert "once the read-out is closed" in mona.refused("frozen_diff", before="1", after="2")
    french = Visit(monitor.build, services, MONA, "fr")
    assert "une fois la lecture close" in french.refused("frozen_diff", before="1", after="2")
    _, pair = lines(mona.see("audit"))[:2]
    assert pair.endswith("Frozen outcome: what changed from 1 to 2")


def test_each_look_is_the_first_line_of_the_audit_trail(mona):
    mona.see("patients", site="02", standing="overdue")
    audit, patients = lines(mona.see("audit"))[:2]
    assert audit.endswith("mona Looked at by a monitor Audit trail")
    assert patients.endswith("mona Looked at by a monitor Patients, site 02: Overdue")


def test_earlier_acts_are_reached(mona):
    body, numbers = mona.see("audit"), []
    while True:
        numbers += [int(one) for one in re.findall(r'<th scope="row" class="number">(\d+)<', body)]
        older = re.search(r'data-with-before="(\d+)"', body)
        if older is None:
            break
        body = mona.see("audit", before=older[1])
    assert numbers == list(range(numbers[0], 0, -1))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_act_of_the_audit_trail_has_its_words(language):
    words = words_in(language)
    assert [kind.act for kind in KINDS.values() if not words.has(f"act.{kind.act}")] == []


def test_the_office_is_refused_the_monitors_page(services):
    olga = Visit(monitor.build, services, OLGA)
    for deed in ("completeness", *_SCREENS[1:]):
        assert "may not look at the trial" in olga.refused(deed)
