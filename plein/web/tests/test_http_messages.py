# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a message ends, and what is no message: asked of the real server over a bare line."""

import socket
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.slow
HEAD = "POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HIDDEN = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
AMBIGUOUS = {
    "both lengths": f"{HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": f"{HEAD}Content-Length: 0\r\nContent-Length: {len(HIDDEN)}\r\n\r\n",
    "odd length": f"{HEAD}Content-Length: +0\r\n\r\n",
    "unknown coding": f"{HEAD}Transfer-Encoding: xchunked\r\n\r\n",
    "folded header": f"{HEAD}Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "space before colon": f"{HEAD}Content-Length : 0\r\n\r\n",
    "bare line end": f"{HEAD}Content-Length: 0\r\n\r\n".replace("\r\n", "\n"),
}


def said(server: str, message: str) -> str:
    """Everything a server answers on one line, until it closes or is silent."""
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port), timeout=10) as line:
        line.sendall(message.encode())
        pieces = []
        try:
            while piece := line.recv(65_536):
                pieces.append(piece)
                line.settimeout(0.2)
        except TimeoutError:
            pass
    return b"".join(pieces).decode(errors="replace")


def test_a_message_whose_end_is_in_doubt_hides_no_other(server: str) -> None:
    assert said(server, HIDDEN).startswith("HTTP/1.1 200")

    for name, message in AMBIGUOUS.items():
        answers = said(server, message + HIDDEN)
        statuses = [part[:3] for part in answers.split("HTTP/1.1 ")[1:]]
        # Refused, and the line with it; whatever followed is nobody's.
        assert statuses == ["400"] or (name == "bare line end" and "200" not in statuses[:1]), (name, statuses)


def test_a_line_does_not_become_another_kind_of_line(server: str) -> None:
    asked = (
        "GET /notifications/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )

    assert not said(server, asked).startswith("HTTP/1.1 101")


def test_the_server_tells_nothing_of_itself_and_reads_nothing_back(server: str) -> None:
    answer = said(server, "TRACE / HTTP/1.1\r\nHost: localhost\r\nX-Marker: marker-7419\r\n\r\n")
    head = answer.partition("\r\n\r\n")[0].lower()

    assert "marker-7419" not in answer and not answer.startswith("HTTP/1.1 200")
    assert "uvicorn" not in head and "python" not in head and "django" not in head


def test_the_door_of_assistants_has_its_headers_too(server: str) -> None:
    head = said(server, "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").partition("\r\n\r\n")[0]

    assert head.startswith("HTTP/1.1 401")
    for name in ("x-content-type-options: nosniff", "referrer-policy", "default-src 'none'", "no-store"):
        assert name in head.lower(), name
    assert "access-control-" not in head.lower()
