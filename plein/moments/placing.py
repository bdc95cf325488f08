# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a contact moment lives in a circle that one may choose: the envelope, the subject, the text, a file, the
own fields of one group; a to-do; and the import that brought it, of which its owner chooses what colleagues get."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plein.channels.models import Connection, MailImport
from plein.metadata.queries import name_for_reader
from plein.moments import actions
from plein.moments.models import (
    Attachment,
    Moment,
    MomentSubject,
    MomentTagging,
    MomentText,
    MomentValues,
    Participant,
    ToDo,
)
from plein.moments.vocabulary import MomentKind, ParticipantRole, State
from plein.relations.models import Relation
from plein.trust.placed import Along, Also, Part, Placed, Whose, rows_of
from plein.trust.seats import Entrance


def titled(rows: QuerySet[Any, Any], moment: str = "id") -> QuerySet[Any, Any]:
    """Moments, or what has one in that column, with their subject where the reader sees it, which may be for fewer."""
    subject = MomentSubject.objects.filter(moment_id=OuterRef(moment)).order_by("id")
    told: QuerySet[Any, Any] = rows.annotate(
        told=Subquery(subject.values("title")[:1]), told_circle=Subquery(subject.values("circle_id")[:1])
    )
    return told


def _parts_in(moment: Moment) -> QuerySet[Any, Any]:
    found = Participant.objects.filter(moment_id=moment.id)
    return found.annotate(told=Coalesce(F("relation__name"), F("heard_name")))


def _took_part(relation: Relation) -> QuerySet[Any, Any]:
    return titled(Participant.objects.filter(relation_id=relation.id), "moment_id")


def _contacts(relation: Relation) -> QuerySet[Any, Any]:
    return _took_part(relation).exclude(moment__state=State.PLANNED)


def _appointments(relation: Relation) -> QuerySet[Any, Any]:
    return _took_part(relation).filter(moment__state=State.PLANNED)


def _values(moment: Moment) -> QuerySet[Any, Any]:
    return MomentValues.objects.filter(moment_id=moment.id).annotate(told=name_for_reader("group"))


def _with_nobody_else(relation: Relation) -> QuerySet[Any, Any]:
    """Moments of a relation, seen by whoever sees it, in which nobody but colleagues took part besides."""
    parts = Participant.objects.filter(moment_id=OuterRef("id"), relation_id__isnull=False)
    # An organization for whom somebody took part did not take part itself.
    others = parts.exclude(relation_id=relation.id).exclude(role=ParticipantRole.FOR)
    others = others.filter(relation__seat_id__isnull=True, is_ours=False)
    found = Moment.objects.filter(Exists(parts.filter(relation_id=relation.id)), ~Exists(others))
    return titled(found.filter(circle_id=relation.circle_id))


def _of_series(moment: Moment) -> QuerySet[Any, Any]:
    series = moment.plannings.filter(series__isnull=False).values("series_id")
    return titled(Moment.objects.filter(plannings__series_id__in=series).exclude(id=moment.id))


def _kind_words(moment: Moment) -> str:
    return str(MomentKind(moment.kind).label).capitalize()


def _name(moment: Any) -> str:
    subject = MomentSubject.objects.filter(moment_id=moment.id).order_by("id").first()
    return (subject.title if subject else "") or _kind_words(moment)


def _parts(moment: Moment) -> list[Part]:
    """What of a moment may be for fewer, as far as the reader sees it."""
    words = {"subjects": _now("The subject"), "texts": _now("The text and its files"), "files": ""}
    kinds: tuple[tuple[str, Any, Any], ...] = (
        ("subjects", MomentSubject, Value("")),
        ("texts", MomentText, Value("")),
        ("files", Attachment, F("name")),
        ("values-of-moments", MomentValues, Value("")),
    )
    first, *others = (
        model.objects.filter(moment_id=moment.id)
        .annotate(place=Value(place), of=Value(key), said=name)
        .values_list("place", "id", "of", "said")
        for place, (key, model, name) in enumerate(kinds)
    )
    found = sorted(first.union(*others, all=True))
    return [Part(said or words.get(key, _now("Own fields")), key, part) for _place, part, key, said in found]


def _page(moment_id: Any) -> str:
    return reverse("moments:moment", args=[moment_id])


def _move(actor: Entrance, moment: Any, audience: str) -> None:
    actions.change_moment_circle(actor=actor, moment=moment, circle=audience)


def _move_subject(actor: Entrance, subject: Any, audience: str) -> None:
    actions.change_subject_circle(actor=actor, moment=subject.moment, circle=audience)


def _move_text(actor: Entrance, text: Any, audience: str) -> None:
    actions.change_text_circle(actor=actor, moment=text.moment, circle=audience)


def _move_file(actor: Entrance, file: Any, audience: str) -> None:
    actions.change_file_circle(actor=actor, file=file, circle=audience)


def _move_values(actor: Entrance, values: Any, audience: str) -> None:
    actions.change_values_circle(actor=actor, values=values, circle=audience)


def _move_todo(actor: Entrance, todo: Any, audience: str) -> None:
    actions.change_todo_circle(actor=actor, todo=todo, circle=audience)


def _move_beside(actor: Entrance, relation: Any, ids: list[UUID], audience: str) -> None:
    del relation
    actions.move_beside(actor=actor, ids=ids, circle=audience)


def _move_series(actor: Entrance, moment: Any, ids: list[UUID], audience: str) -> None:
    actions.move_series(actor=actor, moment=moment, ids=ids, circle=audience)


def _todo_sides(todo: Any) -> list[str]:
    return [todo.relation.name] if todo.relation is not None else []


#: A part of a moment, and what its subject alone names.
PART, TITLE = Whose("moment", "moment_id"), Whose("moment", "moment_id", "told_circle")
TITLE_OF_MOMENT = Whose("moment", "id", "told_circle")
_FILES = Along(_("Files"), lambda text: Attachment.objects.filter(text_id=text.id), "name", PART)
MOMENTS = Placed(
    key="moments",
    thing=_("contact moment"),
    model=Moment,
    verb="change_moment_circle",
    name_of=_name,
    page=lambda moment: _page(moment.id),
    move=_move,
    parts=_parts,
    along=(
        Along(_("The subject"), rows_of(MomentSubject, "moment_id"), "title", PART),
        Along(_("The text"), rows_of(MomentText, "moment_id"), Value("")),
        Along(_("Files"), rows_of(Attachment, "moment_id"), "name", PART),
        Along(_("Who took part"), _parts_in, "told", Whose("relation", "relation_id", "relation__circle_id")),
        Along(_("Tags"), rows_of(MomentTagging, "moment_id"), "tag__name"),
        Along(_("To-dos"), rows_of(ToDo, "moment_id"), "title", Whose("todo")),
        Along(_("Own fields"), _values, "told"),
    ),
    also=(
        Also(
            "series",
            _("The other appointments of the series"),
            _("Those that are still to be made go along too."),
            _of_series,
            "told",
            _move_series,
            TITLE_OF_MOMENT,
        ),
    ),
)
SUBJECTS = Placed(
    key="subjects",
    thing=_("subject"),
    model=MomentSubject,
    verb="change_subject_circle",
    name_of=lambda subject: subject.title or str(_("The subject")),
    page=lambda subject: _page(subject.moment_id),
    move=_move_subject,
    is_narrower=True,
)
TEXTS = Placed(
    key="texts",
    thing=_("text"),
    model=MomentText,
    verb="change_text_circle",
    name_of=lambda text: str(_("The text and its files")),
    page=lambda text: _page(text.moment_id),
    move=_move_text,
    along=(_FILES,),
    is_narrower=True,
)
FILES = Placed(
    key="files",
    thing=_("file"),
    model=Attachment,
    verb="change_file_circle",
    name_of=lambda file: file.name,
    page=lambda file: _page(file.moment_id),
    move=_move_file,
    is_narrower=True,
)
VALUES = Placed(
    key="values-of-moments",
    thing=_("own fields"),
    model=MomentValues,
    verb="change_values_circle",
    name_of=lambda values: str(values.group.name),
    page=lambda values: _page(values.moment_id),
    move=_move_values,
    sides=lambda values: [_name(values.moment), str(values.group.name)],
    named=lambda values: [values.moment],
    is_narrower=True,
)
TODOS = Placed(
    key="todos",
    thing=_("to-do"),
    model=ToDo,
    verb="change_todo_circle",
    name_of=lambda todo: todo.title,
    page=lambda todo: reverse("moments:todo", args=[todo.id]),
    move=_move_todo,
    sides=_todo_sides,
    named=lambda todo: [todo.relation],
    is_narrower=True,
)
IMPORTS = Placed(
    key="imports",
    thing=_("import"),
    model=MailImport,
    name_of=lambda mail_import: mail_import.name,
    page=lambda mail_import: reverse("moments:import", args=[mail_import.id]),
    follows=_("What colleagues get of this mailbox its owner chooses on the page of the import."),
)
CONNECTIONS = Placed(
    key="connections",
    thing=_("connection"),
    model=Connection,
    name_of=lambda connection: connection.name,
    page=lambda connection: reverse("moments:connection", args=[connection.id]),
    follows=_("Its owner chose who sees that it is there when it began, and chooses what they get of it on its page."),
)
PLACED = (MOMENTS, SUBJECTS, TEXTS, FILES, VALUES, TODOS, IMPORTS, CONNECTIONS)
#: What hangs on a relation.
OF_RELATION = (
    Along(_("Their part in contact moments"), _contacts, "told", TITLE),
    Along(_("Their part in appointments"), _appointments, "told", TITLE),
    Along(_("To-dos"), lambda one: ToDo.objects.filter(relation_id=one.id), "title", Whose("todo")),
)
BESIDE_RELATION = (
    Also(
        "moments",
        _("Contact moments with nobody else"),
        _("Otherwise colleagues still see that there was contact, without the name."),
        _with_nobody_else,
        "told",
        _move_beside,
        TITLE_OF_MOMENT,
    ),
)
