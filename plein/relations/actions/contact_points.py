# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation
from plein.relations.contact import Contact, normalise
from plein.relations.digests import digests_of
from plein.relations.models import ContactPoint, ContactPointLink, ErasedAddress, Relation
from plein.relations.queries.erased import erased_at
from plein.relations.refusals import IS_BACK, Refused
from plein.relations.vocabulary import Source
from plein.trust.circles import everyone
from plein.trust.models import Workspace
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def home_country() -> str:
    """The country in which phone numbers without a country code are."""
    return str(Workspace.objects.values_list("country", flat=True).get())


def _point(contact: Contact, relation: Relation) -> ContactPoint:
    """The contact point itself: an existing one that is as open as the relation, else a new one."""
    point: ContactPoint | None = (
        ContactPoint.objects.filter(kind=contact.kind, value=contact.value, network=contact.network)
        .filter(circle_id__in={relation.circle_id, everyone()})
        .order_by("id")
        .first()
    )
    if point is None:
        point = ContactPoint.objects.create(
            kind=contact.kind,
            network=contact.network,
            value=contact.value,
            display=contact.display,
            detail=contact.detail,
            circle_id=relation.circle_id,
        )
    return point


def _let_back_in(contact: Contact, *, is_back: bool) -> None:
    """Refuse an address of somebody who was erased, unless they came back."""
    at = erased_at([contact.value], contact.kind).get(contact.value)
    if at is None:
        return
    if not is_back:
        words = _("Somebody with this address asked on %(day)s to be erased. Note it only if they came to us again.")
        raise Refused(words % {"day": date_format(localtime(at), "j F Y")}, IS_BACK)
    ErasedAddress.objects.filter(digest__in=digests_of(contact.kind, contact.value)).delete()


def add_contact_point(
    *,
    actor: Entrance,
    relation: Relation,
    text: str,
    kind: str = "",
    network: str = "",
    label: str = "",
    source: str = Source.HAND,
    reasons: Sequence[str] = (),
    is_back: bool = False,
) -> ContactPointLink:
    """Assert that a contact point belongs to a relation; raises ContactError when it cannot be one.

    One of somebody who was erased needs the word that they came back; from then on it is known no more as erased.
    """
    permit(actor, "write")
    contact = normalise(text, kind=kind, network=network, country=home_country())
    links = ContactPointLink.objects.filter(relation_id=relation.id, revoked_at__isnull=True)
    if links.filter(
        contact_point__kind=contact.kind, contact_point__value=contact.value, contact_point__network=contact.network
    ).exists():
        raise Refused(_("%(name)s has this already.") % {"name": relation.name})
    with operation("add_contact_point"):
        _let_back_in(contact, is_back=is_back)
        saved: ContactPointLink = ContactPointLink.objects.create(
            contact_point=_point(contact, relation),
            relation=relation,
            label=label,
            is_primary=not links.filter(contact_point__kind=contact.kind, is_primary=True).exists(),
            source=source,
            reasons=list(reasons),
            decided_by_id=actor.seat_id,
        )
        return saved


def edit_contact_point(
    *, actor: Entrance, link: ContactPointLink, text: str, label: str = "", is_back: bool = False
) -> ContactPointLink:
    """Correct a contact point: another label stays the same assertion, another address is a new one."""
    permit(actor, "write")
    old = link.contact_point
    contact = normalise(text, kind=old.kind, network=old.network, country=home_country())
    with operation("edit_contact_point"):
        if contact.value == old.value:
            ContactPointLink.objects.filter(id=link.id).update(label=label)
            saved: ContactPointLink = ContactPointLink.objects.get(id=link.id)
        else:
            _let_back_in(contact, is_back=is_back)
            # What was heard under the old address stays as heard: the old assertion ends, a new one begins.
            ContactPointLink.objects.filter(id=link.id).update(revoked_at=now(), is_primary=False)
            saved = ContactPointLink.objects.create(
                contact_point=_point(contact, link.relation),
                relation=link.relation,
                label=label,
                is_primary=link.is_primary,
                decided_by_id=actor.seat_id,
            )
    return saved


def make_primary(*, actor: Entrance, link: ContactPointLink) -> ContactPointLink:
    """Put one contact point first among those of its kind."""
    permit(actor, "write")
    with operation("make_primary"):
        others = ContactPointLink.objects.filter(
            relation_id=link.relation_id, contact_point__kind=link.contact_point.kind, is_primary=True
        ).exclude(id=link.id)
        ContactPointLink.objects.filter(id__in=list(others.values_list("id", flat=True))).update(is_primary=False)
        ContactPointLink.objects.filter(id=link.id).update(is_primary=True)
    saved: ContactPointLink = ContactPointLink.objects.get(id=link.id)
    return saved


def revoke_contact_point(*, actor: Entrance, link: ContactPointLink) -> Operation:
    """Say that a contact point is not, or no longer, of this relation; what came in on it stays."""
    permit(actor, "write")
    with operation("revoke_contact_point") as done:
        ContactPointLink.objects.filter(id=link.id).update(revoked_at=now(), is_primary=False)
    return done


def restore_contact_point(*, actor: Entrance, link: ContactPointLink) -> ContactPointLink:
    """Say that a revoked contact point is of this relation after all."""
    permit(actor, "write")
    with operation("restore_contact_point"):
        ContactPointLink.objects.filter(id=link.id).update(revoked_at=None)
    saved: ContactPointLink = ContactPointLink.objects.get(id=link.id)
    return saved
