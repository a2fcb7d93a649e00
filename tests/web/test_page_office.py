"""The office's page over real services."""

import base64
import re
from contextlib import closing

import pytest

from mottling.services.office_tables import TABLES
from mottling.services.views import Answer
from mottling.trial.committee_records import ReadoutAct, ReadoutChange
from mottling.web.office_files import FORMATS
from mottling.web.pages import office
from tests.house import NINA, OLGA, RANDOMISED_AT, RAVI, RITA, confirm, open_house, read, take
from tests.page_visits import Visit

HEADER = "patient,site,randomised_at\n"


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    """A trial: 01-001 has a verdict, 01-002 a photograph, 02-001 nothing."""
    made = open_house(tmp_path_factory.mktemp("office"))
    confirm(made, "01-001", score=2)
    for reader in (RITA, RAVI):
        read(made, reader, Answer.scored(2))
    take(made, "01-002")
    yield made
    made.close()


@pytest.fixture(scope="module")
def olga(services):
    return Visit(office.build, services, OLGA)


def sent(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def lines(body: str) -> list[str]:
    """The lines of the table, as text."""
    found = re.findall(r"<tr data-find=.*?</tr>", body, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_the_first_page_counts_the_endpoint_over_every_site(olga):
    body = olga.see()
    assert "Day 1 · Photograph" in body
    assert re.search(r"Day 1 · Photograph</p>\s*<p class=\"glance-number\"><b>2</b> <span>/ 3<", body)
    assert re.search(r"Day 1 · Committee</p>\s*<p class=\"glance-number\"><b>1</b> <span>/ 3<", body)


def test_each_site_has_its_name_and_its_visits(olga):
    body = olga.see()
    assert [name for name in ("Centre 01", "Centre 02", "Centre 03") if name in body] == [
        "Centre 01",
        "Centre 02",
        "Centre 03",
    ]


def test_the_chart_has_a_bar_for_every_site_with_patients_under_that_of_all(olga):
    bars = re.findall(
        r'class="bar-label">([^<]*)<.*?aria-label="([^"]*)".*?<b>(\d+)</b>/(\d+)', olga.see(), re.DOTALL
    )
    assert bars[0] == ("Every site", "Complete 1, On the ward 1, Overdue 1", "1", "3")
    assert [one[0] for one in bars[1:]] == ["Centre 01", "Centre 02"]


def test_the_pieces_of_a_bar_fill_it(olga):
    total = re.search(r'<svg class="bar-pieces".*?</svg>', olga.see(), re.DOTALL)[0]
    widths = [float(one) for one in re.findall(r'width="([\d.]+)"', total)]
    assert sum(widths) == pytest.approx(100, abs=0.1)


def test_patients_are_listed_with_their_outcome(olga):
    assert "01-001 Day 1 Complete 2 2 2" in lines(olga.see("patients"))


def test_patients_are_looked_at_by_how_far_they_have_come(olga):
    assert [one[:6] for one in lines(olga.see("patients", standing="on_ward"))] == ["01-002"]


def test_patients_are_looked_at_by_site(olga):
    assert {one[:2] for one in lines(olga.see("patients", site="02"))} == {"02"}


def test_a_standing_that_nobody_knows_is_refused(olga):
    assert "not understood" in olga.refused("patients", standing="dead")


def test_each_table_and_each_format_is_offered_by_a_button(olga):
    offered = re.findall(r'href="/office/files/([\w-]+)"', olga.see("files"))
    assert offered == [*TABLES, *FORMATS]
    assert offered[-1] == "archive"


def test_the_agreement_report_is_offered_while_the_read_out_is_closed(olga, services):
    reports = re.compile(r'href="/office/files/agreement\.(\w+)"')
    offered = [reports.findall(olga.see("files"))]
    for act in (ReadoutAct.CLOSED, ReadoutAct.REOPENED):
        change = ReadoutChange(kind=act, meaning="All are read", by="olga", at=RANDOMISED_AT)
        services.office._store.office.change_readout(change)
        offered.append(reports.findall(olga.see("files")))
    assert offered == [[], ["pdf", "html"], []]


def test_a_dry_run_names_every_line_with_a_problem_and_offers_nothing(olga):
    body = olga.see(
        "check", data=sent(f"{HEADER}1-1,01,2026-03-02T09:00+01:00\n01-050,09,2026-03-02T09:00+01:00\n")
    )
    assert "Lines to correct: 2" in body
    assert re.findall(r'<th scope="row" class="number">(\d+)<', body) == ["2", "3"]
    assert 'data-do="enrol"' not in body


def test_a_dry_run_stores_nobody_and_enrolling_does(tmp_path):
    data = sent(f"{HEADER}01-060,01,2026-03-02T09:00+01:00\n")
    with closing(open_house(tmp_path)) as services:
        olga = Visit(office.build, services, OLGA)
        assert "Enrol (1)" in olga.see("check", data=data)
        assert "01-060" not in str(services.ward.today(NINA, at=RANDOMISED_AT))
        assert "Patients enrolled: 1." in olga.see("enrol", data=data)
        assert "01-060" in str(services.ward.today(NINA, at=RANDOMISED_AT))


def test_a_file_that_carries_the_arm_is_refused_whole(olga):
    data = sent("patient,site,randomised_at,arm\n01-070,01,2026-03-02T09:00+01:00,A\n")
    assert "looks like the treatment arm" in olga.refused("check", data=data)


def test_what_is_no_file_is_refused(olga):
    assert "did not arrive whole" in olga.refused("check", data="no base64")
