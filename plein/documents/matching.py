# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who the two sides of a document are: we ourselves, and a relation that we know by a number, an address or a name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from plein.documents.files.records import Invoice, Party
from plein.documents.models import FileRecord
from plein.moments.models import Participant
from plein.moments.vocabulary import Direction, ParticipantRole
from plein.relations.models import ContactPointLink, Membership, Relation
from plein.relations.names import fold_name
from plein.relations.vocabulary import ContactKind, RelationKind
from plein.trust.models import Workspace

_THEIRS = (ParticipantRole.FROM, ParticipantRole.TO)
#: Account numbers of a seller may be a factor's, which many share: they tell of a relation only together with a name.
_WEAK = "account:"


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a party is, if that is certain, and why; else who it may be."""

    relation: Relation | None = None
    reason: str = ""
    maybe: tuple[Relation, ...] = ()


def strong_of(keys: Sequence[str]) -> list[str]:
    """The keys by which somebody is known for certain."""
    return [key for key in keys if not key.startswith(_WEAK)]


def way_of(invoice: Invoice, sells: Sequence[str], buys: Sequence[str]) -> str:
    """Whether we sent an invoice or received it; nothing when neither side is known to be us."""
    we_sell, we_buy = _is_us(invoice.seller, sells), _is_us(invoice.buyer, buys)
    if we_sell == we_buy:
        return ""
    return Direction.OUTBOUND if we_sell else Direction.INBOUND


def _is_us(party: Party, keys: Sequence[str]) -> bool:
    us = Workspace.objects.values("name", "domains").get()
    if party.name and fold_name(party.name) == fold_name(us["name"]):
        return True
    if party.email.rpartition("@")[2].lower() in us["domains"]:
        return True
    strong = strong_of(keys)
    # What was ours in a document of which the way is known, is ours.
    ours = Q(from_keys__has_any_keys=strong, moment__direction=Direction.OUTBOUND) | Q(
        to_keys__has_any_keys=strong, moment__direction=Direction.INBOUND
    )
    return bool(strong) and FileRecord.objects.filter(ours, kind__in=("invoice", "credit_note")).exists()


def match_of(party: Party, keys: Sequence[str]) -> Match:
    """Whom we know a party as: by its numbers in earlier documents, by its e-mail address, or by its name and place."""
    for reason, found in (("number", _by_keys(keys)), ("email", _by_email(party.email))):
        if len(found) == 1:
            return Match(found[0], reason)
        if found:
            return Match(maybe=tuple(found))
    named = _by_name(party.name)
    places = [one for one in named if one.place and fold_name(one.place) == fold_name(party.place)]
    if len(places) == 1:
        return Match(places[0], "name")
    return Match(maybe=tuple(named))


def _by_keys(keys: Sequence[str]) -> list[Relation]:
    strong = strong_of(keys)
    if not strong:
        return []
    theirs = Q(from_keys__has_any_keys=strong, moment__direction=Direction.INBOUND) | Q(
        to_keys__has_any_keys=strong, moment__direction=Direction.OUTBOUND
    )
    moments = FileRecord.objects.filter(theirs).order_by("-id").values_list("moment_id", flat=True)[:50]
    heard = Participant.objects.filter(moment__in=list(moments), role__in=_THEIRS, is_ours=False)
    return _relations(heard.exclude(relation=None).values_list("relation_id", flat=True), RelationKind.ORGANIZATION)


def _by_email(email: str) -> list[Relation]:
    """Whose address it is: an organization, or where the person whose it is works now."""
    if "@" not in email:
        return []
    links = ContactPointLink.objects.filter(
        contact_point__kind=ContactKind.EMAIL, contact_point__value=email.strip().lower(), revoked_at=None
    )
    owners = list(links.values_list("relation_id", flat=True))
    works = Membership.objects.filter(person__in=owners, ends_on=None).values_list("organization_id", flat=True)
    return _relations([*owners, *works], RelationKind.ORGANIZATION)


def _by_name(name: str) -> list[Relation]:
    if not name.strip():
        return []
    found = Relation.objects.filter(kind=RelationKind.ORGANIZATION, name__iexact=name.strip())
    return list(found.order_by("id")[:5])


def _relations(ids: Iterable[UUID], kind: str) -> list[Relation]:
    return list(Relation.objects.filter(id__in=set(ids), kind=kind).order_by("id")[:5])
