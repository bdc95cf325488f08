# SPDX-License-Identifier: AGPL-3.0-or-later
"""What writers change on a network after it was heard: the moment says how it is now, its history how it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from plein.channels.base import Message, sender_of
from plein.core.events import publish
from plein.core.isolation import workspace_id
from plein.moments.events import TextChanged
from plein.moments.intake.book import AddressBook
from plein.moments.intake.drafts import recognisable
from plein.moments.intake.forgetting import Forgetting
from plein.moments.intake.rows import fetch
from plein.moments.models import Moment, MomentSubject, MomentText

#: Of the same writer only, for an identifier is known to whoever read it; never of what we wrote here ourselves.
_HEARD = """
    SELECT DISTINCT ON (s.external_id) s.external_id, m.id, m.fingerprint, cp.kind, cp.network, cp.value
      FROM moments_source s
      JOIN moments_moment m ON m.workspace_id = s.workspace_id AND m.id = s.moment_id AND m.source <> 'hand'
           AND m.kind IN ('post', 'chat')
      JOIN moments_participant p ON p.workspace_id = m.workspace_id AND p.moment_id = m.id AND p.role = 'from'
      JOIN relations_contact_point cp ON cp.workspace_id = p.workspace_id AND cp.id = p.contact_point_id
     WHERE s.workspace_id = %s AND s.import_id = %s AND s.external_id = ANY(%s)
     ORDER BY s.external_id, s.id
"""


@dataclass(frozen=True, slots=True)
class _Known:
    moment: UUID
    fingerprint: str
    writer: tuple[str, str, str]


def take_edits(connection_id: UUID, messages: Sequence[Message], book: AddressBook) -> set[str]:
    """Write down what of these is here in other words; returns their identifiers. Runs in the caller's operation."""
    ids = list({one.external_id[:500] for one in messages})
    known = {
        row[0]: _Known(row[1], row[2], (row[3], row[4], row[5]))
        for row in fetch(_HEARD, [workspace_id(), connection_id, ids])
    }
    changed = [one for one in messages if _is_edit(one, known.get(one.external_id[:500]))]
    if not changed:
        return set()
    book.learn_all(address for one in changed for address in one.addresses)
    for message in Forgetting(book).cleaned([recognisable(one) for one in changed]):
        _rewrite(known[message.external_id[:500]].moment, message)
    return {one.external_id for one in changed}


def _is_edit(message: Message, known: _Known | None) -> bool:
    sender = sender_of(message)
    if known is None or sender is None or message.fingerprint == known.fingerprint:
        return False
    return (sender.kind, sender.network, sender.address) == known.writer


def _rewrite(moment_id: UUID, message: Message) -> None:
    MomentText.objects.filter(moment_id=moment_id).update(
        text=message.text, html=message.html, quote_from=message.quote_from, signature_from=message.signature_from
    )
    MomentSubject.objects.filter(moment_id=moment_id).exclude(title=message.subject[:1000]).update(
        title=message.subject[:1000]
    )
    Moment.objects.filter(id=moment_id).update(fingerprint=message.fingerprint)
    publish(TextChanged(moment_id))
