# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plein.core.ids import new_id, now
from plein.core.isolation import workspace_id
from plein.core.records import Isolation, RecordManager, WorkspaceRecord


class WorkspaceManager(models.Manager["Workspace"]):
    """The workspace in force and no other."""

    def get_queryset(self) -> models.QuerySet["Workspace"]:
        return super().get_queryset().filter(id=workspace_id())


class Workspace(models.Model):
    """One company's own world, or one joint project's."""

    #: Who must prove with a second thing who they are: administrators always.
    SECOND_FACTOR: ClassVar = [
        ("administrators", _("owners and administrators")),
        ("everyone", _("everyone")),
    ]

    id = models.AutoField(primary_key=True)
    public_id = models.UUIDField(default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=120)
    country = models.CharField(_("country"), max_length=2, default="NL")
    timezone = models.CharField(_("time zone"), max_length=60, default="Europe/Amsterdam")
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    second_factor = models.CharField(max_length=15, choices=SECOND_FACTOR, default="administrators")
    example_operation_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    isolation = Isolation(has_circle=False, is_recorded=False)
    objects = WorkspaceManager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("workspace")

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Users by e-mail address, in lower case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody who can sign in; what they may see depends on their seats."""

    THEMES: ClassVar = [("", _("as my device")), ("light", _("light")), ("dark", _("dark"))]
    LANGUAGES: ClassVar = [("nl", "Nederlands"), ("en", "English")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="nl")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Amsterdam")
    start_page = models.CharField(_("start page"), max_length=300, default="", blank=True)
    theme = models.CharField(_("light or dark"), max_length=5, choices=THEMES, default="", blank=True)
    has_keys = models.BooleanField(_("single-letter keys"), default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
        verbose_name = _("user")

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    """What a seat may do in a workspace; what it may see is the circles' business."""

    OWNER = "owner", _("owner")
    ADMINISTRATOR = "administrator", _("administrator")
    MANAGER = "manager", _("manager")
    MEMBER = "member", _("member")
    GUEST = "guest", _("guest")


class Seat(WorkspaceRecord):
    """A user's place in a workspace. The colleague is also a Person there."""

    isolation = Isolation(has_circle=False, wakes="id")

    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="seats")
    role = models.CharField(
        pgettext_lazy("of a seat", "role"), max_length=20, choices=Role.choices, default=Role.MEMBER
    )
    title = models.CharField(_("job title"), max_length=120, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    default_audience = models.CharField(
        _("what they add is for"), max_length=2000, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("seat")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "user"], name="trust_seat_once")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_administrator(self) -> bool:
        return self.role in (Role.OWNER, Role.ADMINISTRATOR)


class Team(WorkspaceRecord):
    """Colleagues who work together and may share a circle."""

    name = models.CharField(_("name"), max_length=80)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("team")

    def __str__(self) -> str:
        return self.name


class TeamMember(WorkspaceRecord):
    """A seat in a team."""

    isolation = Isolation(has_circle=False, about="team", wakes="seat_id")

    team = models.ForeignKey(
        Team, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="members"
    )
    seat = models.ForeignKey(
        Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="teams"
    )

    class Meta:
        base_manager_name = "objects"
        db_table = "trust_team_member"
        verbose_name = _("team member")
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "team", "seat"], name="trust_team_member_once"),
        ]
        indexes = [models.Index(fields=["workspace_id", "seat"], name="trust_team_member_seat")]


class Circle(models.Model):
    """Who may see a record: everyone here, a team, named people, or the meeting of several circles.

    `parts` are the circles one must be in to see it: a circle is its own only part, a meeting has several, and
    "everyone here" has none. Circle ids are small integers and never leave the server.
    """

    KINDS: ClassVar = [
        ("everyone", _("everyone here")),
        ("team", _("a team")),
        ("people", _("named people")),
        ("meet", ""),
    ]

    isolation = Isolation(has_circle=False, is_recorded=False)

    id = models.AutoField(primary_key=True)
    workspace_id = models.IntegerField(default=workspace_id, editable=False)
    kind = models.CharField(max_length=10, choices=KINDS)
    key = models.CharField(max_length=400)
    team = models.ForeignKey(Team, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)
    parts = ArrayField(models.IntegerField(), default=list)

    objects = RecordManager["Circle"]()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("circle")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "key"], name="trust_circle_key")]
        indexes = [GinIndex(fields=["parts"], name="trust_circle_parts")]

    def __str__(self) -> str:
        return self.key


class CircleSeat(WorkspaceRecord):
    """A seat named in a circle of people."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    circle = models.ForeignKey(
        Circle, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="seats"
    )
    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "trust_circle_seat"
        verbose_name = _("named person of a circle")
        indexes = [models.Index(fields=["workspace_id", "circle", "seat"], name="trust_circle_seat_both")]
