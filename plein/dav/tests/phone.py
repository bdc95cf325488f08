# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device as the tests use it: requests with a password, and answers taken apart."""

import base64
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, fromstring  # noqa: S405 - our own answers

from django.http import HttpResponse
from django.test import Client

from plein.dav.actions.keys import make_key
from plein.dav.xml import CAL, CARD, DAV, tag
from plein.trust.models import User
from plein.trust.seats import entered

PEOPLE, ORGANIZATIONS = "/dav/me/contacts/people/", "/dav/me/contacts/organizations/"
AGENDA, TODOS = "/dav/me/calendars/agenda/", "/dav/me/calendars/todos/"
SPACES = f'xmlns="{DAV}" xmlns:card="{CARD}" xmlns:cal="{CAL}" xmlns:cs="http://calendarserver.org/ns/"'


@dataclass
class Phone:
    """One device of one colleague."""

    user: User
    secret: str
    client: Client = field(default_factory=Client)

    def ask(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Any:
        """One request; headers by their names with underscores."""
        password = base64.b64encode(f"{self.user.email}:{self.secret}".encode()).decode()
        data = body.encode() if isinstance(body, str) else body
        named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        kind = "text/xml" if data[:1] == b"<" else "text/vcard"
        more: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Basic {password}", **named}
        return self.client.generic(method, path, data, kind, **more)

    def put(self, path: str, text: str, **headers: str) -> HttpResponse:
        """Send an object."""
        answer: HttpResponse = self.ask("PUT", path, text, **headers)
        return answer

    def get(self, path: str, **headers: str) -> Any:
        """Read an object."""
        return self.ask("GET", path, **headers)

    def etags(self, collection: str) -> dict[str, str]:
        """The objects of a collection with their hashes."""
        answer = self.ask("PROPFIND", collection, propfind("getetag"), depth="1")
        assert answer.status_code == 207, answer.content
        return {path: etag for path, etag in pairs(answer.content).items() if etag}

    def sync(self, collection: str, token: str = "") -> tuple[set[str], set[str], str]:
        """What is new or changed, what is gone, and the next token."""
        body = (
            f"<sync-collection {SPACES}><sync-token>{token}</sync-token><sync-level>1</sync-level>"
            "<prop><getetag/></prop></sync-collection>"
        )
        answer = self.ask("REPORT", collection, body)
        assert answer.status_code == 207, answer.content
        root = fromstring(answer.content)  # noqa: S314 - our own answer
        there = {path for path, etag in pairs(answer.content).items() if etag}
        gone = {path for path, etag in pairs(answer.content).items() if not etag}
        return there, gone, root.findtext(tag(DAV, "sync-token")) or ""

    def cards(self, collection: str) -> str:
        """Everything in a book, as one text."""
        body = f"<card:addressbook-query {SPACES}><prop><card:address-data/></prop></card:addressbook-query>"
        return str(self.ask("REPORT", collection, body).content.decode())


def propfind(*names: str) -> str:
    """The question for these properties."""
    return f"<propfind {SPACES}><prop>{''.join(f'<{name}/>' for name in names)}</prop></propfind>"


def pairs(content: bytes) -> dict[str, str]:
    """The addresses in an answer, each with its hash, or nothing when it has none."""
    root: Element = fromstring(content)  # noqa: S314 - our own answer
    found = {}
    for one in root.findall(tag(DAV, "response")):
        path = one.findtext(tag(DAV, "href")) or ""
        found[path] = one.findtext(f"{tag(DAV, 'propstat')}/{tag(DAV, 'prop')}/{tag(DAV, 'getetag')}") or ""
    return found


def phone_of(user: User, *, reach: str = "all", may_write: bool = True) -> Phone:
    """A new device of a colleague."""
    with entered(user) as actor:
        return Phone(user, make_key(actor=actor, kind="device", name="Phone", reach=reach, may_write=may_write))


def card(name: str, uid: str = "", *more: str) -> str:
    """A card as a telephone writes it."""
    given, _space, family = name.partition(" ")
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:{uid or name}",
        f"FN:{name}",
        f"N:{family};{given};;;",
        *more,
        "END:VCARD",
    ]
    return "\r\n".join(lines) + "\r\n"


def event(
    title: str, uid: str = "", *more: str, starts: str = "20300105T090000Z", ends: str = "20300105T100000Z"
) -> str:
    """An event as a calendar writes it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Phone//EN", "BEGIN:VEVENT", f"UID:{uid or title}",
             "DTSTAMP:20260101T000000Z", f"DTSTART:{starts}", f"DTEND:{ends}", f"SUMMARY:{title}", *more,
             "END:VEVENT", "END:VCALENDAR"]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"


def todo(title: str, uid: str = "", *more: str) -> str:
    """A to-do as a list of tasks writes it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Phone//EN", "BEGIN:VTODO", f"UID:{uid or title}",
             "DTSTAMP:20260101T000000Z", f"SUMMARY:{title}", *more, "END:VTODO", "END:VCALENDAR"]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"
