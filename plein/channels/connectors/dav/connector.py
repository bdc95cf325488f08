# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears the books and calendars of an account: what is new in them, what changed, and what is gone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from plein.channels.base import Cursor, Entry, Gone, Standing
from plein.channels.connectors.dav.answers import same_as
from plein.channels.connectors.dav.places import Place, Places, mark_of, name_of
from plein.channels.connectors.dav.session import Changes, Collection, Forgotten, Session
from plein.channels.connectors.posts import clean
from plein.channels.live import Glimpse, Outgoing, Sent, Trouble, Visit

AT_ONCE = 50
_UID = re.compile(r"^UID(?:;[^:\r\n]*)?:(.+?)\s*$", re.MULTILINE | re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]")

type Item = Entry | Gone | Standing


@dataclass(frozen=True, slots=True)
class _Found:
    """What is to be heard of a collection, from which place to which; and all that stands there, if that is known."""

    changes: Changes
    place: Place
    after: Place
    is_whole: bool = False
    there: tuple[str, ...] = ()


class Settings(BaseModel):
    """Which account, and which of its books and calendars."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str = Field(
        title="Server",
        description="Such as dav.example.com, or the whole address that the provider names.",
        min_length=3,
        max_length=1000,
    )
    user_name: str = Field(title="User name", description="Mostly your address", min_length=1, max_length=320)
    password: SecretStr = Field(
        title="App password", description="Where the provider has app passwords, one of those", min_length=1
    )
    writes_back: bool = Field(
        default=True,
        title="Write changes back",
        description="What is changed in Plein is changed on the server too, where the account may do so.",
    )
    folders: tuple[str, ...] = Field(default=(), title="Books and calendars", description="None chosen: all")
    additions: tuple[str, ...] = Field(
        default=(),
        title="What I add goes there too",
        description="Whom and what you add to Plein yourself for exactly the circle of this connection.",
    )


class DavConnector:
    """Contacts and calendars on a server."""

    key: ClassVar[str] = "dav"
    label: ClassVar[str] = "Contacts and calendars (CardDAV, CalDAV)"
    icon: ClassVar[str] = "address-book"
    Settings: ClassVar[type[BaseModel]] = Settings
    can_send: ClassVar[bool] = False
    longest: ClassVar[int] = 0
    can_wait: ClassVar[bool] = False
    hears_entries: ClassVar[bool] = True

    def look(self, visit: Visit) -> Glimpse:
        """Which books and calendars there are, and how much is in each."""
        session = session_of(visit)
        counts = {one.name: len(session.listing(one)) for one in session.collections()}
        return Glimpse(account=session.user_name, counts=counts)

    def fetch(self, visit: Visit) -> Iterator[tuple[Cursor, Item | None]]:
        """What is new, changed or gone in each book and calendar that was chosen."""
        session, places = session_of(visit), Places.of(visit.cursor)
        chosen = _settings(visit).folders
        for one in session.collections():
            if not chosen or one.name in chosen:
                yield from _heard(session, one, places, writes_back=_settings(visit).writes_back)

    def wait(self, visit: Visit, *, most_seconds: float) -> bool:
        """A server of contacts and calendars does not tell by itself."""
        return False

    def send(self, visit: Visit, outgoing: Outgoing) -> Sent:
        """Nothing is said there."""
        raise Trouble("Contacts and calendars cannot be spoken to.", is_lasting=True)


def session_of(visit: Visit) -> Session:
    """The server of a connection, with the account that is let in there."""
    given = _settings(visit)
    return Session(given.server.strip(), given.user_name, given.password.get_secret_value(), visit.net)


def _settings(visit: Visit) -> Settings:
    assert isinstance(visit.settings, Settings)
    return visit.settings


def _heard(
    session: Session, one: Collection, places: Places, *, writes_back: bool
) -> Iterator[tuple[Cursor, Item | None]]:
    key = same_as(one.url)
    place = places.held.get(key, Place())
    if place.is_begun and not place.after and _is_still(one, place):
        return
    found = _changes(session, one, place)
    place = found.place
    urls = sorted(url for url in found.changes.etags if url > place.after)
    for begin in range(0, len(urls), AT_ONCE):
        batch = urls[begin : begin + AT_ONCE]
        texts = session.texts(one, batch)
        for url in batch:
            place = replace(place, after=url)
            if url in texts:
                places.held[key] = place
                yield places.cursor(), _entry(one, url, *texts[url], writes_back=writes_back)
    last: list[Item] = [Gone(name_of(url)) for url in found.changes.gone]
    if found.is_whole:
        last.append(Standing(one.name, frozenset(map(name_of, found.there))))
    for item in last[:-1]:
        yield places.cursor(), item
    places.held[key] = found.after
    yield places.cursor(), last[-1] if last else None


def _is_still(one: Collection, place: Place) -> bool:
    """Whether the server says that nothing changed."""
    if one.can_sync and one.token:
        return one.token == place.token
    return not one.can_sync and bool(one.ctag) and one.ctag == place.ctag


def _changes(session: Session, one: Collection, place: Place) -> _Found:
    """What is to be heard of a collection."""
    if not one.can_sync:
        return _compared(session, one, place)
    if place.token:
        try:
            found = session.changes(one, place.token)
        except Forgotten:
            place = Place()
        else:
            place = replace(place, following=place.following or found.token)
            return _Found(found, place, Place(token=place.following, is_begun=True))
    found = session.changes(one, "")
    place = replace(place, following=place.following or found.token, is_begun=True)
    return _Found(found, place, Place(token=place.following, is_begun=True), True, tuple(found.etags))


def _compared(session: Session, one: Collection, place: Place) -> _Found:
    """The same at a server without tokens: all that stands there is compared with what stood there."""
    there = session.listing(one)
    marks = {url: mark_of(etag) for url, etag in there.items()}
    was = place.marks()
    changed = {url: etag for url, etag in there.items() if was.get(name_of(url)) != marks[url]}
    known = "".join(f"{name_of(url)}{mark}" for url, mark in sorted(marks.items()))
    if place.following != mark_of(known):
        # Something changed since a visit broke off: it begins anew.
        place = replace(place, after="", following=mark_of(known))
    return _Found(Changes(changed), place, Place(ctag=one.ctag, known=known, is_begun=True), True, tuple(there))


def _entry(one: Collection, url: str, text: str, etag: str, *, writes_back: bool) -> Entry:
    whole = clean(text, 5_000_000)
    uid = _UID.search(_FOLD.sub("", whole))
    told = {"href": url, "etag": etag} if writes_back and one.may_write else {}
    return Entry(name_of(url), one.kind, uid[1][:500] if uid else "", whole, one.name, **told)
