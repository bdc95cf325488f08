# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a call to a message: by what somebody pointed at, in the words that programs use for it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from plein.channels.base import Address, Message, MessageKind, PointKind, Role
from plein.channels.connectors.posts import one_line
from plein.hooks.payloads import Payload, leaves, value_at
from plein.hooks.vocabulary import Place, Preset, Reason
from plein.relations.contact import ContactError, email, phone

LONGEST_TEXT = 200_000
_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
#: From here on a number of seconds would be in another age: it counts milliseconds, or millionths.
_MILLISECONDS, _MICROSECONDS = 10**11, 10**14
KINDS: dict[str, MessageKind] = {
    Preset.TELEPHONE: "call",
    Preset.SMS: "text",
    Preset.CHAT: "chat",
    Preset.FORM: "chat",
}
_KIND_WORDS: dict[str, MessageKind] = {
    **dict.fromkeys(("call", "phone", "voice", "telephone", "phonecall"), "call"),
    **dict.fromkeys(("voicemail", "recording"), "voicemail"),
    **dict.fromkeys(("sms", "mms", "text", "textmessage"), "text"),
    **dict.fromkeys(("chat", "im", "whatsapp", "message", "dm"), "chat"),
    **dict.fromkeys(("letter", "fax"), "letter"),
}
_OUTBOUND = {"outbound", "outgoing", "out", "sent", "outboundapi", "outbounddial", "uit", "uitgaand", "placed"}
#: A call that begins is told to whoever it concerns; that it took place is noted once it is over.
_BEGINS = {
    "ringing", "ring", "incoming", "initiated", "start", "started", "new", "created", "queued", "callstart",
    "callincoming", "callringing", "newcall", "incomingcall", "inprogress", "answered", "answer", "connected",
    "accepted",
}  # fmt: skip
_RINGS = _BEGINS - {"inprogress", "answered", "answer", "connected", "accepted"}
_HIDDEN = {"anonymous", "unknown", "withheld", "private", "restricted", "unavailable", "anoniem", "onbekend"}

#: What programs call things, the surest word first.
_NAMES: dict[Place, tuple[str, ...]] = {
    Place.PHONE: ("from", "fromnumber", "caller", "callernumber", "callerid", "calleridnum", "msisdn", "remotenumber")
    + ("ani", "phone", "phonenumber", "telephone", "telefoon", "telefoonnummer", "mobile", "sender", "number"),
    Place.EMAIL: ("email", "emailaddress", "mail", "senderemail", "fromemail", "from", "useremail", "sender"),
    Place.NAME: ("name", "fullname", "displayname", "callername", "calleridname", "contactname", "profilename")
    + ("username", "author", "naam", "pushname"),
    Place.TEXT: ("text", "body", "message", "content", "msg", "comment", "comments", "question", "bericht", "vraag"),
    Place.SUBJECT: ("subject", "title", "onderwerp"),
    Place.WHEN: ("timestamp", "occurredat", "receivedat", "sentat", "createdat", "startedat", "starttime", "time")
    + ("datetime", "date", "start", "created"),
    Place.DIRECTION: ("direction", "richting", "calldirection"),
    Place.OURS: ("to", "tonumber", "called", "callednumber", "destination", "dnis", "recipient", "extension", "callee")
    + ("destinationnumber", "calleenumber", "recipientnumber"),
    Place.STAGE: ("status", "callstatus", "state", "callstate", "event", "eventtype"),
    Place.ID: ("messageid", "messagesid", "smssid", "callid", "callsid", "calluuid", "uniqueid", "linkedid", "uuid")
    + ("eventid", "id"),
}
_ONLY_OF_CALLS = (Place.STAGE,)


#: A message that says nothing yet.
EMPTY = Message(
    external_id="", fingerprint="", sent_at=None, subject="", subject_key="", text="", html="", quote_from=None,
    signature_from=None, addresses=(), in_reply_to=(), references=(), nature="personal", list_id="", list_name="",
    bounces=(), attachments=(), invitations=(), folder="", mailbox="", position=0, size=0, defects=(),
)  # fmt: skip


class NotReadable(ValueError):
    """A call that cannot be taken in as it was pointed at."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Around:
    """What there is to know beside the call itself: whose hook it is, which call it is, and when it came."""

    hook: str
    key: str
    received_at: datetime
    preset: str
    country: str
    owner: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a call says: the message, which address in it is ours, and whether it rings or is still going on."""

    message: Message
    ours: Address | None = None
    rings: bool = False
    goes_on: bool = False


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())


def guess(payload: Payload, preset: str) -> dict[str, str]:
    """Where our words are likely to be, by what programs call things."""
    found = list(leaves(payload))
    taken: set[str] = set()
    mapping: dict[str, str] = {}
    for place, names in _NAMES.items():
        if place in _ONLY_OF_CALLS and preset != Preset.TELEPHONE:
            continue
        fitting = [(pointer, value) for pointer, value in found if pointer not in taken and _fits(place, value)]
        pointer = _first(fitting, names)
        if pointer:
            mapping[place] = pointer
            taken.add(pointer)
    return mapping


def _first(fitting: Iterable[tuple[str, str]], names: tuple[str, ...]) -> str:
    """The one with the surest name; of equal ones that which is least deep."""
    ranked = [
        (names.index(name), pointer.count("/"), pointer)
        for pointer, _value in fitting
        for name in _called(pointer)
        if name in names
    ]
    return min(ranked)[2] if ranked else ""


def _called(pointer: str) -> tuple[str, str]:
    """What a value is called: by its own name, and by that together with what it is part of."""
    *_rest, part, own = ("", *pointer.split("/"))
    return _plain(own), _plain(part + own)


def _fits(place: Place, value: str) -> bool:
    if place == Place.EMAIL:
        return "@" in value
    if place == Place.PHONE:
        return "@" not in value and 3 <= sum(char.isdigit() for char in value) <= 20
    if place == Place.NAME:
        return any(char.isalpha() for char in value)
    return bool(value.strip()) or place in (Place.TEXT, Place.SUBJECT)


def reading_of(payload: Payload, mapping: dict[str, str], around: Around) -> Reading:
    """The message that a call is; raises NotReadable."""

    def said(place: Place) -> str:
        return value_at(payload, mapping[place]) if mapping.get(place) else ""

    kind = _KIND_WORDS.get(_plain(said(Place.KIND)), KINDS[around.preset])
    is_ours = _plain(said(Place.DIRECTION)) in _OUTBOUND
    theirs = _theirs(said, around.country, is_email_first=around.preset in (Preset.CHAT, Preset.FORM))
    ours = _ours(said(Place.OURS), around, is_writer=is_ours)
    text = said(Place.TEXT)[:LONGEST_TEXT]
    named = one_line(said(Place.ID), 300) or around.key
    stage = _plain(said(Place.STAGE))
    first, *others = theirs
    writer, receiver = (ours, first) if is_ours else (first, ours)
    addresses = [
        *_as("from", writer),
        *_as("to", receiver),
        *(one for other in others for one in _as("reply_to", other)),
    ]
    message = replace(
        EMPTY,
        external_id=f"hook:{around.hook}:{named}"[:500],
        sent_at=_time(said(Place.WHEN)) or around.received_at,
        subject=one_line(said(Place.SUBJECT), 1000),
        text=text,
        addresses=tuple(addresses),
        mailbox=around.hook,
        size=len(text),
        kind=kind,
        place=first.address if kind in ("chat", "text") else "",
    )
    is_call = kind == "call"
    return Reading(message, ours, rings=is_call and stage in _RINGS | {""}, goes_on=is_call and stage in _BEGINS)


def _as(role: Role, one: Address | None) -> list[Address]:
    return [] if one is None else [replace(one, role=role)]


def _theirs(ask: Callable[[Place], str], country: str, *, is_email_first: bool) -> list[Address]:
    """Who they are: a number, an address, or both; raises NotReadable when there is neither."""
    name = one_line(ask(Place.NAME), 300)
    number, address = ask(Place.PHONE).strip(), ask(Place.EMAIL).strip()
    found: list[Address] = []
    if number and _plain(number) not in _HIDDEN:
        try:
            found.append(_address(name, "phone", phone(number[:100], country=country).value))
        except ContactError as trouble:
            if not address:
                raise NotReadable(Reason.PHONE) from trouble
    if address:
        try:
            found.append(_address(name, "email", email(address[:320]).value))
        except ContactError as trouble:
            if not found:
                raise NotReadable(Reason.EMAIL) from trouble
    if not found:
        raise NotReadable(Reason.NOBODY)
    return found[::-1] if is_email_first else found


def _ours(text: str, around: Around, *, is_writer: bool) -> Address | None:
    """Which number or address of ours it was; whoever looks after the hook stands for us where somebody must."""
    line = text.strip()[:320]
    try:
        if "@" in line:
            return _address("", "email", email(line).value)
        if sum(char.isdigit() for char in line) > 5:
            return _address("", "phone", phone(line, country=around.country).value)
    except ContactError:
        pass
    if is_writer:
        return _address("", "email", around.owner)
    return _address(one_line(line, 300), "phone", "") if line else None


def _address(name: str, kind: PointKind, value: str) -> Address:
    return Address("from", name, value, kind)


def _time(text: str) -> datetime | None:
    """The time that a program writes: ISO 8601, seconds or thousandths since 1970, or as in mail."""
    line = text.strip()[:60]
    if not line:
        return None
    found = _number_of(line) if re.fullmatch(r"\d{9,17}(\.\d{1,9})?", line) else _written(line)
    if found is None or not _EARLIEST <= found < _LATEST:
        raise NotReadable(Reason.TIME)
    return found


def _number_of(line: str) -> datetime | None:
    seconds = float(line)
    divisor = 1e6 if seconds >= _MICROSECONDS else 1e3 if seconds >= _MILLISECONDS else 1
    try:
        return datetime.fromtimestamp(seconds / divisor, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _written(line: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(line)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        try:
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return None
