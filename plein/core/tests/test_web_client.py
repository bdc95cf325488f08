# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking another machine: with a certificate that can be trusted, over TLS of today, and nowhere else than there."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plein.core import outside
from plein.core.ids import now
from plein.core.web_client import ask


class Server(HTTPServer):
    """A machine that sends everybody on to somewhere else, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802 - the name that the library looks for
        assert isinstance(self.server, Server)
        self.server.asked.append(self.path)
        self.send_response(302 if self.path == "/" else 200)
        self.send_header("Location", f"http://127.0.0.1:{self.server.port}/inside")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Server]:
    """A machine that answers."""
    server = Server()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def machine() -> Iterator[Server]:
    with running() as server:
        yield server


def protect(server: Server, certificate: Path) -> None:
    """Let a machine speak TLS with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path)


def make_certificate(folder: Path) -> Path:
    """A certificate that its own machine vouches for, and nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_nobody_is_followed_to_another_place(machine: Server) -> None:
    answer = ask(f"http://127.0.0.1:{machine.port}/", may_be_inside=True)

    assert answer.status == 302 and machine.asked == ["/"]


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(machine: Server, certificate: Path) -> None:
    protect(machine, certificate)

    with pytest.raises(outside.Unreachable, match="no certificate that can be trusted"):
        ask(f"https://localhost:{machine.port}/", may_be_inside=True)
    assert machine.asked == []


def test_what_is_said_without_protection_stays_on_this_machine(machine: Server) -> None:
    with pytest.raises(outside.NotAllowed):
        ask(f"http://localhost:{machine.port}/")
    with pytest.raises(outside.NotAllowed, match="only speaks to this machine|does not connect"):
        ask("http://169.254.169.254/latest/", may_be_inside=True)


def test_the_line_we_make_is_one_of_today() -> None:
    """What `create_default_context` gives; plein/tests/test_security_rules.py sees that no other context is made."""
    context = ssl.create_default_context()

    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname
    weak = [one["name"] for one in context.get_ciphers() if one["strength_bits"] < 128 or "RC4" in one["name"]]
    assert weak == []
