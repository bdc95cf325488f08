# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to who is not to be contacted, whom one follows, and the tags themselves."""

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from pydantic import Field

from plein.core.payloads import Payload, act, needs
from plein.relations import actions
from plein.relations.api.door import router
from plein.relations.api.shapes import ContactPointOut, RelationOut, TagOut, found, linked, read_again
from plein.relations.models import ContactPointLink, Tag
from plein.trust.seats import seat_of


class Reason(Payload):
    """Why somebody is not to be contacted, for colleagues."""

    reason: Annotated[str, Field(max_length=300)]


class Following(Payload):
    """Whether to hear the news of a relation."""

    is_following: bool


class TagChanges(Payload):
    """The name and the colour of a tag."""

    name: Annotated[str, Field(max_length=60)]
    colour: Annotated[str, Field(max_length=10)]


class OtherTags(Payload):
    """The tags that become this one."""

    others: Annotated[list[UUID], Field(min_length=1, max_length=200)]


def _link(link_id: UUID) -> ContactPointLink:
    link: ContactPointLink | None = (
        ContactPointLink.objects.filter(id=link_id).select_related("contact_point", "relation").first()
    )
    if link is None:
        raise Http404
    return link


def _tag(tag_id: UUID) -> Tag:
    tag: Tag | None = Tag.objects.filter(id=tag_id).first()
    if tag is None:
        raise Http404
    return tag


@router.put("/relations/{relation_id}/following", response={204: None}, summary="Follow a relation, or no longer")
def set_following(request: HttpRequest, relation_id: UUID, payload: Following) -> None:
    """For oneself only."""
    actions.set_following(actor=seat_of(request), relation=found(relation_id), is_following=payload.is_following)


@router.put(
    "/relations/{relation_id}/do-not-contact", response=RelationOut, summary="Note that somebody wants no contact"
)
def forbid_contact(request: HttpRequest, relation_id: UUID, payload: Reason) -> RelationOut:
    """No mail leaves for any of their addresses from then on."""
    relation = found(relation_id)
    with act(request, "forbid_contact"):
        actions.forbid_contact(actor=seat_of(request), relation=relation, reason=payload.reason)
    return read_again(relation_id)


@router.delete("/relations/{relation_id}/do-not-contact", response=RelationOut, summary="Allow contact again")
@needs("manage")
def allow_contact(request: HttpRequest, relation_id: UUID) -> RelationOut:
    """An administrator decides that."""
    relation = found(relation_id)
    with act(request, "allow_contact"):
        actions.allow_contact(actor=seat_of(request), relation=relation)
    return read_again(relation_id)


@router.put("/contact-points/{link_id}/do-not-contact", response=ContactPointOut, summary="Note not to use an address")
def forbid_contact_point(request: HttpRequest, link_id: UUID, payload: Reason) -> ContactPointOut:
    """Whoever it belongs to."""
    link = _link(link_id)
    with act(request, "forbid_contact_point"):
        actions.forbid_contact_point(actor=seat_of(request), link=link, reason=payload.reason)
    return linked(_link(link_id))


@router.delete("/contact-points/{link_id}/do-not-contact", response=ContactPointOut, summary="Allow an address again")
@needs("manage")
def allow_contact_point(request: HttpRequest, link_id: UUID) -> ContactPointOut:
    """An administrator decides that."""
    link = _link(link_id)
    with act(request, "allow_contact_point"):
        actions.allow_contact_point(actor=seat_of(request), link=link)
    return linked(_link(link_id))


@router.patch("/tags/{tag_id}", response=TagOut, summary="Give a tag another name or colour")
def change_tag(request: HttpRequest, tag_id: UUID, payload: TagChanges) -> TagOut:
    """Everything filed under it stays there."""
    tag = _tag(tag_id)
    with act(request, "change_tag"):
        actions.change_tag(actor=seat_of(request), tag=tag, name=payload.name, colour=payload.colour)
    return TagOut(id=tag.id, name=_tag(tag_id).name)


@router.post("/tags/{tag_id}/merge", response={204: None}, summary="Make one tag of several")
@needs("delete")
def merge_tags(request: HttpRequest, tag_id: UUID, payload: OtherTags) -> None:
    """What was filed under the others is filed under this one."""
    tag = _tag(tag_id)
    with act(request, "merge_tags"):
        actions.merge_tags(actor=seat_of(request), into=tag, others=payload.others)


@router.delete("/tags/{tag_id}", response={204: None}, summary="Remove a tag")
@needs("delete")
def delete_tag(request: HttpRequest, tag_id: UUID) -> None:
    """From everything it is on; turning the operation back brings all of it back."""
    tag = _tag(tag_id)
    with act(request, "delete_tag"):
        actions.delete_tag(actor=seat_of(request), tag=tag)
