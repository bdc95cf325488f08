# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an archive, or an account that is listened to, tells of connections and followers becomes ties of its owner."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from plein.channels.base import Address, Follow
from plein.core.ids import now
from plein.core.isolation import seat_id
from plein.core.operations import operation
from plein.moments.events import FollowsHeard
from plein.network.actions.connections import Brought, Work
from plein.network.connections import Connection, Holds, network_label
from plein.relations.contact import Contact, ContactError, email, normalise
from plein.relations.models import ContactPointLink, Relation, Tie
from plein.relations.names import parse_name
from plein.relations.vocabulary import ContactKind, RelationKind
from plein.trust.circles import everyone


def tie_followers(event: FollowsHeard) -> None:
    """Tie the colleague whose account it is to everybody they are connected with, follow, or are followed by.

    Runs inside the operation that brings the rest of it in, so that one undo takes both back. As in a list of
    connections, who may be one of several stays out: nobody is there to decide.
    """
    me = Relation.objects.filter(kind=RelationKind.PERSON, seat_id=seat_id()).first()
    if me is None:
        return
    sides = ((Holds.CONNECTIONS, event.connected), (Holds.FOLLOWED, event.followed), (Holds.FOLLOWERS, event.followers))
    with operation("load_connections", count=sum(len(side) for _holds, side in sides)) as done:
        for holds, side in sides:
            lines = list(_lines(side, holds))
            if lines:
                work = Work(me, holds, event.circle_id, event.makes_people, Brought(done.id))
                if event.is_live:
                    work.forget_ended()
                work.look(lines, {})
                work.write(None if event.circle_id == everyone() else event.circle_id)
                work.ask(event.brought_by or done.id)
        _end(me, event.ended)


def _end(me: Relation, follows: Iterable[Follow]) -> None:
    """Who follows no longer has done so until today; the tie stays, with its end."""
    gone: dict[str, set[str]] = {}
    for one in follows:
        gone.setdefault(one.network, set()).add(one.who.address)
    for network, names in gone.items():
        points = ContactPointLink.objects.filter(
            revoked_at__isnull=True, contact_point__kind=ContactKind.HANDLE,
            contact_point__network=network, contact_point__value__in=names,
        )  # fmt: skip
        going_on = Tie.objects.filter(other=me, kind=Holds.FOLLOWERS.kind, ends_on__isnull=True)
        going_on.filter(one_id__in=points.values("relation_id")).update(ends_on=timezone.localdate(now()))


def _lines(follows: Iterable[Follow], holds: Holds) -> Iterator[Connection]:
    """The other end of each tie."""
    for number, one in enumerate(follows):
        other = one.whom if holds is Holds.FOLLOWED else one.who
        headline = "" if holds is Holds.FOLLOWED else one.headline
        contacts = tuple(_contacts(other, one))
        if contacts:
            name = parse_name(other.name).full or other.name or other.address
            told = {"company": one.organization, "position": one.role, "network": network_label(one.network)}
            fields = tuple((key, value) for key, value in told.items() if holds is not Holds.FOLLOWED and value)
            since = one.since.date() if one.since else None
            yield Connection(number, name[:300], contacts, headline[:200], since, fields)


def _contacts(other: Address, one: Follow) -> Iterator[Contact]:
    texts = [(link.removeprefix("mailto:"), "email", "") for link in one.links if link.startswith("mailto:")]
    for text, kind, network in [*texts, (other.address, other.kind, other.network)]:
        try:
            if text:
                yield email(text) if kind == "email" else normalise(text, kind=kind, network=network)
        except ContactError:
            # A network whose names have no form of their own: the name as the archive tells it.
            yield Contact(ContactKind(kind), text, text, network=network)
