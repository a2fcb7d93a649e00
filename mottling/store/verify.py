"""Verification: the whole chain is computed anew, and the sha256 of every photograph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass

from sqlalchemy import func, select

from mottling.store.album import Album
from mottling.store.chain import BEFORE_THE_FIRST
from mottling.store.head import ChainEnd
from mottling.store.ledger import Page
from mottling.store.schema import AUDIT, KINDS
from mottling.store.signatures import bad_meetings, bad_signatures
from mottling.store.vault import Owned, erased_patients, owned_overlays, owned_photos
from mottling.store.walk import BadRow, Walked, named_first, walk
from mottling.trial.office_records import Erasure, TrialFile
from mottling.trial.records import AssessmentRecord, Photo

__all__ = [
    "BadFile",
    "BadRow",
    "Count",
    "Findings",
    "Progress",
    "chain_end",
    "first_bad_row",
    "looks_at",
    "untold",
    "verify_ledger",
]

Progress = Callable[[int, int], None]
"""Is told how many looks were taken, and how many there are: two at a row and one at a file."""


@dataclass(frozen=True)
class BadFile:
    """A photograph or overlay that is not what was stored."""

    sha256: str
    photo_id: str
    what: str


@dataclass(frozen=True)
class Findings:
    """What was checked and what was found."""

    rows: int
    files: int
    """Photographs and overlays that were checked."""
    erased: int
    """Photographs and overlays that were erased, as the records say."""
    head: str
    """Hash of the last row: whoever notes it elsewhere can later prove that nothing before it was changed."""
    trial: str | None
    """None as long as the store has seen no trial file."""
    hashes: tuple[str, ...]
    """Of the chain's rows, the first one first."""
    bad_row: BadRow | None
    """The first one."""
    bad_files: tuple[BadFile, ...]
    orphans: tuple[str, ...]
    """Files without a record, such as a crash leaves between photograph and row: harmless, never shown."""

    @property
    def bad_file(self) -> BadFile | None:
        """The first photograph or overlay that is not what was stored."""
        return self.bad_files[0] if self.bad_files else None

    @property
    def clean(self) -> bool:
        """Whether everything is what was written."""
        return self.bad_row is None and not self.bad_files


def verify_ledger(
    page: Page, *, photos: Album, overlays: Album, progress: Progress | None = None
) -> Findings:
    """Check every row and every file.

    Args:
        page: Everything is read within it.
        photos: Where the photographs stand.
        overlays: Where the overlays stand.
        progress: Told now and then how many looks were taken, and how many there are.
    """
    # Listed before the rows are read: a photograph that arrives meanwhile is no orphan.
    on_shelves = ((photos, set(photos.places())), (overlays, set(overlays.places())))
    erased = erased_patients(page) if page.holds(KINDS[Erasure].table) else frozenset()
    owned = _owned(page)
    count = Count(progress, of=looks_at(page, pictures=sum(map(len, owned))))
    walked = walk(page, passed=count.one)
    bad_files = [
        bad
        for (album, _), each in zip(on_shelves, owned, strict=True)
        for bad in _bad_files(each, album, erased, count)
    ]
    count.end()
    gone = sum(patient in erased for each in owned for patient, _ in each)
    return Findings(
        rows=len(walked.hashes),
        files=sum(map(len, owned)) - gone,
        erased=gone,
        head=walked.hashes[-1] if walked.hashes else BEFORE_THE_FIRST,
        trial=_trial(page),
        hashes=walked.hashes,
        bad_row=_first_bad(page, walked),
        bad_files=tuple(bad_files),
        orphans=tuple(
            sorted(
                place.rpartition("/")[2]
                for (album, places), each in zip(on_shelves, owned, strict=True)
                for place in places.difference(*(album.places_of(sha, patient=one) for one, sha in each))
            )
        ),
    )


def first_bad_row(page: Page, *, count: Count | None = None) -> BadRow | None:
    """Compute the chain anew, without a look at the photographs.

    Args:
        page: Everything is read within it.
        count: Counts the looks, two at a row.
    """
    return _first_bad(page, walk(page) if count is None else walk(page, passed=count.one))


def looks_at(page: Page, *, pictures: int) -> int:
    """Say how many looks there are at a store with so many pictures: two at a row and one at a picture."""
    if not page.holds(AUDIT):
        return pictures
    rows = int(page.connection.scalar(select(func.count()).select_from(AUDIT)) or 0)
    return 2 * rows + pictures


class Count:
    """Counts what was looked at, and tells it a hundred times altogether."""

    def __init__(self, told: Progress | None, *, of: int) -> None:
        self._told = told or untold
        self._of = of
        self._every = max(1, of // 100)
        self._done = 0

    def one(self) -> None:
        """Count one look more."""
        self._done += 1
        if self._done % self._every == 0:
            self._told(min(self._done, self._of), self._of)

    def end(self) -> None:
        """Tell that nothing is left, also where the chain broke off."""
        self._told(self._of, self._of)


def untold(_done: int, _of: int) -> None:
    """Tell nobody."""


def _first_bad(page: Page, walked: Walked) -> BadRow | None:
    named = (*bad_signatures(page), *bad_meetings(page))
    signatures = (BadRow(bad.number, bad.what) for bad in named)
    on_the_way = () if walked.bad_row is None else (walked.bad_row,)
    bad_rows = [*on_the_way, *_bad_tables(page, rows=len(walked.hashes)), *signatures]
    return named_first(*bad_rows) if bad_rows else None


def chain_end(page: Page) -> ChainEnd:
    """Say how the chain ends, without computing it anew."""
    query = select(AUDIT.c.number, AUDIT.c.hash).order_by(AUDIT.c.number.desc()).limit(1)
    last = page.connection.execute(query).first()
    number, hash_ = (0, BEFORE_THE_FIRST) if last is None else (last.number, last.hash)
    return ChainEnd(_trial(page), number, hash_)


def _trial(page: Page) -> str | None:
    if not page.holds(KINDS[TrialFile].table):
        return None
    # The cell alone: a record that was changed is named by its chain, and need not be one that can be read.
    table = KINDS[TrialFile].table
    query = select(table.c.trial).order_by(table.c.number.desc()).limit(1)
    trial: str | None = page.connection.execute(query).scalar()
    return trial


def _bad_tables(page: Page, *, rows: int) -> Iterator[BadRow]:
    """Look for what the chain itself cannot show: a cut tail, triggers undone, damage."""
    ever = page.database.highest_ever(page.connection)
    if ever > rows:
        yield BadRow(rows + 1, f"is missing: there were {ever} rows")
    as_made, found = page.database.shape_as_made(), page.database.shape(page.connection)
    for name in sorted(as_made.keys() | found.keys()):
        if as_made.get(name) != found.get(name):
            yield BadRow(0, f"the table, index or trigger {name} is not as it was made")
    damage = page.database.damage(page.connection)
    if damage is not None:
        yield BadRow(0, f"the file is damaged: {damage}")


def _owned(page: Page) -> tuple[Owned, Owned]:
    """List the photographs and the overlays that the records name."""
    photos = owned_photos(page) if page.holds(KINDS[Photo].table) else {}
    return photos, owned_overlays(page) if page.holds(KINDS[AssessmentRecord].table) and photos else {}


def _bad_files(owned: Owned, album: Album, erased: Set[str], count: Count) -> Iterator[BadFile]:
    for (patient, sha256), photo_id in owned.items():
        count.one()
        found = album.hash_of(sha256, patient=patient)
        if patient in erased:
            if found is not None:
                yield BadFile(sha256, photo_id, "was erased, and can still be read")
        elif album.is_erased(patient):
            yield BadFile(sha256, photo_id, "has lost its key, and no record says that it was erased")
        elif found is None:
            yield BadFile(sha256, photo_id, "is missing or cannot be read")
        elif found != sha256:
            yield BadFile(sha256, photo_id, "is not what was stored")
