# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the reading process hands its findings to the importing process: length-prefixed JSON, nothing executable."""

import json
import struct
from datetime import UTC, datetime
from typing import Any

from plein.channels.base import (
    Address,
    AttachmentPart,
    BounceReport,
    Header,
    Invitation,
    Message,
    Unreadable,
)

LENGTH = struct.Struct(">I")
AT_MOST_FRAME = 256 * 1024 * 1024

type Item = Message | Unreadable | Header


def pack(kind: str, body: object) -> bytes:
    """Return one frame: its length, then JSON of its kind and body."""
    payload = json.dumps((kind, body), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return LENGTH.pack(len(payload)) + payload


def unpack(payload: bytes) -> tuple[str, Any]:
    """Return the kind and body of a frame without its length."""
    kind, body = json.loads(payload)
    return str(kind), body


def _time(moment: datetime | None) -> int | None:
    return None if moment is None else int((moment - _EPOCH).total_seconds())


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)


def to_json(item: Item) -> tuple[str, object]:
    """Return the kind of an item and its fields, in the order of their declaration."""
    if isinstance(item, Message):
        return "message", [_plain(getattr(item, name)) for name in _MESSAGE_FIELDS]
    if isinstance(item, Header):
        return "header", [_plain(getattr(item, name)) for name in _HEADER_FIELDS]
    return "unreadable", [item.folder, item.position, item.reason, item.sha256, item.size]


_MESSAGE_FIELDS = tuple(Message.__dataclass_fields__)
_HEADER_FIELDS = tuple(Header.__dataclass_fields__)
_AT = {name: number for number, name in enumerate(_MESSAGE_FIELDS)}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, tuple):
        return [_plain_part(part) for part in value]
    return value


def _plain_part(part: object) -> object:
    if isinstance(part, Address):
        return (part.role, part.name, part.address)
    if isinstance(part, (AttachmentPart, BounceReport, Invitation)):
        return [_plain(getattr(part, name)) for name in part.__dataclass_fields__]
    return part


def from_json(kind: str, body: Any) -> Item:
    """Return the item that :func:`to_json` wrote."""
    if kind == "message":
        return _message(body)
    if kind == "header":
        fields = dict(zip(_HEADER_FIELDS, body, strict=True))
        fields["sent_at"] = _moment(fields["sent_at"])
        fields["addresses"] = tuple([Address(*address) for address in fields["addresses"]])
        return Header(**fields)
    return Unreadable(*body)


def _message(body: list[Any]) -> Message:
    body[_AT["sent_at"]] = _moment(body[_AT["sent_at"]])
    body[_AT["addresses"]] = tuple([Address(*address) for address in body[_AT["addresses"]]])
    body[_AT["bounces"]] = tuple([BounceReport(*report) for report in body[_AT["bounces"]]])
    body[_AT["attachments"]] = tuple([AttachmentPart(*part) for part in body[_AT["attachments"]]])
    body[_AT["invitations"]] = tuple([_invitation(*event) for event in body[_AT["invitations"]]])
    for name in ("in_reply_to", "references", "defects"):
        body[_AT[name]] = tuple(body[_AT[name]])
    return Message(*body)


def _invitation(*fields: Any) -> Invitation:
    named = dict(zip(Invitation.__dataclass_fields__, fields, strict=True))
    named["starts_at"], named["ends_at"] = _moment(named["starts_at"]), _moment(named["ends_at"])
    named["attendees"] = tuple(named["attendees"])
    return Invitation(**named)
