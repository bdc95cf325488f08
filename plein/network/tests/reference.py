# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network as it should be, slow and obvious: from the records a reader sees, with dictionaries and every path.

It shares no formula with what it checks: sums are added up as they stand today, paths are all walked.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import combinations
from typing import Any
from uuid import UUID

from django.utils import timezone

from plein.consent.queries import closed_to_requests, restricted_of
from plein.moments.models import Moment, Participant
from plein.network.models import Answer, Measuring, Refusal
from plein.network.vocabulary import Ground
from plein.relations.models import Membership, Relation, Tie, TieType
from plein.trust.models import Circle

HALF_LIFE, ALONE, HALF, CROWD = 180.0, 0.25, 1.0, 50
WORTH = {
    "visit": 3,
    "meeting": 3,
    "call": 2,
    "voicemail": 1,
    "letter": 1,
    "email": 1,
    "text": 0.5,
    "chat": 0.5,
    "post": 0.1,
}
LASTING = {
    "family": 0.7, "friend": 0.6, "ex_colleague": 0.3, "referred_by": 0.4, "advised": 0.5, "knows": 0.4,
    "supplier_of": 0.3, "customer_of": 0.3, "part_of": 0.5, "member": 0.5, "colleague": 0.3,
    "connected": 0.2, "follows": 0.1,
}  # fmt: skip
OWN = {"none": 0, "weak": 0.2, "ordinary": 0.4, "strong": 0.6}
BUSINESS = {"supplier_of", "customer_of", "part_of", "member", "follows"}
TOGETHER = {"visit", "meeting"}
ASIDE = {"about", "for", "sender", "reply_to"}


def own_strength(type: TieType) -> float:
    """What a tie of a company's own kind is worth."""
    return (type.percent or 0) / 100 if type.strength == "exact" else OWN[type.strength]


@dataclass(frozen=True)
class Known:
    """One tie: between whom, why, how strong, whether it may be used in asking, and of when it is."""

    ends: frozenset[UUID]
    kind: str
    strength: float
    is_shared: bool
    starts_on: date | None = None
    ends_on: date | None = None
    last_at: datetime | None = None
    moments: tuple[datetime, ...] = ()


def _as_of(tie: Known, now: datetime, at: datetime, half_life: float) -> float:
    """How strong a contact was at an earlier time, when nothing has come to it since."""
    left = tie.strength / (1 - tie.strength) * 2 ** ((now - at).total_seconds() / 86400 / half_life)
    return left / (left + 1)


@dataclass
class Reference:
    """Everything one reader sees, at one moment."""

    at: datetime
    today: date
    ties: list[Known] = field(default_factory=list)
    ever: list[Known] = field(default_factory=list)
    roles: list[Membership] = field(default_factory=list)
    people: set[UUID] = field(default_factory=set)
    closed: set[UUID] = field(default_factory=set)
    seat: UUID | None = None
    own: set[UUID] = field(default_factory=set)
    half_life: float = HALF_LIFE
    alone: float = ALONE
    half: float = HALF
    crowd: int = CROWD
    worth: dict[str, float] = field(default_factory=lambda: dict(WORTH))
    lasting: dict[str, float] = field(default_factory=lambda: dict(LASTING))

    @classmethod
    def seen(cls, at: datetime, today: date, seat: UUID | None = None) -> "Reference":
        """What the reader in force sees."""
        made = cls(at, today, seat=seat)
        if chosen := Measuring.objects.first():
            made.half_life, made.alone, made.half = chosen.half_life, chosen.reciprocity, chosen.even
            made.crowd, made.worth = chosen.crowd, chosen.weights
            made.lasting = {Ground(int(key)).name.lower(): value for key, value in chosen.floors.items()}
        relations = list(Relation.objects.all())
        made.own = {one.id for one in relations if seat is not None and one.seat_id == seat}
        made.people = {one.id for one in relations if one.is_person}
        made.closed = set(closed_to_requests(relations))
        unused = restricted_of([one.id for one in relations if one.seat_id is None])
        parts = {one.id: frozenset(one.parts) for one in Circle.objects.all()}
        made.roles = list(Membership.objects.all())
        ties = [*made._contacts(parts), *made._declared(), *made._members(parts)]
        visible = {one.id for one in relations}
        made.ever = [one for one in ties if one.ends <= visible and not one.ends & unused]
        made.ties = [one for one in made.ever if made.is_of_today(one)]
        return made

    def _contacts(self, parts: dict[int, frozenset[int]]) -> Iterable[Known]:
        rows = defaultdict(list)
        for one in Participant.objects.all():
            if one.role not in ASIDE:
                rows[one.moment_id].append(one)
        sums: dict[tuple[UUID, UUID, frozenset[int]], list[Any]] = defaultdict(lambda: [0.0, 0.0, []])
        for moment in Moment.objects.filter(state="done", nature="personal").exclude(kind="note"):
            self._add(moment, rows[moment.id], parts, sums)
        last: dict[frozenset[UUID], datetime] = {}
        for (low, high, _circle), (_out, _back, times) in sums.items():
            last[frozenset((low, high))] = max(*times, last.get(frozenset((low, high)), times[0]))
        for (low, high, _circle), (out, back, times) in sums.items():
            if not out + back:
                continue
            evenness = 2 * min(out, back) / (out + back)
            left = (out + back) * (self.alone + (1 - self.alone) * evenness)
            ends = frozenset((low, high))
            strength = left / (left + self.half)
            yield Known(ends, "contact", strength, True, last_at=last[ends], moments=tuple(times))

    def _add(self, moment: Any, rows: list[Any], parts: dict[int, frozenset[int]], sums: Any) -> None:
        said: dict[tuple[UUID, UUID | None, int], bool] = defaultdict(bool)
        for one in rows:
            said[one.relation_id or one.contact_point_id or one.id, one.relation_id, one.circle_id] |= (
                one.role == "from"
            )
        ways: dict[tuple[UUID, UUID, frozenset[int]], set[str]] = defaultdict(set)
        for one, other in combinations(said, 2):
            if one[1] is None or other[1] is None or one[1] == other[1]:
                continue
            first, second = sorted((one, other), key=lambda each: str(each[1]))
            is_one_way = moment.kind not in TOGETHER and said[first] != said[second]
            if not is_one_way and moment.kind not in TOGETHER | {"call"} and not said[first]:
                continue
            way = ("out" if said[first] else "in") if is_one_way else "both"
            low, high = first[1] or UUID(int=0), second[1] or UUID(int=0)
            ways[low, high, parts[first[2]] | parts[second[2]]].add(way)
        for (low, high, circle), told in ways.items():
            crowd = len({who for who, _relation, place in said if parts[place] <= circle}) - 1
            if not 1 <= crowd <= self.crowd:
                continue
            age = (self.at - moment.occurred_at).total_seconds() / 86400
            worth = self.worth[moment.kind] / crowd * 2 ** (-age / self.half_life)
            goes, comes = told != {"in"}, told != {"out"}
            sums[low, high, circle][0] += worth * (0.5 if comes else 1) if goes else 0
            sums[low, high, circle][1] += worth * (0.5 if goes else 1) if comes else 0
            sums[low, high, circle][2].append(moment.occurred_at)

    def is_of_today(self, one: Known | Membership) -> bool:
        return (one.starts_on is None or one.starts_on <= self.today) and (
            one.ends_on is None or one.ends_on >= self.today
        )

    def _declared(self) -> Iterable[Known]:
        types = {one.id: one for one in TieType.objects.all()}
        for one in Tie.objects.all():
            own = types[one.type_id] if one.type_id else None
            strength = own_strength(own) if own else self.lasting.get(one.kind, 0)
            usual = own.may_introduce if own else one.kind != "family"
            is_shared = usual and one.own_circle_id is None if one.may_introduce is None else one.may_introduce
            if strength:
                ends, kind = frozenset((one.one_id, one.other_id)), "own" if own else one.kind
                yield Known(ends, kind, strength, is_shared, one.starts_on, one.ends_on)

    def _members(self, parts: dict[int, frozenset[int]]) -> Iterable[Known]:
        firms = defaultdict(list)
        for one in self.roles:
            firms[one.organization_id].append(one)
            ends = frozenset((one.person_id, one.organization_id))
            yield Known(ends, "member", self.lasting["member"], True, one.starts_on, one.ends_on)
        for rows in firms.values():
            for one, other in combinations(rows, 2):
                if one.person_id != other.person_id and self._are_colleagues(one, other, rows, parts):
                    begun = [each.starts_on for each in (one, other) if each.starts_on]
                    over = [each.ends_on for each in (one, other) if each.ends_on]
                    ends = frozenset((one.person_id, other.person_id))
                    worth = self.lasting["colleague"]
                    yield Known(ends, "colleague", worth, True, max(begun, default=None), min(over, default=None))

    def _are_colleagues(self, one: Any, other: Any, rows: list[Any], parts: dict[int, frozenset[int]]) -> bool:
        for first, second in ((one, other), (other, one)):
            if first.starts_on and second.ends_on and first.starts_on > second.ends_on:
                return False
        circle = parts[one.circle_id] | parts[other.circle_id]
        day = min(one.ends_on or date.max, other.ends_on or date.max)
        near = [
            each
            for each in rows
            if parts[each.circle_id] <= circle and (each.starts_on or date.min) <= day <= (each.ends_on or date.max)
        ]
        if len({each.person_id for each in near}) <= 25:
            return True
        place = one.department.strip().lower()
        same = {each.person_id for each in near if each.department.strip().lower() == place}
        return bool(place) and place == other.department.strip().lower() and len(same) <= 25

    @cached_property
    def _of(self) -> dict[UUID, list[Known]]:
        """The ties of everybody; only asked for once all of them are there."""
        found = defaultdict(list)
        for tie in self.ties:
            for end in tie.ends:
                found[end].append(tie)
        return dict(found)

    def near(self, one: UUID, *, to_ask: bool = False, everything: bool = False) -> dict[UUID, float]:
        """The strongest tie to each neighbour."""
        best: dict[UUID, float] = {}
        for tie in self._of.get(one, ()):
            if (to_ask and not tie.is_shared) or (tie.kind in BUSINESS and not everything):
                continue
            [other] = tie.ends - {one}
            best[other] = max(best.get(other, 0), tie.strength)
        return best

    def paths(self, sources: set[UUID], targets: set[UUID], most: int = 5, *, everybody: bool = False) -> list[Any]:
        """The best simple paths of at most four ties, by strength and willingness, and then by ids."""
        found: list[tuple[float, tuple[UUID, ...]]] = []
        willing, refused = self.willing(), self.refused()
        around = {one: self.near(one, to_ask=True) for one in {end for tie in self.ties for end in tie.ends}}

        def walk(path: tuple[UUID, ...], strength: float) -> None:
            for far, worth in around.get(path[-1], {}).items():
                if far in path or far in sources:
                    continue
                if far in targets:
                    if not any((one, far) in refused for one in path):
                        found.append((strength * worth * math.prod(willing.get(one, 1) for one in path), (*path, far)))
                elif len(path) < 4 and far in self.people and (everybody or far not in self.closed):
                    walk((*path, far), strength * worth)

        for source in sources:
            walk((source,), 1.0)
        ranked = sorted((round(-math.log(strength), 9), tuple(map(str, path))) for strength, path in found)
        return ranked[:most]

    def willing(self) -> dict[UUID, float]:
        """How willing everybody is of whom that is counted."""
        month = self.at.astimezone(timezone.get_current_timezone()).replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
        told: dict[UUID, list[Answer]] = defaultdict(list)
        for one in Answer.objects.all():
            if month - timedelta(days=365) <= one.at < month:
                told[one.person_id].append(one)
        found = {}
        for person, answers in told.items():
            noes = [one for one in answers if not one.is_yes]
            if len(noes) >= 3 and len({one.seat_id for one in noes}) >= 2 and person not in self.own:
                share = (1 + len(answers) - len(noes)) / (1 + len(answers))
                found[person] = next(step for step in (1.0, 0.75, 0.5, 0.25, 0.0) if share >= step) or 0.25
        return found

    def refused(self) -> set[tuple[UUID, UUID]]:
        """Who is not asked about whom by this reader."""
        return {
            (one.person_id, one.target_id)
            for one in Refusal.objects.all()
            if one.seat_id in (None, self.seat) and (one.until is None or one.until > self.at)
            if one.person_id not in self.own
        }

    def degrees(self, of: UUID, depth: int = 3) -> list[set[UUID]]:
        """Who is so many ties away."""
        seen, edge, told = {of}, {of}, []
        for _number in range(depth):
            edge = {far for one in edge for far in self.near(one) if far in self.people} - seen
            seen |= edge
            told.append(edge)
        return told

    def closest(self, of: UUID, number: int) -> dict[UUID, tuple[float, list[UUID]]]:
        """Everybody so many ties away: how close over as few ties, and who is last before them, the best first."""
        edge: dict[UUID, float] = {of: 1.0}
        seen = {of}
        for _number in range(number):
            ways: dict[UUID, dict[UUID, float]] = defaultdict(dict)
            for one, worth in edge.items():
                for far, strength in self.near(one).items():
                    if far in self.people and far not in seen:
                        ways[far][one] = worth * strength
            edge = {far: max(theirs.values()) for far, theirs in ways.items()}
            seen |= set(edge)
        return {
            far: (edge[far], sorted(theirs, key=lambda one: (round(-math.log(theirs[one]), 9), str(one))))
            for far, theirs in ways.items()
        }

    def silent(self, us: list[UUID]) -> dict[tuple[UUID, UUID], float]:
        """Whose contact was strong when it was last, and is silent for eight times its usual gap."""
        pairs: dict[tuple[UUID, UUID], list[Known]] = defaultdict(list)
        for tie in self.ties:
            for one in us:
                if tie.kind == "contact" and one in tie.ends:
                    [other] = tie.ends - {one}
                    if other in self.people and other not in us:
                        pairs[one, other].append(tie)
        told = {}
        for (one, other), ties in pairs.items():
            moments = [at for tie in ties for at in tie.moments]
            last, gap = max(moments), (max(moments) - min(moments)) / max(len(moments) - 1, 1)
            was = max(_as_of(tie, self.at, last, self.half_life) for tie in ties)
            if len(moments) >= 3 and self.at - last > 8 * gap and was >= 0.5:
                told[one, other] = was
        return told

    def lens(self, kinds: set[str], days: int | None, *, ever: bool = False) -> "Reference":
        """The same network, with only ties of these kinds, and of today, of so many days, or of ever."""
        since = self.today - timedelta(days=days or 0)
        at = self.at - timedelta(days=days or 0)

        def held(one: Known) -> bool:
            if one.starts_on is not None and one.starts_on > self.today:
                return False
            if ever:
                return True
            if one.kind == "contact":
                return not days or (one.last_at or at) >= at
            return one.ends_on is None or one.ends_on >= since

        seen = Reference(self.at, self.today, people=self.people, closed=self.closed, roles=self.roles)
        seen.ties = [one for one in self.ever if (not kinds or one.kind in kinds) and held(one)]
        return seen

    def ego(self, of: UUID) -> dict[UUID, float]:
        """How close everybody within two ties is; organizations are leaves."""
        best = {of: 1.0} | self.near(of, everything=True)
        direct = dict(best)
        for one in [one for one in direct if one in self.people and one != of]:
            for far, worth in self.near(one, everything=True).items():
                best[far] = max(best.get(far, 0), direct[one] * worth)
        return best
