# SPDX-License-Identifier: AGPL-3.0-or-later
"""Speaks with one server: finds the books and calendars of an account, what changed in them, and writes to them."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from plein.channels.base import EntryKind
from plein.channels.connectors.answers import host, refuse
from plein.channels.connectors.dav.answers import (
    CAL,
    CARD,
    DAV,
    SERVER,
    NoAnswer,
    Part,
    ask_for,
    ask_for_these,
    ask_what_changed,
    joined,
    read_parts,
    same_as,
)
from plein.channels.live import Net, Reply, Trouble

MOST_BYTES, MOST_TURNS, SECONDS = 64_000_000, 200, 120.0
MOST_REDIRECTS = 5
_PRINCIPAL = ("current-user-principal", "resourcetype")
_HOMES = ("card:addressbook-home-set", "cal:calendar-home-set")
_COLLECTION = ("resourcetype", "displayname", "sync-token", "cs:getctag", "cal:supported-calendar-component-set",
               "supported-report-set", "current-user-privilege-set")  # fmt: skip


class Forgotten(Exception):
    """The server does not know any more what there was at that token."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A book or a calendar: its address and name, what it holds, and what its server says of its state.

    A calendar holds appointments, to-dos, or both.
    """

    url: str
    name: str
    kind: EntryKind
    token: str
    ctag: str
    can_sync: bool
    may_write: bool
    holds_events: bool = True
    holds_todos: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new or changed at which address, with its hash; what is gone; and the token for next time."""

    etags: dict[str, str]
    gone: tuple[str, ...] = ()
    token: str = ""


@dataclass(slots=True)
class Session:
    """A server, with the account that is let in there."""

    address: str
    user_name: str
    password: str
    net: Net
    _homes: list[str] = field(default_factory=list)

    def collections(self) -> list[Collection]:
        """The books of contacts and the calendars of appointments of the account, each with a name of its own."""
        found: dict[str, Collection] = {}
        for home in self._all_homes():
            for part in self._properties(home, _COLLECTION, depth="1"):
                one = _collection(part)
                if one is not None:
                    found.setdefault(same_as(one.url), one)
        return list(_named(sorted(found.values(), key=lambda one: same_as(one.url))))

    def listing(self, one: Collection) -> dict[str, str]:
        """What stands in a collection, with its hashes."""
        parts = self._properties(one.url, ("getetag", "resourcetype"), depth="1")
        here = same_as(one.url).rstrip("/")
        return {
            part.url: part.text(DAV, "getetag")
            for part in parts
            if part.status == 200
            and same_as(part.url).rstrip("/") != here
            and f"{{{DAV}}}collection" not in part.kinds(DAV, "resourcetype")
        }

    def changes(self, one: Collection, token: str) -> Changes:
        """What changed since a token, or all there is without one. Raises Forgotten."""
        etags: dict[str, str] = {}
        gone: dict[str, None] = {}
        here = same_as(one.url).rstrip("/")
        for _turn in range(MOST_TURNS):
            reply = self._ask("REPORT", one.url, ask_what_changed(token), depth="0")
            if token and reply.status in (400, 403, 404, 409, 412, 507):
                raise Forgotten
            parts, after = _read(reply)
            is_partial = any(part.status == 507 for part in parts)
            for part in parts:
                if same_as(part.url).rstrip("/") == here:
                    continue
                if part.status == 404:
                    gone[part.url] = None
                    etags.pop(part.url, None)
                elif part.text(DAV, "getetag"):
                    etags[part.url] = part.text(DAV, "getetag")
                    gone.pop(part.url, None)
            if not after:
                raise Trouble(f"{host(reply)} says that it tells what changed, and does not.")
            if not is_partial or after == token:
                return Changes(etags, tuple(gone), after)
            token = after
        raise Trouble("There is no end to what changed there.")

    def texts(self, one: Collection, urls: Sequence[str]) -> dict[str, tuple[str, str]]:
        """The whole of these appointments or cards, each with its hash; what is gone meanwhile is not there."""
        parts, _token = _read(self._ask("REPORT", one.url, ask_for_these(one.kind, urls), depth="1"))
        wanted = {same_as(url): url for url in urls}
        data = (CAL, "calendar-data") if one.kind == "event" else (CARD, "address-data")
        return {
            wanted[same_as(part.url)]: (part.text(*data), part.text(DAV, "getetag"))
            for part in parts
            if same_as(part.url) in wanted and part.text(*data).strip()
        }

    def text(self, url: str) -> tuple[str, str] | None:
        """One appointment or card with its hash, or None when it is gone."""
        reply = self._ask("GET", url, None)
        if reply.status in (404, 410):
            return None
        refuse(reply)
        return reply.body.decode("utf-8", "replace"), reply.headers.get("etag", "")

    def write(self, url: str, kind: EntryKind, text: str, etag: str, *, is_new: bool = False) -> str | None:
        """Write something that was in this state, or was not there; its new hash ("" where it is not said).

        None when it changed, or is there already.
        """
        content = "text/calendar; charset=utf-8" if kind == "event" else "text/vcard; charset=utf-8"
        told = {"Content-Type": content, **({"If-Match": etag} if etag else {})}
        told |= {"If-None-Match": "*"} if is_new else {}
        reply = self._ask("PUT", url, text.encode(), told)
        if reply.status in (404, 409, 412):
            return None
        refuse(reply)
        return reply.headers.get("etag", "")

    def _all_homes(self) -> list[str]:
        """The folders in which the books and calendars of the account stand."""
        if self._homes:
            return self._homes
        begin = self.address if "://" in self.address else f"https://{self.address}"
        found: dict[str, None] = {}
        principals: dict[str, None] = {}
        for place in (begin, joined(begin, "/.well-known/carddav"), joined(begin, "/.well-known/caldav"),
                      joined(begin, "/")):  # fmt: skip
            for part in self._tried(place):
                principals |= dict.fromkeys(part.hrefs(DAV, "current-user-principal")[:1])
                if place == begin and _is_collection(part):
                    # The address is that of one book or calendar.
                    self._homes = [part.url]
                    return self._homes
        for principal in principals:
            for part in self._properties(principal, _HOMES, depth="0"):
                homes = (*part.hrefs(CARD, "addressbook-home-set"), *part.hrefs(CAL, "calendar-home-set"))
                found |= dict.fromkeys(homes)
        if not found:
            words = "has no books of contacts or calendars at this address: look whether it is right."
            raise Trouble(f"{urlsplit(begin).hostname or begin} {words}", is_lasting=True)
        self._homes = list(found)
        return self._homes

    def _tried(self, place: str) -> list[Part]:
        """What a server says of itself at a place where it need not be."""
        reply = self._ask("PROPFIND", place, ask_for(*_PRINCIPAL), depth="0")
        if reply.status in (401, 403):
            refuse(reply)
        try:
            return read_parts(reply.body, reply.url)[0] if reply.status == 207 else []
        except NoAnswer:
            return []

    def _properties(self, url: str, names: Sequence[str], *, depth: str) -> list[Part]:
        return _read(self._ask("PROPFIND", url, ask_for(*names), depth=depth))[0]

    def _ask(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str] | None = None, depth: str = ""
    ) -> Reply:
        """One question, also where the server sends us on to another address of its own."""
        password = base64.b64encode(f"{self.user_name}:{self.password}".encode()).decode()
        told = {"Authorization": f"Basic {password}", **({"Depth": depth} if depth else {})}
        told |= {"Content-Type": "application/xml; charset=utf-8"} if body is not None else {}
        told |= headers or {}
        for _turn in range(MOST_REDIRECTS):
            reply = self.net.ask(method, url, headers=told, body=body, most_bytes=MOST_BYTES, timeout=SECONDS)
            target = joined(reply.url, reply.headers.get("location", ""))
            if reply.status not in (301, 302, 307, 308) or not target:
                return reply
            if urlsplit(target).netloc != urlsplit(reply.url).netloc:
                other = urlsplit(target).hostname
                raise Trouble(f"{host(reply)} moved to {other}; give that address instead.", is_lasting=True)
            url = target
        raise Trouble(f"{urlsplit(url).hostname} keeps sending us on to other addresses.")


def _read(reply: Reply) -> tuple[list[Part], str]:
    refuse(reply)
    try:
        return read_parts(reply.body, reply.url)
    except NoAnswer as trouble:
        raise Trouble(f"What {host(reply)} answered is not what it should be.") from trouble


def _is_collection(part: Part) -> bool:
    return bool(part.kinds(DAV, "resourcetype") & {f"{{{CARD}}}addressbook", f"{{{CAL}}}calendar"})


def _collection(part: Part) -> Collection | None:
    """The book or calendar that this is; None for what is none, or holds neither appointments nor to-dos."""
    if part.status != 200 or not _is_collection(part):
        return None
    is_calendar = f"{{{CAL}}}calendar" in part.kinds(DAV, "resourcetype")
    holds = part.found.get(f"{{{CAL}}}supported-calendar-component-set")
    parts = {"VEVENT", "VTODO"} if holds is None else {one.get("name") for one in holds.iter()}
    if is_calendar and not parts & {"VEVENT", "VTODO"}:
        return None
    rights = part.kinds(DAV, "current-user-privilege-set")
    return Collection(
        url=part.url,
        name=" ".join(part.text(DAV, "displayname").split())[:200] or part.url.rstrip("/").rsplit("/", 1)[-1][:200],
        kind="event" if is_calendar else "card",
        token=part.text(DAV, "sync-token").strip(),
        ctag=part.text(SERVER, "getctag").strip(),
        can_sync=f"{{{DAV}}}sync-collection" in part.kinds(DAV, "supported-report-set"),
        may_write=not rights or bool(rights & {f"{{{DAV}}}{one}" for one in ("write", "write-content", "all")}),
        holds_events="VEVENT" in parts,
        holds_todos=is_calendar and "VTODO" in parts,
    )


def _named(found: Sequence[Collection]) -> Iterator[Collection]:
    """Each with a name of its own: of two that are called the same the second one has its address behind it."""
    seen: set[str] = set()
    for one in found:
        name = one.name
        if name in seen:
            name = f"{name} ({one.url.rstrip('/').rsplit('/', 1)[-1][:60]})"
        while name in seen:
            name += "+"
        seen.add(name)
        yield replace(one, name=name)
