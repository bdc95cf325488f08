# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues get of what an import or a connection brings: the rule, its exceptions, and the rows it is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from plein.channels.connecting import connector_of
from plein.channels.live import hears_entries
from plein.channels.models import Connection, ConnectionState, MailImport
from plein.core.models import Change, Operation
from plein.moments.models import Gives, MailShare, Moment, MomentSource, Participant
from plein.relations.models import Relation
from plein.relations.vocabulary import Source
from plein.trust.circles import my_circle
from plein.trust.models import Seat
from plein.trust.seats import Entrance

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
    """The rule of an import or a connection, and its exceptions by relation."""

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


def circle_of_new(mailbox: MailImport | Connection) -> int:
    """Who sees the envelopes of what it brings from now on, by the rule."""
    return rules_of(mailbox).default.envelope(my_circle() or mailbox.circle_id)


def moments_of(mailbox: MailImport | Connection) -> QuerySet[Moment]:
    """The moments that it alone brought: what came with another one too is not only its owner's."""
    mine = MomentSource.objects.filter(moment_id=OuterRef("id"), import_id=mailbox.id)
    others = MomentSource.objects.filter(moment_id=OuterRef("id"), import_id__isnull=False)
    found = Moment.objects.filter(Exists(mine), ~Exists(others.exclude(import_id=mailbox.id)))
    return found.filter(source__in=(Source.MAIL, Source.IMPORT), recorded_by_id=mailbox.seat_id)


def shareable(actor: Entrance, connection_id: UUID) -> Connection | None:
    """A connection of one's own of which colleagues may get more or less: one that brings messages and is begun."""
    found: Connection | None = Connection.objects.filter(id=connection_id, seat_id=actor.seat_id).first()
    if found is None or found.state == ConnectionState.PREVIEW or hears_entries(connector_of(found.connector)):
        return None
    return found


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


def made_by(mailbox: MailImport | Connection, table: str) -> QuerySet[Change, UUID]:
    """The rows of a table that it made; a connection writes under an operation of each day."""
    made = Change.objects.filter(kind="I", table_name=table)
    if isinstance(mailbox, Connection):
        days = Operation.objects.filter(verb="hear", facts__connection_id=str(mailbox.id))
        made = made.filter(operation_id__in=list(days.values_list("id", flat=True)))
    else:
        made = made.filter(operation_id=mailbox.operation_id) if mailbox.operation_id else made.none()
    return made.values_list("row_id", flat=True)


def known_elsewhere(mailbox: MailImport | Connection) -> QuerySet[Participant]:
    """Parts in moments that did not come with it, for a query about relations."""
    mine = MomentSource.objects.filter(moment_id=OuterRef("moment_id"), import_id=mailbox.id)
    return Participant.objects.filter(~Exists(mine), relation_id=OuterRef("id"))


def often_in(mailbox: MailImport | Connection, words: str = "") -> list[Relation]:
    """The relations that took part most often in what it brought; with words only those called so."""
    seats = Seat.objects.filter(id=OuterRef("seat_id"))
    sources = MomentSource.objects.filter(import_id=mailbox.id).values("moment_id")
    parts = Participant.objects.filter(moment_id__in=sources, relation_id__isnull=False, is_ours=False)
    counted = parts.order_by().values("relation_id").annotate(times=Count("moment_id", distinct=True))
    often = dict(counted.order_by("-times").values_list("relation_id", "times")[:2000])
    found = Relation.objects.filter(id__in=often).exclude(Exists(seats))
    if words.strip():
        found = found.filter(name__icontains=words.strip())
    return sorted(found, key=lambda one: (-often[one.id], one.sort_name))[:MOST_OFFERED]
