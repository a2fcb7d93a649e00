"""What can be wrong with how a page looks: by axe, by its words, by the size of its buttons, by its width."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from mottling.web.words import words_in
from tests.browser.chromium import SIZES

LEAST_TARGET_PX = 48
TWICE_AS_LARGE = (410, 590)
"""What a tablet held upright shows of a page at 200 %."""
SERIOUS = {"serious", "critical"}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""All that the dark scheme can change."""

_AXE = Axe()
_TARGETS = (
    "button, a[href], summary, select, textarea, label:has(input[type=radio], input[type=checkbox], "
    "input[type=file]), input:not([type=hidden], [type=radio], [type=checkbox], [type=file])"
)
_SMALL = """(all, least) => all
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest('[inert]'))
    .map((one) => [one, (one.closest('label') ?? one).getBoundingClientRect()])
    .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5)
    .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width.toFixed(0)}x${box.height.toFixed(0)}`)"""
_SPOKEN = """(all) => all.filter((one) => !one.closest('.languages')).flatMap((one) =>
    ['aria-label', 'placeholder', 'title', 'alt'].map((name) => one.getAttribute(name) ?? ''))"""
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Looks:
    """Looks at pages in one language, and keeps what is wrong with them."""

    language: str
    wrong: list[str] = field(default_factory=list)

    def at(self, page: Page, name: str) -> None:
        """Look at what a page shows now: in both sizes, light and dark, and at 200 %."""
        found: list[str] = []
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"dark: {fault}" for fault in _faults(page, COLOURS)]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{size}: {fault}" for fault in _faults(page, TAGS)]
            found += [f"{size}: small {one}" for one in _small_targets(page)]
        found += [f"not in this language: {text}" for text in _foreign(page, self.language)]
        found += _too_wide(page)
        page.set_viewport_size(dict(zip(("width", "height"), SIZES["tablet"], strict=True)))
        self.wrong += [f"{self.language} {name}, {one}" for one in found]


def _faults(page: Page, rules: list[str]) -> list[str]:
    """What axe finds serious or critical."""
    found = _AXE.run(page, options={"runOnly": rules}).response["violations"]
    serious = (one for one in found if one["impact"] in SERIOUS)
    return [f"{one['id']} {node['target']}" for one in serious for node in one["nodes"]]


def _small_targets(page: Page) -> list[str]:
    """What a gloved finger would miss."""
    return page.eval_on_selector_all(_TARGETS, _SMALL, LEAST_TARGET_PX)


def _foreign(page: Page, language: str) -> list[str]:
    """Texts of the other language that a page shows or reads out."""
    shown = page.locator("body").inner_text()
    spoken = page.eval_on_selector_all("[aria-label], [placeholder], [title], [alt]", _SPOKEN)
    lines = {line.strip() for line in re.split(r"[\n·]", "\n".join([shown, *spoken]))}
    return sorted(lines & _only_of({"fr": "en", "en": "fr"}[language]))


@cache
def _only_of(language: str) -> frozenset[str]:
    """Texts that only one language has; those with a place for a value are never shown as they stand."""
    own = words_in(language).texts.values()
    others = set(words_in({"fr": "en", "en": "fr"}[language]).texts.values())
    return frozenset(text for text in own if len(text) > 3 and "{" not in text and text not in others)


def _too_wide(page: Page) -> list[str]:
    """Whether a page must be moved sideways to be read, also at 200 %."""
    found = []
    for width, height in (*SIZES.values(), TWICE_AS_LARGE):
        page.set_viewport_size({"width": width, "height": height})
        if (by := page.evaluate(_WIDER)) > 0:
            found.append(f"{by} px wider than a screen of {width}")
    return found
