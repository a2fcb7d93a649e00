"""A program that stores photographs on a bad disk, and says of each whether it was stored; for tests alone.

`python -m tests.store.disk_worker FOLDER FIRST COUNT` prints `stored N PHOTO_ID` or `refused N SENTENCE`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mottling.errors import StoreRefused
from mottling.store.store import Store
from tests.store.acts import enrol, new_photo, own

__all__ = ["data_of", "main", "patient_of"]


def patient_of(number: int) -> str:
    """Say whose a photograph is: each has a patient, and so a key, of its own."""
    return f"01-{number:03d}"


def data_of(number: int) -> bytes:
    """Give the bytes of a photograph."""
    return f"photograph {number} ".encode() * 2000


def main(folder: Path, first: int, count: int) -> None:
    """Open the store, and store one photograph after the other, each with its own score."""
    with Store.open(folder) as store:
        for number in range(first, first + count):
            try:
                photo_id = _stored(store, number)
            except StoreRefused as error:
                click.echo(f"refused {number} {error.message}")
            else:
                click.echo(f"stored {number} {photo_id}")


def _stored(store: Store, number: int) -> str:
    patient = patient_of(number)
    if store.ward.find_patient(patient) is None:
        enrol(store, patient)
    photo = store.ward.add_photo(new_photo(patient, data=data_of(number), key=f"key {number}"))
    steps = store.ward.photo(photo.photo_id)
    if steps is None or steps.own is None:
        store.ward.lock_own_score(own(photo.photo_id))
    return photo.photo_id


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
