# SPDX-License-Identifier: AGPL-3.0-or-later
"""The day of somebody who listens: how many minutes, and what is done with a post where it was heard."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from plein.core.models import Operation
from plein.core.operations import operation
from plein.listening.models import Listened, Minutes
from plein.listening.queries import standing_of
from plein.listening.queries.keeping import LONGEST_NETWORK, today
from plein.listening.queries.weighing import minutes_of
from plein.listening.refusals import CannotListen
from plein.listening.vocabulary import MOST_MINUTES, Doing
from plein.moments.actions import create_todo, rebind_participant
from plein.moments.models import Moment, Participant
from plein.moments.queries import moments_named
from plein.relations.actions import add_contact_point, create_person, set_following
from plein.relations.contact import ContactError
from plein.trust.circles import circle_key
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def set_minutes(*, actor: Entrance, minutes: int) -> None:
    """Listen so many minutes a day on each network from now on; 0 for as long as one likes."""
    permit(actor, "write")
    if not 0 <= minutes <= MOST_MINUTES:
        raise CannotListen(_("Choose up to %(most)s minutes.") % {"most": MOST_MINUTES}, "minutes")
    mine = Minutes.objects.filter(seat_id=actor.seat_id)
    if not minutes:
        mine.delete()
    elif not mine.update(minutes=minutes):
        Minutes.objects.create(seat_id=actor.seat_id, minutes=minutes)


def do_with(*, actor: Entrance, moment: Moment, doing: str) -> Operation:
    """Do something with a post where it was heard, and be done with it: it takes its time of the day's minutes."""
    permit(actor, "write")
    if doing not in _DOING:
        raise CannotListen(_("Choose what is done with it."), "doing")
    with operation("do_with_heard", doing=doing) as done:
        _DOING[doing](actor, moment)
        _note(actor, moment)
    return done


def _note(actor: Entrance, moment: Moment) -> None:
    if Listened.objects.filter(moment=moment, seat_id=actor.seat_id).exists():
        return
    network = standing_of([moment.id], actor.seat_id).networks.get(moment.id, "")[:LONGEST_NETWORK]
    [line] = moments_named([moment.id])
    Listened.objects.create(
        moment=moment, seat_id=actor.seat_id, day=today(), network=network, minutes=minutes_of(line.text)
    )


def _read(actor: Entrance, moment: Moment) -> None:
    del actor, moment


def _writer(moment: Moment) -> Participant | None:
    parts = Participant.objects.filter(moment=moment, role="from").select_related("relation", "contact_point", "moment")
    found: Participant | None = parts.order_by("id").first()
    return found


def _name_of(writer: Participant) -> str:
    """What they are called here, else as heard."""
    if writer.relation is not None:
        return writer.relation.name
    point = writer.contact_point
    return writer.heard_name.strip() or (point.display or point.value if point is not None else "")


def _todo(actor: Entrance, moment: Moment) -> None:
    writer = _writer(moment)
    name = _name_of(writer) if writer is not None else ""
    title = _("Look at what %(name)s posted") % {"name": name} if name else _("Look at a post")
    relation = writer.relation_id if writer is not None and writer.relation is not None else None
    create_todo(actor=actor, title=title[:300], relation_id=relation, moment=moment)


def _person(actor: Entrance, moment: Moment) -> None:
    writer = _writer(moment)
    name = _name_of(writer) if writer is not None else ""
    if writer is None or writer.relation_id is not None or not name:
        raise CannotListen(_("Nobody we could add wrote this: we know them already, or they gave no name."), "doing")
    made = create_person(actor=actor, name=name, circle_key=circle_key(moment.circle_id) or "me")
    point = writer.contact_point
    if point is not None:
        try:
            add_contact_point(actor=actor, relation=made, text=point.value, kind=point.kind, network=point.network)
        except ContactError as trouble:
            raise CannotListen(str(trouble), "doing") from trouble
    rebind_participant(actor=actor, participant=writer, relation=made)


def _follow(actor: Entrance, moment: Moment) -> None:
    writer = _writer(moment)
    if writer is None or writer.relation is None:
        raise CannotListen(_("We do not know who wrote this. Add them first."), "doing")
    set_following(actor=actor, relation=writer.relation, is_following=True)


_DOING: dict[str, Callable[[Entrance, Moment], None]] = {
    Doing.READ: _read,
    Doing.TODO: _todo,
    Doing.PERSON: _person,
    Doing.FOLLOW: _follow,
}
