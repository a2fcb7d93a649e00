"""Who speaks HTTP to a server that may die meanwhile: an answer counts, and what got none is asked again."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlencode

from mottling.services.accounts import User
from tests.tiny_model import a_jpeg
from tests.web_house import password_of

__all__ = [
    "PATIENTS",
    "ROOM",
    "WARD",
    "Asked",
    "Died",
    "Person",
    "Reached",
    "Refused",
    "SignedOut",
    "foreign_patient",
    "photo_of",
    "slot_of",
]

WARD, ROOM = "/ward/en/", "/committee/en/"
_NOBODY_THERE = (502, 504)
_VISITS = ("baseline", "day1")
PATIENTS = 300
_SLOTS = 2 * PATIENTS
_JPEG = a_jpeg()


class Died(Exception):
    """The server was gone before it had answered."""


class SignedOut(Exception):
    """The server did not know who it was any more."""


class Refused(Exception):
    """The server said no, with a sentence."""


class Reached(Protocol):
    """A server, or what stands before several."""

    @property
    def origin(self) -> str:
        """Its address, as pages of it have it."""

    @property
    def cookie(self) -> str:
        """Name of the cookie that holds a session."""

    def line(self) -> http.client.HTTPConnection:
        """Make a connection of its own for one request."""


@dataclass(frozen=True)
class Asked:
    """One act, and what is told by it again when it was answered."""

    act: str
    number: int
    photo_id: str = ""
    again: bool = False
    """Whether it is asked once more, because the first time got no answer."""
    found: str = ""
    """What the answer named: a photograph, a reading, or a session."""


def slot_of(number: int) -> tuple[str, str, bool]:
    """Say of which patient and visit a photograph is, and whether that may be confirmed: one in three."""
    slot = number if number < _SLOTS else 3 * (number % (_SLOTS // 3)) + 1
    return f"01-{slot // 2 + 1:03d}", _VISITS[slot % 2], slot == number and slot % 3 == 0


def foreign_patient(number: int) -> str:
    """Say whose photograph a number of the other site is."""
    return f"02-{number % PATIENTS + 1:03d}"


def photo_of(number: int) -> bytes:
    """Give a photograph's bytes: the same picture with a number behind it."""
    return _JPEG + f"{number:012d}".encode()


@dataclass
class Person:
    """Somebody who signed in once and stays so, whichever server answers."""

    user: User
    token: str = ""
    pages: int = field(default=0)

    def do(self, server: Reached, asked: Asked) -> Asked:
        """Ask for one thing; gives it with what the answer named.

        Raises:
            Died: There was no whole answer.
            SignedOut: The session was forgotten.
            Refused: It was refused with a sentence.
        """
        try:
            return _ACTS[asked.act](self, server, asked)
        except (OSError, http.client.HTTPException, EOFError) as error:
            raise Died from error

    def ask(
        self, server: Reached, method: str, path: str, body: bytes | str | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Send one request over a connection of its own."""
        line = server.line()
        try:
            own = {"Origin": server.origin, "Cookie": f"{server.cookie}={self.token}"}
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, path, body, {**own, **named})
            answer = line.getresponse()
            data = answer.read()
        finally:
            line.close()
        if answer.status in _NOBODY_THERE:
            raise EOFError
        if answer.status == 401 or (answer.status == 303 and path != "/sign-in"):
            raise SignedOut(f"{self.user.name}: {method} {path} was answered {answer.status}")
        return answer, data

    def sign_in(self, server: Reached, asked: Asked) -> Asked:
        """Open a session."""
        form = urlencode({"name": self.user.name, "password": password_of(self.user), "language": "en"})
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        answer, _ = self.ask(server, "POST", "/sign-in", form, **kind)
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            if name == server.cookie:
                return replace(asked, found=value)
        raise Refused(f"signing in was answered {answer.status}")

    def photo(self, server: Reached, asked: Asked) -> Asked:
        """Send a photograph as the tablet does."""
        patient, visit, _ = slot_of(asked.number)
        if asked.act == "foreign":
            patient = foreign_patient(asked.number)
        answer, data = self.ask(
            server,
            "POST",
            "/ward/photos",
            photo_of(asked.number),
            Mottling_Patient=patient,
            Mottling_Visit=visit,
            Idempotency_Key=f"key {asked.number}",
        )
        said = json.loads(data)
        if answer.status != 201:
            raise Refused(f"{answer.status} {said.get('message')}")
        return replace(asked, found=str(said["photo_id"]))

    def lock(self, server: Reached, asked: Asked) -> Asked:
        """Lock the own score of a photograph."""
        self.deed(server, WARD, "lock", {"photo_id": asked.photo_id, "answer": {"score": "2"}})
        return asked

    def keep(self, server: Reached, asked: Asked) -> Asked:
        """Confirm a photograph with the own score."""
        self.deed(server, WARD, "keep", {"photo_id": asked.photo_id})
        return asked

    def read(self, server: Reached, asked: Asked) -> Asked:
        """Answer the photograph that waits for this reader, or sign the batch."""
        body = self.deed(server, ROOM)
        if "batch-sign" in body:
            count = str(body.count("batch-number"))
            self.deed(server, ROOM, "sign", {"readings": count, "password": password_of(self.user)})
            self.deed(server, ROOM, "go_on")
            return asked
        reading = body.partition('name="reading_id" value="')[2].partition('"')[0]
        if reading:
            form = {"reading_id": reading, "reading_s": "9", "answer": {"score": str(asked.number % 6)}}
            self.deed(server, ROOM, "lock", form)
        return replace(asked, found=reading)

    def deed(self, server: Reached, page: str, deed: str = "", form: dict[str, object] | None = None) -> str:
        """Open a page, or do a deed on it; gives the HTML that the browser would show."""
        self.pages += 1
        own = f"{self.user.name}{self.pages}of{server.origin.rpartition(':')[2]}"
        asked = {
            "data": [],
            "event_data": {"deed": deed, "form": form or {}} if deed else None,
            "fn_index": 1 if deed else 0,
            "session_hash": own,
            "trigger_id": None,
        }
        join = f"{page}gradio_api/queue/join"
        answer, said = self.ask(server, "POST", join, json.dumps(asked), Content_Type="application/json")
        if answer.status != 200:
            raise Refused(f"{answer.status} {said[:200]!r}")
        _, heard = self.ask(server, "GET", f"{page}gradio_api/queue/data?session_hash={own}")
        told = [json.loads(line[6:]) for line in heard.decode().splitlines() if line.startswith("data: ")]
        done = [one for one in told if one["msg"] == "process_completed"]
        if not done:
            raise EOFError
        if not done[0]["success"]:
            raise Refused(str(done[0]))
        shown = done[0]["output"]["data"][0]
        if shown["problem"] is not None:
            raise Refused(shown["problem"][0])
        return str(shown["body"])


_ACTS = {
    "sign in": Person.sign_in,
    "photo": Person.photo,
    "foreign": Person.photo,
    "lock": Person.lock,
    "keep": Person.keep,
    "read": Person.read,
}
