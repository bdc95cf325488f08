# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every text there is, is looked through; what is not, has a reason."""

from plein.core.isolation.registry import guarded_tables
from plein.erasure.texts import MENTIONING, UNTOUCHED, _texts


def test_only_tables_with_a_reason_are_passed_over() -> None:
    names = {table.name for table in guarded_tables()}

    assert set(UNTOUCHED) <= names
    assert set(MENTIONING) <= names - set(UNTOUCHED)
    assert all(UNTOUCHED.values())


def test_the_texts_in_which_people_are_written_of_are_among_them() -> None:
    found = {(table.name, str(column["name"])) for table in guarded_tables()
             if table.name not in UNTOUCHED for column in _texts(table.name)}  # fmt: skip

    assert {
        ("moments_text", "text"),
        ("moments_text", "html"),
        ("moments_subject", "title"),
        ("relations_relation", "about"),
        ("relations_values", "values"),
        ("lists_view", "query"),
        ("moments_draft", "content"),
        ("channels_mail_import", "preview"),
        ("consent_never_contact", "reason"),
        ("outbox_mail", "to"),
    } <= found
    # Hashes stay as they are.
    assert not {column for _table, column in found} & {"sha256", "digest", "fingerprint"}
