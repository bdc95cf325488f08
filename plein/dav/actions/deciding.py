# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is decided where a calendar or an address book elsewhere says otherwise than we do."""

from plein.channels.base import Entry, EntryKind
from plein.core.models import Operation
from plein.core.operations import operation
from plein.dav.actions.mirrored_cards import decide_card
from plein.dav.actions.mirrored_events import decide_event
from plein.dav.actions.mirrored_todos import decide_todo
from plein.dav.models import Mirrored
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def decide_elsewhere(*, actor: Entrance, mirrored: Mirrored, is_mine: bool) -> Operation:
    """Say which of two holds where both sides changed the same: ours goes there, or theirs comes here."""
    permit(actor, "write")
    known = mirrored
    kind: EntryKind = "card" if known.relation_id is not None else "event"
    entry = Entry(known.name, kind, known.uid, known.theirs, known.collection, known.href, known.etag)
    decide = decide_todo if known.todo_id else decide_event if known.moment_id else decide_card
    with operation("decide_elsewhere") as done:
        decide(actor, known, entry, is_mine=is_mine)
    return done


def leave_elsewhere(*, actor: Entrance, mirrored: Mirrored) -> Operation:
    """Keep somebody who is not in the address book elsewhere any more: from now on they are ours alone."""
    permit(actor, "write")
    with operation("leave_elsewhere") as done:
        Mirrored.objects.filter(id=mirrored.id).delete()
    return done
