# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may know, worked out the long way: every text a reader sees is read, with no index and no SQL of ours.

It is for words that are their own stem.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from uuid import UUID

from plein.core.ids import now
from plein.moments.models import Moment, MomentSubject, MomentText, Participant, ToDo
from plein.network.queries import evidence_of
from plein.network.queries.following import this_moment
from plein.questions.models import Answer
from plein.relations.models import Interest, Membership, Relation, Tagging

WORTH = {"answered": 2.0, "is": 2.0, "wrote": 1.0, "did": 0.75, "spoke": 0.5, "read": 0.25}
ROLES = {"from": "wrote", "with": "spoke", "to": "read", "cc": "read"}


@dataclass(frozen=True)
class Text:
    """One thing that was written: of which record, what, and how old it is in days."""

    record: UUID
    words: frozenset[str]
    days: int


def texts() -> tuple[list[Text], int]:
    """Everything that the reader in force may read, and how many texts that were."""
    moment = now()
    found: dict[UUID, set[str]] = {}
    ages: dict[UUID, int] = {}
    counted = 0
    said = [(one.moment, one.title) for one in MomentSubject.objects.select_related("moment")]
    said += [(one.moment, one.text) for one in MomentText.objects.select_related("moment")]
    for of, text in said:
        words = set(re.findall(r"\w+", text))
        if words:
            counted += 1
            found.setdefault(of.id, set()).update(words)
            ages[of.id] = max((moment - of.occurred_at).days, 0)
    for todo in ToDo.objects.all():
        found[todo.id] = set(re.findall(r"\w+", f"{todo.title} {todo.note}"))
        ages[todo.id] = max((moment - todo.created_at).days, 0)
        counted += 1
    return [Text(id, frozenset(words), ages[id]) for id, words in found.items()], counted


def scores(me: Relation, people: Iterable[Relation], question: list[str]) -> dict[UUID, float]:
    """How much each counts for these words."""
    every, total = texts()
    read = [one for one in every if one.words & set(question)]
    weight = {word: log(1 + total / (sum(word in one.words for one in read) or 1)) for word in question}
    whole = sum(weight.values())

    def share(words: Iterable[str]) -> float:
        return sum(weight[word] for word in question if word in set(words)) / whole

    least = 0.5 / len(question)
    told = {}
    for person in people:
        score = 0.0
        for one in read:
            part = part_of(person, one.record)
            if part and share(one.words) >= least:
                score += share(one.words) * WORTH[part] * 0.5 ** (one.days / 365)
        score += sum(2.0 * share(words) for words in lines_of(person) if share(words) >= least)
        answers = Answer.objects.filter(seat_id=person.seat_id or me.id).count()
        goodwill = (1 + answers) / (2 + answers)
        told[person.id] = score / (score + 1) * (0.25 + 0.75 * nearness(me, person)) * goodwill
    return told


def part_of(person: Relation, record: UUID) -> str:
    """The greatest part somebody had in something."""
    parts = [ROLES.get(one.role, "") for one in Participant.objects.filter(moment_id=record, relation_id=person.id)]
    if Moment.objects.filter(id=record, recorded_by_id=person.seat_id or record, source="hand").exists():
        parts.append("wrote")
    if ToDo.objects.filter(id=record, assignee_id=person.seat_id or record).exists():
        parts.append("did")
    if Answer.objects.filter(moment_id=record, seat_id=person.seat_id or record).exists():
        parts.append("answered")
    return max((one for one in parts if one), key=lambda one: WORTH[one], default="")


def lines_of(person: Relation) -> list[list[str]]:
    """What stands with somebody: in one line, their roles, tags and interests."""
    lines = [person.headline]
    lines += [f"{one.role} {one.department}" for one in Membership.objects.filter(person=person)]
    lines += [one.tag.name for one in Tagging.objects.filter(relation=person).select_related("tag")]
    lines += [one.text for one in Interest.objects.filter(relation=person)]
    return [re.findall(r"\w+", line) for line in lines]


def nearness(me: Relation, person: Relation) -> float:
    """The strongest way of at most two ties."""
    between = [one.id for one in Relation.objects.exclude(id__in=[me.id, person.id]).filter(kind="person")]
    return max([tie(me.id, person.id), *(tie(me.id, one) * tie(one, person.id) for one in between)])


def tie(one: UUID, other: UUID) -> float:
    """How strong the tie of two is."""
    pair = (str(one), str(other))
    return max((each.strength for each in evidence_of([pair], this_moment()).get(pair, [])), default=0.0)
