# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one registry from which isolation is generated: every model, and how its table is guarded."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from plein.core.isolation.declaration import Isolation

#: Tables without workspace: they hold no record of a company, and each has its reason to be here.
UNGUARDED = {
    "django_content_type": "names of models",
    "django_migrations": "which migrations ran",
    "django_session": "unused, comes with Django",
    "auth_group": "unused, comes with Django",
    "auth_group_permissions": "unused, comes with Django",
    "auth_permission": "unused, comes with Django",
    "asking_link": "a link to answer a request is looked up, by its hash, before anybody knows the workspace",
    "dav_device_key": "a password of a device is looked up, by its hash, before anybody knows the workspace",
    "hooks_address": "the address of a hook is looked up, by its hash, before anybody knows the workspace",
    "mypage_way": "a link to somebody's own page is looked up, by its hash, before anybody knows the workspace",
    "trust_api_token": "a token is looked up, by its hash, before anybody knows the workspace",
    "trust_code_app": "a user proves who they are before anybody knows the workspace; the secret is sealed",
    "trust_external_identity": "a user is found by a provider's name for them before anybody knows the workspace",
    "trust_passkey": "a passkey is looked up before anybody knows the workspace; only its public half is here",
    "trust_recovery_code": "a user proves who they are before anybody knows the workspace; only hashes",
    "trust_session": "sessions are looked up, by the hash of their key, before anybody knows the workspace",
    "trust_sign_in_provider": "whom to ask is looked up before anybody knows who is signing in; its secret is guarded",
    "trust_attempt": "counts failed attempts to sign in, by hash",
    "trust_one_time_link": "a link is looked up, by its hash, before anybody knows the workspace",
    "trust_rate_count": "counts requests before anybody knows the workspace, by the id of a token",
    "trust_user": "a user may have a seat in several workspaces",
    "webforms_address": "the address of a form is looked up, by its hash, before anybody knows the workspace",
    "core_protection": "the fingerprint of the protection in force",
}
#: The queue keeps its own tables; its jobs carry ids only.
UNGUARDED_PREFIXES = ("procrastinate_",)


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key between two guarded tables, as the database enforces it."""

    column: str
    target: str
    gone: str


@dataclass(frozen=True, slots=True)
class GuardedTable:
    """A table under row-level security."""

    name: str
    isolation: Isolation
    columns: tuple[str, ...]
    references: tuple[Reference, ...]
    parents: tuple[Reference, ...]
    loose: tuple[Reference, ...]
    once: tuple[str, ...]
    about_column: str
    key_type: str
    is_versioned: bool

    @property
    def has_circle(self) -> bool:
        return self.isolation.has_circle

    def columns_to(self, target: str) -> list[str]:
        """Its columns that point at rows of a table, enforced or not."""
        return [one.column for one in (*self.references, *self.loose) if one.target == target]


def _gone(field: models.ForeignKey[models.Model, models.Model]) -> str:
    on_delete = field.remote_field.on_delete
    if on_delete is models.DB_CASCADE:
        return "CASCADE"
    if on_delete is models.DB_SET_NULL:
        return f"SET NULL ({field.column})"
    return "NO ACTION"


def _table_of(field: models.ForeignKey[models.Model, models.Model]) -> str:
    return str(field.related_model._meta.db_table)


def _table(model: type[models.Model], isolation: Isolation) -> GuardedTable:
    fields = model._meta.concrete_fields
    references = tuple(
        Reference(str(field.column), _table_of(field), _gone(field))
        for field in fields
        if isinstance(field, models.ForeignKey)
        and hasattr(field.related_model, "isolation")
        and field.name not in isolation.loose
    )
    by_field: dict[str, Any] = {field.name: field for field in fields}
    parents = tuple(Reference(by_field[name].column, _table_of(by_field[name]), "") for name in isolation.parents)
    loose = tuple(Reference(by_field[name].column, _table_of(by_field[name]), "") for name in isolation.loose)
    return GuardedTable(
        name=model._meta.db_table,
        isolation=isolation,
        columns=tuple(str(field.column) for field in fields),
        references=references,
        parents=parents,
        loose=loose,
        once=tuple(str(by_field[name].column) for name in isolation.once),
        about_column=by_field[isolation.about].column if isolation.about else "id",
        key_type="uuid" if isinstance(model._meta.pk, models.UUIDField) else "bigint",
        is_versioned="version" in by_field,
    )


@cache
def guarded_tables() -> tuple[GuardedTable, ...]:
    """All guarded tables, parents before their children."""
    tables = [
        _table(model, isolation)
        for model in apps.get_models()
        if not model._meta.proxy
        and model._meta.managed
        and isinstance(isolation := getattr(model, "isolation", None), Isolation)
    ]
    return tuple(tables)
