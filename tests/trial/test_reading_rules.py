"""The rules of reading are data, and rules that contradict each other are refused with a sentence."""

import pytest

from mottling.errors import SettingsRefused
from mottling.trial.charter import read_charter
from tests.house import charter_text


def _read(tmp_path, *pairs):
    text = charter_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "trial.toml"
    path.write_text(text, encoding="utf-8")
    return read_charter(path).charter.reading


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "readers_per_photo = 2",
            "readers_per_photo = 1",
            "reading: third_reader is for readers who differ, and readers_per_photo = 1 has one",
        ),
        ("differ_by = 1", "differ_by = 2", "with differ_by = 2 .* counts does not say which"),
        ('at_least = "differ"', 'at_least = "reached"', "and at_least = 'reached' two readings can agree"),
        (
            "differ_by = 1",
            'differ_by = 1\ncounts = "higher"',
            "counts = 'higher' chooses between .* there are none",
        ),
        ("differ_by = 1", "differ_by = 0", "reading.differ_by: Input should be greater than or equal to 1"),
        (
            'third_reader = "decides"',
            'third_reader = "averages"',
            "reading.third_reader: Input should be 'decides', 'joins' or 'meeting'",
        ),
        ('closes = "all_signed"', 'closes = "someday"', "reading.closes: Input should be 'all_read'"),
        ('model = "silent"', 'model = "second_look"', "needs second_look_from: how many scores apart"),
        ('model = "silent"', "second_look_from = 2", "and model = 'silent' has none"),
        ('model = "silent"', 'model = "decides"', "reading.model: Input should be 'silent' or 'second_look'"),
        ("batch_size = 40", "batch_size = 40\nfourth_reader = 1", "reading.fourth_reader is an unknown key"),
    ],
)
def test_rules_that_contradict_each_other_or_that_nobody_knows_are_refused(tmp_path, old, new, said):
    with pytest.raises(SettingsRefused, match=said):
        _read(tmp_path, (old, new))


def test_a_wider_tolerance_names_the_reading_that_counts(tmp_path):
    rules = _read(tmp_path, ("differ_by = 1", 'differ_by = 2\ncounts = "higher"'))
    assert (rules.differ_by, rules.counts) == (2, "higher")


@pytest.mark.parametrize(("says", "meets"), [("decides", False), ("joins", True), ("meeting", True)])
def test_the_trial_file_says_whether_the_committee_ever_meets(tmp_path, says, meets):
    rules = _read(tmp_path, ('third_reader = "decides"', f'third_reader = "{says}"'))
    assert rules.holds_meetings is meets
