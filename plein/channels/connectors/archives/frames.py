# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the reading process hands over what it found: length-prefixed JSON, nothing executable."""

import json
import struct
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from plein.channels.base import Address, Follow, Message, Unreadable
from plein.channels.connectors.archives.making import Item

LENGTH = struct.Struct(">I")
AT_MOST_FRAME = 64 * 1024 * 1024
_LISTS = ("in_reply_to", "references", "defects")


def pack(kind: str, value: object) -> bytes:
    """One frame: its length, then JSON of its kind and what it holds."""
    payload = json.dumps((kind, value), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return LENGTH.pack(len(payload)) + payload


def to_json(item: Item) -> tuple[str, dict[str, Any]]:
    """The kind of an item, and its fields."""
    fields = asdict(item)
    for name in ("sent_at", "since"):
        if isinstance(fields.get(name), datetime):
            fields[name] = fields[name].timestamp()
    return type(item).__name__, fields


def from_json(kind: str, fields: dict[str, Any]) -> Item:
    """The item that :func:`to_json` wrote."""
    if kind == "Unreadable":
        return Unreadable(**fields)
    if kind == "Follow":
        fields |= {"who": Address(**fields["who"]), "whom": Address(**fields["whom"]), "links": tuple(fields["links"])}
        return Follow(**fields | {"since": _moment(fields["since"])})
    fields |= {name: tuple(fields[name]) for name in _LISTS}
    fields |= {"addresses": tuple(Address(**one) for one in fields["addresses"]), "sent_at": _moment(fields["sent_at"])}
    # No archive brings these along yet.
    return Message(**fields | {"bounces": (), "attachments": (), "invitations": ()})


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
