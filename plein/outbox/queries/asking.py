# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a mail can be for, and whom to ask when nothing may go to somebody."""

from django.utils.translation import gettext as _

from plein.consent.models import Purpose
from plein.consent.queries import purposes
from plein.consent.vocabulary import PERSONAL
from plein.core.isolation import current
from plein.moments.models import Moment
from plein.relations.models import Relation
from plein.relations.vocabulary import ContactKind
from plein.trust.models import Seat


def purposes_for_mail() -> list[Purpose]:
    """What a mail can be for, personal contact first."""
    fit = [one for one in purposes() if ContactKind.EMAIL in one.kinds]
    return sorted(fit, key=lambda one: one.key != PERSONAL)


def who_knows(relation: Relation) -> str:
    """The owner of a relation, else the colleague who was last in touch, in a sentence; never oneself."""
    seat = _owner(relation) or _last_in_touch(relation)
    return _("Ask %(name)s, who knows them.") % {"name": seat} if seat else ""


def _owner(relation: Relation) -> Seat | None:
    owner: Seat | None = relation.owner
    return owner if owner and owner.is_active and owner.id != current().seat_id else None


def _last_in_touch(relation: Relation) -> Seat | None:
    others = Moment.objects.filter(participants__relation=relation, recorded_by__is_active=True)
    last = others.exclude(recorded_by_id=current().seat_id).order_by("-occurred_at", "-id")
    found: Moment | None = last.select_related("recorded_by__user").first()
    return found.recorded_by if found else None
