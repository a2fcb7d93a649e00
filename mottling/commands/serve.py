"""`mottling serve`: the web app of a trial."""

from __future__ import annotations

import socket
from contextlib import closing

import click
import uvicorn

from mottling.commands.log_lines import log_acts
from mottling.commands.trial_options import Place, now, trial_options
from mottling.errors import SettingsRefused
from mottling.services.opening import Services, open_services
from mottling.settings import Settings
from mottling.starting import loading
from mottling.web.pages.sign_in import DemoHint

__all__ = ["address_of", "command", "run_server", "serve", "with_address"]

# A page keeps a stream open that never ends by itself.
_WAIT_FOR_STREAMS_S = 3


@click.command("serve")
@trial_options
@click.option("--host", metavar="HOST", help="[default: the one that the settings name]")
@click.option("--port", type=click.IntRange(1, 65535), help="[default: the one that the settings name]")
def command(place: Place, *, host: str | None, port: int | None) -> None:
    """Serve the web app of a trial until it is stopped with Ctrl+C."""
    serve(with_address(place.chosen(), host, port))


def serve(settings: Settings) -> None:
    """Serve a trial until somebody stops it."""
    run_server(settings, said=f"Mottling is served at {address_of(settings)}. Stop with Ctrl+C.")


def with_address(settings: Settings, host: str | None, port: int | None) -> Settings:
    """Give the settings with another address, where one is given."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    return settings.model_copy(update=given)


def address_of(settings: Settings) -> str:
    """Say what to type into a browser on this machine."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def run_server(settings: Settings, *, said: str, hint: DemoHint | None = None) -> None:
    """Serve until somebody stops it.

    Args:
        settings: Where everything lies, and the address.
        said: Printed when browsers can come.
        hint: In a demo, whom the sign-in page suggests.

    Raises:
        SettingsRefused: The address is taken, or the trial file is not understood.
        StoreRefused: The store cannot be opened, or another server holds it.
        ModelRefused: The model in use is unknown or altered.
    """
    log_acts(settings.log)
    with (
        closing(open_services(settings, at=now(), serving=True)) as services,
        _listening(settings) as door,
    ):
        server = _server(services, settings, hint)
        services.office.settle_in(at=now())
        click.echo(said)
        server.run(sockets=[door])


def _server(services: Services, settings: Settings, hint: DemoHint | None) -> uvicorn.Server:
    # Gradio takes seconds to import, and what is wrong with a folder or an address is said at once.
    with loading():
        from mottling.web.server import build_app  # noqa: PLC0415

        app = build_app(services, settings, hint=hint)
    config = uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=_WAIT_FOR_STREAMS_S,
    )
    return uvicorn.Server(config)


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise SettingsRefused(
            f"{settings.host}:{settings.port} cannot be listened at: {error.strerror}",
            remedy="Stop what is using it, or give another --port",
        ) from error
