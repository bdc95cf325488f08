# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can introduce whom to whom: the question as a door asks it, and the answer as it shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet, Value

from plein.consent.models import StepChoice
from plein.network.queries.evidence import Evidence, Pair, evidence_of
from plein.network.queries.faces import Face, faces_of
from plein.network.queries.following import Moment, this_moment
from plein.network.queries.introducing import LONGEST, Found, Search, paths, paths_and_unused
from plein.network.queries.reluctance import Reluctance, reluctance_of
from plein.network.strength import strength_of
from plein.relations.models import Membership, Relation

ME, COLLEAGUES = "me", "colleagues"
#: There are no more ways than these through three people, each at most once: none, one, two or three of them.
ORDERS = 1 + 3 + 6 + 6


@dataclass(frozen=True, slots=True)
class Step:
    """One tie of a path, from the one who is asked to the one they are asked about."""

    near: Relation
    far: Relation
    strength: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A way to somebody: the steps from one of us to the target."""

    steps: tuple[Step, ...]
    strength: float
    willingness: float
    faces: tuple[Face, ...] = ()

    @property
    def score(self) -> float:
        """What paths are ranked by."""
        return self.strength * self.willingness

    @property
    def people(self) -> tuple[Relation, ...]:
        """Everybody on the way, one of us first, the target last."""
        return (self.steps[0].near, *(step.far for step in self.steps))


@dataclass(frozen=True, slots=True)
class Ends:
    """Who would be asked first, and whom one would meet."""

    sources: Sequence[UUID]
    targets: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Introductions:
    """The best paths, and how many of the best there would be go through people who may not be asked."""

    paths: tuple[Path, ...]
    not_used: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """From whom to whom.

    to      a person, or an organization: then anybody who works there
    origin  `me`, `colleagues` (me included), or the id of a relation
    """

    to: Relation
    origin: str | UUID = ME
    limit: int = 5


def introductions(question: Question, *, seat_id: UUID, count_unused: bool = True) -> Introductions:
    """The best ways to somebody, for the reader in force. Nine queries at most; eleven with those not used."""
    return ways(Ends(*_ends(question, seat_id)), this_moment(), seat_id, most=question.limit, count_unused=count_unused)


def ways(ends: Ends, moment: Moment, seat_id: UUID, *, most: int = 5, count_unused: bool = True) -> Introductions:
    """The best ways between those who would be asked first and those one would meet."""
    sources, targets = _texts(ends.sources), _texts(ends.targets)
    reluctance = reluctance_of(targets, moment, seat_id)
    search = Search(sources, targets, moment, most=most, reluctance=reluctance)
    found, not_used = paths_and_unused(search) if count_unused else (paths(search), 0)
    return Introductions(told(found, moment, reluctance), not_used)


def way_along(to: Relation, people: Sequence[UUID], *, seat_id: UUID) -> Path | None:
    """The way through exactly these, first to last, when it is one now: from whomever it begins with. Nine queries."""
    if not 2 <= len(people) <= LONGEST + 1:
        return None
    sources, targets = _ends(Question(to, people[0]), seat_id)
    if people[-1] not in targets:
        return None
    moment, wanted, exactly = this_moment(), _texts(people[-1:]), tuple(str(one) for one in people)
    reluctance = reluctance_of(wanted, moment, seat_id)
    search = Search(
        _texts(sources),
        wanted,
        moment,
        most=ORDERS,
        longest=len(people) - 1,
        reluctance=reluctance,
        through=_texts(people[1:-1]),
    )
    found = [one for one in paths(search) if one[1] == exactly]
    return told(found, moment, reluctance)[0] if found else None


def _ends(question: Question, seat_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """Who would be asked first and whom one would meet; one query."""
    end = question.to
    wanted = [_sources(question.origin, seat_id).values_list("id", Value(True))]
    if not end.is_person:
        wanted.append(_members(end).values_list("id", Value(False)))
    rows = list(wanted[0].union(*wanted[1:], all=True))
    sources = [one for one, is_source in rows if is_source]
    if end.is_person:
        return sources, [] if end.do_not_contact else [end.id]
    return sources, [one for one, is_source in rows if not is_source]


def _sources(begin: str | UUID, seat_id: UUID) -> QuerySet[Relation]:
    """Myself, all of us, or somebody by id; of colleagues those who let others ask them."""
    shut = StepChoice.objects.filter(is_open=False).values("seat_id")
    is_open = Q(seat_id=seat_id) | ~Q(seat_id__in=shut)
    if isinstance(begin, UUID):
        return Relation.objects.filter(is_open, id=begin)
    ours = Relation.objects.filter(kind="person", seat_id__isnull=False)
    return ours.filter(is_open) if begin == COLLEAGUES else ours.filter(seat_id=seat_id)


def other_colleagues(seat_id: UUID) -> QuerySet[Relation]:
    """Whom else of us one may ask, by name."""
    return _sources(COLLEAGUES, seat_id).exclude(seat_id=seat_id).order_by("sort_name", "id")


def _members(organization: Relation) -> QuerySet[Relation]:
    """Who works there today and may be contacted."""
    today = this_moment().today
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=today)
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    members = Membership.objects.filter(begun, lasting, organization=organization)
    return Relation.objects.filter(id__in=members.values("person_id"), kind="person", do_not_contact=False)


def _texts(ids: Iterable[UUID]) -> frozenset[str]:
    return frozenset(str(one) for one in ids)


def told(found: Sequence[Found], moment: Moment, reluctance: Reluctance) -> tuple[Path, ...]:
    """These paths with their people, and what each tie rests on; two queries."""
    pairs: list[Pair] = list(dict.fromkeys(pair for _cost, path in found for pair in zip(path, path[1:], strict=False)))
    ids = dict.fromkeys(UUID(end) for pair in pairs for end in pair)
    people = {str(one): face for one, face in (faces_of(ids, moment) if ids else {}).items()}
    reasons = evidence_of(pairs, moment)
    return tuple(_path(one, reluctance.cost_of(one[1]), people, reasons) for one in found)


def _path(found: Found, unwilling: float, people: dict[str, Face], reasons: dict[Pair, list[Evidence]]) -> Path:
    cost, path = found
    steps = []
    for pair in zip(path, path[1:], strict=False):
        # What may not be used in asking is not told to whoever is asked either.
        evidence = tuple(one for one in reasons.get(pair, ()) if one.is_shared)
        strength = max((one.strength for one in evidence), default=0.0)
        steps.append(Step(people[pair[0]].relation, people[pair[1]].relation, strength, evidence))
    faces = tuple(people[one] for one in path)
    return Path(tuple(steps), strength_of(cost - unwilling), strength_of(unwilling), faces)
