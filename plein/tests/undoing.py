# SPDX-License-Identifier: AGPL-3.0-or-later
"""What three colleagues do all day, at random: the operations of the trial of undo, and pictures of all rows."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from plein.core.isolation.registry import guarded_tables
from plein.core.models import Operation
from plein.core.operations import CannotUndo, EditConflict, undo
from plein.lists.bulk.acts import CannotChange
from plein.metadata.actions import set_values
from plein.metadata.models import Field
from plein.moments.actions import create_todo, delete_moment, edit_moment, edit_todo, record_moment, tick_todo
from plein.moments.actions.participants import Part
from plein.moments.actions.todos import delete_todo
from plein.moments.models import Moment, ToDo
from plein.relations import actions
from plein.relations.actions import bulk
from plein.relations.contact import ContactError
from plein.relations.models import Relation, RelationValues, Tag
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

type Rows = dict[tuple[str, str], dict[str, Any]]
PLACES = ("Zwolle", "Ommen", "Kampen", "Hattem", "Raalte")
TAGS = ("klant", "beurs", "vriend")
#: What the database keeps by itself; circles are made of those of the parents.
#: The trail of a message tells of its moves, also of the one back.
OF_ITSELF = ("version", "updated_at", "circle_id", "filled", "trail")
#: A refusal is no operation: the next one is tried.
REFUSALS = (actions.Refused, EditConflict, CannotChange, CannotUndo, ContactError, Relation.DoesNotExist)


@dataclass
class Day:
    """One sequence: who works, with which chance, and which operations there were."""

    users: tuple[User, ...]
    chance: random.Random
    may_undo: bool = True
    #: Whose private circle is the only one, so that there is always somebody who sees all that was done.
    only: User | None = None
    done: list[UUID] = field(default_factory=list)
    doers: dict[UUID, User] = field(default_factory=dict)

    def audience(self, actor: Entrance) -> str:
        """For whom something is from now on."""
        return self.chance.choice(("everyone", "me")) if self.only in (None, actor.user) else "everyone"

    def one_of(self, model: type[Any]) -> Any:
        """A row that who works may see, or None."""
        found = list(model.objects.order_by("id")[:40])
        return self.chance.choice(found) if found else None


def _relation(day: Day, kind: str = "person") -> Relation:
    found = list(Relation.objects.filter(kind=kind, seat__isnull=True).order_by("id")[:40])
    if not found:
        raise Relation.DoesNotExist
    return day.chance.choice(found)


def _make(day: Day, actor: Entrance) -> None:
    make = day.chance.choice((actions.create_person, actions.create_organization))
    circle = day.chance.choice(("everyone", day.audience(actor)))
    make(actor=actor, name=f"Nieuw {day.chance.randrange(1000)}", place=day.chance.choice(PLACES), circle_key=circle)


def _edit(day: Day, actor: Entrance) -> None:
    one = _relation(day)
    change = day.chance.choice(({"place": day.chance.choice(PLACES)}, {"headline": f"Nr. {day.chance.randrange(99)}"}))
    actions.edit_relation(actor=actor, relation=one, changes=change, based_on=one.version)


def _delete(day: Day, actor: Entrance) -> None:
    actions.delete_relation(actor=actor, relation=_relation(day))


def _move(day: Day, actor: Entrance) -> None:
    actions.change_circle(actor=actor, relation=_relation(day), circle_key=day.audience(actor))


def _merge(day: Day, actor: Entrance) -> None:
    into, other = _relation(day), _relation(day)
    sides = {key: day.chance.choice(("left", "right")) for key in ("place", "headline", "name")}
    sides |= {key: day.chance.choice(("left", "both", "both")) for key in ("points", "tags", "ties")}
    actions.merge_relations(actor=actor, into=into, other=other, choices=actions.Choices(sides, "both"))


def _tag(day: Day, actor: Entrance) -> None:
    actions.tag(actor=actor, relation=_relation(day), name=day.chance.choice(TAGS))


def _untag(day: Day, actor: Entrance) -> None:
    one, tag = _relation(day), day.one_of(Tag)
    if tag is not None:
        actions.untag(actor=actor, relation=one, tag_id=tag.id)


def _merge_tags(day: Day, actor: Entrance) -> None:
    into, other = day.one_of(Tag), day.one_of(Tag)
    if into is not None:
        actions.merge_tags(actor=actor, into=into, others=[other.id])


def _point(day: Day, actor: Entrance) -> None:
    address = f"p{day.chance.randrange(30)}@x.example"
    actions.add_contact_point(actor=actor, relation=_relation(day), text=address)


def _tie(day: Day, actor: Entrance) -> None:
    actions.add_tie(actor=actor, one=_relation(day), other=_relation(day), kind="friend")


def _role(day: Day, actor: Entrance) -> None:
    role = day.chance.choice(("directeur", "inkoper"))
    actions.add_membership(actor=actor, person=_relation(day), organization=_relation(day, "organization"), role=role)


def _values(day: Day, actor: Entrance) -> None:
    wanted = {day.chance.choice(Field.objects.order_by("id")).key: f"w{day.chance.randrange(9)}"}
    set_values(actor=actor, values_model=RelationValues, record=_relation(day), values=wanted)


def _moment(day: Day, actor: Entrance) -> None:
    record_moment(actor=actor, kind="call", participants=[Part(_relation(day).id)], text="Gebeld.")


def _edit_moment(day: Day, actor: Entrance) -> None:
    if (one := day.one_of(Moment)) is not None:
        changes = {"text": f"Anders {day.chance.randrange(99)}"}
        edit_moment(actor=actor, moment=one, changes=changes, based_on=one.version)


def _delete_moment(day: Day, actor: Entrance) -> None:
    if (one := day.one_of(Moment)) is not None:
        delete_moment(actor=actor, moment=one)


def _todo(day: Day, actor: Entrance) -> None:
    create_todo(actor=actor, title="Bellen", relation_id=_relation(day).id)


def _change_todo(day: Day, actor: Entrance) -> None:
    if (one := day.one_of(ToDo)) is None:
        return
    match day.chance.randrange(3):
        case 0:
            edit_todo(actor=actor, todo=one, changes={"title": f"Nr. {day.chance.randrange(99)}"}, based_on=one.version)
        case 1:
            tick_todo(actor=actor, todo=one)
        case _:
            delete_todo(actor=actor, todo=one)


def _many(day: Day, actor: Entrance) -> None:
    ids = list(Relation.objects.filter(seat__isnull=True).values_list("id", flat=True))
    some = day.chance.sample(sorted(ids), min(len(ids), 5))
    match day.chance.randrange(4):
        case 0:
            bulk.tag_many(actor=actor, ids=some, values={"name": day.chance.choice(TAGS)})
        case 1:
            bulk.set_detail_of_many(actor=actor, ids=some, name="place", value=day.chance.choice(PLACES))
        case 2:
            bulk.move_many(actor=actor, ids=some[:2], values={"circle": day.audience(actor)})
        case _:
            bulk.delete_many(actor=actor, ids=some[:2], values={})


def _undo(day: Day, actor: Entrance) -> None:
    del actor
    if day.done and day.may_undo:
        undo(day.chance.choice(day.done))


ACTS: Mapping[Callable[[Day, Entrance], None], int] = {
    _make: 6, _edit: 10, _delete: 3, _move: 4, _merge: 5, _tag: 5, _untag: 2, _merge_tags: 1, _point: 4, _tie: 3,
    _role: 3, _values: 5, _moment: 5, _edit_moment: 4, _delete_moment: 2, _todo: 4, _change_todo: 5, _many: 6, _undo: 5,
}  # fmt: skip


def one_step(day: Day) -> UUID | None:
    """Somebody does something: the operation it became, or None when nothing came of it."""
    user = day.chance.choice(day.users)
    [act] = day.chance.choices(list(ACTS), weights=list(ACTS.values()))
    with entered(user) as actor:
        before = _last()
        try:
            with transaction.atomic():
                act(day, actor)
        except REFUSALS:
            return None
        made = _last()
        if made is None or made == before:
            return None
        day.doers[made] = user
        return made


def _last() -> UUID | None:
    return Operation.objects.order_by("-started_at", "-id").values_list("id", flat=True).first()


def picture(users: tuple[User, ...]) -> Rows:
    """Every row of every table with a history that goes with its operation, whoever may see it."""
    known = guarded_tables()
    tables = [one.name for one in known if one.isolation.is_recorded and not one.isolation.outlasts]
    query = " UNION ALL ".join(f"SELECT '{name}', t.id::text, to_jsonb(t)::text FROM {name} t" for name in tables)
    with entered(users[0]), connection.cursor() as cursor:
        # Some rows nobody sees by now, such as a tie between what only one sees and what only another sees.
        cursor.execute("SELECT set_config('plein.circles', array_agg(id)::text, true) FROM trust_circle")
        cursor.execute(query)
        return {(table, row_id): json.loads(row) for table, row_id, row in cursor.fetchall()}


def told(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """A row without what the database keeps by itself."""
    return None if row is None else {name: value for name, value in row.items() if name not in OF_ITSELF}
