"""The demo's passwords: drawn when the demo is made, kept in a plain file that says it is a demo."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mottling.errors import SettingsRefused

__all__ = ["DemoUser", "draw_passwords", "read_passwords", "write_passwords"]

_FILE = "DEMO-PASSWORDS.txt"
_FIRST_LINE = "# A demo. These passwords open made-up data only; never use them, or this folder, for a trial."

# Without letters and digits that look alike on a tablet.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class DemoUser:
    """One user of the demo."""

    name: str
    password: str


def draw_passwords(names: Sequence[str]) -> tuple[DemoUser, ...]:
    """Draw a password for each name: sixteen signs in four groups, 79 bits."""
    return tuple(DemoUser(name, "-".join(_group() for _ in range(4))) for name in names)


def _group() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(4))


def write_passwords(folder: Path, users: Sequence[DemoUser]) -> None:
    """Keep the passwords in the demo's folder, readable by this user of the machine only."""
    path = folder / _FILE
    path.touch(mode=0o600)
    lines = [_FIRST_LINE, *(f"{user.name} {user.password}" for user in users)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_passwords(folder: Path) -> tuple[DemoUser, ...] | None:
    """Read what was kept; None when the demo was never made whole.

    Raises:
        SettingsRefused: The file is not what `write_passwords` wrote.
    """
    try:
        first, *lines = (folder / _FILE).read_text(encoding="utf-8").splitlines() or [""]
    except FileNotFoundError:
        return None
    pairs = [line.split(" ") for line in lines]
    if first != _FIRST_LINE or any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 # name, password
        raise SettingsRefused(
            f"{folder / _FILE} is not understood", remedy="Remove the demo's folder to begin anew"
        )
    return tuple(DemoUser(name, password) for name, password in pairs)
