"""The key ring: a key for each patient, wrapped by the server's key. Destroying one erases its photographs.

keys/server-0001.key        32 random bytes; the highest number wraps what is new
keys/patients/OWNER.json    a patient's key, wrapped, or the note that it was destroyed
keys/lock                   held while a key is drawn, wrapped anew or destroyed

OWNER is `owner_of` the patient. A wrapped key is bound to its owner and to the number of the server's key.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from mottling.errors import ChainBroken, PhotosErased, StoreRefused
from mottling.store.key_files import KEY_BYTES, KeyFile, reach_the_disk, write_once
from mottling.store.sealing import NONCE_BYTES

__all__ = ["KeyRing", "owner_of", "shred", "were_erased"]

_FROM_A_BACKUP = "Restore the folder of keys from its backup"


def owner_of(patient: str) -> str:
    """Give the name under which a patient's files and key stand: letters that fit into any file system."""
    return hashlib.sha256(b"mottling owner 1\n" + patient.encode()).hexdigest()[:32]


class _Wrapped(BaseModel):
    """A patient's key, encrypted with the server's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    server_key: Annotated[int, Field(ge=1)]
    nonce: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
    wrapped: Annotated[str, Field(pattern=r"^[0-9a-f]{96}$")]


class _Destroyed(BaseModel):
    """What stands in place of a key that was destroyed, so that no new one is drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    destroyed: Literal[True]


_KEPT: TypeAdapter[_Wrapped | _Destroyed] = TypeAdapter(_Wrapped | _Destroyed)


class KeyRing:
    """The keys of a store. Safe to use from several threads, and beside other processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._patients = folder / "patients"

    def key_of(self, patient: str, *, draw: bool = False) -> bytes:
        """Give a patient's key.

        Args:
            patient: The number in the trial.
            draw: Whether a patient who has none yet gets one.

        Raises:
            PhotosErased: It was destroyed.
            StoreRefused: There is none, or the server's key that wraps it is missing.
            ChainBroken: It is not what was written.
        """
        owner = owner_of(patient)
        try:
            return self._unwrapped(self._kept(owner), owner)
        except PhotosErased:
            raise
        except StoreRefused:
            # There is none yet, or somebody wraps or destroys it now: settled once nobody holds the lock.
            with self.held():
                kept = self._kept(owner)
                return self._unwrapped(self._draw(owner) if kept is None and draw else kept, owner)

    def is_destroyed(self, patient: str) -> bool:
        """Say whether a patient's key was destroyed."""
        return isinstance(self._kept_or_damaged(owner_of(patient)), _Destroyed)

    def destroy(self, patient: str) -> None:
        """Destroy a patient's key for good: what it sealed can never be read again. Twice is once.

        Raises:
            StoreRefused: The disk cannot be written.
        """
        with self.held():
            owner = owner_of(patient)
            if not isinstance(self._kept_or_damaged(owner), _Destroyed):
                _overwrite(self._place(owner))
                self._write(owner, _Destroyed(destroyed=True))
            shred(self._patients.glob(f"{owner}.json.*"))

    def rotate(self) -> int:
        """Draw another key of the server, wrap every patient's key with it, destroy the old one.

        What a kill leaves half done is read as before, and done by the next rotation.

        Returns:
            How many keys were wrapped anew.

        Raises:
            ChainBroken: A key is not what was written; nothing was destroyed.
            StoreRefused: The disk cannot be written; nothing was destroyed.
        """
        with self.held():
            old = self._numbers()
            new = max(old, default=0) + 1
            self._server_key(new).read_or_draw()
            count = 0
            for owner in self._owners():
                kept = self._kept(owner)
                if isinstance(kept, _Wrapped):
                    self._write(owner, self._wrapped(self._unwrapped(kept, owner), owner, number=new))
                    count += 1
            for number in old:
                shred(self.folder.glob(f"{self._server_path(number).name}*"))
            reach_the_disk(self.folder)
        return count

    def _draw(self, owner: str) -> _Wrapped:
        numbers = self._numbers()
        if not numbers and any(isinstance(self._kept(one), _Wrapped) for one in self._owners()):
            raise StoreRefused(
                f"{self.folder} holds keys of patients and no key of the server", remedy=_FROM_A_BACKUP
            )
        number = max(numbers, default=1)
        self._server_key(number).read_or_draw()
        drawn = self._wrapped(secrets.token_bytes(KEY_BYTES), owner, number=number)
        try:
            write_once(self._place(owner), drawn.model_dump_json().encode())
        except OSError as error:
            raise _unwritable(self._place(owner), error) from error
        return drawn

    def _wrapped(self, key: bytes, owner: str, *, number: int) -> _Wrapped:
        nonce = os.urandom(NONCE_BYTES)
        with_key = AESGCM(self._server_key(number).read_or_draw())
        wrapped = with_key.encrypt(nonce, key, _bound_to(owner, number))
        return _Wrapped(server_key=number, nonce=nonce.hex(), wrapped=wrapped.hex())

    def _unwrapped(self, kept: _Wrapped | _Destroyed | None, owner: str) -> bytes:
        if isinstance(kept, _Destroyed):
            raise were_erased()
        server_key = None if kept is None else self._server_key(kept.server_key).read()
        if kept is None or server_key is None:
            missing = "key" if kept is None else "server's key"
            raise StoreRefused(
                f"The {missing} for this patient's photographs is missing", remedy=_FROM_A_BACKUP
            )
        try:
            return AESGCM(server_key).decrypt(
                bytes.fromhex(kept.nonce), bytes.fromhex(kept.wrapped), _bound_to(owner, kept.server_key)
            )
        except InvalidTag as error:
            raise _damaged(self._place(owner)) from error

    def _kept(self, owner: str) -> _Wrapped | _Destroyed | None:
        path = self._place(owner)
        try:
            return _KEPT.validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unwritable(path, error) from error
        except ValidationError as error:
            raise _damaged(path) from error

    def _kept_or_damaged(self, owner: str) -> _Wrapped | _Destroyed | None:
        """Read what is kept; a damaged key is none, and can be destroyed like any other."""
        try:
            return self._kept(owner)
        except ChainBroken:
            return None

    def _write(self, owner: str, kept: _Wrapped | _Destroyed) -> None:
        """Put a key, or a note, in place of what stands there: whole or not at all."""
        path = self._place(owner)
        aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        try:
            write_once(aside, kept.model_dump_json().encode())
            aside.replace(path)
            reach_the_disk(path.parent)
        except OSError as error:
            raise _unwritable(path, error) from error
        finally:
            aside.unlink(missing_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nobody else draw, wrap or destroy a key for a while."""
        try:
            for folder in (self.folder, self._patients):
                folder.mkdir(mode=0o700, exist_ok=True)
            reach_the_disk(self.folder.parent, self.folder)
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _place(self, owner: str) -> Path:
        return self._patients / f"{owner}.json"

    def _owners(self) -> list[str]:
        return sorted(path.stem for path in self._patients.glob("*.json"))

    def _numbers(self) -> list[int]:
        return sorted(int(path.stem.removeprefix("server-")) for path in self.folder.glob("server-*.key"))

    def _server_path(self, number: int) -> Path:
        return self.folder / f"server-{number:04d}.key"

    def _server_key(self, number: int) -> KeyFile:
        return KeyFile(
            self._server_path(number), without_it="with another key no photograph can be read again"
        )


def _bound_to(owner: str, number: int) -> bytes:
    return f"mottling patient key 1\n{owner}\n{number}".encode()


def were_erased() -> PhotosErased:
    """Say that they were, and not whose they are: a reader of the committee may be the one who asks."""
    return PhotosErased(
        "This patient's photographs were erased", remedy="Nothing is left to do with this photograph"
    )


def shred(paths: Iterable[Path]) -> None:
    """Destroy keys, and what a kill left of them beside."""
    for path in list(paths):
        _overwrite(path)
        path.unlink(missing_ok=True)


def _overwrite(path: Path) -> None:
    """Write random bytes over a file: where the disk writes in place, nothing of the key is left."""
    try:
        size_bytes = path.stat().st_size
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(size_bytes))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(path, error) from error


def _damaged(path: Path) -> ChainBroken:
    return ChainBroken(f"The key {path} is not what was written", remedy=_FROM_A_BACKUP)


def _unwritable(path: Path, error: OSError) -> StoreRefused:
    return StoreRefused(
        f"{path} cannot be used: {error.strerror}",
        remedy="Check the disk and the rights on the folder of keys",
    )
