# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in calendars and address books elsewhere, written where it belongs: only what changed there.

Both sides are compared with what they had in common last. What changed on one side is taken over; what changed on both
is kept as it is on both, and shown to be decided.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from plein.channels.base import Entry
from plein.channels.models import Connection, ConnectionProblem
from plein.dav.actions.mirrored_cards import take_card_in
from plein.dav.actions.mirrored_events import take_event_in, take_event_off
from plein.dav.actions.mirrored_todos import take_todo_in
from plein.dav.actions.new_cards import take_new_cards
from plein.dav.ics import is_todo
from plein.dav.lines import BadText
from plein.dav.models import Mirrored
from plein.dav.refusals import NotTaken
from plein.moments.events import EntriesHeard
from plein.moments.repeats import BadRule
from plein.relations.actions import Refused
from plein.relations.contact import ContactError
from plein.trust.circles import ME, circle_key
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

logger = logging.getLogger(__name__)
#: What can be wrong with an entry, each said in a sentence.
_WRONG = (BadText, NotTaken, BadRule, Refused, ContactError)
#: One card alone is taken in as a change is.
WORTH_IT = 2
UNREADABLE = "This entry could not be taken in."


def take_in(event: EntriesHeard) -> None:
    """Take in what a connection heard, inside its operation: each entry by itself, so that one cannot stop others."""
    permit(event.actor, "write")
    connection = Connection.objects.get(id=event.connection_id)
    circle = circle_key(connection.circle_id) or ME
    known = _mirrored(connection, (*(one.external_id for one in event.entries), *event.gone))
    again = _found_again(connection, [one for one in event.entries if one.external_id not in known])
    renamed = {one.id for one in again.values()}
    known = {name: one for name, one in known.items() if one.id not in renamed} | again
    together = _take_together(event, connection, known, circle)
    for entry in (one for one in event.entries if one.external_id not in together):
        try:
            with transaction.atomic():
                _take(event.actor, connection, entry, known.get(entry.external_id), circle)
        except _WRONG as trouble:
            _refuse(connection, entry, str(trouble))
        except (OperationalError, InterfaceError, IntegrityError):
            raise
        except Exception:
            # Whatever is wrong with one entry, the others are heard.
            logger.exception("entry of connection %s", connection.id)
            _refuse(connection, entry, UNREADABLE)
    for name in event.gone:
        if name in known:
            _let_go(event.actor, known[name])
    for standing in event.standing:
        there = Mirrored.objects.filter(connection=connection, collection=standing.collection[:300])
        there = there.filter(is_gone=False, is_waiting=False)
        for one in there.exclude(name__in=standing.external_ids).select_related("moment"):
            _let_go(event.actor, one)


def _take_together(event: EntriesHeard, connection: Connection, known: Collection[str], circle: str) -> Collection[str]:
    """Take in at once whoever is plainly new; where that cannot be each is taken in by itself."""
    cards = [one for one in event.entries if one.kind == "card"]
    if len(cards) < WORTH_IT:
        return ()
    try:
        with transaction.atomic():
            return take_new_cards(actor=event.actor, connection=connection, entries=cards, known=known, circle=circle)
    except (OperationalError, InterfaceError, IntegrityError):
        raise
    except Exception:
        logger.exception("cards of connection %s", connection.id)
        return ()


def _mirrored(connection: Connection, names: Iterable[str]) -> dict[str, Mirrored]:
    found = Mirrored.objects.filter(connection=connection, name__in=list(names)).select_related(
        "moment", "relation", "todo"
    )
    return {one.name: one for one in found.order_by("-id")}


def _found_again(connection: Connection, entries: Sequence[Entry]) -> dict[str, Mirrored]:
    """What we brought there ourselves and stands there under another name than the one we gave it."""
    by_uid = {(one.uid[:500], one.collection[:300]): one for one in entries if one.uid}
    rows = Mirrored.objects.filter(connection=connection, uid__in=[uid for uid, _collection in by_uid])
    found: dict[str, Mirrored] = {}
    for row in rows.select_related("moment", "relation", "todo").order_by("id"):
        entry = by_uid.get((row.uid, row.collection))
        if entry is not None and row.uid in (str(row.moment_id), str(row.todo_id), f"urn:uuid:{row.relation_id}"):
            Mirrored.objects.filter(id=row.id).update(name=entry.external_id[:500], href=entry.href[:1000])
            found[entry.external_id] = row
    return found


def _take(actor: Entrance, connection: Connection, entry: Entry, known: Mirrored | None, circle: str) -> None:
    if known is not None and known.text == entry.text and not known.theirs:
        if known.etag != entry.etag or known.is_gone or known.is_waiting:
            Mirrored.objects.filter(id=known.id).update(etag=entry.etag[:300], is_gone=False, is_waiting=False)
        return
    take: Any = take_card_in if entry.kind == "card" else take_todo_in if is_todo(entry.text) else take_event_in
    take(actor, connection, entry, known, circle)


def _let_go(actor: Entrance, known: Mirrored) -> None:
    """What is gone there is called off when it was still to come; whoever was known there stays, and it is said."""
    if known.moment is not None:
        take_event_off(actor, known)
    Mirrored.objects.filter(id=known.id).update(is_gone=True, theirs="")


def _refuse(connection: Connection, entry: Entry, reason: str) -> None:
    ConnectionProblem.objects.create(
        connection=connection,
        circle_id=connection.circle_id,
        folder=entry.collection[:500],
        position=0,
        reason=reason[:500],
        size=len(entry.text.encode()),
    )
