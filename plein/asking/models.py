# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests for introductions (ADR 0033): what who asked may know, and, apart from that, what each answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.asking.vocabulary import USUAL_DAYS, Letter, State, TurnState
from plein.core.ids import new_id, now
from plein.core.records import Isolation, Record, WorkspaceRecord
from plein.relations.models import Relation
from plein.trust.models import Seat


class IntroductionRequest(Record):
    """That a colleague asks to be introduced to somebody: theirs alone. Functions of the database move it on.

    `shown` is up to which place who asked may know that it was passed on: one less than it is. It is no history, for
    that would say who moved it.
    """

    isolation = Isolation(parents=("target",), own_circle="own_circle_id", is_recorded=False)

    own_circle_id = models.IntegerField(null=True)
    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    target = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    purpose = models.CharField(_("what it is about"), max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNDERWAY)
    shown = models.SmallIntegerField(default=0)
    made_at_place = models.SmallIntegerField(null=True)
    operation_id = models.UUIDField(null=True)
    is_by_mail = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    ended_on = models.DateField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "asking_request"
        verbose_name = _("request for an introduction")
        indexes = [
            models.Index(fields=["workspace_id", "seat", "-created_at", "-id"], name="asking_request_seat"),
            models.Index(fields=["workspace_id", "target"], name="asking_request_target"),
            models.Index(fields=["workspace_id", "state", "expires_at"], name="asking_request_over"),
            models.Index(fields=["workspace_id", "operation_id"], name="asking_request_operation"),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def is_underway(self) -> bool:
        return self.state == State.UNDERWAY and self.expires_at > now()


class IntroductionStep(Record):
    """One person on the way, in the order in which they are asked; what they answered is not here."""

    isolation = Isolation(parents=("request", "person"), about="request", is_recorded=False)

    request = models.ForeignKey(
        IntroductionRequest, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="steps"
    )
    person = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    place = models.SmallIntegerField()

    class Meta:
        base_manager_name = "objects"
        db_table = "asking_step"
        verbose_name = _("person on the way of a request")
        indexes = [
            models.Index(fields=["workspace_id", "request", "place"], name="asking_step_request"),
            models.Index(fields=["workspace_id", "person"], name="asking_step_person"),
        ]

    def __str__(self) -> str:
        return str(self.place)


class Turn(Record):
    """That somebody is asked: what they read, and what they answered.

    It lives in the circle of the colleague who is asked, or of nobody when that is somebody from outside: who asked
    cannot read it. Only functions of the database write here.
    """

    isolation = Isolation(parents=("person", "target"), own_circle="own_circle_id", is_recorded=False)

    own_circle_id = models.IntegerField(null=True)
    request = models.ForeignKey(
        IntroductionRequest, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    place = models.SmallIntegerField()
    asker = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    person = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    target = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    text = models.TextField(_("text"), max_length=4000)
    previous_name = models.CharField(max_length=300, blank=True)
    remark = models.CharField(_("a word along with it"), max_length=1000, blank=True)
    is_last = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=TurnState.choices, default=TurnState.ASKED)
    letter = models.CharField(max_length=10, choices=Letter.choices, default=Letter.NONE, blank=True)
    mail_id = models.UUIDField(null=True)
    todo_id = models.UUIDField(default=new_id)
    asked_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "asking_turn"
        verbose_name = _("somebody who is asked for an introduction")
        indexes = [
            models.Index(fields=["workspace_id", "request", "place"], name="asking_turn_request"),
            models.Index(fields=["workspace_id", "person", "-asked_at"], name="asking_turn_person"),
            models.Index(fields=["workspace_id", "seat", "state", "-asked_at"], name="asking_turn_seat"),
            models.Index(fields=["workspace_id", "asker"], name="asking_turn_asker"),
            models.Index(fields=["workspace_id", "target"], name="asking_turn_target"),
            models.Index(
                fields=["workspace_id", "mail_id"],
                condition=models.Q(mail_id__isnull=False),
                name="asking_turn_mail",
            ),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def is_open(self) -> bool:
        return self.state == TurnState.ASKED and self.expires_at > now()


class AnswerLink(models.Model):
    """A way for somebody from outside to answer once; only its hash. It is looked up before the workspace is known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    into_workspace = models.IntegerField()
    turn_id = models.UUIDField()
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "asking_link"
        verbose_name = _("link to answer a request for an introduction")
        indexes = [
            models.Index(fields=["turn_id"], name="asking_link_turn"),
            models.Index(fields=["expires_at"], name="asking_link_over"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AskingSettings(WorkspaceRecord):
    """What the company chose about requests for introductions."""

    isolation = Isolation(has_circle=False)

    days = models.SmallIntegerField(_("days that a request waits"), default=USUAL_DAYS)

    class Meta:
        base_manager_name = "objects"
        db_table = "asking_settings"
        verbose_name = _("settings about requests for introductions")
        constraints = [models.UniqueConstraint(fields=["workspace_id"], name="asking_settings_once")]
