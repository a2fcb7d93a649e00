"""The rules of reading are data, and rules that contradict each other are refused with a sentence."""

import pytest
from pydantic import ValidationError

from mottling.errors import SettingsRefused
from mottling.trial.charter import read_charter
from mottling.trial.reading_rules import ReaderScope, ReaderUse, ReadingRules
from tests.house import charter_text

READER = '[[reading.readers]]\nname = "rita"\n'


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
        ('model = "silent"', 'model = "decides"', "reading.model: Input should be 'silent', 'after_lock' or"),
        ('model = "silent"', 'model = "after_lock"', "needs model_shown_counts: before or after"),
        ('model = "silent"', 'model_shown_counts = "after"', "with model = 'silent' they do not"),
        ("batch_size = 40", f"batch_size = 40\n{READER}{READER}", "the reader 'rita' has two blocks"),
        (
            "batch_size = 40",
            f'batch_size = 40\n{READER}keeps_from = ["99"]',
            "'99', which is none of the sites",
        ),
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


def test_nobody_reads_as_the_third_where_there_is_no_third():
    rosa = (ReaderScope(name="rosa", reads=ReaderUse.THIRD),)
    with pytest.raises(ValidationError, match="'rosa' reads where others differ, and by these rules nobody"):
        ReadingRules(third_reader="meeting", readers=rosa)


def test_a_reader_without_a_block_reads_everything(tmp_path):
    rules = _read(tmp_path, ("batch_size = 40", f'batch_size = 40\n{READER}keeps_from = ["01"]'))
    assert rules.scope_of("rita").keeps_from == ("01",)
    assert rules.scope_of("ravi") == ReaderScope(name="ravi")
