# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an assistant may ask: who is who, what was said, and what one should know before meeting somebody."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, Field

from plein.assistant.holder import working
from plein.core.audit import audit_look
from plein.core.finding import search
from plein.moments.models import Moment, MomentSubject, ToDo
from plein.moments.queries import (
    BadCursor,
    Cursor,
    MomentLine,
    coming_up,
    last_contact,
    timeline,
    todos_of_relation,
)
from plein.relations.models import Relation
from plein.relations.queries import RelationPicture, picture_of, relation_of

Context_ = Context[Any, Any]
MOST = 50
Limit = Annotated[int, Field(ge=1, le=MOST)]
RelationId = Annotated[UUID, Field(description="The id of a person or an organization")]


class Found(BaseModel):
    """One thing that was found."""

    kind: Literal["person", "organization", "moment", "todo"]
    id: UUID
    title: str


class Contact(BaseModel):
    """A contact moment; `text` is the beginning of what was said."""

    id: UUID
    kind: str
    direction: str
    when: datetime
    subject: str
    text: str
    outcome: str
    follow_up: str
    people: list[str]


class Timeline(BaseModel):
    """A stretch of a timeline, newest first; `next` asks for what came before it."""

    contacts: list[Contact]
    next: str | None


class Task(BaseModel):
    """Something to do."""

    id: UUID
    title: str
    due_on: date | None
    by: str


class Briefing(BaseModel):
    """What one should know before speaking to somebody. Only what the holder of the token may see is in it."""

    id: UUID
    kind: str
    name: str
    headline: str
    place: str
    about: str
    owner: str
    roles: list[str]
    earlier_roles: list[str]
    ties: list[str]
    addresses: list[str]
    interests: list[str]
    days: list[str]
    tags: list[str]
    last_contact: datetime | None
    recent: list[Contact]
    coming: list[Contact]
    to_do: list[Task]


def find(
    context: Context_,
    query: Annotated[
        str, Field(description="A name, an address, part of a phone number, or words in a text", max_length=200)
    ],
    limit: Limit = 10,
) -> list[Found]:
    """Find people, organizations, contact moments and to-dos; typing errors are forgiven."""
    with working(context):
        hits = search(query, limit=limit)
        relations = Relation.objects.in_bulk(hits.relations)
        moments = Moment.objects.in_bulk(hits.moments)
        subjects = dict(MomentSubject.objects.filter(moment_id__in=hits.moments).values_list("moment_id", "title"))
        todos = ToDo.objects.in_bulk(hits.todos)
        named = [relations[one] for one in hits.relations if one in relations]
        found = [Found(kind="person" if one.is_person else "organization", id=one.id, title=one.name) for one in named]
        found += [Found(kind="moment", id=one, title=subjects.get(one, "")) for one in hits.moments if one in moments]
        found += [Found(kind="todo", id=one, title=todos[one].title) for one in hits.todos if one in todos]
        shown = {one.id for one in found[:limit]}
        for kind, records in (("relation", relations), ("moment", moments), ("todo", todos)):
            audit_look(kind, [record for one, record in records.items() if one in shown], how="search")
        return found[:limit]


def read_timeline(
    context: Context_,
    relation: RelationId,
    limit: Limit = 20,
    before: Annotated[str, Field(description="`next` of the answer before", max_length=200)] = "",
) -> Timeline:
    """Read what happened with a person or an organization, newest first."""
    with working(context):
        visible_relation(relation)
        try:
            page = timeline(relation, before=Cursor.read(before), limit=limit)
        except BadCursor as trouble:
            raise ToolError(_("`before` has to be the `next` of an answer.")) from trouble
        return Timeline(contacts=[_contact(one) for one in page.moments], next=str(page.next) if page.next else None)


def read_briefing(context: Context_, relation: RelationId) -> Briefing:
    """Get what one should know before speaking to somebody: roles, ties, last contacts, what is open and coming up."""
    with working(context):
        picture = picture_of(visible_relation(relation))
        last = last_contact([relation]).get(relation)
        return Briefing(
            **_facts_of(picture),
            last_contact=last.occurred_at if last else None,
            recent=[_contact(one) for one in timeline(relation, limit=5).moments],
            coming=[_contact(one) for one in coming_up(relation)],
            to_do=[_task(one) for one in todos_of_relation(relation)],
        )


def visible_relation(relation_id: UUID) -> Relation:
    """A relation the reader may see, or a sentence."""
    relation = relation_of(relation_id)
    if relation is None:
        raise ToolError(_("There is nobody with this id. Use find to look for them."))
    return relation


def _facts_of(picture: RelationPicture) -> dict[str, Any]:
    relation = picture.relation
    return {
        "id": relation.id,
        "kind": relation.kind,
        "name": relation.name,
        "headline": relation.headline,
        "place": relation.place,
        "about": relation.about,
        "owner": str(relation.owner.user) if relation.owner else "",
        "roles": [_role(one.role, one.other.name) for one in picture.roles],
        "earlier_roles": [_role(one.role, one.other.name) for one in picture.past_roles],
        "ties": [f"{one.words} {one.other.name}" for one in picture.ties],
        "addresses": [one.words for one in picture.points],
        "interests": [str(one["text"]) for one in picture.interests],
        "days": [f"{day.words} {day.on.isoformat()}" for day in picture.dates],
        "tags": [str(tag["name"]) for tag in picture.tags],
    }


def _role(role: str, other: str) -> str:
    return f"{role}, {other}" if role else other


def _contact(line: MomentLine) -> Contact:
    return Contact(
        id=line.id,
        kind=line.kind,
        direction=line.direction,
        when=line.occurred_at,
        subject=line.title,
        text=line.text,
        outcome=line.outcome,
        follow_up=line.follow_up,
        people=[part.name for part in line.parts if part.name],
    )


def _task(todo: ToDo) -> Task:
    return Task(id=todo.id, title=todo.title, due_on=todo.due_on, by=str(todo.assignee.user) if todo.assignee else "")
