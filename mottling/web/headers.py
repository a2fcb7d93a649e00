"""The headers of every answer: what a browser may load and keep, and nothing for other origins."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from mottling.web.document import hash_of_the_map
from mottling.web.doors import Kind

__all__ = ["Seal"]

# Gradio's gr.HTML makes functions of its templates, so a page of Gradio needs 'unsafe-eval'; it also sets
# styles on elements, so 'unsafe-inline' for styles. Inline scripts run by nonce only.
_PAGE_SCRIPTS = "script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
# Browsers keep the shell, so no nonce of one answer can stand in it: its one inline script goes by its hash.
_SHELL_SCRIPTS = "script-src 'self' 'sha256-{hash}'; style-src 'self'"
_PLAIN_SCRIPTS = "script-src 'self'; style-src 'self'"
_POLICY = (
    "default-src 'none'; {scripts}; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
_A_YEAR_S = 31_536_000


@dataclass(frozen=True)
class Seal:
    """What the headers of one answer are made of."""

    kind: Kind
    nonce: str
    is_secure: bool

    def over(self, send: Send) -> Send:
        """Pass an answer on, with its headers set."""

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                self.set_on(headers, is_good=message["status"] == 200)  # noqa: PLR2004 # OK
                message = {**message, "headers": headers.raw}
            await send(message)

        return sealed

    def set_on(self, headers: MutableHeaders, *, is_good: bool) -> None:
        """Set an answer's headers; one that `is_good` may be kept where it is the same for everybody."""
        for name in [name for name in headers if name.lower().startswith("access-control-")]:
            del headers[name]
        headers.update(_ALWAYS)
        headers["Content-Security-Policy"] = _POLICY.format(scripts=self._scripts())
        may_keep = self.kind is Kind.ASSET and is_good
        headers["Cache-Control"] = (
            f"private, max-age={_A_YEAR_S}, immutable" if may_keep else "private, no-store"
        )
        if self.is_secure:
            headers["Strict-Transport-Security"] = f"max-age={_A_YEAR_S}"

    def _scripts(self) -> str:
        if self.kind is Kind.DOCUMENT:
            return _PAGE_SCRIPTS.format(nonce=self.nonce)
        if self.kind is Kind.SHELL:
            return _SHELL_SCRIPTS.format(hash=hash_of_the_map())
        return _PLAIN_SCRIPTS
