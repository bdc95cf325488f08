# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the reading process hands documents over: plain JSON, in which amounts are texts so that no cent is lost."""

from typing import Any

from pydantic import TypeAdapter

from plein.documents.files.records import Document, Invoice, Statement

_KINDS: dict[str, TypeAdapter[Any]] = {"invoice": TypeAdapter(Invoice), "statement": TypeAdapter(Statement)}


def to_json(document: Document) -> dict[str, Any]:
    """A document as JSON, with what it is."""
    kind = "invoice" if isinstance(document, Invoice) else "statement"
    return {"is": kind, "says": _KINDS[kind].dump_python(document, mode="json")}


def from_json(told: dict[str, Any]) -> Document:
    """The document that :func:`to_json` wrote."""
    found: Document = _KINDS[str(told["is"])].validate_python(told["says"], strict=False)
    return found
