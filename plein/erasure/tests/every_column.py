# SPDX-License-Identifier: AGPL-3.0-or-later
"""A marker in every column that can hold what people write, of every guarded table: made of the models."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from psycopg import Connection, sql

from plein.core.ids import new_id, now
from plein.core.isolation.registry import guarded_tables

#: Addresses fit into a column from this length on.
FITS = 24
HASH = "A hash."
OURS = "Our own words, never about somebody."
DERIVED = "Triggers make it anew of what it is made of."
LOG = "Holds ids, counts and keyed hashes; outlives those it is about."
SEALED = "Encrypted."
#: Columns in which nobody writes of others, by table or by column, each with its reason.
LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(("core_search_document", "core_search_token", "core_search_word", "identity_key"), DERIVED),
    **dict.fromkeys(("relations_cell", "moments_cell", "relations_values.filled", "moments_values.filled"), DERIVED),
    **dict.fromkeys(("core_operation", "core_audit_entry", "core_audit_head"), LOG),
    "core_change": "Planted by changing a row before; what was is redacted row by row.",
    "consent_decision": "A function blanks it by whose it is; the markers of people plant it.",
    "identity_pair.levels": OURS,
    "identity_book_run": OURS,
    "moments_recognised.opinion": "Numbers, places in the text, and what the language model is called.",
    "moments_learned.arrays": "Numbers, learned from texts that everyone may read.",
    "identity_term": "Names that very many bear, counted.",
    "erasure_erasure": "Ids, and hashes of files that are about to go.",
    **dict.fromkeys(
        ("trust_workspace", "trust_seat", "trust_team", "trust_circle", "metadata_group", "metadata_field")
        + ("consent_purpose_text", "consent_purpose.key", "consent_retention_rule.key", "outbox_identity")
        + (
            "channels_mail_server",
            "channels_connection",
            "notifications_preference",
            "notifications_device",
            "network_measuring",
            "telephone_line",
            "telephone_exchange",
            "webforms_form",
            "webforms_text",
            "opinions_endpoint",
        )
        + ("relations_tie_type", "relations_tie.kind"),
        OURS,
    ),
    **dict.fromkeys(("trust_secret", "api_kept_answer.sealed"), SEALED),
    "dav_told.state": "Packed: the names that devices gave to their own objects, and hashes; gone in 120 days.",
    **dict.fromkeys(
        ("relations_relation.photo", "relations_erased_address.digest", "channels_import_problem.sha256")
        + ("channels_connection_problem.sha256",)
        + ("consent_never_contact.digest", "moments_moment.fingerprint", "moments_subject.key")
        + ("moments_guest.told",)
        + ("moments_attachment.sha256", "outbox_mail_file.sha256", "api_kept_answer.digest", "api_kept_answer.request"),
        HASH,
    ),
    "relations_contact_point.value": "The address itself; it goes with whose it is.",
    "channels_mail_import.ours": "Our own domains and addresses.",
    "channels_mail_import.holder": "Which worker holds it.",
    "lists_bulk_run.holder": "Which worker holds it.",
    "imports_contact_import.holder": "Which worker holds it.",
    "imports_contact_import.circle_key": OURS,
    "imports_contact_import.match": OURS,
    "lists_bulk_run.kind": OURS,
    "lists_bulk_run.act": OURS,
    "relations_contact_point.network": OURS,
    "moments_series.rule": OURS,
    "moments_guest.organizer": "The address of ours that invited.",
    "moments_series.time_zone": OURS,
    "moments_todo.repeat": OURS,
    "moments_attachment.mime": OURS,
    "outbox_mail_file.mime": OURS,
    "outbox_mail.circle_key": OURS,
    "outbox_mail.network": OURS,
    "outbox_mail.purpose_key": OURS,
    "webforms_submission.yes": OURS,
    "webforms_submission.link": HASH,
}


#: What a column without a marker holds that has to hold something.
NEEDED: dict[Any, Callable[[], Any]] = {
    ArrayField: list,
    models.UUIDField: new_id,
    models.ForeignKey: new_id,
    models.DateTimeField: now,
    models.DateField: lambda: now().date(),
    models.TimeField: lambda: now().time(),
    models.BooleanField: bool,
    models.IntegerField: int,
    models.BinaryField: bytes,
}


@dataclass(frozen=True)
class Column:
    """A column that can hold an address."""

    table: str
    name: str
    field: Any

    @property
    def key(self) -> str:
        return f"{self.table}.{self.name}"


def columns() -> Iterator[Column]:
    """Every column of a guarded table in which an address fits, whether it is planted or left out."""
    known = {model._meta.db_table: model for model in apps.get_models() if not model._meta.proxy}
    for table in guarded_tables():
        for field in known[table.name]._meta.concrete_fields:
            if _holds_text(field):
                yield Column(table.name, str(field.column), field)


def _holds_text(field: Any) -> bool:
    if isinstance(field, ArrayField):
        return _holds_text(field.base_field)
    if isinstance(field, models.JSONField | models.TextField | models.BinaryField):
        return True
    return isinstance(field, models.CharField) and not field.choices and (field.max_length or FITS) >= FITS


def is_left_out(column: Column) -> bool:
    """Whether there is a reason to leave it out."""
    return column.table in LEFT_OUT or column.key in LEFT_OUT


def addresses() -> dict[str, str]:
    """An address of its own for every column to be planted."""
    planted = [one for one in columns() if not is_left_out(one)]
    return {one.key: f"qz{place}x@p.example" for place, one in enumerate(planted)}


def plant_rows(connection: Connection[Any], workspace: int, circle: int, wanted: dict[str, str]) -> None:
    """A row of somebody else in every table, with the addresses in its columns; no trigger asks what it belongs to."""
    known = {model._meta.db_table: model for model in apps.get_models() if not model._meta.proxy}
    connection.execute("SET session_replication_role = replica")
    for table in sorted({key.partition(".")[0] for key in wanted}):
        fields = {str(one.column): one for one in known[table]._meta.concrete_fields}
        values = {name: _value(one, wanted.get(f"{table}.{name}", "")) for name, one in fields.items()}
        values["workspace_id"] = workspace
        if "circle_id" in fields:
            values["circle_id"] = circle
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder() for _one in values),
        )
        connection.execute(statement, list(values.values()))
    connection.execute("RESET session_replication_role")
    connection.commit()


def _value(field: Any, address: str) -> Any:
    """What the row has in a column: the address, nothing, or what there has to be."""
    if address:
        words = f"qz {address}" if (getattr(field, "max_length", None) or 99) > 30 else address
        if isinstance(field, models.JSONField):
            is_list = isinstance(field.get_default(), list)
            return json.dumps([[words, "x"]] if is_list else {str(new_id()): words, str(new_id()): [words]})
        return [words] if isinstance(field, ArrayField) else words
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return json.dumps(field.get_default())
    return next((value() for kind, value in NEEDED.items() if isinstance(field, kind)), "")


def found_in(connection: Connection[Any], wanted: dict[str, str]) -> list[str]:
    """Which columns still hold their address."""
    left = []
    for key, address in wanted.items():
        table, _dot, name = key.partition(".")
        statement = sql.SQL("SELECT count(*) FROM {} WHERE {}::text LIKE %s").format(
            sql.Identifier(table), sql.Identifier(name)
        )
        row = connection.execute(statement, [f"%{address}%"]).fetchone()
        left += [key] if row and row[0] else []
    return left
