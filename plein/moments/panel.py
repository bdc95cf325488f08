# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this domain puts on other pages: the composer with the timeline, and when the last contact was."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from plein.moments.queries import last_contact
from plein.moments.views.composing import composer_context, timeline_context
from plein.relations.models import Relation
from plein.trust.seats import seat_of


def relation_panel(request: HttpRequest, relation: Relation) -> SafeString:
    """The composer and the first page of the timeline, for the middle of a relation's page."""
    seat = seat_of(request)
    context = timeline_context(relation, chosen=request.GET.get("kinds", ""), here=request.path)
    if seat.can_write:
        context |= composer_context(seat, relation)
    context["can_write"] = seat.can_write
    return mark_safe(get_template("moments/panel.html").render(context, request))  # noqa: S308 — a template escaped it


def last_contact_cells(relation_ids: Sequence[UUID]) -> Mapping[UUID, SafeString]:
    """For a column of a list: when the last contact with each of these relations was."""
    cell = get_template("moments/last_contact.html")
    return {
        relation_id: mark_safe(cell.render({"last": found}))  # noqa: S308 — a template escaped it
        for relation_id, found in last_contact(relation_ids).items()
    }
