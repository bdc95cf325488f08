# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page "Who can introduce me to …": a question, the best ways, and what each rests on."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.core.ids import now
from plein.network.cards import cards_of
from plein.network.queries import COLLEAGUES, ME, Introductions, Question, introductions
from plein.network.views.asked import Asked, Unclear, typed_name
from plein.relations.queries import suggestions
from plein.relations.vocabulary import RelationKind
from plein.trust.answers import Request, page
from plein.trust.rates import slow_down_typing

TEMPLATE = "network/introductions.html"


@require_safe
def introductions_page(request: Request) -> HttpResponse:
    """Who can introduce me, or any of us, to a person or to anybody at an organization."""
    name = typed_name(request)
    try:
        asked = Asked.read(request)
    except Unclear as problem:
        asked = Asked(None, ME, None, "picture")
        return page(request, TEMPLATE, _question(asked, name) | {"problem": str(problem)}, status=422)
    context = _question(asked, name)
    if name:
        slow_down_typing(request.seat.user.id)
        context["choices"] = _choices(asked, name)
        return page(request, TEMPLATE, context, part="choices")
    if asked.to is not None:
        context |= _answer(request, asked)
    return page(request, TEMPLATE, context)


def _question(asked: Asked, name: str) -> dict[str, Any]:
    origins = [(ME, _("From me")), (COLLEAGUES, _("From any colleague"))]
    return {
        "asked": asked,
        "to": asked.to,
        "typed": name,
        "origins": [(words, asked.address(**{"from": key}), asked.origin == key) for key, words in origins],
    }


def _choices(asked: Asked, name: str) -> list[dict[str, Any]]:
    found = suggestions(name, kinds=tuple(RelationKind.values))
    return [{"one": one, "href": asked.address(to=one.id)} for one in found]


def _answer(request: Request, asked: Asked) -> dict[str, Any]:
    assert asked.to is not None
    found: Introductions = introductions(
        Question(asked.to, asked.origin), seat_id=request.seat.seat_id, count_unused=False
    )
    audit_look("relation", {one.id: one for path in found.paths for one in path.people}.values(), how="list")
    return {"cards": cards_of(found.paths, now())}
