# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from plein.core.operations import operation
from plein.moments.models import Attachment, Moment, MomentSubject, MomentText, MomentValues, Series, ToDo
from plein.trust.circles import circle_for, own_circle
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def change_moment_circle(*, actor: Entrance, moment: Moment, circle: str) -> Moment:
    """Choose who sees a moment; its subject, text, participants and files move along."""
    permit(actor, "write")
    with operation("change_moment_circle"):
        Moment.objects.filter(id=moment.id).update(circle_id=circle_for(circle))
    moment.refresh_from_db()
    return moment


def change_subject_circle(*, actor: Entrance, moment: Moment, circle: str) -> None:
    """Choose who sees the subject of a moment; an empty choice means whoever sees the moment."""
    permit(actor, "write")
    with operation("change_subject_circle"):
        MomentSubject.objects.filter(moment=moment).update(own_circle_id=own_circle(circle))


def change_text_circle(*, actor: Entrance, moment: Moment, circle: str) -> None:
    """Choose who sees the text of a moment and its files; an empty choice means whoever sees the moment."""
    permit(actor, "write")
    with operation("change_text_circle"):
        MomentText.objects.filter(moment=moment).update(own_circle_id=own_circle(circle))


def change_file_circle(*, actor: Entrance, file: Attachment, circle: str) -> None:
    """Choose who sees one file; never more than see the text it came with."""
    permit(actor, "write")
    with operation("change_file_circle"):
        Attachment.objects.filter(id=file.id).update(own_circle_id=own_circle(circle))


def change_values_circle(*, actor: Entrance, values: MomentValues, circle: str) -> None:
    """Choose who sees the own fields of one group on one moment; never more than see both."""
    permit(actor, "write")
    with operation("change_values_circle"):
        MomentValues.objects.filter(id=values.id).update(own_circle_id=own_circle(circle))


def change_todo_circle(*, actor: Entrance, todo: ToDo, circle: str) -> None:
    """Choose who sees a to-do; never more than see whom it is about."""
    permit(actor, "write")
    with operation("change_todo_circle"):
        ToDo.objects.filter(id=todo.id).update(own_circle_id=own_circle(circle))


def move_beside(*, actor: Entrance, ids: list[UUID], circle: str) -> None:
    """Choose who sees all of these moments."""
    permit(actor, "write")
    with operation("change_moment_circle"):
        Moment.objects.filter(id__in=ids).update(circle_id=circle_for(circle))


def move_series(*, actor: Entrance, moment: Moment, ids: list[UUID], circle: str) -> None:
    """Choose who sees the appointments of a series, those that are still to be made included."""
    permit(actor, "write")
    with operation("change_moment_circle"):
        series = list(moment.plannings.filter(series__isnull=False).values_list("series_id", flat=True))
        move_beside(actor=actor, ids=ids, circle=circle)
        Series.objects.filter(id__in=series).update(circle_id=circle_for(circle))
