# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from plein.core.ids import now
from plein.core.operations import operation
from plein.relations.models import ContactPoint, ContactPointLink, Relation
from plein.relations.names import tidy
from plein.relations.refusals import Refused
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LONGEST_REASON = 300
type SilentOf = Callable[[Iterable[UUID]], set[UUID]]
_silent: list[SilentOf] = []


def _checked(reason: str) -> str:
    kept = tidy(reason)
    if not kept:
        raise Refused(_("Say why, so that colleagues understand: “asked us on 3 March”."), "reason")
    return kept[:LONGEST_REASON]


def forbid_contact(*, actor: Entrance, relation: Relation, reason: str) -> Relation:
    """Note that this relation is not to be contacted: no mail leaves for any of its addresses from now on."""
    permit(actor, "write")
    kept = _checked(reason)
    with operation("forbid_contact"):
        Relation.objects.filter(id=relation.id).update(
            do_not_contact=True, do_not_contact_since=now(), do_not_contact_reason=kept
        )
    saved: Relation = Relation.objects.get(id=relation.id)
    return saved


def allow_contact(*, actor: Entrance, relation: Relation) -> Relation:
    """Take the mark off a relation again; only an administrator may decide that."""
    permit(actor, "manage")
    with operation("allow_contact"):
        Relation.objects.filter(id=relation.id).update(
            do_not_contact=False, do_not_contact_since=None, do_not_contact_reason=""
        )
    saved: Relation = Relation.objects.get(id=relation.id)
    return saved


def forbid_contact_point(*, actor: Entrance, link: ContactPointLink, reason: str) -> ContactPointLink:
    """Note that this one address is not to be used, whoever it belongs to."""
    permit(actor, "write")
    kept = _checked(reason)
    with operation("forbid_contact_point"):
        ContactPoint.objects.filter(id=link.contact_point_id).update(do_not_contact=True, do_not_contact_reason=kept)
    saved: ContactPointLink = ContactPointLink.objects.get(id=link.id)
    return saved


def allow_contact_point(*, actor: Entrance, link: ContactPointLink) -> ContactPointLink:
    """Take the mark off an address again; only an administrator may decide that."""
    permit(actor, "manage")
    with operation("allow_contact_point"):
        ContactPoint.objects.filter(id=link.contact_point_id).update(do_not_contact=False, do_not_contact_reason="")
    saved: ContactPointLink = ContactPointLink.objects.get(id=link.id)
    return saved


def silent_for(others: SilentOf) -> None:
    """Name who else may not be written to, for another domain's reasons. Only `plein/web/consent.py` calls this."""
    if others not in _silent:
        _silent.append(others)


def keep_wishes(ids: Iterable[UUID]) -> None:
    """Before relations go to the recycle bin: the addresses of those who want no contact keep that wish themselves.

    Otherwise removing somebody would be a way to write to them.
    """
    leaving = list(ids)
    others = {one for silent in _silent for one in silent(leaving)}
    for relation in Relation.objects.filter(Q(do_not_contact=True) | Q(id__in=others), id__in=leaving):
        points = ContactPointLink.objects.filter(relation_id=relation.id, revoked_at__isnull=True)
        wanted = ContactPoint.objects.filter(id__in=list(points.values_list("contact_point_id", flat=True)))
        wanted.filter(do_not_contact=False).update(
            do_not_contact=True, do_not_contact_reason=relation.do_not_contact_reason
        )
