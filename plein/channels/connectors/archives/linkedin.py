# SPDX-License-Identifier: AGPL-3.0-or-later
"""LinkedIn: the copy of one's own data, with connections, messages and invitations as lists."""

import csv
import io
import re
from collections.abc import Iterator

from plein.channels.base import Address, Role
from plein.channels.connectors.archives.making import (
    Item,
    Source,
    body,
    follow,
    message,
    moment,
    plain,
    words,
)
from plein.channels.connectors.archives.store import Store
from plein.channels.connectors.mail.charsets import decode

_PROFILE = re.compile(r"linkedin\.com/(in|company|school)/([^/?#\s]{1,120})", re.IGNORECASE)
_NAMES = ("connections.csv", "messages.csv", "invitations.csv")
csv.field_size_limit(8 * 1024 * 1024)


def recognises(store: Store) -> bool:
    """Whether one of the lists LinkedIn hands out is there."""
    return any(_base(name) in _NAMES for name in store.names)


def _base(name: str) -> str:
    return name.rpartition("/")[2].lower()


def _named(source: Source, base: str) -> list[str]:
    return [name for name in source.store.names if _base(name) == base]


def owner(source: Source) -> Address | None:
    """Whose data it is: the profile says the name, an invitation or a message sent the address."""
    name = next(
        (
            " ".join(filter(None, (row.get("first name", ""), row.get("last name", ""))))
            for file in _named(source, "profile.csv")
            for row in _rows(source, file, "first name")
        ),
        "",
    )
    address = ""
    for file in _named(source, "invitations.csv"):
        for row in _rows(source, file, "from"):
            is_sent = row.get("direction", "").upper() == "OUTGOING"
            address = address or _handle(row.get("inviterprofileurl" if is_sent else "inviteeprofileurl", ""))
            name = name or row.get("from" if is_sent else "to", "")
    name = name or _everywhere(source)
    if not address and name:
        address = _address_of(source, name)
    return Address("from", words(name), address, "handle", "linkedin") if name or address else None


def _everywhere(source: Source) -> str:
    """The one name that takes part in every conversation, when it is one."""
    shared: set[str] | None = None
    talks: dict[str, set[str]] = {}
    for file in _named(source, "messages.csv"):
        for row in _rows(source, file, "conversation id"):
            names = {row.get("from", ""), *_split(row.get("to", ""))} - {""}
            talks.setdefault(row["conversation id"], set()).update(names)
    for names in talks.values():
        shared = names if shared is None else shared & names
    return next(iter(shared)) if shared and len(shared) == 1 and len(talks) > 1 else ""


def _address_of(source: Source, name: str) -> str:
    for file in _named(source, "messages.csv"):
        for row in _rows(source, file, "conversation id"):
            if row.get("from") == name and (found := _handle(row.get("sender profile url", ""))):
                return found
    return ""


def read(source: Source) -> Iterator[Item]:
    """Yield connections first, so that people are known when their messages come; then messages and invitations."""
    for file in _named(source, "connections.csv"):
        for row in _rows(source, file, "first name"):
            yield from _connection(source, row)
    for file in _named(source, "messages.csv"):
        for place, row in enumerate(_rows(source, file, "conversation id")):
            yield _message(source, row, place)
    for file in _named(source, "invitations.csv"):
        for place, row in enumerate(_rows(source, file, "from")):
            if body(row.get("message", "")):
                yield _invitation(source, row, place)


def _connection(source: Source, row: dict[str, str]) -> Iterator[Item]:
    name = words(" ".join(filter(None, (row.get("first name", ""), row.get("last name", "")))))
    address, mail = _handle(row.get("url", "")), row.get("email address", "").lower()
    # Who closed their account stands in the list as an empty line.
    if not name and not address:
        return
    me = source.owner or Address("from", "", "", "handle", "linkedin")
    whom = Address("to", me.name, me.address, "handle", "linkedin")
    role, organization = words(row.get("position", "")), words(row.get("company", ""))
    told = {"headline": ", ".join(filter(None, (role, organization)))[:200], "role": role, "organization": organization}
    links = (f"mailto:{mail}",) if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", mail) else ()
    who = Address("from", name, address, "handle", "linkedin")
    since = moment(row.get("connected on", ""))
    yield follow(source, who, whom, since, is_mutual=True, links=links, **told)


def _message(source: Source, row: dict[str, str], place: int) -> Item:
    talk = words(row.get("conversation id", ""), 200)
    sender = _person(source, "from", row.get("from", ""), row.get("sender profile url", ""))
    names, pages = _split(row.get("to", "")), _split(row.get("recipient profile urls", ""))
    pages += [""] * (len(names) - len(pages))
    others = [_person(source, "to", name, page) for name, page in zip(names, pages, strict=False)]
    text = row.get("content", "")
    return message(
        source,
        identifier="",
        at=moment(row.get("date", "")),
        text=plain(text) if text.lstrip().startswith("<") else body(text),
        addresses=(sender, *others[: source.limits.people]),
        place=words(row.get("conversation title", "")) or "LinkedIn",
        subject=row.get("subject", ""),
        within=talk,
        position=place,
    )


def _invitation(source: Source, row: dict[str, str], place: int) -> Item:
    sender = _person(source, "from", row.get("from", ""), row.get("inviterprofileurl", ""))
    other = _person(source, "to", row.get("to", ""), row.get("inviteeprofileurl", ""))
    return message(
        source,
        identifier="",
        at=moment(row.get("sent at", "")),
        text=body(row.get("message", "")),
        addresses=(sender, other),
        place="LinkedIn invitations",
        position=place,
    )


def _person(source: Source, role: Role, name: str, page: str) -> Address:
    address = _handle(page)
    if not address and source.owner is not None and source.is_owner(name):
        address = source.owner.address
    return Address(role, words(name), address, "handle", "linkedin")


def _handle(page: str) -> str:
    found = _PROFILE.search(page)
    return f"{found[1]}/{found[2]}".lower() if found else ""


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _rows(source: Source, name: str, first: str) -> Iterator[dict[str, str]]:
    """The rows of a list by its folded column names, from the line on in which they stand."""
    text = decode(source.store.data(name))
    lines = text.splitlines(keepends=True)
    start = next((at for at, line in enumerate(lines[:40]) if line.lower().lstrip('"').startswith(first)), 0)
    rows = csv.reader(io.StringIO("".join(lines[start:]), newline=""))
    try:
        head = [" ".join(cell.lower().split()) for cell in next(rows, [])]
        for row in rows:
            if any(cell.strip() for cell in row):
                yield dict(zip(head, (cell.strip() for cell in row), strict=False))
    except csv.Error:
        return
