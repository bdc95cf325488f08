# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the text of a feed, however it is written: RSS of all ages, RDF, Atom, JSON Feed, well-formed or not."""

import io
import re
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import feedparser

from plein.channels.connectors.answers import mapping, objects, parse
from plein.channels.connectors.mail.addresses import normal_address
from plein.channels.connectors.mail.html_text import html_to_text
from plein.channels.connectors.posts import clean, moment, one_line, web_address

#: More than this no feed holds; a site that keeps everything it ever wrote in one is asked no further.
MOST_BYTES = 4_000_000
MOST_ENTRIES = 2_000
#: Reading takes time that grows with the square of the depth.
DEEPEST = 200
_TAG = re.compile(rb"<(/?)[a-zA-Z][^<>]{0,2000}?(/?)>")
_HEAD = re.compile(r"<link\b([^<>]{1,1000})>", re.IGNORECASE)
_PAIR = re.compile(r"""([a-z]+)\s*=\s*["']?([^"'<>\s]+)""", re.IGNORECASE)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")


class NoFeed(ValueError):
    """The text is no feed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: who wrote what, when, and where it can be read."""

    id: str
    link: str
    title: str
    html: str
    text: str
    author: str
    email: str
    page: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its name, its entries as it orders them, and where it tells its news without being asked."""

    title: str
    link: str
    entries: tuple[Entry, ...]
    hub: str = ""
    topic: str = ""


def read_feed(body: bytes, url: str, kind: str = "") -> Feed:
    """Read a feed; raises NoFeed in a sentence."""
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        return _json_feed(body)
    if _is_bottomless(body):
        raise NoFeed("The feed is built so deep that it cannot be meant to be read.")
    return _written(body, url, kind)


def feed_of_page(body: bytes, url: str) -> str:
    """The address of the feed that a page of a website names, or ""."""
    for found in _HEAD.finditer(body[:500_000].decode("utf-8", "replace")):
        pairs = {name.lower(): value for name, value in _PAIR.findall(found[1])}
        if pairs.get("type", "").lower() in _FEED_TYPES and pairs.get("rel", "").lower() == "alternate":
            return web_address(_joined(url, pairs.get("href", "")))
    return ""


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _is_bottomless(body: bytes) -> bool:
    depth = 0
    for found in _TAG.finditer(body):
        if found[1]:
            depth = max(0, depth - 1)
        elif not found[2]:
            depth += 1
        if depth > DEEPEST:
            return True
    return False


def _written(body: bytes, url: str, kind: str) -> Feed:
    """A feed in XML, or in what was meant to be XML."""
    try:
        # Without the address of the feed, which may change: identifiers would be made of it.
        # Never as text: what looks like an address would be fetched.
        found = feedparser.parse(
            io.BytesIO(body), response_headers={"content-type": kind} if kind else None, sanitize_html=False
        )
    except Exception as trouble:
        # Readers of broken texts break in ways that nobody listed.
        raise NoFeed("The feed could not be understood.") from trouble
    if not found.get("version") and not found.entries:
        raise NoFeed("What stands there is no feed.")
    links = {one.get("rel"): one.get("href") for one in _many(found.feed, "links")}
    # As plain dictionaries: the library's own take one name for another, and warn of it.
    entries = tuple(_entry(dict(mapping(one)), found.feed, url) for one in found.entries[:MOST_ENTRIES])
    return Feed(
        title=_plain(mapping(found.feed), "title"),
        link=web_address(_joined(url, clean(found.feed.get("link"), 2000))),
        entries=entries,
        hub=web_address(links.get("hub")),
        topic=web_address(links.get("self")),
    )


def _many(thing: Any, name: str) -> list[dict[str, Any]]:
    return [one for one in objects(thing.get(name)) if one]


def _plain(thing: dict[str, Any], name: str) -> str:
    """A title, as one line of plain text."""
    value = clean(thing.get(name), 5000)
    is_html = "html" in clean(mapping(thing.get(f"{name}_detail")).get("type"))
    return one_line(html_to_text(value, 2000) if is_html and ("<" in value or "&" in value) else value, 500)


def _entry(one: dict[str, Any], feed: Any, url: str) -> Entry:
    html, text = _body(one)
    author = mapping(one.get("author_detail")) or mapping(feed.get("author_detail"))
    name = one_line(author.get("name") or one.get("author") or feed.get("author"), 200)
    return Entry(
        id=clean(one.get("id"), 1000).strip(),
        link=_link(one, url),
        title=_plain(one, "title"),
        html=html,
        text=text,
        author=name,
        email=_email(author.get("email")),
        page=web_address(author.get("href")),
        at=_moment(one, "published") or _moment(one, "updated") or _moment(one, "created"),
    )


def _link(one: dict[str, Any], url: str) -> str:
    address = clean(one.get("link"), 2000).strip()
    return web_address(_joined(url, address)) if address else ""


def _body(one: dict[str, Any]) -> tuple[str, str]:
    """The longest of what an entry says, as HTML or as plain text."""
    said = [*_many(one, "content"), mapping(one.get("summary_detail"))]
    best = max(said, key=lambda part: len(clean(part.get("value"))))
    value = clean(best.get("value"))
    return ("", value.strip()) if best.get("type") == "text/plain" else (value, "")


def _moment(one: dict[str, Any], name: str) -> datetime | None:
    parsed = one.get(f"{name}_parsed")
    try:
        return None if parsed is None else moment(timegm(parsed) * 1000)
    except (ValueError, OverflowError, TypeError):
        return None


def _email(value: object) -> str:
    text = clean(value, 300).strip()
    return normal_address(text) if "@" in text else ""


def _json_feed(body: bytes) -> Feed:
    try:
        found = mapping(parse(body))
    except ValueError as trouble:
        raise NoFeed("The feed could not be understood.") from trouble
    if "jsonfeed.org/version" not in clean(found.get("version"), 200) and not objects(found.get("items")):
        raise NoFeed("What stands there is no feed.")
    hubs = [one for one in objects(found.get("hubs")) if clean(one.get("type")).lower() == "websub"]
    return Feed(
        title=one_line(found.get("title"), 500),
        link=web_address(found.get("home_page_url")),
        entries=tuple(_json_entry(one, found) for one in objects(found.get("items"))[:MOST_ENTRIES]),
        hub=web_address(hubs[0].get("url")) if hubs else "",
        topic=web_address(found.get("feed_url")),
    )


def _authors(thing: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from objects(thing.get("authors"))
    yield from objects([thing.get("author")])


def _json_entry(one: dict[str, Any], feed: dict[str, Any]) -> Entry:
    author = next(_authors(one), None) or next(_authors(feed), {})
    page = clean(author.get("url"), 1000)
    number = one.get("id")
    return Entry(
        id=str(number) if isinstance(number, int) else clean(number, 1000).strip(),
        link=web_address(one.get("url")) or web_address(one.get("external_url")),
        title=one_line(one.get("title"), 500),
        html=clean(one.get("content_html")),
        text=clean(one.get("content_text")) or ("" if one.get("content_html") else clean(one.get("summary"))),
        author=one_line(author.get("name"), 200),
        email=_email(page.removeprefix("mailto:")) if page.startswith("mailto:") else "",
        page=web_address(page),
        at=moment(one.get("date_published")) or moment(one.get("date_modified")),
    )
