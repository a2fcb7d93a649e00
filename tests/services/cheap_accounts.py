"""Accounts over a store whose passwords are as cheap as argon2 can be: what is tested is not their cost."""

from __future__ import annotations

from argon2 import PasswordHasher

from mottling.services.accounts import Accounts
from mottling.services.invitations import Invitations
from mottling.services.passwords import Passwords
from mottling.settings import SignInLimits
from mottling.shipped import shipped
from mottling.store.store import Store
from mottling.trial.charter import read_charter


def accounts_of(store: Store) -> Accounts:
    """Give the accounts of a trial by the shipped trial file."""
    charter = read_charter(shipped("configs") / "trials" / "i-micro.toml").charter
    return Accounts(store.users, charter, SignInLimits(), _passwords())


def invitations_of(store: Store) -> Invitations:
    """Give the invitations of the same trial."""
    return Invitations(store.invitations, accounts_of(store), _passwords(), SignInLimits())


def _passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
