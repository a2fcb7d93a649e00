"""What the widgets of `templates/widgets.html` send: the fields of an answer."""

from __future__ import annotations

from typing import Literal

from mottling.errors import RecordRefused
from mottling.services.views import Answer
from mottling.web.forms import Form

__all__ = ["AnswerFields"]


class AnswerFields(Form):
    """The fields of the widget `answer`: a score tile, "at least", or not assessable with its reason."""

    score: Literal["0", "1", "2", "3", "4", "5", "none"]
    """`none` is not assessable."""
    at_least: bool = False
    reason: str = ""

    def answer(self) -> Answer:
        """Give the answer.

        Raises:
            RecordRefused: Not assessable, and no reason was chosen.
        """
        if self.score != "none":
            value = int(self.score)
            return Answer.at_least(value) if self.at_least else Answer.scored(value)
        if not self.reason:
            raise RecordRefused(
                "Not assessable needs a reason", remedy="Choose why the photograph cannot be judged"
            )
        return Answer.not_assessable(self.reason)
