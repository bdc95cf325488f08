# SPDX-License-Identifier: AGPL-3.0-or-later
"""What programs send about people and organizations: the fields of the forms on the pages."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from plein.core.payloads import Own, Payload, of_form
from plein.relations.api.shapes import Kind
from plein.relations.forms import (
    CircleForm,
    ContactPointForm,
    ImportantDateForm,
    InterestForm,
    MembershipForm,
    NewRelationForm,
    NewRoleForm,
    RelationForm,
    TagForm,
    TieForm,
)
from plein.trust.audience import Circle

Version = Annotated[int, Field(ge=1, lt=2**31, description="The version the change is based on.")]


@of_form(NewRelationForm)
class NewRelation(Payload):
    """Somebody to add: the name, and what is at hand. `organization` and `role` are for persons."""

    kind: Kind
    custom: Own = Field(default_factory=dict)


@of_form(RelationForm, partial=True)
class RelationChanges(Payload):
    """What to change; what is left out stays. A person has a name in three parts, an organization one name."""

    version: Version
    circle: Circle | None = Field(default_factory=lambda: None)
    owner_id: UUID | None = Field(default_factory=lambda: None)
    custom: Own = Field(default_factory=dict)
    custom_versions: dict[UUID, int] | None = Field(
        default=None, description="The versions the own fields were read with, by group; without it nobody is asked."
    )


@of_form(ContactPointForm)
class NewContactPoint(Payload):
    """An address, a number or a profile."""


@of_form(ContactPointForm, without="kind network", partial=True)
class ContactPointChanges(Payload):
    """Another address, or another label."""


@of_form(NewRoleForm, without="moment")
class NewMembership(Payload):
    """A role at an organization; `relation` is the other side, `moment` the contact moment in which it was heard."""

    relation: UUID
    moment: UUID | None = None


@of_form(MembershipForm, partial=True)
class MembershipChanges(Payload):
    """What to change of a role."""


@of_form(TieForm)
class NewTie(Payload):
    """A tie; `kind` names it as it reads from here, such as `supplier_of:out` or `referred_by:in`.

    Kinds of the company's own have the keys of `GET /tie-types`.
    """

    relation: UUID
    kind: Annotated[str, Field(max_length=50, examples=["knows:out"])]


@of_form(TieForm, without="kind", partial=True)
class TieChanges(Payload):
    """The dates or the note of a tie, whether one may ask for an introduction over it, or who sees it."""

    circle: Circle | None = Field(default_factory=lambda: None)


@of_form(TagForm)
class NewTag(Payload):
    """A tag to file under; it is made when there is none of that name."""


@of_form(InterestForm)
class NewInterest(Payload):
    """What moves somebody."""


@of_form(ImportantDateForm)
class NewDate(Payload):
    """A day that matters."""


@of_form(CircleForm)
class Audience(Payload):
    """Who sees it: `everyone`, `me`, or `team:` and the id of a team of one's own."""


class Favourite(Payload):
    """Whether to keep a relation at hand."""

    is_favourite: bool


Ids = Annotated[list[UUID], Field(min_length=1, max_length=5000)]


class ManyTagged(Payload):
    """Relations to file under a tag."""

    ids: Ids
    name: Annotated[str, Field(max_length=60)]


class ManyUntagged(Payload):
    """Relations to take a tag off."""

    ids: Ids
    tag: UUID


class ManyAssigned(Payload):
    """Relations to give to a colleague, or to nobody."""

    ids: Ids
    owner: UUID | None


class ManyIds(Payload):
    """Relations."""

    ids: Ids
