# SPDX-License-Identifier: AGPL-3.0-or-later
"""A letter on its way out, and the bytes that go over the line: no value can become a header, a line or a command.

The headers are written here and not by Python's `email`: that one lets `=?utf-8?q?x?=` typed in a name through as an
encoded word, and splits a quoted name with a comma into two.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

import idna
from django.utils.translation import gettext as _

_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f\ud800-\udfff]{1,64}\Z")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/^`{|}~ -]*\Z")
_PLAIN = re.compile(r"[\x20-\x7e]*\Z")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}\Z")
_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,480}\Z")
_METHOD = re.compile(rb"^METHOD:([A-Za-z]{3,20})\r?$", re.MULTILINE)
_MIME = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}\Z")
#: So many bytes of text fit in one encoded word of 75 letters.
_WORD_BYTES = 42
_LINE = 76
#: Headers that the letter writes itself: `headers` may not repeat them.
_ADDRESSES = frozenset({"from", "sender", "to", "cc", "bcc", "reply-to"})
_OWN = _ADDRESSES | {"subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding"}


class NoAddress(ValueError):
    """What stands for an address cannot be one; the message is for people."""


def _visible(text: str) -> str:
    """Text for one line: what breaks a line or cannot be seen becomes a space."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def checked_address(text: str) -> str:
    """An e-mail address with its domain in ASCII; raises NoAddress."""
    local, _at, domain = unicodedata.normalize("NFC", text).strip().rpartition("@")
    if not _LOCAL.match(local) or not local.isprintable():
        raise NoAddress(_("%(text)s is not an e-mail address.") % {"text": _visible(text)[:80] or "“”"})
    try:
        name = idna.encode(domain.lower(), uts46=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError) as trouble:
        raise NoAddress(_("%(text)s is not an e-mail address.") % {"text": _visible(text)[:80]}) from trouble
    if "." not in name and name != "localhost":
        raise NoAddress(_("%(text)s is not an e-mail address.") % {"text": _visible(text)[:80]})
    return f"{local}@{name}"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address; raises NoAddress for what cannot be an address."""

    address: str
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", checked_address(self.address))
        object.__setattr__(self, "name", _visible(self.name)[:200])

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes along."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be posted. Addresses are text or mailboxes; without `sender` the company's own address is used.

    `message_id` is without brackets; without one it gets one. `is_secret`: it holds a way in, such as a link that signs
    in, so that it is shown to nobody but whom it is for.
    """

    to: tuple[Mailbox | str, ...]
    subject: str
    text: str
    html: str = ""
    reply_to: Mailbox | str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Enclosure, ...] = ()
    sender: Mailbox | None = None
    cc: tuple[Mailbox | str, ...] = ()
    bcc: tuple[Mailbox | str, ...] = ()
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    is_secret: bool = False

    def receivers(self) -> list[str]:
        """Every address it goes to, each once."""
        return list(dict.fromkeys(box.address for box in mailboxes([*self.to, *self.cc, *self.bcc])))


def mailboxes(several: Iterable[Mailbox | str]) -> list[Mailbox]:
    """Mailboxes, of whatever stands for one."""
    return [one if isinstance(one, Mailbox) else Mailbox(one) for one in several]


def encoded_words(text: str) -> list[str]:
    """Text as RFC 2047 words, none longer than 75 letters and none that cuts a letter in two."""
    words, piece = [], b""
    for letter in text:
        more = letter.encode("utf-8", "replace")
        if len(piece) + len(more) > _WORD_BYTES:
            words.append(piece)
            piece = b""
        piece += more
    return [f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in [*words, piece] if word]


def _folded(name: str, words: Iterable[str]) -> str:
    """A header whose words stand on lines of at most 76 letters where that can be."""
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > _LINE and line.strip() and not line.endswith(":"):
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line]) + "\r\n"


def text_header(name: str, text: str) -> str:
    """A header of free text."""
    line = _visible(text)
    if _PLAIN.match(line) and "=?" not in line and all(len(word) < 900 for word in line.split(" ")):
        return _folded(name, line.split(" "))
    return _folded(name, encoded_words(line))


def _address_words(box: Mailbox) -> list[str]:
    if not box.name:
        return [box.address]
    if _ATOMS.match(box.name):
        return [*box.name.split(" "), f"<{box.address}>"]
    if _PLAIN.match(box.name) and "=?" not in box.name:
        escaped = box.name.replace("\\", "\\\\").replace('"', '\\"')
        return [f'"{escaped}"', f"<{box.address}>"]
    return [*encoded_words(box.name), f"<{box.address}>"]


def address_header(name: str, boxes: Iterable[Mailbox]) -> str:
    """A header of addresses, or nothing when there are none."""
    words: list[str] = []
    for box in boxes:
        if words:
            words[-1] += ","
        words += _address_words(box)
    return _folded(name, words) if words else ""


def _ids(name: str, ids: Iterable[str]) -> str:
    known = [f"<{one}>" for one in ids if _ID.match(one) and "=?" not in one]
    return _folded(name, known) if known else ""


def _file_name(name: str) -> str:
    last = _visible(name.replace("\\", "/").rpartition("/")[2])
    return last[:180] or "file"


def _paragraphs(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode()
    return re.sub(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85", "\n", whole).replace("\x00", "")


def _body(letter: Letter) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message.set_content(_paragraphs(letter.text) or "\n", cte="quoted-printable")
    if letter.html:
        message.add_alternative(_paragraphs(letter.html), subtype="html", cte="quoted-printable")
    for file in letter.attachments:
        kind = file.mime if _MIME.match(file.mime) and not file.mime.startswith(("multipart/", "message/")) else ""
        method = _METHOD.search(file.data) if kind == "text/calendar" else None
        if method is not None:
            # Calendars look at an answer or an invitation only where it stands beside the text, with its method.
            told = {"method": method[1].decode().upper(), "name": _file_name(file.name)}
            calendar = file.data.decode("utf-8", "replace")
            message.add_alternative(calendar, subtype="calendar", cte="base64", params=told)
            continue
        main, _slash, sub = (kind or "application/octet-stream").partition("/")
        message.add_attachment(file.data, maintype=main, subtype=sub, filename=_file_name(file.name))
    return bytes(message)


def written(letter: Letter, sender: Mailbox, message_id: str, at: datetime) -> bytes:
    """The letter as it goes over the line. Blind copies are only on the envelope."""
    head = [
        address_header("From", [sender]),
        address_header("To", mailboxes(letter.to)) or "To: undisclosed-recipients:;\r\n",
        address_header("Cc", mailboxes(letter.cc)),
        address_header("Reply-To", mailboxes([letter.reply_to])) if letter.reply_to else "",
        text_header("Subject", letter.subject),
        f"Date: {format_datetime(at)}\r\n",
        _ids("Message-ID", [message_id]),
        _ids("In-Reply-To", [letter.in_reply_to]),
        _ids("References", letter.references[-20:]),
    ]
    for name, value in letter.headers.items():
        if not _HEADER.match(name) or name.lower() in _OWN:
            raise ValueError(f"not a header one may add: {name[:60]!r}")
        head.append(text_header(name, value))
    return "".join(head).encode("utf-8") + _body(letter)
