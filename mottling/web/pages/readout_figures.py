"""How far the committee and its readers are, in the words of a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mottling.services.coordination import ReaderLine, ReadoutProgress
from mottling.web.trial_words import TrialWords
from mottling.web.words import words_in

__all__ = ["GivenRow", "ReaderRow", "readout_values"]


@dataclass(frozen=True)
class ReaderRow:
    """One reader, ready to show."""

    line: ReaderLine
    training: str
    last_read: str
    """Empty before the first reading."""
    waiting: str
    """Since when the oldest photograph waits; empty where none does."""
    late: str
    """By how many days; empty where nothing is late."""
    reminder: str
    """A text to send, in the trial's language; empty where nothing is to be read or signed."""


@dataclass(frozen=True)
class GivenRow:
    """A photograph that waits with a reader, ready to show."""

    reading_id: str
    reader: str
    since: str
    ago: str
    late: str
    """By how many days; empty where it is not."""


def readout_values(found: ReadoutProgress, trial_words: TrialWords, *, at: datetime) -> Mapping[str, object]:
    """Give what the template of the read-out shows."""
    clock = trial_words.clock(None, at=at)
    last = found.state.last
    return {
        "found": found,
        "readers": [_reader(line, found, trial_words, at=at) for line in found.readers],
        "late_after": trial_words.words.say("readout.late.after", {"days": found.late_after.days}),
        "given": [
            GivenRow(
                reading_id=one.reading_id,
                reader=one.reader,
                since=clock.moment(one.given_at),
                ago=clock.ago(one.given_at),
                late=_late(found.days_late(one.given_at, at=at), trial_words),
            )
            for one in found.given
        ],
        "last": None if last is None else {"by": last.by, "at": clock.moment(last.at)},
        "today": clock.today(),
    }


def _reader(line: ReaderLine, found: ReadoutProgress, trial_words: TrialWords, *, at: datetime) -> ReaderRow:
    clock = trial_words.clock(None, at=at)
    since = line.oldest
    return ReaderRow(
        line=line,
        training=_training(line, trial_words),
        last_read="" if line.last_read_at is None else clock.moment(line.last_read_at),
        waiting="" if since is None else clock.ago(since),
        late=_late(found.days_late(since, at=at), trial_words),
        reminder=_reminder(line, trial_words),
    )


def _late(days: int, trial_words: TrialWords) -> str:
    return trial_words.words.say("readout.late.by", {"days": days}) if days else ""


def _training(line: ReaderLine, trial_words: TrialWords) -> str:
    training = line.training
    if not training.cases:
        return ""
    state = "done" if training.is_qualified else "failed" if training.has_failed else "open"
    values = {"right": training.right, "read": training.read, "of": training.cases}
    return trial_words.words.say(f"readout.training.{state}", values)


def _reminder(line: ReaderLine, trial_words: TrialWords) -> str:
    """Write a text for a reader: how much waits, and nothing of whom or of what others said."""
    say, progress = words_in(trial_words.charter.languages[0]).say, line.progress
    if not (progress.to_read or progress.read_in_batch):
        return ""
    values = {
        "name": line.name,
        "trial": trial_words.charter.trial,
        "n": progress.to_read,
        "unsigned": progress.read_in_batch,
    }
    return say("readout.reminder.text", values)
