# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where an address leads that names a relation which became one with another: to the same page of the one it is now."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect

from plein.relations.queries.merging import became
from plein.trust.seats import Entrance

LOOKING = ("GET", "HEAD")


def of_former(request: HttpRequest) -> HttpResponseRedirect | None:
    """The way to the one, for who could see both; of everything else there is nothing at the address."""
    match = request.resolver_match
    if match is None or request.method not in LOOKING or not isinstance(getattr(request, "seat", None), Entrance):
        return None
    named = match.kwargs.get("relation_id") or (
        match.kwargs.get("record_id") if match.kwargs.get("thing") == "relations" else None
    )
    kept = became(named) if isinstance(named, UUID) else None
    if kept is None:
        return None
    return HttpResponseRedirect(request.get_full_path().replace(str(named), str(kept.id), 1))
