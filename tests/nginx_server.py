"""nginx on this machine, with the configuration that is shipped, over servers of a test."""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mottling.shipped import shipped
from tests.installed import program

__all__ = ["NAME", "Nginx", "nginx_over"]

NAME = "mottling.example"
_PATIENCE_S = 20
_MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
  log_format whom '$upstream_addr $status $request_method $uri';
  access_log {folder}/access.log whom;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/mottling.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    """The nginx that runs."""

    port: int
    folder: Path
    trust: ssl.SSLContext
    """Knows its certificate."""

    def asked(self) -> list[str]:
        """List the requests that were passed on: to whom, how they were answered, and what they asked."""
        return (self.folder / "access.log").read_text("utf-8").splitlines()


@contextmanager
def nginx_over(ports: Sequence[int], folder: Path) -> Iterator[Nginx]:
    """Run nginx over servers that listen, by the shipped configuration with other ports and a certificate."""
    nginx = program("nginx", "nginx")
    folder.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    _write_certificate(folder)
    (folder / "mottling.conf").write_text(_configuration(ports, port, folder), "utf-8")
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder), "utf-8")
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        _wait_for(port, process)
        trust = ssl.create_default_context(cafile=folder / "certificate.pem")
        yield Nginx(port, folder, trust)
    finally:
        process.terminate()
        process.wait()


def _configuration(ports: Sequence[int], port: int, folder: Path) -> str:
    """Give the shipped configuration for this machine: whatever is exchanged must be there."""
    text = (shipped("configs") / "serving" / "nginx.conf").read_text("utf-8")
    exchanged = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80": f"listen unix:{folder}/plain.sock",
        "/etc/mottling/certificate.": f"{folder}/certificate.",
        "server 127.0.0.1:7861": f"server 127.0.0.1:{ports[0]}",
        "server 127.0.0.1:7862": f"server 127.0.0.1:{ports[1]}",
    }
    for old, new in exchanged.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def _write_certificate(folder: Path) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "certificate.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, "nginx does not start with the shipped configuration"
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return
