# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a list of who has which job from a CSV file, as companies keep next to their mail."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from plein.channels.connectors.mail.addresses import normal_address
from plein.channels.connectors.mail.charsets import decode

_UNKNOWN = ("na", "n/a", "-", "null", "none", "?", "unknown", "onbekend")
_COLUMNS = {
    "address": ("email", "e-mail", "mail", "address", "e-mailadres", "emailadres", "email_address"),
    "local": ("email_local", "local", "local_part", "user", "username"),
    "name": ("name", "full_name", "naam", "display_name"),
    "title": ("title", "job_title", "role", "function", "functie", "note", "notes", "rol"),
}
_AT_MOST = 50 * 1024 * 1024


class NotRoles(Exception):
    """The file is no list of roles; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class JobRole:
    """One line: an address and what its owner is called and does; "" where the list does not know."""

    address: str
    name: str
    title: str


def read_roles(path: Path, domain: str = "") -> list[JobRole]:
    """Return the roles in a CSV; an address without a domain gets ``domain``."""
    if path.stat().st_size > _AT_MOST:
        raise NotRoles(f"The file {path.name!r} is too large for a list of roles.")
    text = decode(path.read_bytes())
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    chosen = {
        field: next((columns[name] for name in names if name in columns), None) for field, names in _COLUMNS.items()
    }
    if not chosen["address"] and not chosen["local"]:
        raise NotRoles(f"The file {path.name!r} has no column called email or email_local.")
    found: dict[str, JobRole] = {}
    try:
        for row in rows:
            local = _known(row, chosen["local"])
            address = _known(row, chosen["address"]) or (f"{local}@{domain}" if local and domain else "")
            usable = normal_address(address)
            if usable:
                found[usable] = JobRole(usable, _known(row, chosen["name"])[:300], _known(row, chosen["title"])[:300])
    except csv.Error as error:
        raise NotRoles(f"The file {path.name!r} cannot be read as CSV: {error}.") from error
    return list(found.values())


def _known(row: dict[str | None, str | list[str] | None], column: str | None) -> str:
    value = row.get(column) if column else None
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "" if text.lower() in _UNKNOWN else text
