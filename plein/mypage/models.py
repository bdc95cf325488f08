# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ways into somebody's own page, and what the company chose about these pages."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import new_id, now
from plein.core.records import Isolation, WorkspaceRecord


class Way(models.Model):
    """A way to one person's own page: a link that opens it once, or the visit that began with it. Only its hash."""

    KINDS: ClassVar = [("link", _("a link")), ("visit", _("a visit"))]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=5, choices=KINDS)
    into_workspace = models.IntegerField()
    subject_id = models.UUIDField()
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("way to somebody's own page")
        indexes = [
            models.Index(fields=["subject_id", "created_at"], name="mypage_way_subject"),
            models.Index(fields=["expires_at"], name="mypage_way_over"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PageSettings(WorkspaceRecord):
    """What the company chose about the pages of the people it knows."""

    isolation = Isolation(has_circle=False)

    is_open = models.BooleanField(_("people may open their own page"), default=True)
    in_footer = models.BooleanField(_("a link under every mail to one person"), default=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "mypage_settings"
        verbose_name = _("settings about people's own pages")
        constraints = [models.UniqueConstraint(fields=["workspace_id"], name="mypage_settings_once")]
