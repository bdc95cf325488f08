# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is remembered of entries that stand elsewhere. Everything runs inside the operation of whoever calls."""

from typing import Any, Literal

from plein.channels.base import Entry
from plein.channels.models import Connection
from plein.dav.models import Mirrored
from plein.trust.circles import only_me

#: How it was settled where both sides changed the same, if it was.
type Decided = Literal["", "mine", "theirs"]


def keep_mirrored(
    connection: Connection, entry: Entry, known: Mirrored | None, ours: dict[str, Any], **record: Any
) -> None:
    """Remember what both sides have in common now."""
    values: dict[str, Any] = {
        "collection": entry.collection[:300],
        "href": entry.href[:1000],
        "etag": entry.etag[:300],
        "uid": entry.uid[:500],
        "text": entry.text,
        "ours": ours,
        "theirs": "",
        "is_gone": False,
        "is_waiting": False,
        **record,
    }
    if known is None:
        Mirrored.objects.create(connection=connection, own_circle_id=only_me(), name=entry.external_id[:500], **values)
    else:
        Mirrored.objects.filter(id=known.id).update(**values)


def keep_both(known: Mirrored, entry: Entry) -> None:
    """Both sides changed the same: leave both as they are, and remember what the other side says."""
    Mirrored.objects.filter(id=known.id).update(
        theirs=entry.text, etag=entry.etag[:300], is_gone=False, is_waiting=False
    )
