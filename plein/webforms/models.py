# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms for websites, the words each of them ever had, and what was filled in."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import new_id, now
from plein.core.records import Isolation, Record, VersionedRecord
from plein.metadata.models import in_reader_language
from plein.moments.models import Moment
from plein.trust.models import Seat, User
from plein.webforms.vocabulary import Need, Part, Work


class FormAddress(models.Model):
    """Where visitors open a form: the hash of the key in its address, and as whom and where it is looked up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="+")
    into_workspace = models.IntegerField()
    circle = models.IntegerField()
    form_id = models.UUIDField(unique=True)

    class Meta:
        db_table = "webforms_address"
        verbose_name = _("address of a form")

    def __str__(self) -> str:
        return str(self.id)


class WebForm(VersionedRecord):
    """A form that stands on websites; what comes in by it lives in its circle.

    `key` is the part of its address that nobody guesses, `origins` are the websites that may frame it. What visitors
    read stands in `FormText`. One that was removed stays as evidence of what people said yes to.
    """

    isolation = Isolation()

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(max_length=64, db_collation="C", editable=False)
    origins = ArrayField(models.CharField(max_length=300), verbose_name=_("websites"), default=list)
    work = models.CharField(_("becomes"), max_length=10, choices=Work.choices, default=Work.INBOX)
    for_seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    is_open = models.BooleanField(_("open"), default=True)
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)

    #: The words in force; `plein.webforms.queries` puts them there.
    wording: "FormText"

    class Meta:
        base_manager_name = "objects"
        db_table = "webforms_form"
        verbose_name = _("form")
        indexes = [models.Index(fields=["workspace_id", "created_at"], name="webforms_form_made")]

    def __str__(self) -> str:
        return self.name


class FormText(Record):
    """All that a visitor reads and is asked, in both languages: one version, kept as evidence of what was said yes to.

    `asks` says of each part of us whether it must be filled in, `own` names fields of the company with the words they
    had, `purposes` are what a visitor may say yes to.
    """

    isolation = Isolation(parents=("form",), about="form", is_appended=True)

    form = models.ForeignKey(
        WebForm, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="texts"
    )
    number = models.IntegerField(_("version"))
    title_nl = models.CharField(_("title in Dutch"), max_length=120, blank=True)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    intro_nl = models.TextField(_("introduction in Dutch"), max_length=2000, blank=True)
    intro_en = models.TextField(_("introduction in English"), max_length=2000, blank=True)
    thanks_nl = models.TextField(_("thanks in Dutch"), max_length=2000, blank=True)
    thanks_en = models.TextField(_("thanks in English"), max_length=2000, blank=True)
    thanks_url = models.CharField(_("page to go on to"), max_length=1000, blank=True)
    asks = models.JSONField(default=dict)
    own = models.JSONField(default=list)
    purposes = ArrayField(models.UUIDField(), default=list)
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "webforms_text"
        verbose_name = _("words of a form")
        indexes = [models.Index(fields=["workspace_id", "form", "-number"], name="webforms_text_form")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_reader_language(self.title_nl, self.title_en)

    @property
    def intro(self) -> str:
        return in_reader_language(self.intro_nl, self.intro_en)

    @property
    def thanks(self) -> str:
        return in_reader_language(self.thanks_nl, self.thanks_en)

    def asked(self) -> list[tuple[Part, bool]]:
        """What is asked beside the address, in order, and whether it must be filled in."""
        needs: dict[str, Any] = self.asks
        wanted = [(part, needs.get(part, Need.NOT)) for part in Part]
        return [(part, need == Need.REQUIRED) for part, need in wanted if need != Need.NOT]


class Submission(Record):
    """What somebody filled in: it waits until they prove their address, and counts for nothing before.

    `answers` are by the name of what was asked, `yes` names the purposes with the words that were shown. Once it is
    confirmed, what was said is let go of here: then it stands in a contact moment. `link` is the hash of the link.
    """

    isolation = Isolation(parents=("form",), is_recorded=False)

    form = models.ForeignKey(
        WebForm, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    text = models.ForeignKey(
        FormText, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    email = models.CharField(max_length=500, blank=True, db_collation="C")
    answers = models.JSONField(default=dict)
    yes = models.JSONField(default=dict)
    language = models.CharField(max_length=2, default="en")
    came_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    link = models.CharField(max_length=64, blank=True, db_collation="C")
    mailed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "webforms_submission"
        verbose_name = _("form that was filled in")
        indexes = [
            models.Index(fields=["workspace_id", "form", "link"], name="webforms_submission_link"),
            models.Index(fields=["workspace_id", "form", "email"], name="webforms_submission_email"),
            models.Index(fields=["workspace_id", "expires_at"], name="webforms_submission_over"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Confirmed(Record):
    """That a contact moment came by a form: which one, with which of its words, in which language, and since when."""

    isolation = Isolation(parents=("moment",), about="moment", loose=("form", "text"))

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    form = models.ForeignKey(
        WebForm, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    text = models.ForeignKey(
        FormText, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    language = models.CharField(max_length=2)
    came_at = models.DateTimeField(_("filled in"))
    confirmed_at = models.DateTimeField(_("confirmed"), default=now)

    class Meta:
        base_manager_name = "objects"
        db_table = "webforms_confirmed"
        verbose_name = _("form that was confirmed")
        indexes = [
            models.Index(fields=["workspace_id", "form", "-confirmed_at"], name="webforms_confirmed_form"),
            models.Index(fields=["workspace_id", "moment"], name="webforms_confirmed_moment"),
            models.Index(fields=["workspace_id", "text"], name="webforms_confirmed_text"),
        ]

    def __str__(self) -> str:
        return str(self.id)
