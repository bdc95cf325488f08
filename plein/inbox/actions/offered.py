# SPDX-License-Identifier: AGPL-3.0-or-later
"""Doing what Plein suggested, and saying that it took somebody for another one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation
from plein.identity.actions import keep_apart
from plein.identity.profiles import Profile
from plein.inbox.models import Message
from plein.inbox.offers import Facts, Kind, Offer, facts_of, jobs_of, offers_in
from plein.inbox.refusals import CannotDo
from plein.moments.actions import Part, create_todo, plan_appointment, rebind_participant
from plein.moments.models import Moment, Participant
from plein.relations.actions import (
    add_contact_point,
    add_membership,
    create_organization,
    create_person,
    end_membership,
    note_job,
    revoke_contact_point,
)
from plein.relations.models import ContactPointLink, Membership, Relation
from plein.relations.vocabulary import Source
from plein.trust.circles import circle_key
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def do_offered(*, actor: Entrance, message: Message, keys: Collection[str]) -> list[Offer]:
    """Do these of what Plein suggests with a message, as one operation; what is suggested no more is left out."""
    permit(actor, "write")
    facts = facts_of(message.moment_id)
    wanted = [one for one in offers_in(facts) if one.key in keys] if facts is not None else []
    if facts is None or not wanted:
        raise CannotDo(_("This is done already, or the message says something else by now. Look again."))
    with operation("do_offered", count=len(wanted)):
        for one in wanted:
            _DOING[one.kind](actor, message, facts, one.about, one)
    return wanted


def not_them(*, actor: Entrance, participant: Participant, heard: Profile) -> Operation:
    """Say that a message is not of whom Plein took the writer for: remembered for good, and nothing of it is lost."""
    permit(actor, "write")
    if participant.relation is None:
        raise CannotDo(_("Nobody is named here yet."))
    with operation("not_them") as done:
        keep_apart(actor=actor, relation=participant.relation, profile=heard)
        for other in _of_the_same(participant):
            rebind_participant(actor=actor, participant=other, relation=None)
    return done


def _of_the_same(participant: Participant) -> Sequence[Participant]:
    """Everybody in this conversation who was heard so and taken for the same one."""
    same = Participant.objects.filter(
        relation=participant.relation,
        role=participant.role,
        moment_id__in=Moment.objects.filter(thread_id=participant.moment.thread_id).values("id"),
    )
    if participant.contact_point_id is not None:
        same = same.filter(contact_point_id=participant.contact_point_id)
    else:
        same = same.filter(Q(id=participant.id) | Q(heard_name=participant.heard_name, contact_point__isnull=True))
    return list(same.select_related("moment", "relation").order_by("id")[:500])


def _circle(message: Message) -> str:
    return circle_key(message.circle_id) or "me"


def _appointment(actor: Entrance, message: Message, facts: Facts, about: Mapping[str, Any], _one: Offer) -> None:
    plan_appointment(
        actor=actor,
        occurred_at=datetime.fromisoformat(about["at"]),
        participants=[Part(one) for one in (_known(facts).id, *_own(actor))],
        kind=about["kind"],
        circle=_circle(message),
    )


def _own(actor: Entrance) -> list[UUID]:
    """The colleague, as a person."""
    return list(Relation.objects.filter(seat_id=actor.seat_id).values_list("id", flat=True)[:1])


def _todo(actor: Entrance, message: Message, facts: Facts, about: Mapping[str, Any], one: Offer) -> None:
    create_todo(
        actor=actor,
        title=about["title"],
        note=one.evidence,
        due_on=date.fromisoformat(about["due"]),
        relation_id=facts.person.id if facts.person else None,
        moment=Moment.objects.get(id=message.moment_id),
    )


def _role(actor: Entrance, message: Message, facts: Facts, about: Mapping[str, Any], _one: Offer) -> None:
    organization = Relation.objects.get(id=about["organization"])
    since = date.fromisoformat(about["since"])
    before = [job for job in facts.jobs if job.organization_id == organization.id and _is_earlier(job, since)]
    note_job(
        actor=actor,
        person=_known(facts),
        organization=organization,
        instead_of=before,
        role=about["role"],
        starts_on=since,
        moment_id=message.moment_id,
    )


def _is_earlier(job: Membership, since: date) -> bool:
    return job.starts_on is None or job.starts_on < since


def _left(actor: Entrance, message: Message, facts: Facts, about: Mapping[str, Any], _one: Offer) -> None:
    del message, facts
    job = Membership.objects.get(id=about["job"])
    end_membership(actor=actor, membership=job, ends_on=timezone.localdate(now()))


def _gone(actor: Entrance, message: Message, facts: Facts, about: Mapping[str, Any], _one: Offer) -> None:
    del message, facts
    revoke_contact_point(actor=actor, link=ContactPointLink.objects.get(id=about["link"]))


def _point(actor: Entrance, message: Message, facts: Facts, about: Mapping[str, Any], _one: Offer) -> None:
    del message
    add_contact_point(
        actor=actor, relation=_known(facts), text=about["text"], kind=about["kind"],
        network=about.get("network", ""), source=Source.MAIL, reasons=["signature"],
    )  # fmt: skip


def _person(actor: Entrance, message: Message, facts: Facts, about: Mapping[str, Any], _one: Offer) -> None:
    sender = facts.sender
    if sender is None:
        return
    person = create_person(actor=actor, name=sender.heard_name, circle_key=_circle(message))
    if facts.address:
        add_contact_point(actor=actor, relation=person, text=facts.address, kind="email", source=Source.MAIL)
    if about["organization"]:
        organization = Relation.objects.get(id=about["organization"])
        add_membership(
            actor=actor, person=person, organization=organization, source=Source.MAIL, moment_id=message.moment_id
        )
    rebind_participant(actor=actor, participant=sender, relation=person)


def _moved(actor: Entrance, message: Message, facts: Facts, about: Mapping[str, Any], _one: Offer) -> None:
    person = Relation.objects.get(id=about["person"])
    if about["organization"]:
        organization = Relation.objects.get(id=about["organization"])
    else:
        organization = create_organization(actor=actor, name=about["name"], circle_key=_circle(message))
    note_job(
        actor=actor,
        person=person,
        organization=organization,
        instead_of=[job for job in jobs_of(person) if _is_earlier(job, facts.said_on)],
        starts_on=facts.said_on,
        source=Source.MAIL,
        moment_id=message.moment_id,
    )


def _stand_in(actor: Entrance, message: Message, _facts: Facts, about: Mapping[str, Any], _one: Offer) -> None:
    person = create_person(actor=actor, name=about["name"], circle_key=_circle(message))
    add_contact_point(actor=actor, relation=person, text=about["text"], kind="email", source=Source.MAIL)
    if about["organization"]:
        add_membership(
            actor=actor,
            person=person,
            organization=Relation.objects.get(id=about["organization"]),
            source=Source.MAIL,
            moment_id=message.moment_id,
        )


def _known(facts: Facts) -> Relation:
    if facts.person is None:
        raise CannotDo(_("Say first who wrote this."))
    return facts.person


_DOING: dict[Kind, Callable[[Entrance, Message, Facts, Mapping[str, Any], Offer], None]] = {
    Kind.APPOINTMENT: _appointment,
    Kind.TODO: _todo,
    Kind.ROLE: _role,
    Kind.LEFT: _left,
    Kind.GONE: _gone,
    Kind.POINT: _point,
    Kind.PERSON: _person,
    Kind.MOVED: _moved,
    Kind.STAND_IN: _stand_in,
}
