# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is to be done: a row of its own beside the moments (ADR 0006)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Found, Isolation, VersionedRecord
from plein.moments.models.moments import Moment
from plein.relations.models import Relation
from plein.relations.vocabulary import Source
from plein.trust.models import Seat


class ToDo(VersionedRecord):
    """Something to do, by somebody, before some time, with the means it takes.

    `repeat` is the rule by which the next one is made when this one is ticked (ADR 0018): counted from `repeat_since`,
    the first due day, or with `repeats_after` from the day it was done. Those that follow each other share `series_id`.
    `remind_at` is when its colleague is told; with `remind_before` it goes along with the due time.
    """

    isolation = Isolation(
        parents=("relation", "moment"),
        own_circle="own_circle_id",
        found=Found(
            record="n.id",
            kind="'todo'",
            title="n.title",
            words="plein_words(concat_ws(' ', n.title, n.note, n.means_needed))",
            at="coalesce(n.due_on::timestamptz, n.created_at)",
        ),
    )

    own_circle_id = models.IntegerField(null=True)
    title = models.CharField(_("what"), max_length=300)
    note = models.TextField(_("note"), blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    due_at = models.TimeField(_("at"), null=True, blank=True)
    assignee = models.ForeignKey(
        Seat, null=True, blank=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    relation = models.ForeignKey(
        Relation,
        null=True,
        blank=True,
        on_delete=models.DB_SET_NULL,
        db_constraint=False,
        db_index=False,
        related_name="todos",
    )
    moment = models.ForeignKey(
        Moment, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="todos"
    )
    means_needed = models.CharField(_("means needed"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND)
    mentions = ArrayField(models.UUIDField(), default=list, db_default=[], blank=True)
    remind_before = models.IntegerField(_("minutes before"), null=True, blank=True)
    remind_at = models.DateTimeField(_("reminder"), null=True, blank=True)
    repeat = models.CharField(_("repeats"), max_length=300, blank=True, default="", db_default="")
    repeat_since = models.DateField(null=True, editable=False)
    repeats_after = models.BooleanField(default=False, db_default=False)
    series_id = models.UUIDField(null=True, editable=False)
    occurrence = models.IntegerField(default=1, db_default=1, editable=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_todo"
        verbose_name = _("to-do")
        indexes = [
            models.Index(
                fields=["workspace_id", "assignee", "due_on", "due_at", "id"],
                condition=models.Q(done_at__isnull=True),
                name="moments_todo_open",
            ),
            models.Index(
                fields=["workspace_id", "assignee", "-done_at"],
                condition=models.Q(done_at__isnull=False),
                name="moments_todo_done",
            ),
            models.Index(
                fields=["workspace_id", "remind_at"],
                condition=models.Q(done_at__isnull=True, remind_at__isnull=False),
                name="moments_todo_remind",
            ),
            models.Index(
                fields=["workspace_id", "series_id", "occurrence"],
                condition=models.Q(series_id__isnull=False),
                name="moments_todo_series",
            ),
            models.Index(fields=["workspace_id", "relation"], name="moments_todo_relation"),
            models.Index(fields=["workspace_id", "moment"], name="moments_todo_moment"),
        ]

    def __str__(self) -> str:
        return self.title
