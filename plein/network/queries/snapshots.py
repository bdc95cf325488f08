# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether there is a snapshot of the network, whether another is wanted, and whether it says what the database does."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from plein.core.ids import now
from plein.network.models import Feed, Half, Snapshot
from plein.network.queries import stepping, tying
from plein.network.queries.following import PEOPLE, Way, this_moment
from plein.network.queries.numbering import Floats, Halves
from plein.network.queries.seeing import OPEN
from plein.network.snapshot.canvas import TiesOfSnapshot
from plein.network.snapshot.files import NotThere, read
from plein.network.snapshot.seen import Seen
from plein.network.snapshot.sight import is_of_database
from plein.network.snapshot.walking import walk
from plein.network.texts import NOBODY

#: No more changed relations than this are counted.
MOST = 1_000_000
#: A snapshot serves until so many of its relations changed, one in so many, or until it is so old and anything changed.
FEWEST, SHARE, OLD = 200, 20, timedelta(days=1)


def latest() -> Snapshot | None:
    """The snapshot in use."""
    return Snapshot.objects.order_by("-at").first()


def is_large() -> bool:
    """Whether the network is large enough for a snapshot to be quicker."""
    least = settings.PLEIN_SNAPSHOT_FROM
    return Half.objects.all()[:least].count() >= least


def is_wanted() -> bool:
    """Whether there is no snapshot that can be read, or it is old, or much changed since."""
    found = latest()
    if found is None:
        return True
    try:
        note, _arrays = read(found.workspace_id, str(found.id))
    except NotThere:
        return True
    if not is_of_database(note.identity) or _after(note.begun).filter(near_id=NOBODY).exists():
        return True
    many = max(FEWEST, found.relations // SHARE)
    number = _changed(note.begun, many)
    return number >= many or (number > 0 and found.at < now() - OLD)


def changed(found: Snapshot) -> int:
    """Of how many relations the database is asked because their ties changed; of all when its files are not there."""
    try:
        note, _arrays = read(found.workspace_id, str(found.id))
    except NotThere:
        return found.relations
    return _changed(note.begun, MOST)


def _changed(since: Seen, most: int) -> int:
    return _after(since).values("near_id").distinct()[:most].count()


def _after(seen: Seen) -> QuerySet[Feed]:
    """What the feed says beyond what somebody saw; lines from before stand there while an old transaction is open."""
    return Feed.objects.filter(Q(transaction__gte=seen.until) | Q(transaction__in=list(seen.open)))


@dataclass(frozen=True, slots=True)
class Compared:
    """Of how many relations the ties were asked for in both ways, and of how many they differed."""

    asked: int
    differences: int


def compared(many: int = 2000) -> Compared:
    """Ask for the ties of some relations from the snapshot and from the database alone; seven queries."""
    moment = this_moment()
    way = walk(moment)
    if way is None:
        return Compared(0, 0)
    # Relations stand in the order of their mixed ids: one in so many is as good as chance.
    numbers = np.unique(np.linspace(0, way.size - 1, min(many, way.size)).astype(np.int64))
    size = len(numbers)
    ids, wrong = way.graph.ids[numbers], np.zeros(len(numbers), bool)
    for follow in (PEOPLE, Way(to_ask=True, only_askable=True)):
        ours = way.steps(numbers, follow)
        told = _lines(ours.place, way.ids(ours.far), ours.cost, ours.is_askable, size)
        theirs = stepping.steps(ids, moment, follow)
        wrong |= _unlike(told, _lines(theirs.place, theirs.far, theirs.cost, theirs.is_askable, size))
    drawn = TiesOfSnapshot(way, OPEN).ties(numbers)
    told = _lines(drawn.place, way.ids(drawn.far), drawn.cost, drawn.ground, size)
    wanted = tying.ties(ids, moment, OPEN)
    wrong |= _unlike(told, _lines(wanted.place, wanted.far, wanted.cost, wanted.ground, size))
    return Compared(len(numbers), int(wrong.sum()))


type Lines = list[list[tuple[bytes, float, int]]]


def _lines(place: NDArray[Any], far: Halves, cost: Floats, what: NDArray[Any], many: int) -> Lines:
    """The ties of each relation, in an order of their own."""
    told: Lines = [[] for _number in range(many)]
    columns = (place.tolist(), far, np.round(cost, 9).tolist(), what.tolist())
    for number, end, worth, kind in zip(*columns, strict=True):
        told[number].append((end.tobytes(), worth, kind))
    return [sorted(one) for one in told]


def _unlike(told: Lines, alone: Lines) -> NDArray[np.bool]:
    return np.array([one != other for one, other in zip(told, alone, strict=True)])
