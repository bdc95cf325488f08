# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from plein.moments.dossier import write_dossier
from plein.relations.queries import relation_of
from plein.trust.answers import Request


@require_safe
def dossier(request: Request, relation_id: UUID) -> HttpResponse:
    """Everything of a relation on paper."""
    relation = relation_of(relation_id)
    if relation is None:
        raise Http404
    seat = request.seat
    content = write_dossier(relation, reader=str(seat.user), workspace=seat.workspace_name)
    response = HttpResponse(content, content_type="application/pdf")
    name = "".join(char for char in relation.name if char.isprintable() and char not in '/\\"')[:80]
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf") or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
