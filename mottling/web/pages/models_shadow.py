"""What the page of the models shows of a challenger that scores silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mottling.agreement.intervals import Estimate
from mottling.services.accounts import User
from mottling.services.shadow import Shadow
from mottling.services.shadow_agreement import ShadowFigures
from mottling.web.words import Words

__all__ = ["ShadowRow", "shadow_values"]

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class ShadowRow:
    """One site, or all, in the words of the page."""

    site: str
    photographs: int
    scored_by_both: int
    exact: str
    kappa: str
    difference: str
    only_in_use: int
    only_shadow: int


def shadow_values(shadow: Shadow, user: User, name: str, words: Words) -> Mapping[str, object]:
    """Give what the template needs: who scores silently, and how alike the chosen model has scored."""
    state = shadow.state(user)
    found = shadow.agreement(user, name) if name else None
    rows = [] if found is None else [_row(one, words) for one in (found.all, *found.by_site)]
    return {
        "shadow": state,
        "shadow_at": "" if state is None else _at(state.at, words),
        "shadow_rows": rows,
    }


def _at(at: datetime, words: Words) -> str:
    return words.clock(at, _UTC)


def _row(figures: ShadowFigures, words: Words) -> ShadowRow:
    return ShadowRow(
        site=figures.site or words.say("models.shadow.all"),
        photographs=figures.photographs,
        scored_by_both=figures.scored_by_both,
        exact=_said(figures.exact, words),
        kappa=_said(figures.kappa, words),
        difference=_said(figures.difference, words),
        only_in_use=figures.only_in_use,
        only_shadow=figures.only_shadow,
    )


def _said(estimate: Estimate, words: Words) -> str:
    """Write a figure with its interval, or what there is of it."""
    if estimate.value is None:
        return "–"
    text = f"{estimate.value:.2f}"
    if estimate.low is not None and estimate.high is not None:
        text += f" ({estimate.low:.2f} – {estimate.high:.2f})"
    return text.replace(".", ",") if words.language == "fr" else text
