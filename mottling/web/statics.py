"""Our own style sheets, scripts and pictures, by an address that changes with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response

__all__ = ["add_static_files", "address_of", "text_of"]

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".jpg": "image/jpeg"}


@cache
def address_of(name: str) -> str:
    """Give the address of a file of `static/`."""
    return f"/static/{name}?v={hashlib.sha256(_read()[name]).hexdigest()[:12]}"


def text_of(name: str) -> str:
    """Give the text of a file of `static/`."""
    return _read()[name].decode()


def add_static_files(app: FastAPI) -> None:
    """Serve every file of `static/`, and no other."""
    files = _read()

    @app.get("/static/{name}")
    def static_file(name: str) -> Response:
        if name not in files:
            return Response(status_code=404)
        return Response(files[name], media_type=_TYPES[Path(name).suffix])


@cache
def _read() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}
