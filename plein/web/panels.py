# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one domain puts on the pages of another: the one list of it."""

from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.identity.panel import known_as
from plein.lists.custom import made_fields
from plein.lists.kinds import ListKind, extend_kind, make_fields_with, register_kind
from plein.lists.queries import all_views
from plein.metadata.slots import offer
from plein.moments import many as many_moments
from plein.moments.listing import LAST_CONTACT as LAST_CONTACT_COLUMN
from plein.moments.listing import MOMENT_OF_RELATION, MOMENTS, TODO_OF_RELATION, TODOS
from plein.moments.moving import moved_with
from plein.moments.panel import ASKED_ABOUT_WORK, asked_about_work, relation_panel, work_panel
from plein.moments.queries import last_contact
from plein.moments.vocabulary import MomentKind
from plein.relations import many as many_relations
from plein.relations.listing import ORGANIZATIONS, PEOPLE
from plein.relations.models import Relation, Tag
from plein.relations.slots import Fact, register_column, register_fact, register_known, register_moved, register_panel
from plein.trust.models import User
from plein.trust.start_pages import StartPage, offer_start_pages
from plein.web import answering, around, consent, invoices, network
from plein.web.human_dates import day_of, from_now, today, when
from plein.web.navigation import STARTS, links_for
from plein.web.placed_kinds import register_what_is_placed

LAST_CONTACT = cast(str, gettext_lazy("Last contact"))


def last_contact_fact(relation: Relation) -> Fact | None:
    """For the strip of a relation: when the last contact was, by what means, and how long ago that is."""
    last = last_contact([relation.id]).get(relation.id)
    if last is None:
        return None
    means = str(MomentKind(last.kind).label)
    note = means[:1].upper() + means[1:]
    if (today() - day_of(last.occurred_at)).days > 1:
        note = _("%(means)s, %(ago)s") % {"means": note, "ago": from_now(last.occurred_at)}
    return Fact(str(LAST_CONTACT), when(last.occurred_at), note)


def start_pages(user: User) -> list[StartPage]:
    """The pages of Plein that one may begin on, and one's saved views; the first is the one without a choice."""
    del user
    links = links_for(STARTS)
    pages = [StartPage("" if link.id == "today" else link.href, link.label) for link in links]
    return pages + [StartPage(view.href, view.name) for view in all_views()]


def tag_choices() -> list[tuple[str, str]]:
    """The tags that a company's own field can be kept for."""
    return [(str(tag_id), name) for tag_id, name in Tag.objects.order_by("name").values_list("id", "name")]


def view_choices() -> list[tuple[str, str]]:
    """The saved views that a company's own field can be kept for."""
    return [(str(view.id), view.name) for view in all_views() if view.kind != TODOS.key]


FACTS = (last_contact_fact,)
PANELS = (work_panel, relation_panel)
MOVED = (moved_with,)
#: Every kind of record that has a list. A new kind is one more here.
LISTS: tuple[ListKind, ...] = (PEOPLE, ORGANIZATIONS, MOMENTS, TODOS)


def register() -> None:
    """Fill the places that relations keeps open."""
    offer_start_pages(start_pages)
    offer("tags", tag_choices)
    offer("views", view_choices)
    register_lists()
    register_what_is_placed()
    for fact in FACTS:
        register_fact(fact)
    register_column(ASKED_ABOUT_WORK, asked_about_work)
    for panel in PANELS:
        register_panel(panel)
    network.register()
    consent.register()
    around.register()
    invoices.register()
    answering.register()
    for count in MOVED:
        register_moved(count)
    register_known(known_as)


def register_lists() -> None:
    """Give every kind its list, with what other domains add to it."""
    make_fields_with(made_fields)
    for kind in LISTS:
        register_kind(kind)
    many_relations.register()
    many_moments.register()
    consent.register_lists()
    around.register_lists()
    for key in (PEOPLE.key, ORGANIZATIONS.key):
        extend_kind(
            key,
            fields=[LAST_CONTACT_COLUMN],
            links=[MOMENT_OF_RELATION, TODO_OF_RELATION],
            columns=[LAST_CONTACT_COLUMN.key],
        )
