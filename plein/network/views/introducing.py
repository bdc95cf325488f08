# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page "Who can introduce me to …": a question, the best ways, and what each rests on."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.network.cards import LONGEST_NAME, Card, Reader, cards_of
from plein.network.pictures.ways import picture_of
from plein.network.prose import shortened
from plein.network.queries import COLLEAGUES, ME
from plein.network.queries.faces import Face
from plein.network.queries.following import Moment, this_moment
from plein.network.queries.introductions import other_colleagues, ways
from plein.network.slots import ChosenWay, asks
from plein.network.views.asked import PICTURE, TABLE, Asked, Unclear, typed_name
from plein.relations.queries import suggestions
from plein.relations.vocabulary import RelationKind
from plein.trust.answers import Request, page
from plein.trust.rates import slow_down_typing

TEMPLATE = "network/introductions.html"
#: What is swapped when another way is chosen.
WAYS = "ways"
#: What the address has under `choose` to be shown the colleagues to begin with.
BEGIN = "from"


@require_safe
def introductions_page(request: Request) -> HttpResponse:
    """Who can introduce me, or any of us, to a person or to anybody at an organization."""
    moment = this_moment()
    name = typed_name(request)
    try:
        asked = Asked.read(request, moment)
    except Unclear as problem:
        return page(request, TEMPLATE, {**_question(Asked(), name), "problem": str(problem)}, status=422)
    context = _question(asked, name)
    if request.GET.get("choose") == BEGIN:
        return _beginners(request, asked, context)
    if name:
        return _chosen_by_name(request, asked, name, context)
    if asked.to is None:
        return page(request, TEMPLATE, context)
    return page(request, TEMPLATE, context | _answer(request, asked, moment), part=WAYS)


def _question(asked: Asked, name: str) -> dict[str, Any]:
    origins = [(ME, _("From me")), (COLLEAGUES, _("From any of us"))]
    views = [(PICTURE, _("Picture"), "affiliate"), (TABLE, _("Table"), "list")]
    return {
        "asked": asked,
        "to": asked.to,
        "typed": name,
        "origins": [(words, asked.address(**{"from": key}), asked.begin == key) for key, words in origins],
        "views": [(words, icon, asked.address(view=key), asked.view == key) for key, words, icon in views],
        "choose_url": asked.address(choose=1),
        "begin_url": asked.address(choose=BEGIN),
        "is_table": asked.view == TABLE,
    }


def _beginners(request: Request, asked: Asked, context: dict[str, Any]) -> HttpResponse:
    """The colleagues one of whom one may begin with, by name."""
    found = list(other_colleagues(request.seat.seat_id))
    audit_look("relation", found, how="list")
    begins = [(one.name, asked.address(**{"from": one.id}), asked.begin == str(one.id)) for one in found]
    return page(request, TEMPLATE, context | {"begins": begins, "is_beginning": True}, part="beginners")


def _chosen_by_name(request: Request, asked: Asked, name: str, context: dict[str, Any]) -> HttpResponse:
    """Whom one may mean, to choose from; without htmx the only one is chosen at once."""
    slow_down_typing(request.seat.user.id)
    found = suggestions(name, kinds=tuple(RelationKind.values))
    if len(found) == 1 and not request.htmx:
        return HttpResponseRedirect(reverse("network:introductions") + asked.address(to=found[0].id))
    context |= {"choices": [{"one": one, "href": asked.address(to=one.id)} for one in found]}
    return page(request, TEMPLATE, context | {"is_choosing": True}, part="choices")


def _answer(request: Request, asked: Asked, moment: Moment) -> dict[str, Any]:
    assert asked.to is not None
    seat_id = request.seat.seat_id
    is_me = asked.mine is not None and asked.mine.id == asked.to.id
    found = ways(asked.ends, moment, seat_id)
    audit_look("relation", {one.id: one for path in found.paths for one in path.people}.values(), how="list")
    cards = cards_of(found.paths, Reader(seat_id, moment.at))
    number = asked.number if asked.number <= len(cards) else 1
    cards = [
        replace(one, href=asked.address(path=one.number), is_chosen=one.number == number) for one in cards
    ]  # fmt: skip
    return {
        "cards": cards,
        "second": next((one.number for one in cards if not one.is_chosen), 0),
        "chosen": next((one for one in cards if one.is_chosen), None),
        "picture": picture_of(cards, number) if asked.view == PICTURE else None,
        "not_used": found.not_used,
        "is_me": is_me,
        "shout_url": "" if is_me or asked.to.relation.do_not_contact else _shout(asked.to),
        "has_me": asked.mine is not None or asked.begin != ME,
        "asks": _asks(request, asked, cards, number),
    }


def _shout(to: Face) -> str:
    """The address of a question to the square that is about them."""
    words = _("Who knows %(name)s, and can introduce me?") if to.is_person else _("Who knows somebody at %(name)s?")
    return f"{reverse('questions:ask')}?{urlencode({'text': words % {'name': shortened(to.name, LONGEST_NAME)}})}"


def _asks(request: Request, asked: Asked, cards: list[Card], number: int) -> list[str]:
    """What other domains put below the chosen way."""
    if not cards or asked.to is None:
        return []
    card = cards[number - 1]
    is_mine = card.stops[0].is_me
    address = reverse("network:introductions") + asked.address(path=number)
    way = ChosenWay(asked.to.relation, card.path, number, is_mine, address)
    return [words for words in (make(request, way) for make in asks) if words]
