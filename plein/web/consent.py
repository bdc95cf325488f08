# SPDX-License-Identifier: AGPL-3.0-or-later
"""What consent puts on the pages of others, and what they lend to it; `panels.py` registers it."""

from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from plein.consent.keeping import register_keepings
from plein.consent.listing import CONSENT
from plein.consent.models import Restriction
from plein.consent.queries import restricted_of, restriction_of
from plein.consent.slots import offer_evidence
from plein.consent.sunk import SUNK
from plein.lists.kinds import extend_kind
from plein.moments.keeping import KEEPINGS
from plein.moments.models import Moment
from plein.moments.vocabulary import MomentKind, State
from plein.relations.actions import silent_for
from plein.relations.listing import PEOPLE
from plein.relations.models import Relation
from plein.relations.slots import Aside, Notice, register_aside, register_column, register_notice
from plein.relations.slots import offer_evidence as offer_moments
from plein.web.human_dates import short_date, when

#: So many contact moments are offered as evidence of what somebody said.
MOST_EVIDENCE = 8
#: What of a restriction comes with a relation whose page is shown.
RESTRICTED = "restriction"


def consent_aside(relation: Relation) -> Aside | None:
    """In the pane of a person: what we may use for what."""
    if not relation.is_person:
        return None
    return Aside("consent", _("What we may use it for"), reverse("consent:panel", args=[relation.id]))


def restriction_notice(relation: Relation) -> Notice | None:
    """Below the name of somebody who asked us not to use their data."""
    found = _restriction(relation) if relation.is_person else None
    if found is None:
        return None
    since, reason = found
    words = _("Do not use what we have of them, since %(day)s.") % {"day": short_date(since)}
    return Notice("lock", words, reason)


def _restriction(relation: Relation) -> tuple[datetime, str] | None:
    """Since when, and why; the query for the page has it already."""
    if hasattr(relation, RESTRICTED):
        told = getattr(relation, RESTRICTED)
        return (datetime.fromisoformat(told["since"]), told["reason"]) if told else None
    found = restriction_of(relation.id)
    return (found.since, found.reason) if found else None


def _restricted() -> Subquery:
    found = Restriction.objects.filter(subject__relation_id=OuterRef("id")).order_by("since", "id")
    return Subquery(found.values(told=JSONObject(since="since", reason="reason"))[:1])


def evidence(relation: Relation) -> list[tuple[str, str]]:
    """The latest contact moments with somebody, as evidence of what they said."""
    found = Moment.objects.filter(participants__relation=relation, state=State.DONE).order_by("-occurred_at", "-id")
    return [
        (str(one.id), f"{str(MomentKind(one.kind).label).capitalize()}, {when(one.occurred_at)}")
        for one in found.distinct()[:MOST_EVIDENCE]
    ]


def is_moment(moment_id: UUID) -> bool:
    """Whether this is a contact moment that the reader may see."""
    return bool(Moment.objects.filter(id=moment_id).exists())


def register() -> None:
    """Fill the places that relations and consent keep open."""
    register_aside(consent_aside)
    register_column(RESTRICTED, _restricted)
    register_notice(restriction_notice)
    offer_evidence(evidence, is_moment)
    offer_moments(evidence, is_moment)


def register_lists() -> None:
    """Let lists of people be narrowed by what they said, and say what can be kept for a while only; workers too.

    Workers also remove relations: the addresses of those whose data are not used stay silent.
    """
    silent_for(restricted_of)
    register_keepings((*KEEPINGS, SUNK))
    extend_kind(PEOPLE.key, links=[CONSENT])
