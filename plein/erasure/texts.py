# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where people are written of: every free text of every guarded table, found by the models and not by a list.

A new table is in it by itself. A column with choices holds our words; one that is too short for an address holds none.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from plein.core.isolation.registry import GuardedTable

SQL = Path(__file__).parent / "sql" / "keeper.sql"
#: From how many characters on a column holds what people write.
SHORTEST = 24
#: Columns with our own keys and hashes, in which nobody writes.
KEYS = {
    "api_kept_answer.digest",
    "api_kept_answer.request",
    "channels_connection.connector",
    "channels_connection.holder",
    "channels_connection_problem.sha256",
    "channels_import_problem.sha256",
    "channels_mail_import.holder",
    "consent_never_contact.digest",
    "consent_purpose.key",
    "consent_retention_rule.key",
    "imports_contact_import.circle_key",
    "imports_contact_import.holder",
    "lists_bulk_run.act",
    "lists_bulk_run.holder",
    "lists_bulk_run.kind",
    "moments_attachment.sha256",
    "moments_moment.fingerprint",
    "moments_series.time_zone",
    "moments_subject.key",
    "outbox_mail.network",
    "outbox_mail.purpose_key",
    "outbox_mail_file.sha256",
    "relations_contact_point.network",
    "relations_erased_address.digest",
    "relations_relation.photo",
    "relations_tie.kind",
}
#: Tables in which nobody writes of others, each with its reason.
UNTOUCHED = {
    "core_operation": "its facts are counts and ids",
    "core_change": "history is redacted row by row",
    "core_search_document": "triggers make it anew from what it was made of",
    "core_search_token": "triggers make it anew",
    "identity_key": "triggers make it anew",
    "identity_pair": "fields and levels, which the next comparing finds anew",
    "identity_book_run": "how far a job is",
    "identity_term": "names that very many bear, counted",
    "core_search_word": "words that are in no name any more go",
    "core_audit_entry": "holds ids and keyed hashes only, and outlives those it is about",
    "core_audit_head": "holds hashes only",
    "trust_workspace": "the company itself",
    "trust_seat": "colleagues",
    "trust_team": "teams",
    "trust_circle": "keys of circles",
    "trust_secret": "sealed",
    "metadata_group": "the company's words for its own fields",
    "metadata_field": "the company's words for its own fields",
    "relations_tie_type": "the company's words for its kinds of tie",
    "channels_mail_server": "our own server",
    "relations_cell": "triggers make it anew of the values",
    "moments_cell": "triggers make it anew of the values",
    "consent_purpose_text": "the company's words for a purpose, which are proof",
    "outbox_identity": "our own addresses and signatures",
    "notifications_preference": "hours and ticks",
    "notifications_device": "a colleague's own browser",
    "erasure_erasure": "ids and hashes of files that are about to go",
}
#: Tables in which a name in full is taken out too, and not only addresses: what colleagues were about to do.
MENTIONING = (
    "asking_request",
    "asking_turn",
    "channels_mail_import",
    "consent_list",
    "dav_mirrored",
    "documents_file_record",
    "documents_file_text",
    "imports_contact_import",
    "imports_foreseen",
    "imports_left_out",
    "lists_bulk_failure",
    "lists_bulk_run",
    "lists_view",
    "listening_search",
    "moments_draft",
    "moments_proposal",
    "moments_topic",
    "mypage_request",
    "outbox_mail",
    "questions_question",
    "questions_turn",
)


def keeper_sql(tables: Iterable[GuardedTable]) -> str:
    """The functions that erase, for the tables there are."""
    texts = {table.name: list(_texts(table.name)) for table in tables if table.name not in UNTOUCHED}
    known = {name: columns for name, columns in texts.items() if columns}
    mentioning = "ARRAY[" + ", ".join(f"'{name}'" for name in MENTIONING) + "]"
    return SQL.read_text().replace("{texts}", json.dumps(known)).replace("{mentioning}", mentioning)


def _texts(table: str) -> Iterator[dict[str, object]]:
    for field in _models()[table]._meta.concrete_fields:
        kind, size = _kind(field)
        if kind and f"{table}.{field.column}" not in KEYS:
            yield {"name": field.column, "kind": kind, "size": size}


def _kind(field: Any) -> tuple[str, int]:
    match field:
        case models.JSONField():
            return "json", 0
        case models.TextField():
            return "text", 0
        case models.CharField() if not field.choices and (field.max_length or 0) >= SHORTEST:
            return "text", int(field.max_length or 0)
    return "", 0


def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models() if not model._meta.proxy}
