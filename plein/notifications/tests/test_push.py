# SPDX-License-Identifier: AGPL-3.0-or-later
"""Waking devices, against a push service of our own that answers as we say."""

import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from plein.core.ids import now
from plein.core.outside import NotAllowed
from plein.moments import actions as moments
from plein.notifications import actions, push
from plein.notifications.models import Device
from plein.notifications.tests.at_work import lines, seat_id_of, waiting, work
from plein.relations.models import Relation
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered
from plein.trust.zones import zone_of

PUSH = "notifications.push"


def plain(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Service(ThreadingHTTPServer):
    """A push service: what it got, and what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.status = 201
        self.got: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/device/1"


class Answer(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:  # noqa: N802 - the name is Python's
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Browser:
    """What a browser keeps to itself, with which it reads what comes."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.auth = b"sixteen letters."

    def read(self, body: bytes) -> dict[str, Any]:
        """Decrypt a message, by RFC 8291."""
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        secret = _derived(self.auth, shared, b"WebPush: info\0" + self.point + theirs, 32)
        key = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
        found: dict[str, Any] = json.loads(AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x02\0"))
        return found


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    settings.PLEIN_PUSH_INSIDE = True
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def browser_of_bob(bob: User, service: Service) -> Browser:
    browser = Browser()
    with entered(bob) as actor:
        actions.add_device(
            actor=actor, endpoint=service.address, p256dh=plain(browser.point), auth=plain(browser.auth), name="Firefox"
        )
    return browser


@pytest.fixture
def henk(alice: User) -> Relation:
    with entered(alice):
        return make_person()


def mention(alice: User, henk: Relation, text: str = "Vertrouwelijk over @Bob") -> None:
    with entered(alice) as actor:
        part = moments.Part(henk.id, "about")
        moments.record_moment(actor=actor, kind="note", participants=[part], text=text)
    work()


def test_the_push_service_learns_only_that_something_is_new(
    alice: User, bob: User, henk: Relation, service: Service, browser_of_bob: Browser
) -> None:
    mention(alice, henk)
    work(PUSH, twice=True)

    [(path, headers, body)] = service.got
    assert path == "/device/1"
    assert browser_of_bob.read(body) == {"new": str(lines(bob)[0].id)}
    assert headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) > 0
    token, key = headers["authorization"].removeprefix("vapid t=").split(", k=")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), urlsafe_b64decode(key + "="))
    claims = jwt.decode(token, point, algorithms=["ES256"], audience="http://127.0.0.1")
    assert claims["sub"].startswith("mailto:")
    with entered(bob):
        assert Device.objects.get().reached_at is not None


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(
    alice: User, bob: User, henk: Relation, service: Service, browser_of_bob: Browser, status: int
) -> None:
    service.status = status
    mention(alice, henk)
    work(PUSH)

    with entered(bob):
        assert not Device.objects.exists()
    mention(alice, henk)
    assert waiting(PUSH) == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_push_service_in_trouble_keeps_the_device(
    alice: User, bob: User, henk: Relation, service: Service, browser_of_bob: Browser, status: int
) -> None:
    service.status = status
    mention(alice, henk)
    work(PUSH)

    with entered(bob):
        assert Device.objects.get().reached_at is None


def test_changes_of_one_line_wake_a_device_once(
    alice: User, bob: User, henk: Relation, service: Service, browser_of_bob: Browser
) -> None:
    with entered(alice) as actor:
        for title in ("Bel", "Mail"):
            moments.create_todo(actor=actor, title=title, assignee_id=seat_id_of(bob))
    work()
    work(PUSH)

    assert len(service.got) == len(lines(bob))


def test_what_was_hidden_or_read_in_the_meantime_wakes_nobody(
    alice: User, bob: User, henk: Relation, service: Service, browser_of_bob: Browser
) -> None:
    with entered(alice) as actor:
        part = moments.Part(henk.id, "about")
        moment = moments.record_moment(actor=actor, kind="note", participants=[part], text="@Bob")
    work()
    with entered(alice) as actor:
        moments.change_moment_circle(actor=actor, moment=moment, circle="me")
    mention(alice, henk)
    with entered(bob) as actor:
        actions.mark_read(actor=actor)
    work(PUSH)

    assert service.got == []


def test_quiet_hours_hold_it_until_they_are_over(
    alice: User, bob: User, henk: Relation, service: Service, browser_of_bob: Browser
) -> None:
    with entered(bob) as actor:
        around = now() - timedelta(hours=2), now() + timedelta(hours=2)
        begin, end = (moment.astimezone(zone_of(bob)).time() for moment in around)
        actions.choose(actor=actor, has_quiet_hours=True, quiet_from=begin, quiet_until=end)
    mention(alice, henk)
    work(PUSH)

    assert service.got == []
    assert len(waiting(PUSH)) == 1
    with entered(bob) as actor:
        actions.choose(actor=actor, has_quiet_hours=False)
    work(PUSH)
    assert len(service.got) == 1


def test_who_paused_everything_is_not_woken(
    alice: User, bob: User, henk: Relation, service: Service, browser_of_bob: Browser
) -> None:
    with entered(bob) as actor:
        actions.choose(actor=actor, is_paused=True)
    mention(alice, henk)

    assert waiting(PUSH) == []
    assert waiting("notifications.digest") == []
    assert len(lines(bob)) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0177.0.0.1", "[::ffff:127.0.0.1]", "169.254.169.254"])
def test_an_address_inside_our_own_network_is_never_called(host: str, settings: Any) -> None:
    with pytest.raises(NotAllowed):
        push._post(f"https://{host}:9/x", b"", {})
