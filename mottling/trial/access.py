"""Who may do what. What a role is not given here, it may not do."""

from __future__ import annotations

from enum import StrEnum

from mottling.errors import NotAllowed

__all__ = ["Act", "Role", "belongs_to_a_site", "may", "require"]


class Role(StrEnum):
    """What somebody does in the trial; one user has one."""

    WARD = "ward"
    """Photographs and scores the patients of one site."""
    READER = "reader"
    """Reads photographs for the committee, blinded to everything else."""
    OFFICE = "office"
    """Enrols, follows completeness and exports."""
    ENGINEER = "engineer"
    """Releases models; sees no patient."""
    ADMINISTRATOR = "administrator"
    """Invites users, locks and withdraws them; sees no patient."""
    COORDINATOR = "coordinator"
    """Runs the committee's read-out: who reads, how far, and when it is closed; sees no answer."""
    MONITOR = "monitor"
    """Reads what the office has, as far as it does not unblind, and asks sites; changes nothing else."""


class Act(StrEnum):
    """What a service asks leave for."""

    WORK_ON_WARD = "photograph and score patients"
    READ_BLINDED = "read photographs for the committee"
    ENROL = "enrol patients"
    SEE_OUTCOME = "see completeness and outcome"
    EXPORT = "export records"
    ASK_SITE = "ask a site"
    CLOSE_QUERY = "close a query"
    ERASE = "erase photographs"
    CLOSE_READOUT = "close the read-out or open it again"
    SEE_READOUT = "see how far the readers are"
    RUN_READOUT = "take photographs back from readers"
    SEE_AGREEMENT = "see how alike readings are"
    SEE_MODELS = "see the models"
    RELEASE_MODEL = "release a model"
    MANAGE_USERS = "add or disable users"
    MONITOR = "look at the trial without changing it"


_OF_A_ROLE: dict[Role, frozenset[Act]] = {
    Role.WARD: frozenset({Act.WORK_ON_WARD}),
    Role.READER: frozenset({Act.READ_BLINDED}),
    Role.OFFICE: frozenset(
        {
            Act.ENROL,
            Act.SEE_OUTCOME,
            Act.EXPORT,
            Act.ASK_SITE,
            Act.CLOSE_QUERY,
            Act.ERASE,
            Act.CLOSE_READOUT,
            Act.SEE_AGREEMENT,
            Act.SEE_MODELS,
            Act.RELEASE_MODEL,
        }
    ),
    Role.ENGINEER: frozenset({Act.SEE_MODELS, Act.RELEASE_MODEL}),
    Role.ADMINISTRATOR: frozenset({Act.MANAGE_USERS}),
    Role.COORDINATOR: frozenset({Act.SEE_READOUT, Act.RUN_READOUT, Act.CLOSE_READOUT}),
    Role.MONITOR: frozenset({Act.MONITOR, Act.SEE_READOUT, Act.ASK_SITE}),
}


def may(role: Role, act: Act) -> bool:
    """Say whether a role may do something."""
    return act in _OF_A_ROLE[role]


def require(role: Role, act: Act) -> None:
    """Refuse what a role may not do.

    Raises:
        NotAllowed: It may not.
    """
    if not may(role, act):
        raise NotAllowed(
            f"The role {role.value!r} may not {act.value}",
            remedy="Sign in as somebody who may, or ask the office",
        )


def belongs_to_a_site(role: Role) -> bool:
    """Say whether a user of this role works at one site, or (False) for the whole trial."""
    return role is Role.WARD
