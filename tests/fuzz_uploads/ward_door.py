"""The way of an upload from the guard to the shelf, and what the ward does next with a photograph."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from fastapi import FastAPI
from starlette.testclient import TestClient

from mottling.errors import MottlingError
from mottling.services.opening import Services, open_services
from mottling.store.store import Store
from mottling.web.guard import Guard, GuardRules
from mottling.web.languages import Languages
from mottling.web.sessions import CookieJar
from mottling.web.uploads import add_pictures
from tests.fuzz_uploads.mutations import Sent
from tests.house import NINA, RANDOMISED_AT, enrol, house_settings
from tests.web_house import password_of, send_photo

__all__ = ["Answered", "WardDoor", "open_door"]

LIMIT_BYTES = 1_000_000
_PATIENTS = 900


@dataclass(frozen=True)
class Answered:
    """How an upload ended."""

    status: int
    message: str
    """The sentence of a refusal."""
    wall_s: float
    processor_s: float
    peak_mb: float
    """The most memory that the process held meanwhile, over what it held before."""
    wrong: str = ""
    """What must never be, such as a photograph that is stored and cannot be shown."""


class WardDoor:
    """A nurse of site 01 who sends one photograph after the other."""

    def __init__(self, services: Services, folder: Path, client: TestClient) -> None:
        self._services = services
        self._folder = folder
        self._client = client

    def send(self, sent: Sent) -> Answered:
        """Send what was drawn, and look at what is stored of it."""
        held_mb = _begin_to_measure()
        begin_s, work_s = time.perf_counter(), time.process_time()
        answer = send_photo(
            self._client,
            sent.data,
            Mottling_Patient=patient_of(sent.number),
            Idempotency_Key=f"upload {sent.number}",
        )
        said = answer.json()
        wrong = self._wrong(sent, answer.status_code, said)
        return Answered(
            status=answer.status_code,
            message=str(said.get("message", "")),
            wall_s=time.perf_counter() - begin_s,
            processor_s=time.process_time() - work_s,
            peak_mb=_peak_mb() - held_mb,
            wrong=wrong,
        )

    def _wrong(self, sent: Sent, status: int, said: dict[str, object]) -> str:
        if status != 201:
            has_sentence = len(str(said.get("message", ""))) > 15 and bool(said.get("remedy"))
            return "" if 400 <= status < 500 and has_sentence else f"it was answered {status}: {said}"
        if said["sha256"] != sha256(sent.data).hexdigest():
            return "other bytes were stored"
        picture = self._client.get(f"/ward/photos/{said['photo_id']}/picture")
        if picture.status_code != 200 or not picture.content.startswith(b"\xff\xd8\xff"):
            return f"it was stored and cannot be shown: {picture.status_code}"
        try:
            self._services.ward.framing(NINA, sent.data)
        except MottlingError as error:
            return f"it was stored and cannot be scored: {error}"
        return ""

    def whole(self, stored: int) -> str:
        """Say what is wrong in the end with what is stored; nothing when everything is as it should be."""
        with Store.open(self._folder / "data") as store:
            found, on_record = store.verify(), len(store.ward.photos())
        files = sum(1 for path in (self._folder / "data" / "photos").rglob("*") if path.is_file())
        if not found.clean or found.orphans:
            return f"{found.bad_row or found.bad_file or found.orphans}"
        if on_record != stored or files > stored:
            return (
                f"{stored} were acknowledged, {on_record} are on record, and {files} files stand on the shelf"
            )
        return ""


def patient_of(number: int) -> str:
    """Spread the uploads over the patients of the site."""
    return f"01-{number % _PATIENTS + 50:03d}"


@contextmanager
def open_door(folder: Path) -> Iterator[WardDoor]:
    """Open the way over a store in a folder, which may hold one already."""
    is_new = not (folder / "data").exists()
    services = open_services(house_settings(folder), at=RANDOMISED_AT)
    jar, languages = CookieJar(is_secure=False), Languages(services.charter.languages)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # Ten seconds pass from request to request: nobody is asked to send more slowly.
    clock = itertools.count(step=10).__next__
    app.add_middleware(Guard, rules=GuardRules(services.accounts, jar, languages, LIMIT_BYTES, clock=clock))
    add_pictures(app, services, languages)
    with closing(services), TestClient(app) as client:
        if is_new:
            services.accounts.add_user(NINA, password_of(NINA), by="setup", at=RANDOMISED_AT)
            enrol(services, *sorted({patient_of(number) for number in range(_PATIENTS)}))
        token = services.accounts.sign_in(NINA.name, password_of(NINA), at=datetime.now(UTC)).token
        client.cookies.set(jar.name, token)
        yield WardDoor(services, folder, client)


def _begin_to_measure() -> float:
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    return _peak_mb()


def _peak_mb() -> float:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
