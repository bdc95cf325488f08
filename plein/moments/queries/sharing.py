# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues get of the mail an import brings: the rule, its exceptions, and which rows each of them is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from plein.channels.models import Connection, MailImport
from plein.core.models import Change
from plein.moments.models import Gives, MailShare, Moment, MomentSource, Participant
from plein.relations.models import Relation
from plein.relations.vocabulary import Source
from plein.trust.models import Seat

AT_ONCE = 2000
MOST_OFFERED = 50
#: From the least to all of it.
ORDER = {gives: rank for rank, gives in enumerate(Gives.values)}


@dataclass(frozen=True, slots=True)
class Rule:
    """What the colleagues of a circle get."""

    gives: str
    audience: int

    def envelope(self, mine: int) -> int:
        """The circle of a moment under this rule; `mine` is that of the owner alone."""
        return mine if self.gives == Gives.NOTHING else self.audience

    def own(self, part: str, mine: int) -> int | None:
        """The narrower circle of a subject or a text, if it has one."""
        least = Gives.SUBJECT if part == "subject" else Gives.EVERYTHING
        return None if ORDER[self.gives] >= ORDER[least] else mine


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule of an import, and its exceptions by relation."""

    default: Rule
    exceptions: dict[UUID, Rule] = field(default_factory=dict)

    def of(self, relations: Sequence[UUID]) -> Rule:
        """The rule for a moment with these relations: the narrowest exception, or the default."""
        found = [self.exceptions[one] for one in relations if one in self.exceptions]
        return min(found, key=lambda rule: ORDER[rule.gives]) if found else self.default


def shares_of(mailbox: MailImport | Connection) -> QuerySet[MailShare]:
    """What was said about an import or a connection."""
    if isinstance(mailbox, Connection):
        return MailShare.objects.filter(connection_id=mailbox.id)
    return MailShare.objects.filter(mail_import_id=mailbox.id)


def rules_of(mailbox: MailImport | Connection) -> Rules:
    """The rules of an import or a connection; as it was brought in, when nobody said otherwise."""
    kept = list(shares_of(mailbox).order_by("id"))
    default = next((Rule(one.gives, one.audience_id) for one in kept if one.relation_id is None), None)
    exceptions = {one.relation_id: Rule(one.gives, one.audience_id) for one in kept if one.relation_id is not None}
    return Rules(default or Rule(Gives.EVERYTHING, mailbox.circle_id), exceptions)


def moments_of_import(mail_import: MailImport) -> QuerySet[Moment]:
    """The moments that an import alone brought: what came with another one too is not only its owner's."""
    mine = MomentSource.objects.filter(moment_id=OuterRef("id"), import_id=mail_import.id)
    others = MomentSource.objects.filter(moment_id=OuterRef("id"), import_id__isnull=False)
    found = Moment.objects.filter(Exists(mine), ~Exists(others.exclude(import_id=mail_import.id)))
    return found.filter(source__in=(Source.MAIL, Source.IMPORT), recorded_by_id=mail_import.seat_id)


def in_pieces(moments: QuerySet[Moment]) -> Iterator[list[Moment]]:
    """Moments in pieces of bounded size, by id."""
    last: UUID | None = None
    while True:
        piece = list((moments.filter(id__gt=last) if last else moments).order_by("id")[:AT_ONCE])
        if not piece:
            return
        yield piece
        last = piece[-1].id


def relations_in(moments: Sequence[Moment], among: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Which of these relations took part in which of these moments."""
    found: dict[UUID, list[UUID]] = {}
    if among:
        parts = Participant.objects.filter(moment_id__in=[one.id for one in moments], relation_id__in=list(among))
        for moment, relation in parts.values_list("moment_id", "relation_id"):
            found.setdefault(moment, []).append(relation)
    return found


def made_by(mail_import: MailImport, table: str) -> QuerySet[Change, UUID]:
    """The rows of a table that an import made."""
    made = Change.objects.filter(kind="I", table_name=table)
    made = made.filter(operation_id=mail_import.operation_id) if mail_import.operation_id else made.none()
    return made.values_list("row_id", flat=True)


def known_elsewhere(mail_import: MailImport) -> QuerySet[Participant]:
    """Parts in moments that did not come with this import, for a query about relations."""
    mine = MomentSource.objects.filter(moment_id=OuterRef("moment_id"), import_id=mail_import.id)
    return Participant.objects.filter(~Exists(mine), relation_id=OuterRef("id"))


def often_in(mail_import: MailImport, words: str = "") -> list[Relation]:
    """The relations that took part most often in the mail of an import; with words only those called so."""
    seats = Seat.objects.filter(id=OuterRef("seat_id"))
    sources = MomentSource.objects.filter(import_id=mail_import.id).values("moment_id")
    parts = Participant.objects.filter(moment_id__in=sources, relation_id__isnull=False, is_ours=False)
    counted = parts.order_by().values("relation_id").annotate(times=Count("moment_id", distinct=True))
    often = dict(counted.order_by("-times").values_list("relation_id", "times")[:2000])
    found = Relation.objects.filter(id__in=often).exclude(Exists(seats))
    if words.strip():
        found = found.filter(name__icontains=words.strip())
    return sorted(found, key=lambda one: (-often[one.id], one.sort_name))[:MOST_OFFERED]
