"""Opens what a server or a command needs, and hands out the services over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mottling.services.accounts import Accounts
from mottling.services.committee import Committee
from mottling.services.office import Office
from mottling.services.release import Release
from mottling.services.ward import Ward
from mottling.settings import Settings
from mottling.trial.charter import Charter

__all__ = ["Services", "open_services"]


@dataclass(frozen=True)
class Services:
    """One service a user."""

    accounts: Accounts
    ward: Ward
    committee: Committee
    office: Office
    release: Release
    charter: Charter
    """The trial file, for what pages call its visits and reasons, and for the clocks of its sites."""
    close: Callable[[], None] = lambda: None
    """Lets go of the store: `with contextlib.closing(services)`."""


def open_services(settings: Settings, *, at: datetime, serving: bool = False) -> Services:
    """Open the store, the trial file and the model in use.

    Args:
        settings: Where everything lies.
        at: Now; the trial file is recorded when it is a new one.
        serving: Whether this is the server: only one may serve a data folder. Commands open beside it.

    Raises:
        SettingsRefused: The trial file is not understood.
        StoreRefused: The store cannot be opened.
        ModelRefused: The model in use is unknown or altered.
    """
    raise NotImplementedError
