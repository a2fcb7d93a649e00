"""A picture archive as hospitals have: Orthanc, which takes files over DICOM and gives them out again.

Debian brings Orthanc and, in dcmtk, the programs that send (`storescu`) and search (`findscu`) as a modality
does. `.ci/run` installs both.
"""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

from tests.installed import program

__all__ = ["PACS", "Archive", "archive"]

PACS = "MOTTLINGTEST"
_PATIENCE_S = 60


@dataclass(frozen=True)
class Archive:
    """An archive that listens on this machine."""

    dicom_port: int
    http_port: int

    def send(self, *paths: Path) -> str:
        """Send files over DICOM (C-STORE), each as it is compressed; gives what the sender said."""
        storescu = program("storescu", "dcmtk")
        called = [storescu, "-v", "-R", "-xy", "-aec", PACS, "127.0.0.1", str(self.dicom_port)]
        sent = subprocess.run([*called, *paths], capture_output=True, text=True, check=True)
        return sent.stdout + sent.stderr

    def search(self, **wanted: str) -> str:
        """Ask over DICOM for studies (C-FIND); gives what was found, as findscu prints it."""
        keys = [part for name, value in wanted.items() for part in ("-k", f"{name}={value}")]
        findscu = program("findscu", "dcmtk")
        called = [findscu, "-v", "-S", "-aec", PACS, "-k", "QueryRetrieveLevel=STUDY", *keys]
        asked = [*called, "127.0.0.1", str(self.dicom_port)]
        answered = subprocess.run(asked, capture_output=True, text=True, check=True)
        return answered.stdout + answered.stderr

    def get(self, path: str) -> bytes:
        """Ask Orthanc by HTTP, as a viewer does."""
        with closing(HTTPConnection("127.0.0.1", self.http_port, timeout=_PATIENCE_S)) as line:
            line.request("GET", path)
            answer = line.getresponse()
            data = answer.read()
        assert answer.status == HTTPStatus.OK, (path, answer.status, data[:300])
        return data

    def listed(self, path: str) -> object:
        """Ask Orthanc for something that it says in JSON."""
        return json.loads(self.get(path))


@contextmanager
def archive(folder: Path) -> Iterator[Archive]:
    """Run Orthanc on free ports, with everything that it keeps in a folder."""
    orthanc = program("Orthanc", "orthanc")
    made = Archive(*_free_ports(2))
    settings = {
        "Name": "Archive of a test",
        "StorageDirectory": str(folder / "files"),
        "IndexDirectory": str(folder / "index"),
        "DicomAet": PACS,
        "DicomPort": made.dicom_port,
        "HttpPort": made.http_port,
        "DicomCheckCalledAet": True,
        "DicomAlwaysAllowStore": True,
        "DicomAlwaysAllowFind": True,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "Plugins": [],
    }
    (folder / "orthanc.json").write_text(json.dumps(settings), "utf-8")
    command = [orthanc, folder / "orthanc.json"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None, "as asked for"
        # Somebody must go on reading, or Orthanc would stop when the pipe is full.
        goes_on = threading.Thread(target=deque, args=(running.stderr, 0))
        try:
            _until_started(running.stderr)
            goes_on.start()
            yield made
        finally:
            running.terminate()
            if goes_on.ident is not None:
                goes_on.join()


def _until_started(log: IO[str]) -> None:
    said = []
    for line in log:
        said.append(line)
        if "Orthanc has started" in line:
            return
    raise AssertionError(f"Orthanc does not start: {''.join(said)}")


def _free_ports(count: int) -> Sequence[int]:
    doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return ports
