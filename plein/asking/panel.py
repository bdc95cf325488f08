# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bar below the ways to somebody, from which one asks the first person on the chosen one."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from plein.asking.queries import language_of, text_for, way_of
from plein.network.slots import ChosenWay
from plein.trust.seats import seat_of


def ask_bar(request: HttpRequest, chosen: ChosenWay) -> str:
    """The ready text to the first person, to send as it is or to change; nothing for who may ask nobody. No query."""
    actor = seat_of(request)
    way = way_of(chosen.path, actor)
    if not way.asked or not actor.can_write:
        return ""
    person = way.asked[0]
    context = {
        "way": way,
        "to": chosen.to,
        "person": person,
        "text": (text := text_for(actor, way, language_of(person), "")),
        "line": " ".join(text.split()),
    }
    return render_to_string("asking/bar.html", context, request=request)
