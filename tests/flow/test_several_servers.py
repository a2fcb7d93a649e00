"""Two servers behind nginx, by the configuration that is shipped: one dies while wards and readers work."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.house import charter_text, house_settings
from tests.killed.looks import look, look_at_everything, make_trial
from tests.killed.visitors import Asked
from tests.killed.work import Work
from tests.nginx_server import NAME, Nginx, nginx_over

_ACTS = 12
_ACTS_BEFORE = 10
_STARTS_WITHIN_S = 600
_PATIENCE_S = 60
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Front:
    """What browsers reach: nginx with TLS."""

    nginx: Nginx
    cookie: str = "__Host-mottling"

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self.nginx.port}"

    def line(self) -> http.client.HTTPSConnection:
        line = http.client.HTTPSConnection(
            NAME, self.nginx.port, timeout=_PATIENCE_S, context=self.nginx.trust
        )
        line._create_connection = lambda address, *_: socket.create_connection(("127.0.0.1", address[1]))
        return line


@contextmanager
def served(settings, port):
    """Run `mottling serve` as a process of its own."""
    file = settings.data.with_name("app.toml")
    named = {"data": settings.data, "trial": settings.trial, "models": settings.models}
    lines = [f'{name} = "{value}"' for name, value in {**named, "records": settings.records}.items()]
    file.write_text("\n".join([*lines, "behind_tls = true\n"]), "utf-8")
    program = "from mottling.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", "--settings", str(file), "--port", str(port)]
    process = subprocess.Popen(command, cwd=_ROOT, env={**os.environ, "PYTHONPATH": str(_ROOT)})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(port, process):
    """Wait until a server listens."""
    until = time.monotonic() + _STARTS_WITHIN_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, "the server ended by itself"
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return


def free_ports():
    with ExitStack() as stack:
        doors = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        return [door.getsockname()[1] for door in doors]


def sign_in_at(person, front, port):
    """Sign in anew until nginx gives the session to one of the servers."""
    while True:
        person.token = person.do(front, Asked("sign in", 0)).found
        assert person.ask(front, "GET", "/here")[0].status == 204
        if front.nginx.asked()[-1].startswith(f"127.0.0.1:{port} 204"):
            return


def work_through(work, person, front, seed):
    """Ask for one thing after the other, each again until it is answered, as a tablet does."""
    rng = np.random.default_rng(seed)
    for _ in range(_ACTS):
        work.do(person, front, work.any_of(person, rng))
        while any(one is person for one, _ in work.waiting):
            work.repeat(front, of=person)


def kill_in_the_middle(work, process):
    """Kill a server once some acts were answered, while others are on their way."""
    while work.tally.answered.total() < _ACTS_BEFORE:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_one_of_two_servers_dies_and_nobody_is_signed_out_and_nothing_is_lost_or_twice(postgres, tmp_path):
    records = postgres.url(postgres.new_database())
    settings = house_settings(tmp_path, charter=charter_text()).model_copy(update={"records": records})
    work, ports = Work(), free_ports()
    make_trial(settings, [person.user for person in work.everybody])
    with (
        served(settings, ports[0]) as dies,
        served(settings, ports[1]) as lives,
        nginx_over(ports, tmp_path / "nginx") as nginx,
    ):
        front = Front(nginx)
        for port, process in zip(ports, (dies, lives), strict=True):
            wait_for(port, process)
        for number, person in enumerate(work.everybody):
            sign_in_at(person, front, ports[number % 2])
        people = [
            threading.Thread(target=work_through, args=(work, person, front, seed))
            for seed, person in enumerate(work.everybody)
        ]
        for each in people:
            each.start()
        kill_in_the_middle(work, dies)
        answered_before = work.tally.answered.total()
        for each in people:
            each.join()
    assert work.tally.lost == []
    assert work.tally.answered.total() > answered_before
    assert sum(line.startswith(f"127.0.0.1:{ports[0]} 20") for line in nginx.asked()) > len(people)
    assert look(settings, work.tally.unseen, set()) == []
    assert look_at_everything(settings, work.tally.photos, None) == ""
