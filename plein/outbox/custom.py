# SPDX-License-Identifier: AGPL-3.0-or-later
"""The custom fields that a text may name, and their values."""

from collections.abc import Mapping
from uuid import UUID


def custom_fields() -> Mapping[str, str]:
    """The custom fields of people and organizations by the names that texts use, with their labels."""
    return {}


def custom_value(relation_id: UUID, name: str) -> str:
    """The value of a custom field of a relation in words, or nothing."""
    del relation_id, name
    return ""
