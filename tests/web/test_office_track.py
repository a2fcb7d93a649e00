"""The drawing of what was due and what was settled: its lines, its words, its numbers."""

import re
from datetime import timedelta

import pytest

from mottling.services.track import Tracks
from mottling.web.markup import render
from mottling.web.pages.office_track import DrawnTrack, drawn
from mottling.web.trial_words import TrialWords
from mottling.web.words import words_in
from tests.services.test_track import CHARTER, DAY, NOW, board, confirmed, randomised


def drawing_of(patients, *, language="en", **known) -> tuple[DrawnTrack, str]:
    words = TrialWords(CHARTER, words_in(language))
    found = drawn(Tracks(CHARTER).of(board(patients, **known), at=NOW), words, at=NOW)
    body = render("office_track.html", words.words, {"track": found, "visit_label": "Day 1"})
    return found, body


def corners(path: str) -> list[tuple[float, float]]:
    """The points of a path of steps."""
    x, y = (float(one) for one in re.match(r"M([\d.]+) ([\d.]+)", path).groups())
    found = [(x, y)]
    for way, value in re.findall(r"([HV])([\d.]+)", path):
        x, y = (float(value), y) if way == "H" else (x, float(value))
        found.append((x, y))
    return found


@pytest.fixture(scope="module")
def trial():
    patients = [randomised(f"0{1 + n % 2}-{n:03}", closes_ago=(n + 1) * 9 * DAY) for n in range(20)]
    photos = {one.patient: confirmed(8 * DAY, decided_ago=3 * DAY) for one in patients[:12]}
    return drawing_of(patients, photos=photos)


def test_each_line_goes_up_and_never_down_and_ends_today(trial):
    for line in trial[0].total.drawing.lines:
        points = corners(line.path)
        assert [x for x, _ in points] == sorted(x for x, _ in points)
        assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)
        assert points[-1][0] == 628


def test_the_heights_at_the_end_are_as_the_numbers(trial):
    drawing = trial[0].total.drawing
    ends = {line.name: corners(line.path)[-1][1] for line in drawing.lines}
    top, bottom = 12, 240 - 26
    assert ends["due"] == top
    assert ends["settled"] == pytest.approx(bottom - (bottom - top) * 12 / 20, abs=0.1)
    assert [line.count for line in drawing.lines] == [20, 12, 12]


def test_of_many_patients_a_line_shows_each_count_within_a_pixel():
    patients = [randomised(f"01-{n:04}", closes_ago=n * n * timedelta(minutes=1)) for n in range(1, 900)]
    line = drawing_of(patients)[0].total.drawing.lines[0]
    points = corners(line.path)
    assert len(points) < 2 * 640
    first, top, bottom, a_pixel = 900 * 900 - 1800 + 1, 12, 240 - 26, 1.1
    for n in range(1, 900, 7):
        x = 44 + (628 - 44) * (1 - n * n / first)
        drawn = min(y for at, y in points if at <= x + 1.1)
        assert drawn <= bottom - (bottom - top) * (900 - n) / 899 + a_pixel
        shown_before = [y for at, y in points if at <= x - 1.1]
        assert min(shown_before, default=bottom) >= bottom - (bottom - top) * (900 - n) / 899 - 0.1


def test_the_drawing_is_read_out_with_its_numbers(trial):
    said = "Every site: 20 due, 12 scored, 0 not done, 8 missing, 12 decided by the committee"
    assert f'role="img" aria-label="{said}"' in trial[1]


def test_the_page_answers_in_a_sentence(trial):
    assert "No, behind." in trial[1]
    assert "Of 20 patients due, 12 are settled: 60 %, where 95 % is the aim." in trial[1]


def test_each_site_has_its_drawing_and_leads_to_what_is_overdue_there(trial):
    found, body = trial
    assert [one.label for one in found.sites] == ["Centre 01", "Centre 02"]
    assert body.count("track-small") == 2
    assert 'data-do="patients" data-with-site="02" data-with-standing="overdue"' in body


def test_the_months_stand_between_the_first_day_and_today(trial):
    marks = trial[0].total.drawing.across
    assert [mark.label for mark in marks] == ["3 Dec", "1 Jan", "1 Feb", "1 Mar", "1 Apr", "1 May", "1 Jun"]
    assert [mark.at for mark in marks] == sorted(mark.at for mark in marks)


def test_colour_is_not_all_that_tells_the_lines_apart(trial):
    style = (render.__globals__["_FOLDER"].parent / "static" / "office.css").read_text("utf-8")
    dashes = re.findall(r"\.track-line\.is-(\w+) \{ stroke: var\([^)]*\);( stroke-dasharray: [\d ]+)?", style)
    assert len({dash for _, dash in dashes}) == len(dashes) == 3


def test_nothing_missing_is_the_only_thing_that_is_said_to_be_whole():
    patients = [randomised(f"01-{n:03}", closes_ago=DAY) for n in range(1000)]
    photos = {one.patient: confirmed(DAY) for one in patients[1:]}
    found, _ = drawing_of(patients, photos=photos)
    assert (found.total.percent, drawing_of(patients[1:], photos=photos)[0].total.percent) == (99, 100)


def test_before_anybody_is_due_there_is_no_drawing():
    body = drawing_of([])[1]
    assert "Nothing is due yet." in body
    assert "<svg" not in body


def test_one_patient_who_became_due_just_now_is_drawn():
    found, _ = drawing_of([randomised("01-001", closes_ago=timedelta(seconds=1))])
    assert found.total.drawing.lines[0].count == 1


def test_it_is_said_in_french():
    body = drawing_of([randomised("01-001", closes_ago=DAY)], language="fr")[1]
    assert "Non, en retard." in body
    assert "Sur 1 patients attendus, 0 sont réglés" in body
