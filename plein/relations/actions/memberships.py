# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation
from plein.relations.events import JobChanged
from plein.relations.models import Membership, Relation
from plein.relations.refusals import Refused
from plein.relations.vocabulary import Source
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: What of a membership is somebody's job.
WORK = ("role", "starts_on", "ends_on")


def check_period(starts_on: date | None, ends_on: date | None) -> None:
    """Raise Refused when something would end before it began."""
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused(_("It cannot end before it begins."), "ends_on")


def add_membership(
    *,
    actor: Entrance,
    person: Relation,
    organization: Relation,
    role: str = "",
    department: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    source: str = Source.HAND,
    moment_id: UUID | None = None,
) -> Membership:
    """Note that a person works for, or belongs to, an organization, and in which contact moment we heard it."""
    permit(actor, "write")
    if not person.is_person or organization.is_person:
        raise Refused(_("A person has a role at an organization, not the other way round."))
    check_period(starts_on, ends_on)
    with operation("add_membership"):
        saved: Membership = Membership.objects.create(
            person=person,
            organization=organization,
            role=role,
            department=department,
            starts_on=starts_on,
            ends_on=ends_on,
            source=source,
            moment_id=moment_id,
        )
        publish(JobChanged(person.id, organization.id))
        return saved


def note_job(
    *, actor: Entrance, person: Relation, organization: Relation, instead_of: Sequence[Membership] = (), **details: Any
) -> Membership:
    """Note that a person works for an organization: instead of other work, or beside what there is."""
    if instead_of:
        return change_job(actor=actor, person=person, organization=organization, instead_of=instead_of, **details)
    return add_membership(actor=actor, person=person, organization=organization, **details)


def change_job(
    *,
    actor: Entrance,
    person: Relation,
    organization: Relation,
    instead_of: Sequence[Membership],
    starts_on: date | None = None,
    moment_id: UUID | None = None,
    **details: Any,
) -> Membership:
    """Note that a person now works here instead: what they leave ends the day before; one operation."""
    permit(actor, "write")
    with operation("change_job"):
        for one in instead_of:
            _leave(person, one, starts_on)
        return add_membership(
            actor=actor,
            person=person,
            organization=organization,
            starts_on=starts_on,
            moment_id=moment_id,
            **details,
        )


def settle_job(
    *,
    actor: Entrance,
    person: Relation,
    organization: Relation,
    instead_of: Sequence[Membership] = (),
    starts_on: date | None = None,
    moment_id: UUID | None = None,
    source: str = Source.HAND,
    role: str = "",
) -> Membership:
    """Note a job as `note_job` does; when they are known to work there already, since when, and where we heard it."""
    permit(actor, "write")
    going_on = Q(ends_on__isnull=True) | Q(ends_on__gte=now().date())
    present = Membership.objects.filter(going_on, person=person, organization=organization).order_by("id").first()
    if present is None:
        details = {"starts_on": starts_on, "moment_id": moment_id, "source": source, "role": role}
        return note_job(actor=actor, person=person, organization=organization, instead_of=instead_of, **details)
    begun = present.starts_on or starts_on
    with operation("change_job"):
        for one in instead_of:
            _leave(person, one, begun)
        Membership.objects.filter(id=present.id).update(starts_on=begun, moment_id=present.moment_id or moment_id)
        publish(JobChanged(person.id, organization.id))
    saved: Membership = Membership.objects.get(id=present.id)
    return saved


def _leave(person: Relation, work: Membership, starts_on: date | None) -> None:
    """The work ends the day before the other begins."""
    if work.person_id != person.id:
        raise Refused(_("That is a role of somebody else."), "change")
    last = (starts_on or now().date()) - timedelta(days=1)
    Membership.objects.filter(id=work.id).update(ends_on=max(last, work.starts_on) if work.starts_on else last)
    publish(JobChanged(person.id, work.organization_id))


def edit_membership(*, actor: Entrance, membership: Membership, changes: dict[str, Any]) -> Membership:
    """Change a role, its department or its dates."""
    permit(actor, "write")
    values = {name: changes[name] for name in ("role", "department", "starts_on", "ends_on") if name in changes}
    check_period(
        values.get("starts_on", membership.starts_on),
        values.get("ends_on", membership.ends_on),
    )
    with operation("edit_membership"):
        Membership.objects.filter(id=membership.id).update(**values)
        if any(name in values and values[name] != getattr(membership, name) for name in WORK):
            publish(JobChanged(membership.person_id, membership.organization_id))
    saved: Membership = Membership.objects.get(id=membership.id)
    return saved


def end_membership(*, actor: Entrance, membership: Membership, ends_on: date) -> Membership:
    """Note that somebody left; the role stays in their history."""
    permit(actor, "write")
    check_period(membership.starts_on, ends_on)
    with operation("end_membership"):
        Membership.objects.filter(id=membership.id).update(ends_on=ends_on)
        publish(JobChanged(membership.person_id, membership.organization_id))
    saved: Membership = Membership.objects.get(id=membership.id)
    return saved


def remove_membership(*, actor: Entrance, membership: Membership) -> Operation:
    """Take a role away that never was."""
    permit(actor, "write")
    with operation("remove_membership") as done:
        Membership.objects.filter(id=membership.id).delete()
        publish(JobChanged(membership.person_id, membership.organization_id))
    return done
