# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this domain puts on the page of a relation: whether they work elsewhere by now, and the composer with the
timeline.
"""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.template.loader import render_to_string

from plein.metadata.queries import Catalog, catalog, values_found
from plein.moments.queries.job_news import open_news
from plein.moments.views.composing import composer_context, timeline_context
from plein.moments.views.values import composer_fields
from plein.relations.models import Relation
from plein.trust.seats import seat_of

#: What of the question comes with a relation whose page is shown, and so many questions stand there.
ASKED_ABOUT_WORK, MOST_NEWS = "asked_about_work", 3


def known_of(relation: Relation) -> Catalog:
    """The fields there are: whoever read the relation for its page has read them too."""
    found = getattr(relation, "own_fields", None)
    return catalog() if found is None else values_found(found)[0]


def relation_panel(request: HttpRequest, relation: Relation) -> str:
    """The composer and the first page of the timeline, for the middle of a relation's page."""
    seat = seat_of(request)
    context = timeline_context(relation, chosen=request.GET.get("kinds", ""), here=request.path)
    if seat.can_write:
        context |= composer_context(seat, relation)
        context |= composer_fields(known_of(relation))
    context["can_write"] = seat.can_write
    return render_to_string("moments/panel.html", context, request)


def asked_about_work() -> Exists:
    """For the query of a relation's page: whether it is asked where they work."""
    return Exists(open_news().filter(person_id=OuterRef("id")))


def work_panel(request: HttpRequest, relation: Relation) -> str:
    """That somebody seems to work elsewhere, with the answers; nothing where nobody says so."""
    if not relation.is_person or not getattr(relation, ASKED_ABOUT_WORK, True):
        return ""
    news = list(open_news(person=relation.id)[:MOST_NEWS])
    context = {"news": news, "relation": relation, "can_write": seat_of(request).can_write}
    return render_to_string("moments/elsewhere.html", context, request) if news else ""
