"""`mottling head`: how the chain of records ends, signed, to be kept somewhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import click

from mottling.commands.records import data_option, records
from mottling.store.head import SignedHead

__all__ = ["command"]

_WHAT_IT_IS = """\
This is the end of a trial's records, signed by the server that holds
them: so many rows, and the hash of the last one.

Keep the attached file where nobody who has the server can change it.
Whoever writes the records anew, however well they fit together, is
found by it:

    mottling verify --head {name}
"""


@click.command("head")
@data_option
@click.option(
    "--mail",
    "to",
    metavar="ADDRESS",
    help="Write a whole mail to this address, the head as its attachment, for `sendmail -t`.",
)
def command(data: Path | None, to: str | None) -> None:
    """Print the number of records, the last one's hash and the time, signed with the key of this store.

    Keep it where nobody who has this machine can change it, such as in a mail to the sponsor. Then
    `mottling verify --head FILE` finds a chain that was written anew, however well it fits together.
    """
    if to is not None and (to.count("@") != 1 or not to.isprintable()):
        raise click.BadParameter(f"{to!r} is no address: give one, such as keeper@sponsor.example")
    with records(data) as store:
        head = store.head(at=datetime.now(UTC))
    click.echo(head.model_dump_json() if to is None else _mail(head, to))


def _mail(head: SignedHead, to: str) -> str:
    name = f"head-{head.at:%Y-%m-%d}.json"
    mail = EmailMessage()
    mail["To"] = to
    mail["Subject"] = f"Mottling: {head.rows} records of {head.trial or 'no trial yet'} on {head.at:%Y-%m-%d}"
    # Nobody answers it, and no machine is to.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_WHAT_IT_IS.format(name=name))
    data = f"{head.model_dump_json()}\n".encode()
    mail.add_attachment(data, maintype="application", subtype="json", filename=name)
    return mail.as_string()
