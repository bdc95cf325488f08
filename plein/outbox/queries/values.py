# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the fields of a text stand for in one mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format

from plein.core.ids import now
from plein.outbox.custom import custom_fields, custom_value
from plein.outbox.fields import Filled, fill
from plein.outbox.queries.senders import Sender
from plein.relations.models import ContactPointLink, Membership, Relation
from plein.relations.vocabulary import ContactKind
from plein.trust.models import Seat
from plein.trust.seats import Entrance


@dataclass
class Values:
    """The values for one mail, looked up when they are asked for."""

    actor: Entrance
    sender: Sender | None
    person: Relation | None = None
    organization: Relation | None = None
    role: str = ""
    custom: Mapping[str, str] = field(default_factory=custom_fields)

    def of(self, name: str) -> str:
        """The value of a field, or nothing."""
        kind, _dot, rest = name.partition(".")
        if kind == "me":
            return self._mine(rest)
        if kind == "my_page":
            # The link is made when the letter leaves, for nobody but its reader.
            return "{{my_page}}" if self.person else ""
        if kind == "company":
            return self.actor.workspace_name
        if kind == "today":
            return date_format(timezone.localtime(now()), "j F Y")
        relation = self.person if kind == "person" else self.organization
        if relation is None:
            return ""
        if rest.startswith("c."):
            return custom_value(relation.id, name)
        return self._detail(relation, rest)

    def _mine(self, name: str) -> str:
        if name == "title":
            return str(Seat.objects.values_list("title", flat=True).get(id=self.actor.seat_id))
        if name == "email":
            return self.sender.reply_to or self.sender.address if self.sender else self.actor.user.email
        whole = self.sender.name if self.sender and not self.sender.is_shared else self.actor.user.name
        return whole.partition(" ")[0] if name == "given_name" else whole

    def _detail(self, relation: Relation, name: str) -> str:
        match name:
            case "name" | "place" | "given_name":
                return str(getattr(relation, name))
            case "family_name":
                return " ".join(filter(None, (relation.infix, relation.family_name)))
            case "role":
                return self.role
            case "email":
                return _address_of(relation.id)
        return ""

    def fill(self, text: str) -> Filled:
        """The text with its fields filled."""
        return fill(text, self.of, self.custom)


def _address_of(relation_id: UUID) -> str:
    links = ContactPointLink.objects.filter(
        relation_id=relation_id, revoked_at__isnull=True, contact_point__kind=ContactKind.EMAIL
    ).select_related("contact_point")
    first = links.order_by("-is_primary", "id").first()
    return first.contact_point.value if first else ""


def values_for(actor: Entrance, sender: Sender | None, relation: Relation | None) -> Values:
    """The values for a mail to somebody: a person with where they work, or an organization."""
    values = Values(actor, sender)
    if relation is None:
        return values
    if not relation.is_person:
        values.organization = relation
        return values
    values.person = relation
    works = Membership.objects.filter(person=relation, ends_on__isnull=True).select_related("organization")
    membership = works.order_by(F("starts_on").desc(nulls_last=True), "id").first()
    if membership is not None:
        values.organization, values.role = membership.organization, membership.role
    return values
