# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of contact moments and to-dos, and what these add to the lists of relations."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from plein.core.finding import search
from plein.lists.columns import (
    WHEN_ALONE,
    choice_where,
    chosen_from,
    date_where,
    heading_of_choice,
    heading_of_day,
    presence_where,
    seat_field,
    text_field,
    text_where,
    time_field,
    time_where,
)
from plein.lists.conditions import Conditions, Test
from plein.lists.fields import Choice, Edit, Link, ListField, Question, Ref
from plein.lists.fields import Value as CellValue
from plein.lists.keyset import Segment, by_column
from plein.lists.kinds import ListKind, Pages, Quick
from plein.lists.operators import FieldType
from plein.moments import actions
from plein.moments.actions import many_todos
from plein.moments.models import Moment, MomentSubject, MomentText, MomentValues, Participant, ToDo
from plein.moments.next_up import what_follows
from plein.moments.queries import last_contact, look_at_relations, moment_detail, read_moments
from plein.moments.vocabulary import Direction, MomentKind, Nature, State
from plein.moments.wording import title_of
from plein.relations.listing import kinds_at_hand, ref_of, relation_names, relation_where
from plein.trust.seats import Entrance

BOTH = ("person", "organization")


def _choices(pairs: Sequence[tuple[Any, Any]]) -> list[Choice]:
    return [Choice(str(key), str(words)) for key, words in pairs]


# Moments


def _read_lines(moments: Sequence[Any]) -> None:
    """What a list shows of moments besides the envelope, in one statement, where each row can find it."""
    ids = [one.id for one in moments]
    lines = read_moments("moments_moment m %laterals% WHERE {m} AND m.id = ANY (%(ids)s)", {"ids": ids}) if ids else []
    found = {line.id: line for line in lines}
    for one in moments:
        one.line = found.get(one.id)


def _title(moment: Any) -> Ref:
    words = title_of(moment.line) if moment.line else ""
    address = reverse("moments:moment", args=[moment.id])
    return Ref(moment.id, words or str(MomentKind(moment.kind).label).capitalize(), f"moment-{moment.kind}", address)


def _people(moment: Any) -> tuple[Ref, ...]:
    parts = [part for part in moment.line.parts if not part.is_ours] if moment.line else []
    named = {part.relation_id or part.name: part for part in parts if part.name}
    return tuple(
        Ref(
            part.relation_id,
            part.name,
            part.kind or "person",
            reverse("relations:relation", args=[part.relation_id]) if part.relation_id else "",
        )
        for part in named.values()
    )


def _behind(model: Any, column: str) -> Any:
    """How a text of a row that belongs to the moment is asked."""
    ask = text_where(column)

    def where(question: Question) -> Q:
        mine = model.objects.filter(moment_id=OuterRef("id"))
        if question.operator in ("not", "empty"):
            positive = Question("is" if question.operator == "not" else "filled", question.values)
            return ~Q(Exists(mine.filter(ask(positive))))
        return Q(Exists(mine.filter(ask(question))))

    return where


def _of_line(key: str, label: Any, column: str, model: Any) -> ListField:
    return ListField(
        key=key,
        label=label,
        value=lambda moment: getattr(moment.line, column) if moment.line else "",
        where=_behind(model, column),
        classes="soft text-cell",
    )


def _choice_field(key: str, label: Any, choices: Any, **more: Any) -> ListField:
    chosen = chosen_from(choices.choices)
    return ListField(
        key=key,
        label=label,
        type=FieldType.CHOICE,
        value=lambda moment: chosen(getattr(moment, key)),
        where=choice_where(key),
        operators=("is", "not"),
        choices=lambda: _choices(choices.choices),
        heading=heading_of_choice,
        **more,
    )


def _participants() -> list[QuerySet[Any, Any]]:
    return [Participant.objects.filter(moment_id=OuterRef("id")).annotate(far_id=F("relation_id"))]


def _people_link(key: str, label: Any, rows: Any) -> Link:
    return Link(
        key,
        label,
        gettext_lazy("somebody is part of it") if key == "person" else gettext_lazy("an organization is part of it"),
        gettext_lazy("nobody is part of it") if key == "person" else gettext_lazy("no organization is part of it"),
        gettext_lazy("it is with somebody of whom %(what)s")
        if key == "person"
        else gettext_lazy("it is with an organization of which %(what)s"),
        gettext_lazy("it is with nobody of whom %(what)s")
        if key == "person"
        else gettext_lazy("it is with no organization of which %(what)s"),
        rows,
        to=key,
    )


def _with_where(question: Question) -> Q:
    mine = Participant.objects.filter(moment_id=OuterRef("id"))
    if question.operator == "not":
        return ~Q(Exists(mine.filter(relation_where("relation_id")(Question("is", question.values)))))
    return Q(Exists(mine.filter(relation_where("relation_id")(question))))


_WHEN = time_field("occurred_at", gettext_lazy("When"), key="when", classes="keep", sort=by_column("occurred_at"))


def _peek(moment: Any, actor: Entrance) -> dict[str, Any]:
    del actor
    return {"detail": moment_detail(moment.id)}


MOMENTS = ListKind(
    key="moment",
    plural=gettext_lazy("Contact moments"),
    model=Moment,
    rows=lambda: Moment.objects.all(),
    words=lambda count, number: ngettext("%(number)s moment", "%(number)s moments", count) % {"number": number},
    name_of=lambda moment: _title(moment).name if hasattr(moment, "line") else str(MomentKind(moment.kind).label),
    pages=Pages(
        all=lambda: reverse("moments:moment_list"),
        record=lambda id: reverse("moments:moment", args=[id]),
        heading=gettext_lazy("Relations"),
        tabs=kinds_at_hand,
        peek="moments/peek.html",
        peek_context=_peek,
    ),
    fields=(
        ListField(key="name", label=gettext_lazy("Moment"), value=_title, classes="name"),
        _WHEN,
        _choice_field("kind", gettext_lazy("Kind"), MomentKind, classes="soft"),
        _choice_field("direction", gettext_lazy("Who sought whom"), Direction, classes="soft"),
        _choice_field("state", gettext_lazy("State"), State, classes="soft"),
        _choice_field("nature", gettext_lazy("Kind of mail"), Nature, classes="soft"),
        ListField(
            key="with",
            label=gettext_lazy("With"),
            type=FieldType.RELATION,
            value=_people,
            where=_with_where,
            operators=("is", "not"),
            names=relation_names,
            target=BOTH,
            classes="text-cell",
        ),
        _of_line("subject", gettext_lazy("Subject"), "title", MomentSubject),
        _of_line("location", gettext_lazy("Place"), "location", MomentSubject),
        _of_line("text", gettext_lazy("What was said"), "text", MomentText),
        _of_line("outcome", gettext_lazy("What came of it"), "outcome", MomentText),
        _of_line("follow_up", gettext_lazy("Follow-up"), "follow_up", MomentText),
        _of_line("means", gettext_lazy("Means needed"), "means_needed", MomentText),
        seat_field("recorded_by", gettext_lazy("Recorded by")),
        time_field("created_at", gettext_lazy("Added"), key="created", classes="soft"),
    ),
    columns=("when", "with", "kind", "text", "follow_up", "recorded_by"),
    sort="-when",
    links=(
        _people_link("person", gettext_lazy("Person"), _participants),
        _people_link("organization", gettext_lazy("Organization"), _participants),
    ),
    search=lambda text, limit: search(text, limit=min(limit, 500)).moments,
    search_words=gettext_lazy("A word that was said"),
    quick=(
        Quick(gettext_lazy("By me"), "recorded_by:is:me"),
        Quick(gettext_lazy("Conversations"), "kind:is:visit,meeting,call", "messages"),
        Quick(gettext_lazy("Planned"), "state:is:planned", "calendar-event"),
        Quick(gettext_lazy("With a follow-up"), "follow_up:filled"),
    ),
    prepare=_read_lines,
    values_model=MomentValues,
)

# To-dos


def _todo_edit(attribute: str, longest: int = 300, *, is_required: bool = False) -> Edit:
    def save(actor: Entrance, todo: Any, value: Any, based_on: int) -> Any:
        return actions.edit_todo(actor=actor, todo=todo, changes={attribute: value}, based_on=based_on)

    many = many_todos.for_many(attribute)
    return Edit(attribute, lambda todo: getattr(todo, attribute), save, "edit_todo", longest, is_required, many=many)


def _save_done(actor: Entrance, todo: Any, value: Any, based_on: int) -> Any:
    del based_on
    return (actions.tick_todo if value else actions.untick_todo)(actor=actor, todo=todo)


def _todo_itself() -> list[QuerySet[Any, Any]]:
    return [ToDo.objects.filter(id=OuterRef("id")).annotate(far_id=F("relation_id"))]


#: Within a day, what has an hour comes first.
_CLOCK = {"due_clock": Coalesce("due_at", Value(time(23, 59, 59, 999999)))}
_SOONEST = (
    Segment(Q(due_on__isnull=False), (("due_on", False), ("due_clock", False), ("id", False)), lambda: dict(_CLOCK)),
    Segment(Q(due_on__isnull=True), (("id", False),)),
)


def _legacy_todos(query: Mapping[str, Any]) -> Conditions:
    """What was asked with `of=all` and `done=1`."""
    if "done" not in query and "of" not in query:
        return ()
    found = [Test("done", "yes" if query.get("done") == "1" else "no")]
    return tuple(found if query.get("of") == "all" else [*found, Test("assignee", "is", ("me",))])


TODOS = ListKind(
    key="todo",
    plural=gettext_lazy("To-dos"),
    model=ToDo,
    prepare=look_at_relations,
    rows=lambda: ToDo.objects.all(),
    words=lambda count, number: ngettext("%(number)s to-do", "%(number)s to-dos", count) % {"number": number},
    name_of=lambda todo: todo.title,
    pages=Pages(
        all=lambda: reverse("moments:todos"),
        record=lambda id: reverse("moments:todo", args=[id]),
        heading=gettext_lazy("To do"),
        above="moments/todo_above.html",
        empty="moments/todo_empty.html",
    ),
    fields=(
        ListField(
            key="name",
            label=gettext_lazy("What"),
            value=lambda todo: Ref(todo.id, todo.title, "todo", reverse("moments:todo", args=[todo.id])),
            where=text_where("title"),
            edit=_todo_edit("title", is_required=True),
            classes="name",
        ),
        ListField(
            key="done",
            label=gettext_lazy("Done"),
            type=FieldType.YES_NO,
            value=lambda todo: todo.done_at is not None,
            where=presence_where("done_at"),
            edit=Edit("done_at", lambda todo: todo.done_at is not None, _save_done, "tick_todo", then=what_follows),
            classes="keep",
        ),
        ListField(
            key="due",
            label=gettext_lazy("Due"),
            type=FieldType.DATE,
            value=lambda todo: todo.due_on,
            where=date_where("due_on"),
            sort=_SOONEST,
            heading=heading_of_day,
            style="due",
            edit=_todo_edit("due_on"),
            classes="keep",
        ),
        ListField(
            key="relation",
            label=gettext_lazy("For"),
            type=FieldType.RELATION,
            value=lambda todo: ref_of(todo.relation) if todo.relation else None,
            related=("relation",),
            where=relation_where("relation_id"),
            names=relation_names,
            target=BOTH,
            heading=heading_of_choice,
            classes="text-cell",
        ),
        seat_field(
            "assignee",
            gettext_lazy("Who"),
            sort=by_column("assignee_id", empty=True),
            edit=_todo_edit("assignee_id"),
        ),
        text_field("means_needed", gettext_lazy("Means needed"), key="means", edit=_todo_edit("means_needed", 500),
                   classes="soft text-cell"),
        text_field("note", gettext_lazy("Note"), classes="soft text-cell"),
        time_field("done_at", gettext_lazy("Done on"), key="done_at", sort=by_column("done_at", empty=True),
                   classes="soft"),
        time_field("created_at", gettext_lazy("Added"), key="created", classes="soft"),
    ),
    columns=("done", "due", "relation", "assignee", "means"),
    sort="due",
    start="assignee:is:me;done:no",
    links=(
        _people_link("person", gettext_lazy("Person"), _todo_itself),
        _people_link("organization", gettext_lazy("Organization"), _todo_itself),
    ),
    search=lambda text, limit: search(text, limit=min(limit, 500)).todos,
    search_words=gettext_lazy("A word of it"),
    quick=(
        Quick(gettext_lazy("Mine"), "assignee:is:me;done:no"),
        Quick(gettext_lazy("Everybody's"), "done:no", "users"),
        Quick(gettext_lazy("Overdue"), "due:older:0d;done:no"),
        Quick(gettext_lazy("Done"), "assignee:is:me;done:yes", "checkbox"),
    ),
    legacy=_legacy_todos,
)  # fmt: skip

# What moments add to the lists of relations


def _last_contact(relations: Sequence[Any]) -> Mapping[UUID, CellValue]:
    return {one: last.occurred_at for one, last in last_contact([one.id for one in relations]).items()}


LAST_CONTACT = ListField(
    key="last_contact",
    label=gettext_lazy("Last contact"),
    type=FieldType.TIME,
    load=_last_contact,
    classes="keep",
)
MOMENT_OF_RELATION = Link(
    "moment",
    gettext_lazy("Contact moment"),
    gettext_lazy("there was contact"),
    gettext_lazy("there was no contact"),
    gettext_lazy("there was contact of which %(what)s"),
    gettext_lazy("there was no contact of which %(what)s"),
    lambda: [Participant.objects.filter(relation_id=OuterRef("id")).annotate(far_id=F("moment_id"))],
    (ListField(key="when", label=gettext_lazy("When"), type=FieldType.TIME, where=time_where("occurred_at"),
               operators=("on", "before", "after", "between", "last", "next", "older", "this"), alone=WHEN_ALONE),),
    to="moment",
)  # fmt: skip
TODO_OF_RELATION = Link(
    "todo",
    gettext_lazy("To-do"),
    gettext_lazy("there is a to-do"),
    gettext_lazy("there is no to-do"),
    gettext_lazy("there is a to-do of which %(what)s"),
    gettext_lazy("there is no to-do of which %(what)s"),
    lambda: [ToDo.objects.filter(relation_id=OuterRef("id")).annotate(far_id=F("id"))],
    to="todo",
)
