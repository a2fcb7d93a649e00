"""What looks like the treatment arm: names of columns, and cells that say one. Neither ever comes in.

The lists err on the safe side: a column that only looks like the arm is taken out of a file in a moment, and
an arm that somebody has seen cannot be unseen.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["looks_like_arm", "says_an_arm"]

_DRUGS = frozenset(["iloprost", "ilomedine", "placebo", "saline", "verum"])
_NAMES = _DRUGS | frozenset(
    [
        "arm",
        "arms",
        "bras",
        "group",
        "groups",
        "groupe",
        "groupes",
        "treatment",
        "treatments",
        "traitement",
        "traitements",
        "alloc",
        "allocated",
        "allocation",
        "assigned",
        "assignment",
        "drug",
        "medicament",
        "produit",
        "kit",
        "blind",
        "aveugle",
        "unblinded",
        "ttt",
        "trt",
        "rx",
        "strategy",
        "intervention",
        # What CDISC calls the arm.
        "armcd",
        "actarm",
        "actarmcd",
        "trta",
        "trtp",
    ]
)
# `Bras B`, `arm 1`, `Groupe : A`: as short as what a list of choices writes.
_ONE_OF_THE_ARMS = re.compile(r"(?:arm|bras|group|groupe|treatment|traitement) ?[:#-]? ?(?:[a-z]|\d)")


def looks_like_arm(name: str) -> bool:
    """Say whether a name, such as a column's, has a word in it that speaks of the treatment arm."""
    return not _NAMES.isdisjoint(_words(name))


def says_an_arm(cell: str) -> bool:
    """Say whether a cell begins with the name of what is compared, or is one of the arms and no more."""
    plain = _plain(cell)
    return bool(_ONE_OF_THE_ARMS.fullmatch(plain)) or next(iter(_words(cell)), "") in _DRUGS


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().strip()


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^a-z]+", _plain(text)) if word]
