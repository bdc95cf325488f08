# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stack Exchange: the dump of a site, with its questions, answers and comments, and who wrote them."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from plein.channels.base import Address, Role
from plein.channels.connectors.archives.limits import NotAnArchive
from plein.channels.connectors.archives.making import Item, Source, body, message, moment, plain, words
from plein.channels.connectors.archives.store import Store

_FILE = re.compile(r"(?:^|[/-])(Posts|Comments|Users)\.xml(?:\.gz)?\Z")
_QUESTION, _ANSWER = "1", "2"


def recognises(store: Store) -> bool:
    """Whether there are posts of a site."""
    return any(_FILE.search(name) for name in store.names)


def owner(source: Source) -> None:
    """Nobody: a dump is of a whole site."""
    del source


def read(source: Source) -> Iterator[Item]:
    """Yield questions and answers, then comments; each names who wrote what it answers, as far as that is known."""
    people = dict(_people(source))
    writers: dict[str, str] = {}
    titles: dict[str, str] = {}
    yield from _read_posts(source, people, writers, titles)
    for row, place in _rows(source, "Comments"):
        writers_id = row.get("PostId", "")
        yield message(
            source,
            identifier=f"{source.site}/c{row.get('Id', '')}",
            at=moment(row.get("CreationDate")),
            text=body(row.get("Text")),
            addresses=_both(source, row, ("UserId", "UserDisplayName"), writers.get(writers_id, ""), people),
            kind="post",
            is_public=True,
            place=titles.get(writers_id, ""),
            answers=f"{source.site}/{writers_id}",
            position=place,
        )


def _read_posts(
    source: Source, people: dict[str, str], writers: dict[str, str], titles: dict[str, str]
) -> Iterator[Item]:
    # A dump is in the order of identifiers, so that a question stands before its answers; where it does not, the
    # answer simply names nobody.
    for row, place in _rows(source, "Posts"):
        identifier, parent = row.get("Id", ""), row.get("ParentId", "")
        writers[identifier] = row.get("OwnerUserId", "")
        titles[identifier] = words(row.get("Title", "")) or titles.get(parent, "")
        if row.get("PostTypeId") not in (_QUESTION, _ANSWER):
            continue
        yield message(
            source,
            identifier=f"{source.site}/{identifier}",
            at=moment(row.get("CreationDate")),
            text=plain(row.get("Body")),
            addresses=_both(source, row, ("OwnerUserId", "OwnerDisplayName"), writers.get(parent, ""), people),
            kind="post",
            is_public=True,
            place=titles[identifier],
            subject=titles[identifier],
            answers=f"{source.site}/{parent}" if parent else "",
            position=place,
        )


def _both(
    source: Source, row: dict[str, str], columns: tuple[str, str], answered: str, people: dict[str, str]
) -> tuple[Address, ...]:
    writer, name = (row.get(column, "") for column in columns)
    first = _who(source, "from", writer, name, people)
    return (first, _who(source, "to", answered, "", people)) if answered and answered != writer else (first,)


def _who(source: Source, role: Role, number: str, name: str, people: dict[str, str]) -> Address:
    # A number without a user is of somebody whose account is gone, or whose list of users is not here. Each site
    # counts its users anew.
    address = f"{words(number, 40)}@{source.site}" if number else ""
    return Address(role, words(people.get(number, name)), address, "handle", "stackexchange")


def _people(source: Source) -> Iterator[tuple[str, str]]:
    for row, _place in _rows(source, "Users"):
        yield row.get("Id", ""), words(row.get("DisplayName", ""))


def _rows(source: Source, what: str) -> Iterator[tuple[dict[str, str], int]]:
    """The rows of a file, one at a time; raises NotAnArchive where it is not whole."""
    for name in source.store.names:
        found = _FILE.search(name)
        if found is None or found[1] != what:
            continue
        with source.store.stream(name) as stream:
            try:
                yield from _elements(iterparse(stream, ("start", "end"), forbid_dtd=True))
            except (ParseError, DefusedXmlException, ValueError) as error:
                raise NotAnArchive(f"{name[:200]!r} is not whole: {str(error)[:200]}.") from error


def _elements(events: Iterator[tuple[str, Element]]) -> Iterator[tuple[dict[str, str], int]]:
    root: Element | None = None
    place = 0
    for event, element in events:
        if root is None:
            root = element
        if event == "end" and element.tag == "row":
            yield dict(element.attrib), place
            place += 1
            root.clear()
