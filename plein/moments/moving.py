# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of this domain goes along when two relations become one: counted for who is about to do it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Func, IntegerField, QuerySet, Subquery
from django.utils.translation import ngettext

from plein.moments.models import Attachment, Participant, ToDo
from plein.relations.models import Relation
from plein.relations.slots import Moved


class CountOf(Func):
    """How many different ones there are."""

    template = "COUNT(DISTINCT %(expressions)s)"
    output_field = IntegerField()


def _count(rows: QuerySet[Any], of: str) -> Subquery:
    return Subquery(rows.order_by().annotate(many=CountOf(of)).values("many"))


def moved_with(relation: Relation) -> Iterable[Moved]:
    """Contact moments with their attachments, and to-dos, of those the reader sees: one query."""
    taken = Participant.objects.filter(relation_id=relation.id)
    files = Attachment.objects.filter(moment_id__in=taken.values("moment_id"))
    todos = ToDo.objects.filter(relation_id=relation.id)
    counts = Relation.objects.filter(id=relation.id).values_list(
        _count(taken, "moment_id"), _count(files, "id"), _count(todos, "id")
    )
    for moments, attachments, tasks in counts:
        yield Moved(moments, ngettext("contact moment", "contact moments", moments))
        yield Moved(attachments, ngettext("attachment", "attachments", attachments))
        yield Moved(tasks, ngettext("to-do", "to-dos", tasks))
