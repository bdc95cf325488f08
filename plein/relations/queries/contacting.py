# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is not to be contacted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from plein.core.finding.finder import looking
from plein.core.isolation import workspace_id
from plein.relations.models import ContactPoint, ContactPointLink, Relation
from plein.trust.models import Role, Seat

#: Deliberately without circles: a wish not to be written to counts for everybody. It tells of an address only that it
#: is on the list, not whose it is, who knows it or why.
_LISTED = """
    SELECT DISTINCT p.value FROM relations_contact_point p
      LEFT JOIN relations_contact_point_link l ON l.workspace_id = p.workspace_id AND l.contact_point_id = p.id
           AND l.revoked_at IS NULL
      LEFT JOIN relations_relation r ON r.workspace_id = l.workspace_id AND r.id = l.relation_id
     WHERE p.workspace_id = %s AND p.kind = %s AND p.value = ANY(%s) AND (p.do_not_contact OR r.do_not_contact)
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """An address on the do-not-contact list, and what its reader may know about that."""

    value: str
    words: str


def listed_addresses(values: Iterable[str], kind: str = "email") -> dict[str, Listed]:
    """Which of these addresses are on the do-not-contact list, with the reason where the reader may see it.

    The values are in their normal form, see `plein.relations.contact`.
    """
    asked = list(dict.fromkeys(values))
    if not asked:
        return {}
    with looking() as cursor:
        cursor.execute(_LISTED, [workspace_id(), kind, asked])
        found = [str(row[0]) for row in cursor.fetchall()]
    if not found:
        return {}
    known = _known_reasons(found, kind)
    neutral = _("%(address)s is on the do-not-contact list.")
    ask = whom_to_ask()
    return {value: Listed(value, f"{known.get(value) or neutral % {'address': value}} {ask}") for value in found}


def _known_reasons(values: list[str], kind: str) -> dict[str, str]:
    points: list[ContactPoint] = list(ContactPoint.objects.filter(kind=kind, value__in=values))
    words: dict[str, str] = {}
    links = ContactPointLink.objects.filter(contact_point__in=points, revoked_at__isnull=True)
    for link in links.filter(relation__do_not_contact=True).select_related("relation", "contact_point"):
        words[link.contact_point.value] = wish_of(link.relation)
    for point in points:
        if point.do_not_contact:
            facts = {"address": str(point), "reason": point.do_not_contact_reason}
            words.setdefault(point.value, _("%(address)s is not to be used: %(reason)s.") % facts)
    return words


def since_words(at: datetime | None) -> str:
    """Since when, as people write it."""
    return date_format(localtime(at), "j F Y") if at else ""


def wish_of(relation: Relation) -> str:
    """That somebody is not to be contacted, since when and why, in a sentence."""
    facts = {
        "name": relation.name,
        "day": since_words(relation.do_not_contact_since),
        "reason": relation.do_not_contact_reason,
    }
    return _("%(name)s is not to be contacted since %(day)s: %(reason)s.") % facts


def whom_to_ask() -> str:
    """Who can change it, by name."""
    seats = Seat.objects.filter(is_active=True, role__in=(Role.OWNER, Role.ADMINISTRATOR)).select_related("user")
    names = [str(seat) for seat in seats.order_by("user__name", "id")[:3]]
    return _("If that is no longer so, ask %(names)s.") % {"names": _(" or ").join(names)}
