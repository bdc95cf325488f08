# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way out of connectors against peers that misbehave: it ends in time, in a sentence, and tells nobody a secret."""

import gzip
import itertools
import socket
import zlib
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from time import monotonic, sleep

import pytest

from plein.channels.live import Net, Trouble
from plein.channels.net import OutsideNet
from plein.core import outside
from plein.core.ids import now
from plein.core.tests.test_web_client import Server, make_certificate, protect
from plein.core.tests.test_web_client import running as machine_running
from plein.testing.peers import Answer, Peer, Request, running


def net() -> OutsideNet:
    return OutsideNet(may_be_inside=True)


def behaviour(request: Request) -> Answer:
    """A machine with something behind each path."""
    text = b"hello " * 100
    answers = {
        "/": Answer(b"hello"),
        "/gzip": Answer(gzip.compress(text), headers={"Content-Encoding": "gzip"}),
        "/deflate": Answer(zlib.compress(text), headers={"Content-Encoding": "deflate"}),
        "/raw": Answer(zlib.compress(text, wbits=-15), headers={"Content-Encoding": "deflate"}),
        "/half": Answer(gzip.compress(text)[:-9], headers={"Content-Encoding": "gzip"}),
        "/other": Answer(text, headers={"Content-Encoding": "br"}),
        "/twice": Answer(gzip.compress(gzip.compress(text)), headers={"Content-Encoding": "gzip, gzip"}),
        "/moved": Answer(status=301, headers={"Location": "/"}),
        "/elsewhere": Answer(status=302, headers={"Location": f"http://localhost:{request.headers['host'][-5:]}/"}),
        "/stay": Answer(status=307, headers={"Location": f"http://localhost:{request.headers['host'][-5:]}/"}),
        "/file": Answer(status=302, headers={"Location": "file:///etc/passwd"}),
        "/gone": Answer(b"gone", status=410),
    }
    return answers[request.path]


@pytest.fixture(scope="module")
def shared() -> Iterator[Peer]:
    with running(behaviour) as server:
        yield server


@pytest.fixture
def peer(shared: Peer) -> Peer:
    shared.asked.clear()
    shared.moods.clear()
    shared.connections = 0
    return shared


def test_it_is_a_net() -> None:
    way: Net = OutsideNet()

    assert callable(way.ask)


def test_an_answer_comes_whole_over_one_connection(peer: Peer) -> None:
    with net() as way:
        first, second = way.ask("GET", peer.url + "/"), way.ask("GET", peer.url + "/moved")

    assert (first.status, first.body, second.url) == (200, b"hello", peer.url + "/")
    assert peer.connections == 1
    assert way.ask("GET", peer.url + "/gone").status == 410
    way.close()


@pytest.mark.parametrize("path", ["/gzip", "/deflate", "/raw"])
def test_packed_answers_are_unpacked(peer: Peer, path: str) -> None:
    with net() as way:
        assert way.ask("GET", peer.url + path).body == b"hello " * 100


@pytest.mark.parametrize(
    ("path", "words"),
    [("/half", "middle"), ("/other", "as it should"), ("/twice", "as it should"), ("/file", "no address")],
)
def test_answers_that_are_none_are_refused_in_words(peer: Peer, path: str, words: str) -> None:
    with net() as way, pytest.raises(Trouble, match=words):
        way.ask("GET", peer.url + path)


@pytest.mark.parametrize(
    ("mode", "words"),
    [("garbage", "as it should"), ("truncated", "middle"), ("loop", "sending us on"), ("drip", "too long"),
     ("huge", "more than"), ("lying", "more than"), ("hang-up", "as it should"), ("429", "come back later")],
)  # fmt: skip
def test_a_peer_that_misbehaves_becomes_a_sentence(peer: Peer, mode: str, words: str) -> None:
    peer.moods = [mode] * 9
    started = monotonic()

    with net() as way, pytest.raises(Trouble, match=words) as trouble:
        way.ask("GET", peer.url + "/", timeout=1.0 if mode == "drip" else 10.0, most_bytes=1_000_000)
    assert monotonic() - started < (3.0 if mode == "drip" else 10.0)
    assert str(trouble.value).endswith((".", ")."))
    assert trouble.value.retry_after == (7.0 if mode == "429" else None)


def test_an_answer_of_trouble_is_an_answer(peer: Peer) -> None:
    peer.moods = ["500"]

    with net() as way:
        assert way.ask("GET", peer.url + "/").status == 500


def test_a_head_that_drips_ends_in_time_too() -> None:
    plug = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        line, _ = plug.accept()
        for byte in b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 90:
            try:
                line.sendall(bytes([byte]))
            except OSError:
                break
            sleep(0.02)
        line.close()

    thread = Thread(target=drip, daemon=True)
    thread.start()
    started = monotonic()
    with net() as way, pytest.raises(Trouble, match="too long"):
        way.ask("GET", f"http://127.0.0.1:{plug.getsockname()[1]}/", timeout=0.5)
    assert monotonic() - started < 1.5
    plug.close()
    thread.join(5)


def test_what_declares_too_much_is_not_read_at_all(peer: Peer) -> None:
    with net() as way, pytest.raises(Trouble, match="more than"):
        way.ask("GET", peer.url + "/", most_bytes=4)


def test_secrets_stay_with_the_machine_they_were_meant_for(tmp_path: Path) -> None:
    heard: list[Request] = []

    def listen(request: Request) -> Answer:
        heard.append(request)
        return Answer(b"heard")

    secrets = {"Authorization": "Bearer marker", "Cookie": "marker=1", "X-Api-Key": "marker", "Accept": "text/html"}
    with running(listen) as other:

        def send_on(request: Request) -> Answer:
            status = 307 if request.path == "/post" else 302
            return Answer(status=status, headers={"Location": other.url + "/", "Set-Cookie": "marker=2"})

        with running(send_on) as one, net() as way:
            assert way.ask("GET", one.url + "/", headers=secrets).body == b"heard"
            assert one.asked[0].headers["authorization"] == "Bearer marker"
            with pytest.raises(Trouble, match="moved to"):
                way.ask("POST", one.url + "/post", headers=secrets, body=b"marker")

    assert len(heard) == 1 and heard[0].headers["accept"] == "text/html"
    assert "marker" not in repr(heard)


def test_a_password_does_not_travel_without_protection(monkeypatch: pytest.MonkeyPatch, peer: Peer) -> None:
    # As if this machine were another one.
    monkeypatch.setattr("plein.channels.net._is_here", lambda plug: False)

    with net() as way:
        assert way.ask("GET", peer.url + "/").body == b"hello"
        with pytest.raises(Trouble, match="without https") as trouble:
            way.ask("GET", peer.url + "/", headers={"Authorization": "Bearer x"})
        with pytest.raises(Trouble, match="without https"):
            way.ask("POST", peer.url + "/", body=b"x")
    assert trouble.value.is_lasting


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    with machine_running() as machine:
        path = make_certificate(tmp_path)
        protect(machine, path)
        yield machine, path


def test_a_certificate_must_be_trusted_and_its_own(secure: tuple[Server, Path]) -> None:
    machine, path = secure
    trusting = OutsideNet(may_be_inside=True, trust=str(path))

    with trusting:
        assert trusting.ask("GET", f"https://localhost:{machine.port}/inside").status == 200
        with pytest.raises(Trouble, match="no certificate"):
            trusting.ask("GET", f"https://127.0.0.1:{machine.port}/inside")
    with net() as way, pytest.raises(Trouble, match="no certificate"):
        way.ask("GET", f"https://localhost:{machine.port}/inside")


class Blunt(StreamRequestHandler):
    """Speaks first, and no TLS."""

    def handle(self) -> None:
        self.wfile.write(b"220 What do you want?\r\n")
        self.rfile.read()


def test_what_speaks_no_tls_is_not_spoken_to() -> None:
    with ThreadingTCPServer(("127.0.0.1", 0), Blunt) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with net() as way, pytest.raises(Trouble, match="as it should"):
            way.ask("GET", f"https://127.0.0.1:{server.server_address[1]}/")
        server.shutdown()


@pytest.mark.parametrize("shift", [timedelta(), timedelta(days=1), timedelta(days=-1)])
def test_a_clock_that_is_a_day_off_asks_for_the_same_wait(shift: timedelta) -> None:
    clock = now() + shift
    until = format_datetime(clock + timedelta(seconds=90), usegmt=False)
    headers = {"Retry-After": until, "Date": format_datetime(clock)}

    with (
        running(lambda _: Answer(status=503, headers=headers)) as server,
        net() as way,
        pytest.raises(Trouble) as trouble,
    ):
        way.ask("GET", server.url)
    assert trouble.value.retry_after == pytest.approx(90, abs=2)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), ("0", 0), ("-5", None), ("soon", None), ("9999999", 86_400), ("", None), ("١٢", None), ("1e9", None)],
)
def test_waits_are_read_as_they_are_meant(value: str, seconds: float | None) -> None:
    answer = Answer(status=429, headers={"Retry-After": value.encode().decode("latin-1")})
    with running(lambda _: answer) as server, net() as way, pytest.raises(Trouble) as trouble:
        way.ask("GET", server.url)
    assert trouble.value.retry_after == seconds


def test_lines_come_as_they_arrive_and_end_in_time() -> None:
    def stream(request: Request) -> Answer:
        return Answer(b"event: update\ndata: 1\n\n", headers={"Content-Length": "1000"})

    with running(stream) as server, net() as way:
        started = monotonic()
        lines = way.lines(server.url + "/", most_seconds=0.5)
        assert [next(lines), next(lines)] == ["event: update", "data: 1"]
        assert monotonic() - started < 0.4
        assert list(lines) == [""]
        assert monotonic() - started < 1.5


#: This machine, its neighbours and the machine it runs on, as numbers.
INSIDE = (
    "127.0.0.1",
    "127.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "100.100.100.200",
)


def spellings() -> Iterator[str]:
    """Hundreds of ways to write an address inside."""
    for text in INSIDE:
        parts = [int(part) for part in text.split(".")]
        number = int.from_bytes(bytes(parts))
        shapes = ("{}", "0{:o}", "0x{:x}", "0x{:02X}", "00{:o}", "0x000{:x}")
        for mix in itertools.product(shapes[:3], repeat=2):
            yield ".".join(shape.format(part) for shape, part in zip((*mix, *mix), parts, strict=True))
        for shape in shapes:
            yield ".".join(shape.format(part) for part in parts)
            yield shape.format(number)
            yield f"{shape.format(parts[0])}.{shape.format(number & 0xFFFFFF)}"
            yield f"{shape.format(parts[0])}.{shape.format(parts[1])}.{shape.format(number & 0xFFFF)}"
        high, low = number >> 16, number & 0xFFFF
        for form in ("::ffff:{0:x}:{1:x}", "::{0:x}:{1:x}", "64:ff9b::{0:x}:{1:x}", "2002:{0:x}:{1:x}::",
                     "64:ff9b:1::{0:x}:{1:x}", "0:0:0:0:0:ffff:{0:x}:{1:x}", "::FFFF:{0:X}:{1:X}"):  # fmt: skip
            yield f"[{form.format(high, low)}]"
        yield f"[::ffff:{text}]"
        yield f"{text}."
        yield text.replace(".", "。")
        yield text.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
        yield f"public.example@{text}"
        yield f"{text}#@public.example"
        yield f"{text}%2f@public.example"
    yield from ("localhost", "LOCALHOST", "localhost.", "ｌｏｃａｌｈｏｓｔ", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
 "[fe80::1]",                "[fe80::1%25eth0]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "①②⑦.⓪.⓪.①",
                "127.0.0.1\\@public.example")  # fmt: skip


def test_no_spelling_leads_inside(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = list(dict.fromkeys(spellings()))
    assert len(tried) >= 400

    # What looks like one of ours but asks a name server would only wait here; numbers are read without one.
    ask_names = socket.getaddrinfo

    def without_waiting(host: str, *more: object, **words: object) -> object:
        if host.endswith("public.example"):
            raise OSError
        return ask_names(host, *more, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", without_waiting)
    with OutsideNet() as way:
        for host in tried:
            for url in (f"http://{host}:{peer.port}/", f"https://{host}:{peer.port}/"):
                with pytest.raises(Trouble):
                    way.ask("GET", url)
        for scheme in ("file", "gopher", "ftp", "data", "dict", "javascript", ""):
            with pytest.raises(Trouble, match="no address"):
                way.ask("GET", f"{scheme}://127.0.0.1:{peer.port}/")
    assert peer.connections == 0


def test_a_redirect_or_a_second_answer_of_the_name_server_leads_nowhere_inside(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = socket.getaddrinfo("127.0.0.1", peer.port, type=socket.SOCK_STREAM)
    looked: list[str] = []

    def look(text: str, *, may_be_inside: bool) -> bool:
        looked.append(text)
        return len(looked) == 1

    def names(host: str, *more: object, **words: object) -> object:
        return inside

    # The first look says yes, as for a name that first answers with an address outside.
    monkeypatch.setattr(outside, "may_connect", look)
    monkeypatch.setattr(socket, "getaddrinfo", names)
    with OutsideNet() as way, pytest.raises(Trouble, match="does not connect to"):
        way.ask("GET", f"http://rebinding.example:{peer.port}/elsewhere")
    assert looked == ["127.0.0.1"] * 2
    assert [request.path for request in peer.asked] == ["/elsewhere"]
