# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in a list of one's connections on a network, or of whom one follows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from plein.core.operations import operation
from plein.identity.profiles import Profile
from plein.identity.queries import Match, Verdict, match
from plein.moments.intake.told_work import ToldWork, ask_about_work
from plein.moments.vocabulary import NewsSource
from plein.network.connections import Connection, Holds
from plein.relations.contact import Contact
from plein.relations.models import ContactPoint, ContactPointLink, Relation, Tie
from plein.relations.names import parse_name, sort_name
from plein.relations.queries.erased import erased_at
from plein.relations.refusals import Refused
from plein.relations.vocabulary import ContactKind, RelationKind, Source
from plein.trust.circles import circle_for_new, everyone, own_circle_for_new
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

AT_ONCE = 2000
#: So many people of the same name are offered.
OFFERED = 5
REASON = "connection_list"
type Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Unsure:
    """Somebody on the list who may be one of these, or nobody we know: somebody decides."""

    connection: Connection
    people: tuple[Relation, ...]


@dataclass
class Brought:
    """What came of a list: ties and people that are new, who stood there already, who was left out, and how many of
    whom we know seem to work elsewhere.
    """

    operation_id: UUID
    ties: int = 0
    people: int = 0
    present: int = 0
    left_out: int = 0
    elsewhere: int = 0
    unsure: list[Unsure] = field(default_factory=list)


def load_connections(
    *,
    actor: Entrance,
    connections: Sequence[Connection],
    holds: Holds = Holds.CONNECTIONS,
    circle: str = "",
    makes_people: bool = True,
    decided: Mapping[int, UUID | None] | None = None,
) -> Brought:
    """Tie the colleague to everybody on their list; one operation.

    Known is who has an address on the list, mail or profile. Of the same name is known only when all that the line says
    leaves no doubt; who else that may be waits for somebody's decision, by line, the person or nobody we know. Whoever
    seems to work elsewhere is asked about. The same list again changes nothing, and nobody comes back who was erased.
    Raises UnknownCircle, and Refused for whoever does not stand among the people.
    """
    permit(actor, "import")
    me = Relation.objects.filter(kind=RelationKind.PERSON, seat_id=actor.seat_id).first()
    if me is None:
        raise Refused(_("You do not stand among the people here, so nobody can be tied to you."))
    with operation("load_connections", count=len(connections)) as done:
        work = Work(me, holds, circle_for_new(circle), makes_people, Brought(done.id))
        work.look(connections, decided or {})
        work.write(own_circle_for_new(circle))
        work.ask(done.id)
    return work.brought


class Work:
    """One list being brought in: first looked through, then written in a few statements."""

    def __init__(self, me: Relation, holds: Holds, circle: int, makes_people: bool, brought: Brought) -> None:
        self.me, self.holds, self.circle, self.makes_people, self.brought = me, holds, circle, makes_people, brought
        self.present = _tied(me, holds)
        self.known: dict[Key, set[UUID]] = {}
        self.named: dict[str, list[Relation]] = {}
        self.made: list[Relation] = []
        self.wanted: dict[UUID, Connection] = {}
        self.claims: list[tuple[UUID, Contact]] = []

    def forget_ended(self) -> None:
        """A tie that ended is none: what is heard now is that it began anew."""
        self.present = _tied(self.me, self.holds, only_going_on=True)

    def look(self, connections: Sequence[Connection], decided: Mapping[int, UUID | None]) -> None:
        """Find out for everybody who they are."""
        self.known = _known({_key(contact) for one in connections for contact in one.contacts})
        gone = _erased(connections)
        unknown = [one for one in connections if not self._found(one)]
        self.named = _of_these_names({_sorted_by(one.name) for one in unknown if one.name})
        chosen = {one.id: one for one in Relation.objects.filter(
            kind=RelationKind.PERSON, id__in=[one for one in decided.values() if one])}  # fmt: skip
        for one in connections:
            choice = decided.get(one.number)
            if choice in chosen:
                self._tie(chosen[choice].id, one, claims=True)
            elif gone & {_key(contact) for contact in one.contacts}:
                self.brought.left_out += 1
            elif one.number in decided and choice is None:
                self._make(one)
            else:
                self._decide(one)

    def _decide(self, one: Connection) -> None:
        found = self._found(one)
        namesakes = self.named.get(_sorted_by(one.name), []) if one.name and not found else []
        seems = _seems(one) if len(found) > 1 or namesakes else Match(Verdict.NONE, ())
        if seems.verdict == Verdict.AUTOMATIC and seems.best is not None:
            self._tie(seems.best.id, one, claims=True)
            return
        if len(found) == 1:
            self._tie(found.pop(), one)
        elif found:
            people = Relation.objects.filter(id__in=found).order_by("id")[:OFFERED]
            self.brought.unsure.append(Unsure(one, tuple(people)))
        elif len(namesakes) == 1 and not one.contacts and namesakes[0].id in self.present:
            self.brought.present += 1
        elif namesakes:
            self.brought.unsure.append(Unsure(one, tuple(namesakes[:OFFERED])))
        elif self.makes_people and one.name:
            self._make(one)
        else:
            self.brought.left_out += 1

    def _found(self, one: Connection) -> set[UUID]:
        """Who has an address of this line."""
        return {person for contact in one.contacts for person in self.known.get(_key(contact), ())}

    def _tie(self, person: UUID, one: Connection, *, claims: bool = False) -> None:
        if person == self.me.id or person in self.wanted:
            self.brought.present += 1
            return
        self.wanted[person] = one
        if claims:
            self._claim(person, one)

    def _claim(self, person: UUID, one: Connection) -> None:
        for contact in one.contacts:
            if not self.known.get(_key(contact)):
                self.known[_key(contact)] = {person}
                self.claims.append((person, contact))

    def _make(self, one: Connection) -> None:
        if not one.name:
            self.brought.left_out += 1
            return
        parts = parse_name(one.name)
        person = Relation(
            kind=RelationKind.PERSON,
            name=one.name,
            sort_name=_sorted_by(one.name),
            given_name=parts.given,
            infix=parts.infix,
            family_name=parts.family,
            headline=one.headline,
            source=Source.IMPORT,
            circle_id=self.circle,
        )
        self.made.append(person)
        self.wanted[person.id] = one
        self._claim(person.id, one)

    def write(self, own_circle: int | None) -> None:
        """Write all of it."""
        fresh = {person: one for person, one in self.wanted.items() if person not in self.present}
        Relation.objects.bulk_create(self.made, AT_ONCE)
        _link(self.claims, self.circle)
        ties = []
        for person, one in fresh.items():
            ends = (person, self.me.id) if self.holds is Holds.FOLLOWERS else (self.me.id, person)
            ties.append(Tie(one_id=ends[0], other_id=ends[1], kind=self.holds.kind, starts_on=one.on,
                            own_circle_id=own_circle, source=Source.IMPORT))  # fmt: skip
        Tie.objects.bulk_create(ties, AT_ONCE)
        self.brought.ties, self.brought.people = len(ties), len(self.made)
        self.brought.present += len(self.wanted) - len(ties)

    def ask(self, brought_by: UUID) -> None:
        """Ask about whoever was here before and works elsewhere by now, as the list says."""
        made = {one.id for one in self.made}
        told = [
            ToldWork(person, said.get("company", ""), said.get("position", ""), one.network)
            for person, one in self.wanted.items()
            if person not in made
            for said in [dict(one.fields)]
        ]
        asked = ask_about_work(told, source=NewsSource.PROFILE, brought_by=brought_by, circle_id=self.circle)
        self.brought.elsewhere += len(asked)


def _seems(one: Connection) -> Match:
    """Who somebody on the list may be by all that it says of them, where a key alone does not tell."""
    texts: dict[str, list[str]] = defaultdict(list)
    for contact in one.contacts:
        text = f"{contact.network}:{contact.value}" if contact.kind == ContactKind.HANDLE else contact.value
        texts[contact.kind].append(text)
    company = dict(one.fields).get("company", "")
    profile = Profile(
        names=(one.name,) if one.name else (),
        emails=tuple(texts[ContactKind.EMAIL]),
        handles=tuple(texts[ContactKind.HANDLE]),
        organization=company,
    )
    return match(profile)


def _key(contact: Contact) -> Key:
    return contact.kind, contact.network, contact.value


def _sorted_by(name: str) -> str:
    return sort_name(name, is_person=True, parts=parse_name(name))


def _known(keys: set[Key]) -> dict[Key, set[UUID]]:
    """Which people have these addresses; one query."""
    found: dict[Key, set[UUID]] = defaultdict(set)
    links = ContactPointLink.objects.filter(
        contact_point__value__in=[value for _kind, _network, value in keys],
        contact_point__kind__in=[ContactKind.EMAIL, ContactKind.HANDLE, ContactKind.URL],
        relation__kind=RelationKind.PERSON,
        revoked_at__isnull=True,
    )
    point = ("contact_point__kind", "contact_point__network", "contact_point__value")
    for kind, network, value, person in links.values_list(*point, "relation_id"):
        if (kind, network, value) in keys:
            found[kind, network, value].add(person)
    return found


def _erased(connections: Iterable[Connection]) -> set[Key]:
    """Addresses on the list of people who were erased."""
    by_kind: dict[str, list[Contact]] = defaultdict(list)
    for one in connections:
        for contact in one.contacts:
            by_kind[contact.kind].append(contact)
    return {
        _key(contact)
        for kind, contacts in by_kind.items()
        for gone in [erased_at({contact.value for contact in contacts}, kind)]
        for contact in contacts
        if contact.value in gone
    }


def _of_these_names(names: set[str]) -> dict[str, list[Relation]]:
    found: dict[str, list[Relation]] = defaultdict(list)
    for one in Relation.objects.filter(kind=RelationKind.PERSON, sort_name__in=names).order_by("id"):
        found[one.sort_name].append(one)
    return found


def _tied(me: Relation, holds: Holds, *, only_going_on: bool = False) -> set[UUID]:
    """To whom there is such a tie already; one query."""
    there, back = Q(one=me), Q(other=me)
    ends = {Holds.CONNECTIONS: there | back, Holds.FOLLOWED: there, Holds.FOLLOWERS: back}[holds]
    ties = Tie.objects.filter(ends, kind=holds.kind)
    if only_going_on:
        ties = ties.filter(ends_on__isnull=True)
    rows = ties.values_list("one_id", "other_id")
    return {one if other == me.id else other for one, other in rows}


def _link(claims: Sequence[tuple[UUID, Contact]], circle: int) -> None:
    """Let addresses be of people: an address that stands there, of nobody, else a new one."""
    values = [contact.value for _person, contact in claims]
    points = {
        (point.kind, point.network, point.value): point
        for point in ContactPoint.objects.filter(value__in=values, circle_id__in={circle, everyone()}).order_by("-id")
    }
    fresh = []
    for _person, contact in claims:
        if _key(contact) not in points:
            points[_key(contact)] = ContactPoint(
                kind=contact.kind, network=contact.network, value=contact.value, display=contact.display[:500],
                circle_id=circle,
            )  # fmt: skip
            fresh.append(points[_key(contact)])
    ContactPoint.objects.bulk_create(fresh, AT_ONCE)
    ContactPointLink.objects.bulk_create(
        [
            ContactPointLink(
                contact_point=points[_key(contact)], relation_id=person, source=Source.IMPORT, reasons=[REASON]
            )
            for person, contact in claims
        ],
        AT_ONCE,
    )
