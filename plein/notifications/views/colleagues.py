# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from plein.notifications.queries.colleagues import colleagues_like
from plein.relations.models import Relation
from plein.trust.answers import Request, page

LONGEST = 60


@require_safe
def suggest(request: Request) -> HttpResponse:
    """Colleagues to name with an @, as lines of a list; who would not see the text is marked."""
    about = _relation(request.GET.get("relation", ""))
    circles = [about.circle_id] if about is not None else []
    found = colleagues_like(
        request.GET.get("q", "")[:LONGEST], audience=request.GET.get("circle", "")[:LONGEST], circles=circles
    )
    return page(request, "notifications/colleagues.html", {"found": found}, part="options")


def _relation(text: str) -> Relation | None:
    try:
        found: Relation | None = Relation.objects.filter(id=UUID(text)).first()
    except ValueError:
        return None
    return found
