# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invented mails for the tests: Dutch and English, whole and broken."""

from pathlib import Path

from plein.channels.base import Message
from plein.channels.connectors.mail.limits import Limits
from plein.channels.connectors.mail.parse import parse_message
from plein.channels.connectors.mail.raw import Raw

FOLDER = Path(__file__).parent / "fixtures"


def read(data: bytes, spool: Path | None = None, **limits: int) -> Message:
    """Parse one mail as it stands."""
    return parse_message(Raw("Inbox", "test", 0, data, len(data), "[]"), spool, Limits(**limits))


def mail(body: str = "Hallo.\n", **headers: str) -> bytes:
    """Write a small mail; header names use _ for -."""
    fields = {
        "From": "Sanne de Wit <sanne@noorderlicht.example>",
        "To": "Joris Bakker <joris@bakkerij.example>",
        "Subject": "Offerte zonnepanelen",
        "Date": "Tue, 3 Mar 2026 09:15:00 +0100",
        "Message-ID": "<m1@noorderlicht.example>",
    }
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return f"{head}\n{body}".encode()


def mbox(*messages: bytes) -> bytes:
    """Put mails into one mbox, quoting lines that start with "From "."""
    pieces = []
    for message in messages:
        quoted = b"\n".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in message.split(b"\n")
        )
        pieces.append(b"From sanne@noorderlicht.example Tue Mar  3 09:15:00 2026\n" + quoted.rstrip(b"\n") + b"\n\n")
    return b"".join(pieces)


def numbered(count: int) -> list[bytes]:
    """Write mails that differ."""
    return [
        mail(f"Bericht {n}.\nFrom here on it is text.\n", Message_ID=f"<n{n}@x.example>", Subject=f"Nummer {n}")
        for n in range(count)
    ]


def write_maildir(folder: Path) -> Path:
    """Make a Maildir with a subfolder in the Maildir++ way, a half-written mail and the files of a server."""
    for name in ("cur", "new", "tmp", ".Archief.2025/cur", ".Archief.2025/new"):
        (folder / name).mkdir(parents=True)
    (folder / "cur" / "1772700000.M1.host:2,S").write_bytes(mail("Done.\n", Message_ID="<plan-1@x.example>"))
    (folder / "new" / "1772700001.M2.host").write_bytes(mail("Moved.\n", Message_ID="<plan-2@x.example>"))
    (folder / "tmp" / "1772700002.M3.host").write_bytes(b"From: half")
    (folder / ".Archief.2025" / "cur" / "1700000000.M4.host:2,S").write_bytes(mail("Oud.\n", Message_ID=""))
    (folder / "dovecot.index.log").write_bytes(b"\0\1\2")
    return folder
