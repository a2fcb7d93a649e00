"""The albums: photographs, and overlays, each sealed with the key of its patient.

photos/OWNER/SHA256      sealed; the sha256 is of the bytes as they came, and is what the records name
photos/AB/SHA256         as it came, from before there were keys: read as ever, sealed by `rotate-keys`
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from mottling.errors import ChainBroken, StoreRefused
from mottling.store.bucket import Bucket
from mottling.store.keyring import KeyRing, owner_of, were_erased
from mottling.store.sealing import seal, unseal
from mottling.store.shelf import Shelf

__all__ = ["Album"]

_PLACE = re.compile(r"(?:[0-9a-f]{2}|[0-9a-f]{32})/[0-9a-f]{64}")


class Album:
    """One kind of picture of all patients."""

    def __init__(self, folder: Path, keys: KeyRing, bucket: Bucket | None = None) -> None:
        """Open an album.

        Args:
            folder: Where the pictures stand; its name is the album's.
            keys: What they are sealed with.
            bucket: Where they stand instead; the folder is then not made.
        """
        self.name = folder.name
        self._shelf = Shelf(folder) if bucket is None else bucket.shelf(folder.name)
        self._keys = keys

    def put(self, data: bytes, *, patient: str) -> str:
        """Seal and keep a picture, through to the disk; gives its sha256. Twice the same is once.

        Raises:
            PhotosErased: This patient's pictures were erased.
            StoreRefused: The disk is full or cannot be written; the album is as it was.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        place = _sealed(sha256, patient)
        key = self._keys.key_of(patient, draw=True)
        self._shelf.put(
            place,
            seal(data, key, name=self._name(place)),
            is_sound=lambda found: unseal(found, key, name=self._name(place)) == data,
        )
        return sha256

    def get(self, sha256: str, *, patient: str) -> bytes:
        """Give a picture's bytes as they came.

        Raises:
            PhotosErased: They were erased.
            ChainBroken: They are missing, or not those that were put here.
            StoreRefused: The key that they are sealed with is missing.
        """
        if self.is_erased(patient):
            raise were_erased()
        data = self._read(sha256, patient)
        if data is None:
            raise ChainBroken(
                f"The file {sha256} cannot be read",
                remedy="Run `mottling verify` and restore it from a backup",
            )
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ChainBroken(
                f"The file {sha256} is not what was stored",
                remedy="Run `mottling verify` and restore it from a backup",
            )
        return data

    def _read(self, sha256: str, patient: str) -> bytes | None:
        """Read what stands there; bytes that cannot be unsealed are given as they are, and fit no sha256."""
        place = _sealed(sha256, patient)
        for _ in range(2):  # between two looks a picture may be sealed and its plain file taken away
            found = self._shelf.get(place)
            if found is not None:
                unsealed = unseal(found, self._keys.key_of(patient), name=self._name(place))
                return found if unsealed is None else unsealed
            plain = self._shelf.get(_plain(sha256))
            if plain is not None:
                return plain
        return None

    def hash_of(self, sha256: str, *, patient: str) -> str | None:
        """Compute anew what a picture's bytes hash to; None when it is missing, erased or cannot be read."""
        if self.is_erased(patient):
            return None
        try:
            data = self._read(sha256, patient)
        except StoreRefused:
            return None
        return None if data is None else hashlib.sha256(data).hexdigest()

    def copy_at(self, place: str) -> bytes | None:
        """Give what stands at a place, sealed as it is; None when nothing does."""
        return self._shelf.get(place)

    def put_copy(self, place: str, sealed: bytes) -> None:
        """Put back what `copy_at` gave.

        Raises:
            StoreRefused: It cannot be written.
        """
        self._shelf.put(place, sealed, is_sound=lambda found: found == sealed)

    def is_erased(self, patient: str) -> bool:
        """Say whether the key of a patient was destroyed."""
        return self._keys.is_destroyed(patient)

    def places(self) -> Iterator[str]:
        """List where pictures stand; what a torn write left beside them is not listed."""
        return (place for place in self._shelf.places() if _PLACE.fullmatch(place))

    def places_of(self, sha256: str, *, patient: str) -> tuple[str, str]:
        """Say where a picture may stand: sealed, or as it came."""
        return _sealed(sha256, patient), _plain(sha256)

    def is_plain(self, sha256: str) -> bool:
        """Say whether a picture stands here as it came, from before there were keys."""
        return self._shelf.has(_plain(sha256))

    def seal(self, sha256: str, *, patient: str) -> None:
        """Seal a picture that stands here as it came; the plain file stays until it is removed.

        Raises:
            ChainBroken: It is not what was stored.
        """
        self.put(self.get(sha256, patient=patient), patient=patient)

    def remove_plain(self, sha256: str) -> None:
        """Take away a picture as it came: every patient whose it is has it sealed, or erased."""
        self._shelf.remove(_plain(sha256))

    def remove_all_of(self, patient: str) -> None:
        """Take away what is sealed with a patient's key."""
        for place in list(self._shelf.places(owner_of(patient))):
            self._shelf.remove(place)

    def _name(self, place: str) -> str:
        return f"{self.name}/{place}"


def _sealed(sha256: str, patient: str) -> str:
    return f"{owner_of(patient)}/{sha256}"


def _plain(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
