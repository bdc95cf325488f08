# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may be there twice, as the reader sees it: pairs with reasons, and how sure one may be of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from plein.core.ids import now
from plein.identity.comparing import Found
from plein.identity.models import Apart, BookRun, Key, Pair, Review, RunState, Said, Sureness
from plein.identity.profiles import place_core
from plein.identity.queries.matching import parts_from
from plein.relations.models import ContactPointLink, ImportantDate, Membership, Relation
from plein.relations.vocabulary import DateKind

#: From how many bits on several are merged at once, until a company says otherwise.
SURE = 15.0
#: A field speaks for it from so many bits on; where fewer than so many do, nobody is sure.
SPEAKS, FIELDS = 2.0, 2
#: One of these must be among them. A postcode is not: a household has one too.
STRONG = frozenset([("email", "same"), ("phone", "same"), ("handle", "same"), ("birth", "day")])
#: So many of the latest reviews say how right one is at how many bits.
REVIEWED = 2_000


@dataclass(frozen=True, slots=True)
class Person:
    """One of two: who it is, and what the reader sees of them."""

    relation: Relation
    points: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    born: str = ""


@dataclass(frozen=True, slots=True)
class Two:
    """Two who may be one: the one that is proposed to stay first, and what speaks for and against it."""

    id: UUID
    left: Person
    right: Person
    prior: float
    reasons: tuple[Found, ...]

    @property
    def bits(self) -> float:
        """All that the reader sees of it together."""
        return float(self.prior + sum(one.bits for one in self.reasons))

    @property
    def probability(self) -> float:
        """From 0 to 1."""
        return float(1 / (1 + 2.0 ** min(-self.bits, 500.0)))

    def is_sure(self, at: float) -> bool:
        """Whether they may be merged with others at once: never on one key, and never on weak ones alone."""
        speaking = [one for one in self.reasons if one.bits >= SPEAKS]
        has_strong = any(_is_strong(one) for one in speaking)
        return self.bits >= at and len(speaking) >= FIELDS and has_strong


def _is_strong(one: Found) -> bool:
    return (one.field, one.level) in STRONG


def sure_from() -> float:
    """From how many bits on this company is sure; a query."""
    own = Sureness.objects.values_list("bits", flat=True).first()
    return SURE if own is None else own


def open_pairs(brought_by: UUID | None = None) -> QuerySet[Pair]:
    """The pairs of whom nobody said anything that still counts, the surest first; of one import alone when named."""
    one, other = OuterRef("one_id"), OuterRef("other_id")
    either = Q(relation_id=one, other_id=other) | Q(relation_id=other, other_id=one)
    turned = Q(one_id=one, other_id=other) | Q(one_id=other, other_id=one)
    later = Review.objects.filter(turned, said=Said.LATER, until__gt=now().date())
    pairs = Pair.objects.exclude(one_id=F("other_id"))
    pairs = pairs.filter(brought_by=brought_by) if brought_by else pairs
    return pairs.filter(~Exists(Apart.objects.filter(either)), ~Exists(later)).order_by("-bits", "id")


def to_decide(imports: Collection[UUID]) -> dict[UUID, int]:
    """Of each of these imports, of how many whom it brought it is still to be decided who they are."""
    asked = open_pairs().filter(brought_by__in=imports).order_by()
    found = asked.values("brought_by").annotate(people=Count("other_id", distinct=True))
    return {one: people for one, people in found.values_list("brought_by", "people") if one is not None}


def newcomers(people: Collection[UUID]) -> set[UUID]:
    """Those of these people whom an import brought, and of whom it was asked then who they are."""
    asked = Pair.objects.filter(brought_by__isnull=False, other_id__in=people)
    return set(asked.values_list("other_id", flat=True))


def duplicates(pairs: Sequence[Pair]) -> list[Two]:
    """These pairs with what the reader sees of both; four queries."""
    ids = {one for pair in pairs for one in (pair.one_id, pair.other_id)}
    people, keys = _people(ids), _keys(ids)
    found = []
    for pair in pairs:
        if pair.one_id in people and pair.other_id in people:
            left, right = _in_order(people[pair.one_id], people[pair.other_id])
            reasons = tuple(_reasons(pair, keys, people))
            found.append(Two(pair.id, left, right, pair.prior, reasons))
    return found


def pair_between(one: UUID, other: UUID) -> Pair | None:
    """The pair of these two, whichever way round."""
    return Pair.objects.filter(Q(one_id=one, other_id=other) | Q(one_id=other, other_id=one)).first()


def _in_order(one: Person, other: Person) -> tuple[Person, Person]:
    """Who is proposed to stay first: a colleague, else of whom more is known, else who was there first."""

    def weight(person: Person) -> tuple[bool, int, float]:
        known = len(person.points) + len(person.roles) + bool(person.born)
        return person.relation.seat_id is not None, known, -person.relation.created_at.timestamp()

    return (one, other) if weight(one) >= weight(other) else (other, one)


def _people(ids: set[UUID]) -> dict[UUID, Person]:
    points: dict[UUID, list[str]] = defaultdict(list)
    links = ContactPointLink.objects.filter(relation_id__in=ids, revoked_at__isnull=True)
    for link in links.select_related("contact_point").order_by("-is_primary", "id"):
        points[link.relation_id].append(str(link.contact_point))
    roles: dict[UUID, list[str]] = defaultdict(list)
    for one in Membership.objects.filter(person_id__in=ids).select_related("organization").order_by("id"):
        roles[one.person_id].append(", ".join(filter(None, (one.role, one.organization.name))))
    day = ImportantDate.objects.filter(relation_id=OuterRef("id"), kind=DateKind.BIRTHDAY).order_by("id").values("on")
    return {
        one.id: Person(
            one,
            tuple(points[one.id]),
            tuple(dict.fromkeys(roles[one.id])),
            one.born_on.isoformat() if one.born_on else "",
        )
        for one in Relation.objects.filter(id__in=ids).annotate(born_on=Subquery(day[:1]))
    }


def _keys(ids: set[UUID]) -> dict[UUID, list[str]]:
    keys: dict[UUID, list[str]] = defaultdict(list)
    rows = Key.objects.filter(relation_id__in=ids).exclude(kind="m")
    for relation, kind, value in rows.values_list("relation_id", "kind", "value"):
        keys[relation].append(f"{kind} {value}")
    return keys


def _reasons(pair: Pair, keys: dict[UUID, list[str]], people: dict[UUID, Person]) -> Iterable[Found]:
    """What was found, as far as the reader sees what it was found in: nothing tells of what was hidden since."""
    has = [_fields(keys.get(one, []), people[one]) for one in (pair.one_id, pair.other_id)]
    for field, level, bits in pair.levels:
        if field in has[0] and field in has[1]:
            yield Found(field, level, bits)


def _fields(keys: list[str], person: Person) -> set[str]:
    parts = parts_from(keys, place_core(person.relation.place))
    told = {
        "name": parts.names,
        "email": parts.emails,
        "phone": parts.phones,
        "handle": parts.handles,
        "organization": parts.organizations,
        "place": parts.place or parts.postcodes,
        "birth": person.born,
    }
    return {name for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Rightness:
    """What deciding from so many bits on would have been right in, by what was said of pairs."""

    bits: float
    precision: float
    recall: float
    pairs: int


def rightness() -> list[Rightness]:
    """Of the pairs of which somebody said whether they are one: how right one is from how many bits on."""
    reviews = Review.objects.filter(said__in=[Said.SAME, Said.APART]).order_by("-id").values_list("bits", "said")
    said = list(reviews[:REVIEWED])
    same = sum(one == Said.SAME for _bits, one in said)
    steps = sorted({float(int(bits)) for bits, _said in said})
    found = []
    for step in steps:
        above = [one == Said.SAME for bits, one in said if bits >= step]
        if above:
            found.append(Rightness(step, sum(above) / len(above), sum(above) / max(same, 1), len(above)))
    return found


def last_run(seat: UUID) -> BookRun | None:
    """The last comparing of the book that this colleague began."""
    return BookRun.objects.filter(seat_id=seat).order_by("-created_at").first()


def is_running(seat: UUID) -> bool:
    """Whether one is going on."""
    return BookRun.objects.filter(seat_id=seat, state=RunState.RUNNING).exists()
