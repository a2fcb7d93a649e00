"""The ward's page without the server: an empty shell that a browser keeps, and the worker that keeps it."""

from __future__ import annotations

import hashlib
import json

from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response

from mottling.trial.charter import Charter
from mottling.web.areas import Area, page_of
from mottling.web.document import FILES_OF_THE_WARD, head_of_the_ward
from mottling.web.languages import Languages
from mottling.web.markup import render
from mottling.web.statics import address_of, text_of
from mottling.web.trial_words import Choice, TrialWords
from mottling.web.words import words_in

__all__ = ["add_shell"]


def add_shell(app: FastAPI, charter: Charter, languages: Languages, *, idle_s: float) -> None:
    """Add the shell in each language, and the worker of this release.

    Args:
        app: To which they are added.
        charter: Names visits and reasons.
        languages: In which there is a shell.
        idle_s: A page that nobody touches for this long is locked, with or without the server.
    """
    shells = {language: _shell(charter, languages, language, idle_s) for language in languages.offered}
    worker = _worker(shells)

    @app.get("/ward/worker.js")
    def ward_worker() -> Response:
        return Response(worker, media_type="text/javascript")

    for language, shell in shells.items():
        _add_one(app, _path(language), shell)


def _add_one(app: FastAPI, path: str, shell: str) -> None:
    @app.get(path)
    def ward_shell() -> HTMLResponse:
        return HTMLResponse(shell)


def _path(language: str) -> str:
    return f"{page_of(Area.WARD, language)}/shell"


def _shell(charter: Charter, languages: Languages, language: str, idle_s: float) -> str:
    trial_words = TrialWords(charter, words_in(language, languages.offered))
    values = {
        "home": f"{page_of(Area.WARD, language)}/",
        "head": head_of_the_ward(),
        "languages": languages.offered,
        "pattern": charter.patient_pattern,
        "visits": [Choice(visit.code, trial_words.visit(visit.code)) for visit in charter.visits],
        "endpoint": charter.endpoint_visit,
        "reasons": trial_words.not_assessable(),
        "idle_s": round(idle_s),
    }
    return render("ward_shell.html", trial_words.words, values)


def _worker(shells: dict[str, str]) -> str:
    """Write the worker: its text, after what it keeps; any other content makes it another release."""
    files = [address_of(name) for name in FILES_OF_THE_WARD]
    whole = json.dumps([files, shells, text_of("worker.js")])
    release = {
        "version": hashlib.sha256(whole.encode()).hexdigest()[:12],
        "files": files,
        "shells": {language: _path(language) for language in shells},
    }
    return f"const RELEASE = {json.dumps(release)};\n\n{text_of('worker.js')}"
