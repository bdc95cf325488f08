# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ways into somebody's own page, and what the company chose about these pages."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.consent.models import Subject
from plein.core.ids import new_id, now
from plein.core.records import Isolation, Record, WorkspaceRecord
from plein.mypage.vocabulary import Standing, Wish
from plein.trust.models import Seat


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
    names_readers = models.BooleanField(_("names who can see it"), default=False, db_default=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "mypage_settings"
        verbose_name = _("settings about people's own pages")
        constraints = [models.UniqueConstraint(fields=["workspace_id"], name="mypage_settings_once")]


class PageRequest(Record):
    """Something that somebody asks on their own page. The law wants an answer within a month.

    Nothing of it is history: what was answered was read, and what was asked goes when its person is erased.
    """

    isolation = Isolation(parents=("subject",), about="subject", is_recorded=False)

    subject = models.ForeignKey(
        Subject, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    kind = models.CharField(_("asks for"), max_length=10, choices=Wish.choices)
    about = models.CharField(_("about"), max_length=300, blank=True)
    words = models.TextField(_("in their words"), max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.OPEN)
    asked_at = models.DateTimeField(_("since"), default=now)
    due_on = models.DateField(_("due"))
    extended_at = models.DateTimeField(null=True)
    why_later = models.CharField(_("why it takes longer"), max_length=500, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        base_manager_name = "objects"
        db_table = "mypage_request"
        verbose_name = _("request of a person")
        indexes = [
            models.Index(fields=["workspace_id", "state", "due_on"], name="mypage_request_due"),
            models.Index(fields=["workspace_id", "subject"], name="mypage_request_subject"),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def is_open(self) -> bool:
        return self.state == Standing.OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < now().date()
