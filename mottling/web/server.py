"""Builds the web app: own routes and one Gradio page an area and language, behind the guard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import gradio as gr
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from mottling.services.opening import Services
from mottling.settings import Settings
from mottling.web.areas import Area, home_of, page_of
from mottling.web.calm_queues import calm
from mottling.web.doors import Kind
from mottling.web.guard import Guard, GuardRules
from mottling.web.headers import Seal
from mottling.web.interface.operations import add_interface
from mottling.web.languages import Languages
from mottling.web.one_app import no_app_yet
from mottling.web.pages import (
    access,
    accounts,
    committee,
    invitation,
    models,
    monitor,
    office,
    readout,
    sign_in,
    ward,
)
from mottling.web.plain_pages import PlainPages
from mottling.web.refusals import failed
from mottling.web.sessions import CookieJar, session_of
from mottling.web.shell import add_shell
from mottling.web.statics import add_static_files
from mottling.web.theme import theme
from mottling.web.uploads import add_pictures
from mottling.web.watching import add_watching
from mottling.web.words import Words, words_in

__all__ = ["build_app"]

_PAGES: dict[Area, Callable[[Services, Words], gr.Blocks]] = {
    Area.WARD: ward.build,
    Area.COMMITTEE: committee.build,
    Area.OFFICE: office.build,
    Area.MODELS: models.build,
    Area.READOUT: readout.build,
    Area.MONITOR: monitor.build,
    Area.ACCOUNTS: accounts.build,
}


def build_app(services: Services, settings: Settings, *, hint: sign_in.DemoHint | None = None) -> FastAPI:
    """Build the web app.

    Args:
        services: What its pages and routes speak to.
        settings: Whether browsers come by TLS, and how large a photograph may be.
        hint: In a demo, whom the sign-in page suggests.
    """
    jar = CookieJar(is_secure=settings.behind_tls)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    languages = Languages(services.charter.languages)
    limit_bytes = settings.upload_limit_mb * 1_000_000
    rules = GuardRules(services.accounts, jar, languages, limit_bytes, programs=services.programs)
    app.add_middleware(Guard, rules=rules)
    _add_failures(app, languages, Seal(Kind.PLAIN, "", jar.is_secure))
    add_static_files(app)
    _add_ways_home(app, languages)
    plain = PlainPages(jar, languages)
    sign_in.SignIn(services.accounts, plain, hint).add_to(app)
    access.Access(services.accounts, plain, services.charter).add_to(app)
    invitation.InvitationPage(services.invitations, plain).add_to(app)
    add_pictures(app, services, languages)
    add_interface(app, services.interface, languages)
    add_shell(app, services.charter, languages, idle_s=60 * settings.sign_in.idle_min)
    _in_a_loop(lambda: _add_pages(app, services, languages))
    add_watching(app, services.watch)
    return app


def _add_pages(app: FastAPI, services: Services, languages: Languages) -> None:
    for area, build in _PAGES.items():
        for language in languages.offered:
            words = words_in(language, languages.offered)
            with no_app_yet():
                blocks = build(services, words)
            _mount(app, blocks, page_of(area, language))


def _in_a_loop(work: Callable[[], None]) -> None:
    """Work while an event loop runs: where none does, Gradio makes one for each page and never closes it."""

    async def in_it() -> None:
        work()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(in_it())
    else:
        work()


def _mount(app: FastAPI, blocks: gr.Blocks, path: str) -> None:
    """Mount a page with every door of Gradio closed that it offers to close; the guard closes the others."""
    gr.mount_gradio_app(
        app,
        blocks,
        path,
        auth_dependency=lambda request: session_of(request.scope).user.name,
        run_history=False,
        footer_links=[],
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        max_file_size="1kb",
        show_error=False,
        theme=theme(),
    )
    # Until this is set, which mounting never does, Gradio lets a forged input name any file of the machine.
    blocks.has_launched = True
    calm(blocks)


def _add_failures(app: FastAPI, languages: Languages, seal: Seal) -> None:
    """Answer what failed outside the guard, where its headers do not reach; the log says why."""

    async def say(request: Request, error: Exception) -> Response:
        language = languages.of(request.url.path, request.headers)
        response = failed(error, request.headers, language)
        seal.set_on(response.headers, is_good=False)
        return response

    app.add_exception_handler(Exception, say)


def _add_ways_home(app: FastAPI, languages: Languages) -> None:
    @app.get("/alive")
    def alive() -> PlainTextResponse:
        return PlainTextResponse("alive")

    @app.get("/here")
    def here() -> Response:
        # The guard has noted that the session is used: somebody looks at one page for long.
        return Response(status_code=204)

    @app.get("/")
    def home(request: Request) -> Response:
        language = languages.of("", request.headers)
        return RedirectResponse(home_of(session_of(request.scope).user.role, language), status_code=303)

    for area in Area:
        _add_way_to(app, area, languages)


def _add_way_to(app: FastAPI, area: Area, languages: Languages) -> None:
    @app.get(f"/{area}")
    @app.get(f"/{area}/")
    def to_page(request: Request) -> Response:
        language = languages.of("", request.headers)
        return RedirectResponse(f"{page_of(area, language)}/", status_code=303)
