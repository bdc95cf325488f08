# SPDX-License-Identifier: AGPL-3.0-or-later
"""The base of every record: an id, a workspace, a circle, and query sets that never look outside them."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import new_id, now
from plein.core.isolation import current, default_circle_id, workspace_id
from plein.core.isolation.declaration import Cells, Found, Isolation

__all__ = [
    "Cells",
    "Found",
    "Isolation",
    "Record",
    "RecordManager",
    "RecordQuerySet",
    "UnscopedManager",
    "VersionedRecord",
    "WorkspaceRecord",
]


class RecordQuerySet[M: models.Model](models.QuerySet[M]):
    """Query sets of records: lock 2."""

    def in_context(self) -> Self:
        """Only rows of the workspace and the circles in force."""
        context = current()
        scoped = self.filter(workspace_id=workspace_id())
        isolation: Isolation = self.model.isolation  # type: ignore[attr-defined]
        if isolation.is_circle_optional:
            return scoped.filter(models.Q(circle_id__isnull=True) | models.Q(circle_id__in=context.circles))
        return scoped.filter(circle_id__in=context.circles) if isolation.has_circle else scoped


class RecordManager[M: models.Model](models.Manager[M]):
    """The way in to records; there is no other."""

    def get_queryset(self) -> RecordQuerySet[M]:
        return RecordQuerySet[M](self.model, using=self._db).in_context()


class UnscopedManager[M: models.Model](models.Manager[M]):
    """Records without lock 2: only for the tests that prove that lock 1 holds by itself."""


class WorkspaceRecord(models.Model):
    """A row that belongs to a workspace as a whole."""

    isolation: ClassVar[Isolation] = Isolation(has_circle=False)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace_id = models.IntegerField(default=workspace_id, editable=False)

    objects: ClassVar[RecordManager[Self]] = RecordManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


class Record(WorkspaceRecord):
    """A row that belongs to a workspace and, within it, to a circle of readers."""

    isolation: ClassVar[Isolation] = Isolation()

    circle_id = models.IntegerField(default=default_circle_id, editable=False)

    class Meta:
        abstract = True
        base_manager_name = "objects"


class VersionedRecord(Record):
    """A record that people edit: an edit names the version it was based on (the database counts)."""

    version = models.IntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=now, editable=False)

    class Meta:
        abstract = True
        base_manager_name = "objects"
