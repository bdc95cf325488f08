# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who became interesting to us."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.listening.queries import newcomers
from plein.listening.wording import newcomer_in_words
from plein.trust.answers import Request, page


@require_safe
def interesting(request: Request) -> HttpResponse:
    """New followers who stand near something that is going on, each with the reason and a way to them."""
    found = newcomers()
    named = [one for each in found for one in (each.person, each.followed, each.near, each.between)]
    audit_look("relation", named, how="list")
    return page(request, "listening/newcomers.html", {"found": [(one, newcomer_in_words(one)) for one in found]})
