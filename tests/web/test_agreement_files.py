"""The office's two buttons for the agreement report: a PDF and an HTML file, once the read-out is closed."""

import pytest

from mottling.services.views import Answer
from mottling.trial.committee_records import ReadoutAct, ReadoutChange
from tests.house import OLGA, RANDOMISED_AT, RAVI, RITA, confirm, read
from tests.web_house import web_house


@pytest.fixture
def office(tmp_path):
    """Olga, and a trial with one photograph that two have read."""
    with web_house(tmp_path) as house:
        confirm(house.services, score=3)
        for reader in (RITA, RAVI):
            read(house.services, reader, Answer.scored(2))
        yield house.enter(OLGA), house.services.office._store.office


def test_the_report_is_refused_while_the_read_out_is_open_and_given_in_two_kinds_when_it_is_closed(office):
    olga, book = office
    refused = olga.get("/office/files/agreement.pdf", headers={"Accept-Language": "en"})
    assert refused.status_code >= 400
    assert "The read-out is open" in refused.text
    book.change_readout(
        ReadoutChange(kind=ReadoutAct.CLOSED, meaning="All are read", by="olga", at=RANDOMISED_AT)
    )
    pdf = olga.get("/office/files/agreement.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-type"] == "application/pdf"
    html = olga.get("/office/files/agreement.html", headers={"Accept-Language": "fr"})
    assert '<html lang="fr">' in html.text
    assert "attachment" in html.headers["content-disposition"]
    assert olga.get("/office/files/agreement.exe").status_code in (403, 404)
    exported = [one.subject for one in book.audit() if one.act == "exported"]
    assert exported == ["agreement.pdf", "agreement.html"]
