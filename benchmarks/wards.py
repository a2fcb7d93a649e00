"""25 wards at once against one server: `python -m benchmarks.wards` (a few minutes on two cores).

A server process of its own over a fresh trial; each ward signs in, asks for its list, and for each of its
patients sends a photograph of 12 megapixels, locks its own score (the network reads the photograph then) and
loads the proposal's picture and overlay. Beside them one more ward asks for its list again and again: what
takes long must not keep it waiting. At the end every acknowledged photograph is looked for in the store and
the whole store is computed anew. The clients run on the same machine and take processor time too.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from PIL import Image

from mottling.services.accounts import User
from mottling.services.opening import open_services
from mottling.settings import Settings
from mottling.shipped import shipped
from mottling.trial.access import Role
from mottling.web.areas import Area, page_of

_PASSWORD = "a password of the ward"  # noqa: S105 # of users who exist for some minutes
_OFFICE = User("olga", Role.OFFICE, None)
_PAGE = f"{page_of(Area.WARD, 'en')}/"
_EXAMPLE = Path(__file__).parents[1] / "docs" / "example.jpg"
_SERVER = "import sys; from mottling.cli import main; sys.argv[0] = 'mottling'; main()"
_LONGEST_S = 600.0
_P95 = 0.95
_OPENED, _DONE = 0, 1  # the two functions of a page: it was opened, somebody did something on it


@dataclass
class Tally:
    """What was asked, how long it took, and what went wrong."""

    times_s: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)
    """Acknowledged photographs: patient to SHA-256."""

    def timed(self, step: str, act: Callable[[], httpx.Response]) -> httpx.Response:
        """Do a step; note how long it took, and an answer that is none."""
        began = time.perf_counter()
        answer = act()
        self.times_s[step].append(time.perf_counter() - began)
        if answer.is_error:
            self.errors.append(f"{step}: {answer.status_code} {answer.text[:200]}")
        return answer


class Tablet:
    """One ward's tablet, speaking as its page does."""

    def __init__(self, address: str, site: str, tally: Tally) -> None:
        self._client = httpx.Client(base_url=address, timeout=_LONGEST_S, headers={"Origin": address})
        self._site = site
        self._tally = tally
        self._hash = secrets.token_hex(8)

    def sign_in(self) -> None:
        """Come in by name and password."""
        form = {"name": f"ward{self._site}", "password": _PASSWORD, "language": "en"}
        self._tally.timed("sign in", lambda: self._client.post("/sign-in", data=form))

    def see_list(self, step: str = "list") -> None:
        """Open the page, and wait for what it shows."""
        self._tally.timed(step, lambda: self._shown(_OPENED, None, holds="ward-list"))

    def photograph(self, patient: str, data: bytes) -> None:
        """Send a photograph, lock the own score, load the proposal."""
        headers = {"Mottling-Patient": patient, "Mottling-Visit": "day1", "Idempotency-Key": f"key-{patient}"}
        post = self._client.post
        taken = self._tally.timed("upload", lambda: post("/ward/photos", content=data, headers=headers))
        if taken.is_error:
            return
        photo_id = taken.json()["photo_id"]
        self._tally.sent[patient] = hashlib.sha256(data).hexdigest()
        deed = {"deed": "lock", "form": {"photo_id": photo_id, "answer": {"score": "2"}}}
        self._tally.timed("own score", lambda: self._shown(_DONE, deed, holds="score-card"))
        self._tally.timed("proposal", lambda: self._pictures(photo_id))

    def _pictures(self, photo_id: str) -> httpx.Response:
        picture = self._client.get(f"/ward/photos/{photo_id}/picture")
        return picture if picture.is_error else self._client.get(f"/ward/photos/{photo_id}/overlay")

    def _shown(self, fn_index: int, event: object, *, holds: str) -> httpx.Response:
        """Call a function of the page, and listen until it has answered."""
        call = {"data": [], "event_data": event, "fn_index": fn_index, "session_hash": self._hash}
        joined = self._client.post(f"{_PAGE}gradio_api/queue/join", json={**call, "trigger_id": None})
        if joined.is_error:
            return joined
        heard = self._client.get(f"{_PAGE}gradio_api/queue/data", params={"session_hash": self._hash})
        if holds not in heard.text:
            self._tally.errors.append(f"no {holds} in what was shown: {heard.text[-200:]}")
        return heard

    def close(self) -> None:
        """Put the tablet down."""
        self._client.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wards", description=__doc__)
    parser.add_argument("--wards", type=int, default=25)
    parser.add_argument("--photos", type=int, default=2, help="of each ward")
    parser.add_argument("--megapixels", type=float, default=12.0)
    parser.add_argument("--models", type=Path, default=None)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder), given.models, wards=given.wards)
        _fill(settings, wards=given.wards, photos=given.photos)
        photo = _photo(given.megapixels)
        tally = Tally()
        with _served(settings) as server:
            began = time.perf_counter()
            _work(settings, tally, photo, photos=given.photos, wards=given.wards)
            whole_s = time.perf_counter() - began
            peak_mb = _peak_mb(server)
        lost = _lost(settings, tally)
    _print(tally, whole_s=whole_s, peak_mb=peak_mb, lost=lost, size_bytes=len(photo))
    return int(bool(tally.errors or lost))


def _settings(folder: Path, models: Path | None, *, wards: int) -> Settings:
    text = (shipped("configs") / "trials" / "i-micro.toml").read_text("utf-8")
    for site in range(4, wards + 2):
        text += f'\n[[sites]]\ncode = "{site:02}"\nname = "Centre {site:02}"\ntime_zone = "Europe/Paris"\n'
    (folder / "trial.toml").write_text(text, "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = Settings(data=folder / "data", trial=folder / "trial.toml", models=models, port=port)
    lines = {
        "data": settings.data,
        "trial": settings.trial,
        **({"models": models.resolve()} if models else {}),
    }
    written = "".join(f'{name} = "{value}"\n' for name, value in lines.items())
    (folder / "app.toml").write_text(f'{written}host = "127.0.0.1"\nport = {port}\n', "utf-8")
    return settings


def _fill(settings: Settings, *, wards: int, photos: int) -> None:
    """Add a user a ward, and patients whose day-1 photograph is due; the last ward only looks on."""
    now = datetime.now(UTC)
    randomised_at = (now - timedelta(hours=24)).isoformat()
    with closing(open_services(settings, at=now)) as services:
        lines = ["patient,site,randomised_at"]
        for site in _sites(wards + 1):
            user = User(f"ward{site}", Role.WARD, site)
            services.accounts.add_user(user, _PASSWORD, by="benchmark", at=now)
            lines += [f"{patient},{site},{randomised_at}" for patient in _patients(site, photos)]
        report = services.enrolling.enrol(_OFFICE, "\n".join(lines).encode(), at=now)
        if not report.stored:
            sys.exit(f"nobody was enrolled: {report.problems}")


def _sites(wards: int) -> list[str]:
    return [f"{site:02}" for site in range(1, wards + 1)]


def _patients(site: str, photos: int) -> list[str]:
    return [f"{site}-{number:03}" for number in range(1, photos + 1)]


def _photo(megapixels: float) -> bytes:
    """Give rendered legs as a photograph of that size."""
    with Image.open(_EXAMPLE) as example:
        enlarge = (megapixels * 1e6 / (example.width * example.height)) ** 0.5
        size = (round(example.width * enlarge), round(example.height * enlarge))
        file = io.BytesIO()
        example.resize(size, Image.Resampling.BICUBIC).save(file, "JPEG", quality=92)
    return file.getvalue()


def _of(photo: bytes, patient: str) -> bytes:
    """Give a patient's own file: a comment after the first marker makes it another one."""
    text = patient.encode()
    return b"".join((photo[:2], b"\xff\xfe", (len(text) + 2).to_bytes(2, "big"), text, photo[2:]))


@contextmanager
def _served(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a process of its own until the work is done."""
    toml = settings.data.parent / "app.toml"
    log = (settings.data.parent / "server.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, "serve", "--settings", str(toml)], stdout=log, stderr=log
    )
    try:
        while server.poll() is None and not _is_alive(settings):
            time.sleep(0.2)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=60)
        log.close()


def _is_alive(settings: Settings) -> bool:
    try:
        return httpx.get(f"{_address(settings)}/alive").is_success
    except httpx.TransportError:
        return False


def _address(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.port}"


def _work(settings: Settings, tally: Tally, photo: bytes, *, photos: int, wards: int) -> None:
    """Let all wards work at once, and one more look at its list all the time."""
    *sites, onlooker = _sites(wards + 1)
    onlooking = "list of a ward that looks on"
    is_over = threading.Event()

    def look_on(tablet: Tablet) -> None:
        tablet.sign_in()
        tablet.see_list(onlooking)  # also where two quick wards are done before the first half second is
        while not is_over.wait(0.5):
            tablet.see_list(onlooking)

    def work(tablet: Tablet, site: str) -> None:
        tablet.sign_in()
        tablet.see_list()
        for patient in _patients(site, photos):
            tablet.photograph(patient, _of(photo, patient))

    with ThreadPoolExecutor(wards + 1) as pool:
        tablets = {site: Tablet(_address(settings), site, tally) for site in (*sites, onlooker)}
        looking = pool.submit(look_on, tablets[onlooker])
        working = [pool.submit(work, tablets[site], site) for site in sites]
        for one in working:
            _wait(one.result, tally)
        is_over.set()
        _wait(looking.result, tally)
        for tablet in tablets.values():
            tablet.close()


def _wait(result: Callable[[], None], tally: Tally) -> None:
    try:
        result()
    except httpx.HTTPError as error:
        tally.errors.append(f"no answer: {error!r}")


def _peak_mb(server: subprocess.Popen[bytes]) -> float:
    """Give the most memory that a process has held, where the system says so."""
    status = Path(f"/proc/{server.pid}/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return float("nan") if found is None else int(found[1]) / 1024


def _lost(settings: Settings, tally: Tally) -> list[str]:
    """Name the acknowledged photographs that the store does not hold, once each, as they were sent."""
    now = datetime.now(UTC)
    with closing(open_services(settings, at=now)) as services:
        return [
            patient
            for patient, sha256 in tally.sent.items()
            if [steps.photo.sha256 for steps in services.ward._book.photos(patient=patient)] != [sha256]
        ]


def _print(tally: Tally, *, whole_s: float, peak_mb: float, lost: Sequence[str], size_bytes: int) -> None:
    print(
        f"{len(tally.sent)} photographs of {size_bytes / 1e6:.1f} MB in {whole_s:.0f} s, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; seconds:"
    )
    print(f"{'':32}{'number':>8}{'median':>8}{'p95':>8}{'most':>8}")
    for step, times in tally.times_s.items():
        ordered = sorted(times)
        p95 = ordered[min(len(ordered) - 1, int(_P95 * len(ordered)))]
        middle, most = statistics.median(ordered), ordered[-1]
        print(f"{step:32}{len(times):8}{middle:8.2f}{p95:8.2f}{most:8.2f}")
    print(f"errors {len(tally.errors)}, lost photographs {len(lost)}, peak memory {peak_mb:.0f} MB")
    for line in (*tally.errors[:10], *(f"lost: {patient}" for patient in lost)):
        print(line)


if __name__ == "__main__":
    sys.exit(main())
