"""Photographs in an S3 bucket, named by its URL: `s3://bucket`, or `s3://bucket/part/of/it`.

Who may use it comes from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION,
AWS_ENDPOINT_URL and what else belongs to them), never from a file of ours.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from mottling.errors import StoreRefused
from mottling.store.key_files import write_once

__all__ = ["Bucket", "BucketShelf", "Patience", "photographs_at"]

_LOG = logging.getLogger(__name__)
_NOTE = "photos.url"
_FAILED = (BaseError, OSError)
_STATUS = re.compile(r"status code: ([0-9]{3}[A-Za-z ]*)")
_URL = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9_-][A-Za-z0-9._/-]*?))?/?")


@dataclass(frozen=True)
class Patience:
    """How often, and for how long, a bucket is asked that fails or is slow."""

    retries: int = 6
    first_pause_s: float = 0.2
    """Doubled from try to try, and drawn at random below that, so that servers do not ask in step."""
    longest_pause_s: float = 5.0
    answer_s: float = 15.0
    """Of one try."""
    altogether_s: float = 40.0
    """After which no other try is made. A tablet waits a minute, keeps the photograph, and sends it again."""


_PATIENCE = Patience()


class Bucket:
    """A bucket, or a part of one. Nothing is asked of it until something is put or looked for."""

    def __init__(self, url: str, patience: Patience | None = None) -> None:
        """Name it.

        Args:
            url: Where it is.
            patience: With which it is asked.

        Raises:
            StoreRefused: The URL is none of a bucket.
        """
        found = _URL.fullmatch(url)
        if found is None:
            raise StoreRefused(
                f"{url!r} names no bucket", remedy="Write s3://bucket/prefix, and no key or password within"
            )
        self.url = url
        self._bucket, self._prefix = found[1], found[2]
        self._patience = patience or _PATIENCE

    def shelf(self, name: str) -> BucketShelf:
        """Give one shelf of it, such as `photos`."""
        patience = self._patience
        files = S3Store(
            self._bucket,
            prefix=f"{self._prefix}/{name}" if self._prefix else name,
            retry_config={
                "max_retries": patience.retries,
                "retry_timeout": timedelta(seconds=patience.altogether_s),
                "backoff": {
                    "init_backoff": timedelta(seconds=patience.first_pause_s),
                    "max_backoff": timedelta(seconds=patience.longest_pause_s),
                    "base": 2,
                },
            },
            client_options={
                "timeout": timedelta(seconds=patience.answer_s),
                # Options of our own stand in place of those that the client would take from there.
                "allow_http": os.environ.get("AWS_ALLOW_HTTP", "") == "true",
            },
        )
        return BucketShelf(files, self.url)

    def look(self) -> None:
        """Ask whether it is there and answers; nothing is changed.

        Raises:
            StoreRefused: It is not, or does not, or not to these credentials.
        """
        next(self.shelf("photos").places(), None)


class BucketShelf:
    """A shelf like that of a folder, in a bucket: a file is put whole or not at all."""

    def __init__(self, files: S3Store, url: str) -> None:
        self._files = files
        self._url = url

    def put(self, place: str, data: bytes, *, is_sound: Callable[[bytes], bool]) -> None:
        """Put bytes at a place, once; what stands there already and is sound stays.

        Args:
            place: A name, with its folders before it.
            data: What is put there.
            is_sound: Says of the bytes that stand there whether they are what belongs there.

        Raises:
            StoreRefused: The bucket did not take it, however often it was asked.
        """
        try:
            try:
                self._files.put(place, data, mode="create")
            except AlreadyExistsError:
                # Also where a try before this one was taken, and its answer was lost on the way.
                self._mend(place, data, is_sound)
        except _FAILED as error:
            raise StoreRefused(
                f"The photograph could not be stored: the bucket {_said(error)}",
                remedy="Nothing was stored: send it again in a while",
            ) from error

    def _mend(self, place: str, data: bytes, is_sound: Callable[[bytes], bool]) -> None:
        found = self.get(place)
        if found is None or not is_sound(found):
            _LOG.warning("the damaged file %s was written again", place)
            self._files.put(place, data, mode="overwrite")

    def get(self, place: str) -> bytes | None:
        """Give the bytes at a place; None when nothing stands there.

        Raises:
            StoreRefused: The bucket does not answer: what stands there is not lost.
        """
        try:
            return bytes(self._files.get(place).bytes())
        except FileNotFoundError:
            return None
        except _FAILED as error:
            raise self._no_answer(error) from error

    def remove(self, place: str) -> None:
        """Take a file away for good; nothing happens when it is not there.

        Raises:
            StoreRefused: The bucket did not do it.
        """
        try:
            self._files.delete(place)
        except FileNotFoundError:
            return
        except _FAILED as error:
            raise self._no_answer(error) from error

    def places(self, folder: str = "") -> Iterator[str]:
        """List the places where something stands, of all the shelf or of one folder on it.

        Raises:
            StoreRefused: The bucket does not answer.
        """
        try:
            for batch in self._files.list(folder or None):
                for file in batch:
                    yield str(file["path"])
        except _FAILED as error:
            raise self._no_answer(error) from error

    def has(self, place: str) -> bool:
        """Say whether something stands at a place.

        Raises:
            StoreRefused: The bucket does not answer.
        """
        try:
            self._files.head(place)
        except FileNotFoundError:
            return False
        except _FAILED as error:
            raise self._no_answer(error) from error
        return True

    def _no_answer(self, error: BaseException) -> StoreRefused:
        return StoreRefused(
            f"The bucket {self._url} does not give what was asked: it {_said(error)}",
            remedy="Run `mottling doctor`; nothing is lost, try again in a while",
        )


def photographs_at(data: Path, asked: str | None, *, note: bool = True) -> str | None:
    """Say in which bucket the photographs of a data folder are; None when they are in the folder itself.

    The folder notes it: a command that knows no settings finds them too, and nobody looks for them in another
    place because a line of the settings was changed.

    Args:
        data: The data folder, which exists.
        asked: What the settings say; None: nothing.
        note: Whether the folder is told; else nothing is changed.

    Raises:
        StoreRefused: They are elsewhere already.
    """
    path = data / _NOTE
    noted = path.read_text("utf-8").strip() if path.is_file() else None
    if asked is None or asked == noted:
        return noted
    Bucket(asked)
    if noted is not None or any(each.is_file() for each in (data / "photos").rglob("*")):
        raise StoreRefused(
            f"The photographs of {data} are in {noted or 'the folder itself'}, and the settings say {asked}",
            remedy="Correct `photos` in the settings, or back up and restore with --photos",
        )
    try:
        if note:
            write_once(path, f"{asked}\n".encode())
    except OSError as error:
        raise StoreRefused(
            f"{path} cannot be written: {error.strerror}", remedy="Correct the rights on the data folder"
        ) from error
    return asked


def _said(error: BaseException) -> str:
    """Say in a few words what the client says in many, with addresses and one line for each try."""
    _LOG.warning("the bucket: %s", str(error).partition("\n")[0])
    found = _STATUS.search(str(error))
    return f"answers {found[1].strip()}" if found else "does not answer"
