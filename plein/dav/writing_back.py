# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes what changed here to the calendars and address books it stands in elsewhere.

Each is written in the state in which it was seen last and no other: where it changed there meanwhile, what it says now
is taken in first, and nothing is written over. A crash between both sides does nothing twice: what was written is heard
again, and says what stands here already. What was added here is noted before it is written there for the first time,
where nothing may stand yet; what stands there after all is ours, or is heard.
"""

from collections.abc import Callable
from contextlib import closing
from uuid import UUID

from plein.channels.base import Entry, EntryKind
from plein.channels.connecting import visit_of, way_out
from plein.channels.connectors.dav.connector import DavConnector, session_of
from plein.channels.connectors.dav.places import name_of
from plein.channels.connectors.dav.session import Collection, Session
from plein.channels.live import Trouble
from plein.channels.models import Connection, ConnectionProblem, ConnectionState
from plein.core.isolation import in_operation
from plein.dav.actions.additions import kinds_in, note_additions
from plein.dav.actions.elsewhere import take_in
from plein.dav.actions.mirrored_cards import changed_there
from plein.dav.cards import read_card
from plein.dav.lines import BadText
from plein.dav.models import Mirrored
from plein.dav.queries.additions import KINDS, AdditionKind, additions, waiting_there
from plein.dav.queries.mirrored import Unsaid, is_anything_new, unsaid
from plein.moments.events import EntriesHeard
from plein.moments.hearing.daily import operation_of_today
from plein.trust.models import User
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, entered

DAV = DavConnector.key
LACKING = "What you add here does not go to %(name)s: it is not there, or may not be written. Choose again."


def is_wanted() -> bool:
    """Whether there may be anything to write back."""
    return is_anything_new()


def write_back(
    user: User, workspace: int, connection_id: UUID, *, should_stop: Callable[[], bool] = lambda: False
) -> int:
    """Write all that changed here; returns how many were written. Raises Trouble when the server cannot be reached."""
    with entered(user, workspace, door="worker") as actor:
        permit(actor, "write")
        connection = Connection.objects.get(id=connection_id)
        if connection.state != ConnectionState.ACTIVE or connection.connector != DAV:
            return 0
        found = list(unsaid(actor, connection_id))
        adds = _adds(actor, connection)
    written = 0
    if not found and not adds:
        return written
    with closing(way_out(connection)) as net:
        with entered(user, workspace, door="worker"):
            session = session_of(visit_of(connection, net))
        found += _added(user, workspace, connection, session) if adds else []
        for one in found:
            if should_stop():
                break
            written += _write(user, workspace, connection, session, one)
    return written


def _adds(actor: Entrance, connection: Connection) -> bool:
    """Whether anything that was added here is to stand there and does not yet."""
    if not connection.settings.get("additions"):
        return False
    return waiting_there(connection.id).exists() or any(True for _one in additions(actor, connection, KINDS))


def _added(user: User, workspace: int, connection: Connection, session: Session) -> list[Unsaid]:
    """What was added here, noted with the place where it is to stand: of several the first book and calendar."""
    wanted = connection.settings["additions"]
    there = [one for one in session.collections() if one.name in wanted and one.may_write]
    places: dict[AdditionKind, Collection] = {}
    for one in there:
        for kind in kinds_in(one):
            places.setdefault(kind, one)
    with entered(user, workspace, door="worker") as actor:
        for name in sorted({*wanted} - {one.name for one in there}):
            _note(connection, LACKING % {"name": name})
        operation = operation_of_today(Connection.objects.get(id=connection.id))
        Connection.objects.filter(id=connection.id).update(operation_id=operation)
        with in_operation(operation):
            note_additions(actor=actor, connection=connection, places=places)
        rows = list(waiting_there(connection.id))
    return [
        Unsaid(one.id, one.relation_id is None, one.href, "", one.text, dict(one.ours), is_new=True) for one in rows
    ]


def _write(user: User, workspace: int, connection: Connection, session: Session, one: Unsaid) -> bool:
    kind: EntryKind = "event" if one.is_event else "card"
    try:
        etag = session.write(one.href, kind, one.text, one.etag, is_new=one.is_new)
        there = session.text(one.href) if etag is None else None
        text = one.text if etag is None else _as_it_stands(session, one)
    except Trouble as trouble:
        if not trouble.is_lasting:
            raise
        with entered(user, workspace, door="worker"):
            _note(connection, str(trouble))
        return False
    with entered(user, workspace, door="worker") as actor:
        operation = operation_of_today(Connection.objects.get(id=connection.id))
        Connection.objects.filter(id=connection.id).update(operation_id=operation)
        with in_operation(operation):
            if etag is not None:
                values = {"text": text, "ours": one.ours, "etag": etag[:300], "is_waiting": False}
                Mirrored.objects.filter(id=one.id, etag=one.etag, theirs="").update(**values)
            elif there is not None:
                known = Mirrored.objects.get(id=one.id)
                entry = Entry(name_of(one.href), kind, known.uid, there[0], known.collection, one.href, there[1])
                take_in(EntriesHeard(actor, connection.id, (entry,)))
    return etag is not None


def _as_it_stands(session: Session, one: Unsaid) -> str:
    """What was written, as the server has it where it made another picture of a photo, or keeps none.

    What it does not keep is not gone there: nobody took it away.
    """
    there = session.text(one.href) if "\nPHOTO" in one.text and not one.is_event else None
    try:
        is_same = there is not None and changed_there(read_card(one.text), read_card(there[0])) <= {"photo"}
    except BadText:
        return one.text
    return there[0] if there is not None and is_same else one.text


def _note(connection: Connection, reason: str) -> None:
    """Say once that something was not let in there."""
    said = {"connection": connection, "circle_id": connection.circle_id, "reason": reason[:500]}
    if not ConnectionProblem.objects.filter(**said).exists():
        ConnectionProblem.objects.create(position=0, **said)
