"""Every door of the web app: what may be asked, by whom, and how large it may be. What is not here is closed.

Gradio opens some sixty routes in each page. A page needs those of `_GRADIO`, measured with Gradio 6.31.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from mottling.services.office_tables import TABLES
from mottling.trial.access import Role
from mottling.trial.programs import Scope
from mottling.web.areas import LANGUAGES, Area, may_enter
from mottling.web.office_files import FORMATS

__all__ = ["Door", "Kind", "door_to"]

_CALL_LIMIT_BYTES = 4 * 1024 * 1024
_FORM_LIMIT_BYTES = 16 * 1024
_SMALL_PICTURE_BYTES = 1024 * 1024
# A hospital's tablets share one address, and a shift begins for all at once; no guesser gets far with it.
_SIGN_INS_PER_MINUTE = 120
# More than any finger is quick enough for.
_DEEDS_PER_MINUTE = 300
_PHOTOS_PER_MINUTE = 120
_FILES_PER_MINUTE = 30
# What a form says beside its photograph, and the lines between its parts.
_FIELDS_BYTES = 32 * 1024


class Kind(Enum):
    """What stands behind a door, as far as the guard treats it differently."""

    PLAIN = "a route of our own"
    DOCUMENT = "the HTML document of a page, which is made ours"
    SHELL = "the ward's page without the server, which a browser keeps"
    ASSET = "a file of Gradio or ours, the same for everybody"
    CALL = "a call into a page's queue; its JSON body names the session hash"
    PHOTO = "a photograph on its way in"
    STREAM = "what a page's queue answers; its address names the session hash"
    INTERFACE = "what a program asks, by its token; no cookie opens it"
    INTERFACE_PHOTO = "a photograph that a program sends, by its token; no cookie opens it"
    FIGURES = "what is counted, for whoever watches this machine"


@dataclass(frozen=True)
class Door:
    """One thing that may be asked."""

    method: str
    path: re.Pattern[str]
    kind: Kind = Kind.PLAIN
    area: Area | None = None
    """Whose area it is in; None is for everybody who is signed in, whatever the role."""
    is_public: bool = False
    """Open to who is not signed in."""
    limit_bytes: int = 0
    """Of the request's body; a photograph's is a setting, and comes to it."""
    per_minute: int = 0
    """How often one person may ask, or one address where nobody is signed in; 0 is as often as they like."""

    scope: Scope | None = None
    """What a program's token must be for; None at the doors of people."""

    @property
    def is_for_programs(self) -> bool:
        """Whether a token is asked for, and a session counts for nothing."""
        return self.kind in {Kind.INTERFACE, Kind.INTERFACE_PHOTO}

    @property
    def brings_a_photo(self) -> bool:
        """Whether a photograph comes in here."""
        return self.kind in {Kind.PHOTO, Kind.INTERFACE_PHOTO}

    def lets_in(self, role: Role) -> bool:
        """Say whether a role may pass."""
        return self.area is None or may_enter(role, self.area)


def door_to(method: str, path: str) -> Door | None:
    """Find the door that a request asks for; None where there is none."""
    return next((door for door in _DOORS if door.method == method and door.path.fullmatch(path)), None)


_ID = "[A-Za-z0-9_-]{1,80}"
_FILE = r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*"
_ASSETS = rf"(?:(?:assets|static|svelte)/{_FILE}|theme\.css)"
_HASH = "[a-z0-9]{1,64}"


def _of(path: str) -> re.Pattern[str]:
    return re.compile(path)


def _page_doors(area: Area, language: str) -> tuple[Door, ...]:
    page = f"/{area}/{language}/"
    api = f"{page}gradio_api/"
    return (
        Door("GET", _of(page), Kind.DOCUMENT, area),
        Door("GET", _of(page + _ASSETS), Kind.ASSET, area),
        Door("GET", _of(rf"{api}(?:startup-events|app_id|theme\.css)"), area=area),
        Door("GET", _of(f"{api}heartbeat/(?P<session_hash>{_HASH})"), Kind.STREAM, area),
        Door("GET", _of(f"{api}queue/data"), Kind.STREAM, area),
        Door(
            "POST",
            _of(f"{api}(?:queue/join|cancel|reset)"),
            Kind.CALL,
            area,
            limit_bytes=_CALL_LIMIT_BYTES,
            per_minute=_DEEDS_PER_MINUTE,
        ),
    )


_OWN = (
    Door("GET", _of("/sign-in"), is_public=True),
    Door(
        "POST",
        _of("/sign-in|/invitation"),
        is_public=True,
        limit_bytes=_FORM_LIMIT_BYTES,
        per_minute=_SIGN_INS_PER_MINUTE,
    ),
    Door("GET", _of(r"/static/[a-z0-9-]+\.(?:css|js|svg|jpg)"), Kind.ASSET, is_public=True),
    Door("GET", _of("/alive|/healthy"), is_public=True),
    Door("GET", _of("/metrics"), Kind.FIGURES),
    Door("GET", _of("/invitation"), is_public=True),
    Door("GET", _of("/")),
    Door("POST", _of("/sign-out"), limit_bytes=_FORM_LIMIT_BYTES),
    Door("GET", _of("/here")),
    Door("GET", _of("/access")),
    Door(
        "POST",
        _of("/access/(?:pin|password|everywhere)"),
        limit_bytes=_FORM_LIMIT_BYTES,
        per_minute=_FILES_PER_MINUTE,
    ),
    *(Door("GET", _of(f"/{area}/?(?:{'|'.join(LANGUAGES)})?"), area=area) for area in Area),
    # Names files of the release, and is the same for everybody.
    Door("GET", _of("/ward/worker.js"), is_public=True),
    Door("GET", _of(f"/ward/(?:{'|'.join(LANGUAGES)})/shell"), Kind.SHELL, Area.WARD),
    Door("POST", _of("/ward/photos"), Kind.PHOTO, Area.WARD, per_minute=_PHOTOS_PER_MINUTE),
    Door("GET", _of(f"/ward/photos/{_ID}/(?:picture|overlay)"), area=Area.WARD),
    Door(
        "POST",
        _of("/ward/framing"),
        area=Area.WARD,
        limit_bytes=_SMALL_PICTURE_BYTES,
        per_minute=_PHOTOS_PER_MINUTE,
    ),
    Door("GET", _of(f"/committee/readings/{_ID}/(?:picture|overlay)"), area=Area.COMMITTEE),
    Door("GET", _of(f"/office/photos/{_ID}/picture"), area=Area.OFFICE),
    Door(
        "GET",
        _of(rf"/office/files/(?:{'|'.join((*TABLES, *FORMATS))}|agreement\.(?:html|pdf))"),
        area=Area.OFFICE,
        per_minute=_FILES_PER_MINUTE,
    ),
)
# The address of a single visit names no patient: addresses end in logs.
_INTERFACE = (
    Door("GET", _of(r"/api/v1/openapi\.json"), Kind.INTERFACE, is_public=True, per_minute=_FILES_PER_MINUTE),
    Door(
        "GET",
        _of("/api/v1/outcomes"),
        Kind.INTERFACE,
        scope=Scope.OUTCOMES,
        per_minute=_FILES_PER_MINUTE,
    ),
    Door(
        "POST",
        _of("/api/v1/photos"),
        Kind.INTERFACE_PHOTO,
        scope=Scope.PHOTOS,
        limit_bytes=_FIELDS_BYTES,
        per_minute=_PHOTOS_PER_MINUTE,
    ),
    Door(
        "GET",
        _of(f"/api/v1/photos/{_ID}"),
        Kind.INTERFACE,
        scope=Scope.STATUS,
        per_minute=_DEEDS_PER_MINUTE,
    ),
    Door("GET", _of("/api/v1/visits"), Kind.INTERFACE, scope=Scope.STATUS, per_minute=_FILES_PER_MINUTE),
    Door(
        "GET",
        _of("/api/v1/visits/[A-Za-z0-9_.-]{1,60}"),
        Kind.INTERFACE,
        scope=Scope.STATUS,
        per_minute=_DEEDS_PER_MINUTE,
    ),
)
_DOORS = (
    *_OWN,
    *_INTERFACE,
    *(door for area in Area for language in LANGUAGES for door in _page_doors(area, language)),
)
