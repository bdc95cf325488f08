# SPDX-License-Identifier: AGPL-3.0-or-later
"""The XML of WebDAV from the other side: questions written, answers read within limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring

from plein.channels.connectors.posts import clean

DAV, CARD, CAL, SERVER = (
    "DAV:",
    "urn:ietf:params:xml:ns:carddav",
    "urn:ietf:params:xml:ns:caldav",
    "http://calendarserver.org/ns/",
)
SPACES = f'xmlns="{DAV}" xmlns:card="{CARD}" xmlns:cal="{CAL}" xmlns:cs="{SERVER}"'
#: No server has more in one book.
MOST_ANSWERS = 100_000
#: The tags of so many answers, about; a tree of more would not fit in memory.
MOST_TAGS = 2_000_000


class NoAnswer(ValueError):
    """The answer is no multistatus."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a server says of one thing: its address, its status, and the properties it has."""

    url: str
    status: int
    found: dict[str, Any]

    def text(self, space: str, name: str) -> str:
        """The text of a property, or ""."""
        element = self.found.get(f"{{{space}}}{name}")
        return "" if element is None else clean(element.text, 5_000_000)

    def hrefs(self, space: str, name: str) -> list[str]:
        """The addresses that a property holds."""
        element = self.found.get(f"{{{space}}}{name}")
        if element is None:
            return []
        said = (clean(one.text, 2000).strip() for one in element.iter(f"{{{DAV}}}href"))
        return [url for one in said if one and (url := joined(self.url, one))]

    def kinds(self, space: str, name: str) -> set[str]:
        """The names of the elements in a property."""
        element = self.found.get(f"{{{space}}}{name}")
        return set() if element is None else {str(one.tag) for one in element.iter()}


def ask_for(*names: str) -> bytes:
    """The question for these properties."""
    props = "".join(f"<{name}/>" for name in names)
    return f'<?xml version="1.0" encoding="utf-8"?><propfind {SPACES}><prop>{props}</prop></propfind>'.encode()


def ask_what_changed(token: str) -> bytes:
    """The question what changed since a token."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><sync-collection {SPACES}><sync-token>{escape(token)}</sync-token>'
        "<sync-level>1</sync-level><prop><getetag/></prop></sync-collection>"
    ).encode()


def ask_for_these(kind: str, urls: Sequence[str]) -> bytes:
    """The question for the whole of some appointments or cards."""
    report, data = ("cal:calendar-multiget", "cal:calendar-data") if kind == "event" else (
        "card:addressbook-multiget", "card:address-data")  # fmt: skip
    hrefs = "".join(f"<href>{escape(within(url))}</href>" for url in urls)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><{report} {SPACES}><prop><getetag/><{data}/></prop>{hrefs}</{report}>'
    ).encode()


def read_parts(body: bytes, url: str) -> tuple[list[Part], str]:
    """The things in an answer, and its sync-token; raises NoAnswer."""
    if body.count(b"<") > MOST_TAGS:
        raise NoAnswer("too much at once")
    try:
        root = fromstring(body, forbid_dtd=True)
    except Exception as trouble:  # the parser raises errors of its own, of ours and of encodings
        raise NoAnswer("no XML") from trouble
    if root.tag != f"{{{DAV}}}multistatus":
        raise NoAnswer("no multistatus")
    token = clean(root.findtext(f"{{{DAV}}}sync-token"), 2000).strip()
    return list(_parts(root, url)), token


def _parts(root: Any, url: str) -> Iterator[Part]:
    for number, one in enumerate(root.findall(f"{{{DAV}}}response")):
        if number >= MOST_ANSWERS:
            return
        href = joined(url, clean(one.findtext(f"{{{DAV}}}href"), 2000).strip())
        if not href:
            continue
        found: dict[str, Any] = {}
        for stat in one.findall(f"{{{DAV}}}propstat"):
            prop = stat.find(f"{{{DAV}}}prop")
            if prop is not None and _status(stat, 200) == 200:
                found |= {str(child.tag): child for child in prop}
        yield Part(href, _status(one, 200), found)


def _status(element: Any, usual: int) -> int:
    words = clean(element.findtext(f"{{{DAV}}}status")).split()
    return int(words[1]) if len(words) > 1 and words[1].isascii() and words[1].isdigit() else usual


def joined(base: str, address: str) -> str:
    """The whole address of something that is named beside another one, or "" for what is none on the web."""
    try:
        found = urljoin(base, address).replace(" ", "%20")
        return found if urlsplit(found).scheme in ("https", "http") and urlsplit(found).hostname else ""
    except ValueError:
        return ""


def within(url: str) -> str:
    """The part of an address behind the machine."""
    parts = urlsplit(url)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def same_as(url: str) -> str:
    """An address in the form in which two are compared: servers escape in different ways."""
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}{unquote(parts.path)}"
