# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plein.core.ids import new_id, now
from plein.trust.models.people import Role, User


class CodeApp(models.Model):
    """An app on somebody's telephone that makes a code every half minute (TOTP).

    Its secret is sealed with a key that is not in the database. `last_step` is the half minute of the last code that
    was used: a code works once.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.DB_CASCADE, related_name="code_app")
    sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=now, editable=False)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_code_app"
        verbose_name = _("code app")

    def __str__(self) -> str:
        return str(self.user_id)


class Passkey(models.Model):
    """A key pair on somebody's device (WebAuthn); here is only its public half."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=80)
    credential_id = models.BinaryField(unique=True)
    credential = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=now, editable=False)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("passkey")

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code on paper for who lost the telephone; only its hash is kept, and it works once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_recovery_code"
        verbose_name = _("recovery code")

    def __str__(self) -> str:
        return str(self.id)


class SignInProvider(models.Model):
    """Who else tells us who somebody is (OpenID Connect), for one workspace; its secret is in the secret box."""

    SEAT_ROLES: ClassVar = [(role.value, role.label) for role in (Role.MEMBER, Role.GUEST)]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    into_workspace = models.IntegerField()
    name = models.CharField(_("name"), max_length=60)
    issuer = models.URLField(_("issuer"), max_length=500)
    client_id = models.CharField(_("client id"), max_length=255)
    is_inside = models.BooleanField(_("it stands in our own network"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    seat_role = models.CharField(
        pgettext_lazy("of a seat", "role"), max_length=20, choices=SEAT_ROLES, default=Role.MEMBER
    )
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        db_table = "trust_sign_in_provider"
        verbose_name = _("way to sign in")
        indexes = [models.Index(fields=["into_workspace"], name="trust_provider_workspace")]

    def __str__(self) -> str:
        return self.name


class ExternalIdentity(models.Model):
    """Under which name a provider knows one of our users: issuer and subject, never an address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="identities")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    email = models.CharField(max_length=254, default="", blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    last_used_at = models.DateTimeField(null=True)
    #: When the provider said last that it had asked for more than a password.
    vouched_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_external_identity"
        verbose_name = _("name at a provider")
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="trust_identity_once")]

    def __str__(self) -> str:
        return self.subject
