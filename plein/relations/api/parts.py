# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what belongs to a relation: contact points, roles, ties."""

from typing import Any, Literal
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.responses import Status

from plein.core.ids import now
from plein.core.payloads import Invalid, act, changed, checked, refuse_missing, sent
from plein.relations import actions
from plein.relations.api.door import router
from plein.relations.api.payloads import (
    ContactPointChanges,
    MembershipChanges,
    NewContactPoint,
    NewMembership,
    NewTie,
    TieChanges,
)
from plein.relations.api.shapes import ContactPointOut, MembershipOut, TieOut, found, held, linked, tied
from plein.relations.forms import ContactPointForm, MembershipForm, NewRoleForm, TieForm, initial_of
from plein.relations.models import ContactPointLink, Membership, Relation, Tie
from plein.relations.placing import TIES
from plein.relations.queries.jobs import current_work
from plein.relations.slots import is_moment
from plein.trust.actions import place
from plein.trust.seats import seat_of

ROLE = ("role", "department", "starts_on", "ends_on")


def _link(relation_id: UUID, link_id: UUID) -> ContactPointLink:
    links = ContactPointLink.objects.filter(id=link_id, relation_id=found(relation_id).id)
    link: ContactPointLink | None = links.select_related("contact_point", "relation").first()
    if link is None:
        raise Http404
    return link


def _membership(relation: Relation, membership_id: UUID) -> Membership:
    mine = Q(person=relation) | Q(organization=relation)
    one: Membership | None = (
        Membership.objects.filter(mine, id=membership_id).select_related("person", "organization").first()
    )
    if one is None:
        raise Http404
    return one


def _tie(relation: Relation, tie_id: UUID) -> Tie:
    mine = Q(one=relation) | Q(other=relation)
    tie: Tie | None = Tie.objects.filter(mine, id=tie_id).select_related("one", "other", "type").first()
    if tie is None:
        raise Http404
    return tie


def _other(relation_id: UUID) -> Relation:
    other: Relation | None = Relation.objects.filter(id=relation_id).first()
    if other is None:
        raise Invalid({"relation": _("There is nobody here with this id.")})
    return other


@router.post(
    "/relations/{relation_id}/contact-points", response={201: ContactPointOut}, summary="Note how to reach a relation"
)
def add_contact_point(request: HttpRequest, relation_id: UUID, payload: NewContactPoint) -> Status[ContactPointOut]:
    """Send anything: an e-mail address, a phone number, a profile, a web page or a postal address."""
    relation = found(relation_id)
    values = checked(ContactPointForm(sent(payload))).cleaned_data
    with act(request, "add_contact_point"):
        link = actions.add_contact_point(actor=seat_of(request), relation=relation, **values)
    return Status(201, linked(link))


@router.patch(
    "/relations/{relation_id}/contact-points/{link_id}", response=ContactPointOut, summary="Correct a contact point"
)
def edit_contact_point(
    request: HttpRequest, relation_id: UUID, link_id: UUID, payload: ContactPointChanges
) -> ContactPointOut:
    """Another label is the same contact point; another address is a new one, and the old one is revoked."""
    link = _link(relation_id, link_id)
    present = {"text": str(link.contact_point), "label": link.label}
    values = checked(ContactPointForm(changed(payload, present), is_new=False)).cleaned_data
    with act(request, "edit_contact_point"):
        saved = actions.edit_contact_point(actor=seat_of(request), link=link, **values)
    return linked(saved)


@router.post(
    "/relations/{relation_id}/contact-points/{link_id}/{mark}",
    response=ContactPointOut,
    summary="Put a contact point first, revoke it, or restore it",
)
def mark_contact_point(
    request: HttpRequest, relation_id: UUID, link_id: UUID, mark: Literal["first", "revoke", "restore"]
) -> ContactPointOut:
    """What was heard on a contact point that is revoked stays as it was heard."""
    link, actor = _link(relation_id, link_id), seat_of(request)
    if mark == "first":
        with act(request, "make_primary"):
            actions.make_primary(actor=actor, link=link)
    elif mark == "revoke":
        with act(request, "revoke_contact_point"):
            actions.revoke_contact_point(actor=actor, link=link)
    else:
        with act(request, "restore_contact_point"):
            actions.restore_contact_point(actor=actor, link=link)
    return linked(_link(relation_id, link_id))


@router.post("/relations/{relation_id}/memberships", response={201: MembershipOut}, summary="Note a role")
def add_membership(request: HttpRequest, relation_id: UUID, payload: NewMembership) -> Status[MembershipOut]:
    """That a person works for, or belongs to, an organization; from either side.

    Of somebody who works elsewhere `change` says what becomes of that: `also`, `instead`, or the id of the membership
    that ends, the day before the new one begins.
    """
    relation, other = found(relation_id), _other(payload.relation)
    person, organization = (relation, other) if relation.is_person else (other, relation)
    form = NewRoleForm(sent(payload), current=current_work(person), organization=organization)
    values = checked(form).details()
    if payload.moment is not None:
        if not is_moment(payload.moment):
            raise Invalid({"moment": _("There is no contact moment here with this id.")})
        values["moment_id"] = payload.moment
    with act(request, "change_job" if values["instead_of"] else "add_membership"):
        made = actions.note_job(actor=seat_of(request), person=person, organization=organization, **values)
    return Status(201, held(made, relation))


@router.patch("/relations/{relation_id}/memberships/{membership_id}", response=MembershipOut, summary="Change a role")
def edit_membership(
    request: HttpRequest, relation_id: UUID, membership_id: UUID, payload: MembershipChanges
) -> MembershipOut:
    """Its name, its department or its dates."""
    relation = found(relation_id)
    membership = _membership(relation, membership_id)
    form = MembershipForm(changed(payload, {name: getattr(membership, name) for name in ROLE}))
    with act(request, "edit_membership"):
        saved = actions.edit_membership(
            actor=seat_of(request), membership=membership, changes=checked(form).cleaned_data
        )
    return held(saved, relation)


@router.post(
    "/relations/{relation_id}/memberships/{membership_id}/end", response=MembershipOut, summary="End a role today"
)
def end_membership(request: HttpRequest, relation_id: UUID, membership_id: UUID) -> MembershipOut:
    """Somebody left; the role stays in their history."""
    relation = found(relation_id)
    membership = _membership(relation, membership_id)
    with act(request, "end_membership"):
        saved = actions.end_membership(actor=seat_of(request), membership=membership, ends_on=now().date())
    return held(saved, relation)


@router.delete("/relations/{relation_id}/memberships/{membership_id}", response={204: None}, summary="Take away a role")
def remove_membership(request: HttpRequest, relation_id: UUID, membership_id: UUID) -> None:
    """A role that never was; one that is over is ended instead."""
    membership = _membership(found(relation_id), membership_id)
    with act(request, "remove_membership"):
        actions.remove_membership(actor=seat_of(request), membership=membership)


@router.post("/relations/{relation_id}/ties", response={201: TieOut}, summary="Note a tie")
def add_tie(request: HttpRequest, relation_id: UUID, payload: NewTie) -> Status[TieOut]:
    """How somebody is tied to somebody else, in the words in which it reads from here."""
    relation, other = found(relation_id), _other(payload.relation)
    values: dict[str, Any] = dict(checked(TieForm(sent(payload))).cleaned_data)
    kind, _colon, direction = values.pop("kind").partition(":")
    one, two = (relation, other) if direction == "out" else (other, relation)
    with act(request, "add_tie"):
        made = actions.add_tie(actor=seat_of(request), one=one, other=two, kind=kind, **values)
    return Status(201, tied(made, relation))


@router.patch("/relations/{relation_id}/ties/{tie_id}", response=TieOut, summary="Change a tie")
def edit_tie(request: HttpRequest, relation_id: UUID, tie_id: UUID, payload: TieChanges) -> TieOut:
    """Its dates, its note, what came of it, or whether one may ask for an introduction over it."""
    relation = found(relation_id)
    tie = _tie(relation, tie_id)
    form = TieForm(changed(payload, initial_of(tie), but="circle"), tie=tie)
    refuse_missing(form, payload, but="circle")
    values = checked(form).cleaned_data
    with act(request, "edit_tie"):
        saved = actions.edit_tie(actor=seat_of(request), tie=tie, changes=values)
        if payload.circle is not None:
            place(actor=seat_of(request), kind=TIES, record=tie, audience=payload.circle)
    return tied(saved, relation)


@router.delete("/relations/{relation_id}/ties/{tie_id}", response={204: None}, summary="Take away a tie")
def remove_tie(request: HttpRequest, relation_id: UUID, tie_id: UUID) -> None:
    """One that never was."""
    tie = _tie(found(relation_id), tie_id)
    with act(request, "remove_tie"):
        actions.remove_tie(actor=seat_of(request), tie=tie)
