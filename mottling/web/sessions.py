"""The cookies that carry a session and name a browser, and how a request is asked whose it is."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.responses import Response

from mottling.services.accounts import Session

__all__ = ["LANGUAGE_COOKIE", "CookieJar", "cookies_of", "remember_session", "session_of"]

LANGUAGE_COOKIE = "mottling-language"
_SCOPE_KEY = "mottling.session"
_A_YEAR_S = 31_536_000


class CookieJar:
    """The cookies of session and device: HttpOnly, SameSite=Strict, and behind TLS `__Host-` and Secure."""

    def __init__(self, *, is_secure: bool) -> None:
        """Say whether browsers reach this server by TLS."""
        self.is_secure = is_secure
        self.name = "__Host-mottling" if is_secure else "mottling"
        self.device_name = f"{self.name}-device"

    def give(self, response: Response, session: Session) -> None:
        """Let a browser keep a session until it expires."""
        response.set_cookie(
            self.name,
            session.token,
            expires=session.expires_at,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="strict",
        )

    def take_back(self, response: Response) -> None:
        """Let a browser forget its session.

        What waits to be sent stays: it is locked with a key that only its owner gets, and is nowhere else.
        """
        response.delete_cookie(self.name, path="/", secure=self.is_secure, httponly=True, samesite="strict")

    def device(self, headers: Mapping[str, str]) -> str:
        """Read the name by which PINs are bound to a browser; a browser without one is given a new name."""
        return cookies_of(headers).get(self.device_name) or secrets.token_urlsafe(32)

    def name_device(self, response: Response, device: str) -> None:
        """Let a browser keep its name for another year."""
        response.set_cookie(
            self.device_name,
            device,
            max_age=_A_YEAR_S,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="strict",
        )

    def token(self, headers: Mapping[str, str]) -> str | None:
        """Read the session's token from a request's headers."""
        return cookies_of(headers).get(self.name)


def cookies_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Read a request's cookies; a header that nobody understands holds none."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def remember_session(scope: MutableMapping[str, Any], session: Session) -> None:
    """Write on a request whose it is; the guard does, once."""
    scope[_SCOPE_KEY] = session


def session_of(scope: Mapping[str, Any]) -> Session:
    """Say whose a request is. The guard has let it through, so somebody is signed in."""
    session = scope[_SCOPE_KEY]
    assert isinstance(session, Session)
    return session
