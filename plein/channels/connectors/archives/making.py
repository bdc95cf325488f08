# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the records of the contract from what an archive says, clean and with all that every record needs."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from plein.channels.base import Address, Follow, Message, MessageKind, Role, Unreadable
from plein.channels.connectors.archives.limits import Limits, NotAnArchive
from plein.channels.connectors.archives.settings import Kind, Settings
from plein.channels.connectors.archives.store import Store
from plein.channels.connectors.mail.charsets import clean, decode
from plein.channels.connectors.mail.html_text import html_to_text
from plein.channels.connectors.mail.subjects import subject_key

type Item = Message | Follow | Unreadable
_NUMBER = re.compile(r"[\s()‎‪‬\u00a0.-]+")
_EARLIEST, _LATEST = -2_208_988_800, 4_102_444_800


@dataclass(slots=True)
class Source:
    """An archive being read: its files, what the user said, and whose it is as far as is known."""

    kind: Kind
    store: Store
    settings: Settings
    owner: Address | None = None
    _told: Counter[str] = field(default_factory=Counter)

    @property
    def limits(self) -> Limits:
        """What it may ask for."""
        return self.store.limits

    @property
    def zone(self) -> tzinfo:
        """The clock that times without a zone are read on."""
        return ZoneInfo(self.settings.zone)

    def is_owner(self, name: str, address: str = "") -> bool:
        """Whether this name or address is the owner's."""
        known = {one.strip().lower().lstrip("@") for one in self.settings.owner}
        if self.owner is not None:
            known |= {self.owner.name.lower(), self.owner.address.lower()}
        return bool({name.strip().lower(), address.lower()} & (known - {""}))

    @property
    def site(self) -> str:
        """Which site it is of, where the archive does not say: its name, without what all of that kind are called."""
        return re.sub(
            r"(?i)(\.(tar|gz|xz|bz2|zip|7z|xml|csv|json)|[-_]?posts| ?\(\d+\))+\Z", "", self.store.name
        ).lower()[:120]

    def times_told(self, digest: str) -> int:
        """How often the very same was met before: people write "ok" twice in a minute."""
        self._told[digest] += 1
        return self._told[digest] - 1

    def json(self, name: str) -> Any:
        """What a JSON file holds; raises NotAnArchive."""
        return as_json(self.store.data(name), name)

    def problem(self, name: str, position: int, reason: str) -> Unreadable:
        """Something that was not read."""
        return Unreadable(clean(name)[:500], position, clean(reason)[:500], "", 0)


def as_json(data: bytes, name: str) -> Any:
    """What JSON says, also after an assignment as X writes it; raises NotAnArchive."""
    text = decode(data)
    start = re.match(r"\s*(?:window\.)?[\w.]{1,80}\s*=\s*", text)
    try:
        return json.loads(text[start.end() :] if start else text)
    except (ValueError, RecursionError) as error:
        raise NotAnArchive(f"{clean(name)[:200]!r} is not whole: {clean(str(error))[:200]}.") from error


def dicts(value: object) -> list[dict[str, Any]]:
    """The objects of a list, and nothing when it is none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def inner(value: object, *keys: str) -> Any:
    """What lies in objects in objects, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def words(value: object, at_most: int = 300) -> str:
    """A text on one line."""
    return " ".join(clean(str(value)).split())[:at_most] if isinstance(value, str | int) and value != "" else ""


def body(value: object, at_most: int = 1_000_000) -> str:
    """A text with its lines."""
    return clean(value).strip()[:at_most] if isinstance(value, str) else ""


def seconds(value: object, *, per: int = 1) -> datetime | None:
    """A moment from a count of seconds, or of a part of them."""
    try:
        number = float(value) / per  # type: ignore[arg-type]
        if not _EARLIEST < number < _LATEST:
            return None
        return datetime.fromtimestamp(int(number), UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def moment(value: object, zone: tzinfo = UTC) -> datetime | None:
    """A moment from its usual spellings; one without a zone is on the clock given."""
    text = words(value, 60)
    if not text:
        return None
    for read in _READERS:
        try:
            found = read(text)
        except ValueError:
            continue
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        try:
            return found.astimezone(UTC).replace(microsecond=0)
        except OverflowError:
            return None
    return None


def _form(form: str) -> Any:
    return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - the zone is added where there is none


_READERS = (
    datetime.fromisoformat,
    lambda text: datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC),
    _form("%a %b %d %H:%M:%S %z %Y"),
    _form("%m/%d/%y, %I:%M %p"),
    _form("%d %b %Y, %H:%M %Z"),
    _form("%d %b %Y"),
)


def person(role: Role, name: object, address: object = "", *, network: str) -> Address:
    """Somebody by the name and handle a network gives."""
    return Address(role, words(name), words(address, 200).lower(), "handle", network)


def by_name_or_number(role: Role, name: str, network: str) -> Address:
    """Somebody in a chat that shows a name, or a number when there is no name for it."""
    bare = _NUMBER.sub("", name)
    if re.fullmatch(r"\+\d{6,15}", bare):
        try:
            number = phonenumbers.parse(bare, None)
            return Address(role, "", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), "phone")
        except phonenumbers.NumberParseException:
            pass
    return Address(role, words(name), "", "handle", network)


def plain(html: object, at_most: int = 1_000_000) -> str:
    """The readable text of HTML."""
    return clean(html_to_text(html[: 4 * at_most], at_most)).strip() if isinstance(html, str) else ""


def message(
    source: Source,
    *,
    identifier: str,
    at: datetime | None,
    text: str,
    addresses: Iterable[Address],
    kind: MessageKind = "chat",
    place: str = "",
    answers: str = "",
    within: str = "",
    **more: Any,
) -> Message:
    """A message of a network. ``answers`` is the identifier of what it answers, ``within`` of what it belongs to."""
    people = tuple(addresses)
    writer = next((one for one in people if one.role == "from"), None)
    who = f"{writer.address}|{writer.name}" if writer else ""
    fields = (source.kind, identifier, who, at.isoformat() if at else "", text.strip())
    digest = hashlib.sha256("\0".join(fields).encode("utf-8", "replace")).hexdigest()
    if not identifier and (again := source.times_told(digest)):
        digest = hashlib.sha256(f"{digest}:{again}".encode()).hexdigest()
    subject = words(more.pop("subject", ""), 1000)
    return Message(
        external_id=_whole(source, identifier) if identifier else f"sha256:{digest}",
        fingerprint=digest,
        sent_at=at,
        subject=subject,
        subject_key=subject_key(subject) if subject else "",
        text=text[: source.limits.text],
        html="",
        quote_from=None,
        signature_from=None,
        addresses=people,
        in_reply_to=(_whole(source, answers),) if answers else (),
        references=tuple(_whole(source, one) for one in (within, answers) if one),
        nature="personal",
        list_id="",
        list_name="",
        bounces=(),
        attachments=(),
        invitations=(),
        folder=words(more.pop("folder", place), 500),
        mailbox=source.store.name[:300],
        position=int(more.pop("position", 0)),
        size=len(text),
        defects=tuple(more.pop("defects", ())),
        kind=kind,
        place=words(place, 300),
        **more,
    )


def _whole(source: Source, identifier: str) -> str:
    # What is an address on the web says itself on which network it is, and is the same when it is heard live.
    return identifier[:500] if identifier.startswith("https://") else f"{source.kind}:{identifier}"[:500]


def follow(source: Source, who: Address, whom: Address, since: datetime | None = None, **more: Any) -> Follow:
    """Somebody follows somebody, or is connected with them."""
    ends = [f"{one.address}|{one.name if not one.address else ''}" for one in (who, whom)]
    link = "=" if more.get("is_mutual") else ">"
    digest = hashlib.sha256(f"{source.kind}:{link.join(ends)}".encode("utf-8", "replace")).hexdigest()
    network = who.network or whom.network or source.kind
    return Follow(f"{source.kind}:{digest[:40]}", who, whom, network, since, **more)


def day_of(at: datetime | None) -> str:
    """The day of a message, by which the pieces of an endless chat are told apart."""
    return at.date().isoformat() if at else "undated"
