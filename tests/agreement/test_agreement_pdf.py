"""The report's PDF says what its HTML says, on pages that hold it, and is the same for the same report."""

import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mottling.agreement import printer, sheets
from mottling.agreement.blocks import Drawing, Table, Words, blocks_of
from mottling.agreement.figures import figures_of
from mottling.agreement.letters import letters
from mottling.agreement.printer import report_pdf
from mottling.agreement.report import report_html
from mottling.agreement.texts import texts_in
from mottling.trial.reading_rules import ReadingRules
from tests.agreement.drawn_cases import a_trial
from tests.agreement.test_agreement_report import ORIGIN

AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


def printed(html: str) -> bytes:
    return report_pdf(html, title="Agreement", language="en", made_at=AT)


@pytest.fixture(scope="module")
def html():
    figures = figures_of(a_trial(12), sites=list(ORIGIN.sites), rules=ReadingRules())
    return report_html(figures, ORIGIN, language="en")


@pytest.fixture(scope="module")
def pdf(html):
    return printed(html)


def pages_of(pdf: bytes) -> list[str]:
    """What is drawn on each page, in PDF's own operators."""
    streams = re.findall(rb"/FlateDecode[^>]*>>\nstream\n(.*?)\nendstream", pdf, re.DOTALL)
    found = [zlib.decompress(one) for one in streams]
    return [one.decode("ascii") for one in found if b" Tf" in one]


def lines_of(page: str) -> list[str]:
    """The lines of text on a page, letter by letter from its glyphs."""
    signs = {glyph: chr(code) for code, glyph in letters().glyphs.items()}
    glyphs = re.findall(r"<([0-9a-f]*)> Tj", page)
    return ["".join(signs[int(one[at : at + 4], 16)] for at in range(0, len(one), 4)) for one in glyphs]


def as_printed(text: str) -> str:
    return text.translate(sheets._INSTEAD)


def test_every_word_of_the_report_is_printed(html, pdf):
    said = []
    for block in blocks_of(html):
        if isinstance(block, Words):
            said.append(block.text)
        elif isinstance(block, Table):
            said += [cell.text for row in block.rows for cell in row.cells]
        else:
            said += [shape.text for shape in block.shapes]
    shown = " ".join(" ".join(lines_of(page)) for page in pages_of(pdf)).split()
    assert [word for text in said for word in as_printed(text).split() if word not in shown] == []
    assert "<one>" in shown
    assert "print" not in " ".join(shown).lower()


def test_everything_lies_on_its_page(pdf):
    for page in pages_of(pdf):
        places = re.findall(r"(\S+) (\S+) (?:m|l|Tm)$", page, re.MULTILINE)
        assert len(places) > 5
        assert all(0 < float(x) < sheets.WIDTH_PT and 0 < float(y) < sheets.HEIGHT_PT for x, y in places)


def test_the_warning_of_an_open_read_out_stands_in_a_box_of_its_own(pdf):
    figures = figures_of(a_trial(12), sites=list(ORIGIN.sites), rules=ReadingRules())
    first = pages_of(printed(report_html(figures, replace(ORIGIN, is_open=True), language="en")))[0]
    box = "0.992 0.953 0.918 rg"
    assert box in first
    assert not any(box in page for page in pages_of(pdf))
    assert "nobody who reads may see it" in " ".join(lines_of(first))


def test_a_heading_stands_on_the_page_of_what_it_heads(html, pdf):
    heads = {as_printed(one.text) for one in blocks_of(html) if isinstance(one, Words) and one.tag == "h2"}
    for page in pages_of(pdf):
        *_, last, _title, _number = lines_of(page)
        assert last not in heads


def test_a_table_that_is_longer_than_a_page_says_its_head_again():
    rows = "".join(f"<tr><th>Centre {n}</th><td>{n}</td></tr>" for n in range(120))
    table = (
        f"<table class='counts'><thead><tr><th>Where</th><th>n</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    pages = pages_of(printed(table))
    assert len(pages) == 3
    assert [lines_of(page).count("Where") for page in pages] == [1, 1, 1]
    assert sum(line.startswith("Centre") for page in pages for line in lines_of(page)) == 120


def test_a_wide_table_stays_within_its_page():
    cells = "".join(f"<th>a rather long heading {n}</th>" for n in range(9))
    (page,) = pages_of(printed(f"<table class='figures'><thead><tr>{cells}</tr></thead></table>"))
    ends = [float(x) for x in re.findall(r"^(\S+) \S+ l$", page, re.MULTILINE)]
    assert max(ends) <= sheets.WIDTH_PT - printer._MARGIN_PT + 1


def test_the_file_is_whole_and_every_object_lies_where_it_is_said_to(pdf):
    assert pdf.startswith(b"%PDF-1.7")
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", pdf)[1])
    assert pdf[start:].startswith(b"xref")
    used = [int(one) for one in re.findall(rb"^(\d{10}) 00000 n", pdf[start:], re.MULTILINE)]
    assert [pdf[at:].startswith(f"{n} 0 obj".encode()) for n, at in enumerate(used, start=1)].count(
        False
    ) == 0
    assert pdf.count(b"/Type /Page/") == len(pages_of(pdf))


def test_the_same_report_is_the_same_file(html, pdf):
    assert printed(html) == pdf


def test_every_letter_of_both_languages_is_among_those_that_are_shipped():
    known = letters().glyphs
    written = {
        sign for language in ("fr", "en") for text in texts_in(language).texts.values() for sign in text
    }
    missing = {sign for sign in as_printed("".join(written)) if not known.get(ord(sign)) and sign.strip()}
    assert missing == set()


def test_a_chart_comes_with_all_its_cells(html):
    drawing = next(one for one in blocks_of(html) if isinstance(one, Drawing))
    assert {shape.tag for shape in drawing.shapes} == {"rect", "text"}
    assert (drawing.width, len([shape for shape in drawing.shapes if shape.tag == "rect"])) == (392, 36)


def objects_of(pdf: bytes) -> dict[int, bytes]:
    return {int(number): data for number, data in re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL)}


def marked_on(page: str) -> dict[int, str]:
    """The text of each marked piece of a page, by its number."""
    pieces = re.findall(r"^/\w+\n<</MCID (\d+)>>\nBDC$(.*?)^EMC$", page, re.MULTILINE | re.DOTALL)
    return {int(number): " ".join(lines_of(piece)) for number, piece in pieces}


def read_out(pdf: bytes) -> list[tuple[str, str]]:
    """Each element that holds text, with what it says, in the order in which it is read out."""
    objects, pages = objects_of(pdf), pages_of(pdf)
    leaves = [number for number, data in objects.items() if b"/Type /Page/" in data]
    texts = {leaf: marked_on(page) for leaf, page in zip(leaves, pages, strict=True)}
    top = int(re.search(rb"/StructTreeRoot (\d+) 0 R", pdf)[1])
    said = []

    def walk(number: int) -> None:
        data = objects[number]
        kids = re.findall(rb"<</Type /MCR/Pg (\d+) 0 R/MCID (\d+)>>|(\d+) 0 R", data[data.index(b"/K [") :])
        pieces = [texts[int(page)][int(mark)] for page, mark, _ in kids if page]
        if pieces:
            said.append((re.search(rb"/S /(\w+)", data)[1].decode(), " ".join(pieces)))
        for _, _, kid in kids:
            if kid:
                walk(int(kid))

    walk(int(re.search(rb"/K \[(\d+) 0 R\]", objects[top])[1]))
    return said


def expected(html: str) -> list[tuple[str, str]]:
    tags = {"h1": "H1", "h2": "H2", "h3": "H3", "li": "LBody"}
    said = []
    for block in blocks_of(html):
        if isinstance(block, Words):
            said.append((tags.get(block.tag, "P"), block.text))
        elif isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row.cells]
            said += [("TH" if cell.is_head else "TD", cell.text) for cell in cells]
        else:
            said.append(("Figure", " ".join(shape.text for shape in block.shapes if shape.text)))
    return [(tag, as_printed(text)) for tag, text in said]


def test_the_structure_says_every_heading_cell_and_sentence_in_the_order_of_the_html(html, pdf):
    assert read_out(pdf) == expected(html)


def test_all_that_is_drawn_belongs_to_an_element_or_is_said_to_be_for_the_eye_only(pdf):
    for page in pages_of(pdf):
        inside = 0
        for line in page.splitlines():
            inside += line in ("BDC", "BMC")
            inside -= line == "EMC"
            assert inside in (0, 1)
            assert inside or not line.endswith((" Tj", " m", " re", " l", " c"))


def test_head_cells_say_what_they_head_and_charts_say_what_they_show(html, pdf):
    elements = [data for data in objects_of(pdf).values() if b"/Type /StructElem" in data]
    heads = [data for data in elements if b"/S /TH/" in data]
    assert heads
    assert all(re.search(rb"/Scope /(Row|Column)>>", data) for data in heads)
    charts = [data for data in elements if b"/S /Figure/" in data]
    assert len(charts) == sum(isinstance(one, Drawing) for one in blocks_of(html))
    assert all(b"/Alt" in data and b"/BBox" in data for data in charts)


def test_a_chart_is_told_by_its_title_and_every_number_in_it(html):
    drawing = next(one for one in blocks_of(html) if isinstance(one, Drawing))
    assert drawing.title
    assert drawing.told() == f"{drawing.title}: " + "; ".join(one.text for one in drawing.shapes if one.text)


def test_the_file_says_that_it_is_tagged_in_which_language_and_shows_its_title(pdf):
    catalog = next(data for data in objects_of(pdf).values() if b"/Type /Catalog" in data)
    assert b"/MarkInfo <</Marked true>>" in catalog
    assert b"/Lang (en)" in catalog
    assert b"/DisplayDocTitle true" in catalog
    assert b'<rdf:li xml:lang="x-default">Agreement</rdf:li>' in pdf


def test_a_head_that_is_said_again_on_the_next_page_is_read_out_once():
    rows = "".join(f"<tr><th>Centre {n}</th><td>{n}</td></tr>" for n in range(120))
    head = "<thead><tr><th>Where</th><th>n</th></tr></thead>"
    said = read_out(printed(f"<table class='counts'>{head}<tbody>{rows}</tbody></table>"))
    assert said.count(("TH", "Where")) == 1
    assert said[2:4] == [("TH", "Centre 0"), ("TD", "0")]
