"""Every error that Mottling raises on purpose.

MottlingError
├── PhotoRefused        the bytes are no photograph that can be read
├── ModelRefused        a model is unknown, altered or of another contract
├── SettingsRefused     a settings or trial file says what nobody understands
├── StoreRefused        the store cannot take or give what was asked
│   ├── Conflict        the record exists already, or was changed meanwhile
│   ├── StoreBusy       another server holds this store
│   ├── SchemaTooNew    the store was written by a later version
│   ├── PhotosErased    a patient's photographs were erased, and cannot be read again
│   └── ChainBroken     a stored row or photograph is not what was written
├── NotAllowed          this person may not do this
├── SignInRefused       wrong name or password, or too many tries
├── RecordRefused       a value breaks a rule of the trial
├── ExportRefused       nothing was exported, and why
├── TrainingRefused     a set, a run or a checkpoint cannot be used
└── ClusterRefused      work cannot be spread over processes or machines

A person reads each: what was wrong with the value that was met, and what to do.
"""

from functools import partial

__all__ = [
    "ChainBroken",
    "ClusterRefused",
    "Conflict",
    "ExportRefused",
    "ModelRefused",
    "MottlingError",
    "NotAllowed",
    "PhotoRefused",
    "PhotosErased",
    "RecordRefused",
    "SchemaTooNew",
    "SettingsRefused",
    "SignInRefused",
    "StoreBusy",
    "StoreRefused",
    "TrainingRefused",
]


class MottlingError(Exception):
    """Something a person gave, or a file held, cannot be used."""

    def __init__(self, message: str, *, remedy: str) -> None:
        """Say what was wrong and what to do.

        Args:
            message: What was wrong, with the value that was met. No full stop.
            remedy: What the person can do about it. No full stop.
        """
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}. {self.remedy}."

    def __reduce__(self) -> tuple[object, ...]:
        # An error that a worker process raises must reach the process that waits for it.
        return partial(type(self), self.message, remedy=self.remedy), ()


class PhotoRefused(MottlingError):
    """The bytes are no photograph that can be read."""


class ModelRefused(MottlingError):
    """A model is unknown, altered or of another contract."""


class SettingsRefused(MottlingError):
    """A settings or trial file says what nobody understands."""


class StoreRefused(MottlingError):
    """The store cannot take or give what was asked."""


class Conflict(StoreRefused):
    """The record exists already, or was changed meanwhile."""


class StoreBusy(StoreRefused):
    """Another server holds this store."""


class SchemaTooNew(StoreRefused):
    """The store was written by a later version."""


class PhotosErased(StoreRefused):
    """A patient's photographs were erased, and cannot be read again."""


class ChainBroken(StoreRefused):
    """A stored row or photograph is not what was written."""


class NotAllowed(MottlingError):
    """This person may not do this."""


class SignInRefused(MottlingError):
    """Wrong name or password, or too many tries."""


class RecordRefused(MottlingError):
    """A value breaks a rule of the trial."""


class ExportRefused(MottlingError):
    """Nothing was exported, and why."""


class TrainingRefused(MottlingError):
    """A set, a run or a checkpoint cannot be used."""


class ClusterRefused(MottlingError):
    """Work cannot be spread over processes or machines."""
