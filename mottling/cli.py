"""The command line: `mottling COMMAND`. A command is imported when it is called, and no other one."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from mottling import __version__
from mottling.errors import MottlingError
from mottling.starting import loading

__all__ = ["main", "mottling"]

_COMMANDS = {
    "score": "Score photographs: files or folders, no server needed.",
    "rescore": "Score an archive of photographs, on one machine or more, by Ray.",
    "serve": "Serve the web app of a trial.",
    "demo": "Serve a made-up trial to click through.",
    "enrol": "Enrol the patients of a CSV file.",
    "user": "Invite or add a user, let one in no more, give one another password.",
    "token": "Let a program of a hospital or a sponsor in by a token, list them, revoke one.",
    "consent": "Record whether photographs of a patient may train models, or list what is known.",
    "change": "Withdraw a patient, move one to another site, correct a number or an enrolment.",
    "not-done": "Record that a visit was not done.",
    "outcome": "Print the outcome of every patient: a value or a reason.",
    "export": "Write a table for the statistician.",
    "archive": "Write everything that leaves for the trial master file, with a hash of each file.",
    "readout": "Show whether the committee's read-out is open; close it, or open it again.",
    "agreement": "Write how alike readings are, as one HTML file.",
    "freeze": "Write the photographs that have a verdict as a training set.",
    "first-to-train": "List what training would learn most from, once the read-out is closed.",
    "models": "List models, show what is known of one, release one or go back.",
    "verify": "Check every record and every photograph against what was written.",
    "backup": "Copy everything to another place while the server runs.",
    "restore": "Make a data folder of a backup, after everything in it was checked.",
    "doctor": "Look at disk, clock, rights, records, keys, backup and model.",
    "erase-photos": "Destroy the photographs of a patient who withdrew.",
    "rotate-keys": "Exchange the server's key, and seal photographs that are not yet.",
    "head": "Print the end of the chain of records, signed, to be kept somewhere else.",
}
"""Each is the attribute `command` of the module of its name in `mottling.commands`."""

_REFUSED = 2


class _LazyGroup(click.Group):
    """A group that knows its commands by name, and imports the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click gives it
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        with loading():
            command = import_module(f"mottling.commands.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mottling")
def mottling() -> None:
    """Read the extent of skin mottling (0 to 5) from photographs of the knees.

    Research software for the outcome of a trial; not for deciding on treatment.
    """


def main() -> None:
    """Run the command line; what was refused is said in one sentence, and the exit status is 2."""
    try:
        mottling()
    except MottlingError as error:
        click.echo(f"mottling: {error}", err=True)
        sys.exit(_REFUSED)
