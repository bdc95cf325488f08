# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import new_id, now
from plein.core.records import Isolation, WorkspaceRecord
from plein.trust.models.people import User


class StoredSession(AbstractBaseSession):
    """A session, found by the hash of its key: who reads this table can take over nobody's session."""

    user = models.ForeignKey(User, null=True, on_delete=models.DB_CASCADE, related_name="sessions")

    class Meta:
        db_table = "trust_session"
        verbose_name = _("session")


class OneTimeLink(models.Model):
    """A link that lets somebody in once, for what `purpose` says; only its hash is kept.

    It is for the address its user had when it was made, and dies when that changes.
    """

    PURPOSES: ClassVar = [
        ("sign_in", _("signing in")),
        ("invitation", _("an invitation")),
        ("reset", _("another password")),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE)
    purpose = models.CharField(max_length=12, choices=PURPOSES, default="sign_in")
    email = models.EmailField(default="")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_one_time_link"
        verbose_name = _("one-time link")

    def __str__(self) -> str:
        return str(self.id)


class ApiToken(models.Model):
    """A key to the REST door for one user in one workspace; only its hash is kept."""

    SCOPES: ClassVar = [
        ("read", _("read")),
        ("write", _("read and write")),
        ("admin", _("manage")),
        ("all", _("everything")),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    name = models.CharField(_("what it is for"), max_length=80, default="", blank=True)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE)
    into_workspace = models.IntegerField()
    scope = models.CharField(max_length=10, choices=SCOPES)
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    #: A keyed hash of the address it was used from last: one can tell whether it is one's own, and nothing else.
    last_used_from = models.CharField(max_length=32, default="", db_default="", blank=True)
    #: Made with a proof for what asks for one: a program cannot show that it is somebody.
    is_proven = models.BooleanField(_("also what asks for a proof"), default=False, db_default=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_api_token"
        verbose_name = _("token")

    def __str__(self) -> str:
        return self.prefix


class Attempt(models.Model):
    """A failed attempt to sign in, by hash of the account or the address it came from."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("failed attempt")
        indexes = [models.Index(fields=["digest", "at"], name="trust_attempt_recent")]

    def __str__(self) -> str:
        return str(self.at)


class RateCount(models.Model):
    """How often something was asked since a moment, to say "slowly" in time; the database's clock counts."""

    subject = models.UUIDField(primary_key=True)
    began_at = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        db_table = "trust_rate_count"
        verbose_name = _("count of requests")

    def __str__(self) -> str:
        return f"{self.count} since {self.began_at}"


class Secret(WorkspaceRecord):
    """A credential in the secret box: encrypted with a key that is not in the database."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    name = models.CharField(max_length=120)
    sealed = models.BinaryField()
    changed_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("secret")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "name"], name="trust_secret_name")]
