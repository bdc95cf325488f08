# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody takes along of their own page: all of it for a program, or their card for an address book."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from plein.erasure.queries import vcard

#: Ids of ours that say nothing to anybody.
OURS = frozenset({"workspace", "id"})


def as_json(told: Mapping[str, Any]) -> dict[str, Any]:
    """All that the page shows, without our ids, but for that of the person."""
    taken: dict[str, Any] = _plain(told)
    return taken


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items() if name not in OURS}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def as_card(told: Mapping[str, Any]) -> str:
    """Their card."""
    points = [
        {"kind": one["kind"], "value": one["value"], "written": one["display"] or one["value"]}
        for one in told["points"] or ()
    ]
    works = [
        {"organization": one["organization"], "role": one["role"], "until": one["ends_on"]}
        for one in told["jobs"] or ()
    ]
    days = [{"kind": "birthday", "on": date.fromisoformat(one["on"])} for one in told["birthdays"] or ()]
    return vcard(
        {
            "subject": told["subject"],
            "person": told["person"] or {},
            "contact_points": points,
            "works_at": works,
            "dates": days,
        }
    )
