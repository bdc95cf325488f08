# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was added here and goes to a server elsewhere: noted before it is written there, so that it goes there once."""

from collections.abc import Mapping

from plein.channels.connectors.dav.places import name_of
from plein.channels.connectors.dav.session import Collection
from plein.channels.models import Connection
from plein.dav.models import Mirrored
from plein.dav.queries.additions import AdditionKind, additions
from plein.trust.circles import only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

_ENDS = {"card": ".vcf", "event": ".ics", "todo": ".ics"}
_RECORDS = {"card": "relation_id", "event": "moment_id", "todo": "todo_id"}


def kinds_in(one: Collection) -> list[AdditionKind]:
    """What can stand in a collection."""
    if one.kind == "card":
        return ["card"]
    told: list[tuple[AdditionKind, bool]] = [("event", one.holds_events), ("todo", one.holds_todos)]
    return [kind for kind, is_held in told if is_held]


def note_additions(*, actor: Entrance, connection: Connection, places: Mapping[AdditionKind, Collection]) -> None:
    """Note what is to stand in these books and calendars, inside the operation of whoever calls."""
    permit(actor, "write")
    mine = only_me()
    rows = []
    for one in additions(actor, connection, places):
        place = places[one.kind]
        href = f"{place.url.rstrip('/')}/{one.id}{_ENDS[one.kind]}"
        rows.append(
            Mirrored(
                connection=connection,
                own_circle_id=mine,
                name=name_of(href),
                collection=place.name[:300],
                href=href[:1000],
                uid=one.uid[:500],
                text=one.text,
                ours=one.ours,
                is_waiting=True,
                **{_RECORDS[one.kind]: one.id},
            )
        )
    Mirrored.objects.bulk_create(rows)
