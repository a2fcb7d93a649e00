"""What the terminal says when the demo has started."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mottling.demo.passwords import DemoUser
from mottling.demo.people import SHOWN
from mottling.trial.access import Role

__all__ = ["notice"]

_WORK = {
    Role.WARD: "photographs and scores patients on the ward of site {site}",
    Role.READER: "reads photographs for the committee, blinded",
    Role.OFFICE: "runs the trial office: completeness, outcome, models",
    Role.COORDINATOR: "runs the committee's read-out, and sees no answer",
    Role.MONITOR: "looks at what does not unblind, and changes nothing",
    Role.ADMINISTRATOR: "invites, locks and withdraws users",
}


def notice(users: Sequence[DemoUser], *, address: str, folder: Path) -> str:
    """Say where to click first, as whom, and that all of it is made up.

    Args:
        users: With their passwords.
        address: Where the pages are.
        folder: Where the demo lies.
    """
    who = {user.name: user for user in SHOWN}
    lines = [
        f"  {one.name:<6}{one.password}   {_WORK[who[one.name].role].format(site=who[one.name].site)}"
        for one in users
    ]
    return "\n".join(
        [
            "",
            f"The demo is ready: open {address} and sign in as {users[0].name} first.",
            "On her ward's list, choose the patient at the top and take or choose a photograph.",
            "",
            *lines,
            "",
            "Patients, photographs and scores are made up. Research software: not for treatment decisions.",
            f"Everything lies in {folder}; remove that folder to begin anew. Stop with Ctrl+C.",
            "",
        ]
    )
