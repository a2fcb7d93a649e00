"""Opens the demo: made once in a folder of its own, found there the next time."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from mottling.demo.make import fill
from mottling.demo.passwords import DemoUser, read_passwords, write_passwords
from mottling.errors import SettingsRefused
from mottling.services.made_photographs import read_made_photos
from mottling.services.opening import open_services
from mottling.settings import Settings

__all__ = ["prepare_demo"]

# Before the first act of the plan.
_TRIAL_BEGAN_AGO = timedelta(days=7)


def prepare_demo(settings: Settings, photos: Path, *, at: datetime) -> tuple[DemoUser, ...]:
    """Make the demo in the data folder, unless it is there already; gives the users to sign in as.

    Args:
        settings: Its data folder is the demo's.
        photos: Folder with photographs and `manifest.json`.
        at: Now; the demo's past lies before it.

    Raises:
        SettingsRefused: The data folder holds something that is no demo, or the photographs are missing.
        ModelRefused: No model is in use, or it was altered.
        StoreRefused: The folder cannot be used.
    """
    folder = settings.data
    kept = read_passwords(folder)
    if kept is not None:
        return kept
    if folder.exists() and any(folder.iterdir()):
        raise SettingsRefused(f"{folder} is not empty and holds no demo", remedy="Name another folder")
    # Made aside, so that a demo that was stopped half-way is never taken for a whole one.
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    album = read_made_photos(photos)
    made_aside = settings.model_copy(update={"data": partial})
    # As a server, so that a model that cannot be used is said before thirty patients are made without it.
    with closing(open_services(made_aside, at=at - _TRIAL_BEGAN_AGO, serving=True)) as services:
        users = fill(services, album, now=at)
    write_passwords(partial, users)
    if folder.exists():
        folder.rmdir()
    partial.rename(folder)
    return users
