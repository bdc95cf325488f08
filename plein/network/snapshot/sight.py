# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a reader may be told from a snapshot at this moment: everybody whose ties did not change since it was made.

Of whom they did, and of all ties that not everyone here sees, the database is asked. Whenever anything is in doubt
there is no snapshot, and the database answers all of it.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from plein.core.finding.finder import scoped
from plein.core.isolation import current, workspace_id
from plein.network.queries.following import Moment, Way
from plein.network.queries.numbering import Floats, Numbers
from plein.network.queries.stepping import read, read_ids
from plein.network.snapshot.building import identity_of_database
from plein.network.snapshot.files import NotThere, folder_of
from plein.network.snapshot.graph import LASTING, SHARED, Graph
from plein.network.snapshot.seen import Seen

#: More ties than this that not everyone here sees are not kept in memory for a reader: the database answers.
MOST = 200_000
#: So many readers, that is sets of circles, are remembered.
READERS = 32
#: So many groups of people for each.
GROUPS = 8
_PULL = """
    SELECT s.id::text, pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NOT NULL, (
        SELECT array_send(array_agg(n.near_id)) FROM (
            SELECT f.near_id FROM network_feed f WHERE {f} AND f.transaction >= %(until)s
             UNION ALL
            SELECT f.near_id FROM network_feed f WHERE {f} AND f.transaction < %(until)s AND f.transaction = ANY (
                array_append(%(open)s::bigint[], pg_current_xact_id_if_assigned()::text::bigint))) n)
      FROM network_snapshot s WHERE s.workspace_id = %(workspace)s ORDER BY s.at DESC LIMIT 1
"""
_LATEST = """
    SELECT s.id::text, pg_current_xact_id_if_assigned() IS NOT NULL FROM network_snapshot s
     WHERE s.workspace_id = %(workspace)s ORDER BY s.at DESC LIMIT 1
"""
_HIDDEN = f"""
    SELECT count(*), array_send(array_agg(h.near_id)), array_send(array_agg(h.far_id)),
           array_send(array_agg(h.weight)), array_send(array_agg((h.ground + h.is_shared::int * {SHARED}
               + h.is_lasting::int * {LASTING})::smallint)),
           array_send(array_agg(CASE WHEN h.ends_on IS NULL AND (h.starts_on IS NULL OR h.starts_on <= %(day)s)
                                     THEN 0 ELSE 1 END)),
           array_send(array_agg(h.asked_until)), array_send(array_agg(h.to_person))
      FROM (SELECT * FROM network_half h
             WHERE {{h}} AND h.circle_id = ANY (%(others)s) AND h.is_used
               AND (h.ends_on IS NULL OR h.ends_on >= %(day)s) LIMIT {MOST + 1}) h
"""
NOBODY = bytes(16)


class Few[Key, Value](OrderedDict[Key, Value]):
    """What was found last; of more than so many the oldest goes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        while len(self) > self.most:
            self.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Near:
    """The ties of a group to others, in the order of these; `strongest` of each kind are the places of the heaviest."""

    place: Numbers
    far: NDArray[np.integer]
    weight: Floats
    is_lasting: NDArray[np.bool]
    strongest: Numbers


@dataclass(frozen=True, slots=True)
class Hidden:
    """The ties of a reader that not everyone here sees: of whom, and from where to where, in the order of `near`."""

    near: Numbers
    starts: Numbers
    far: NDArray[np.int32]
    weight: Floats
    kind: NDArray[np.uint8]


class Sight:
    """A snapshot as one reader may use it; `marked` are those of whom the database is asked."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.marked: NDArray[np.bool] = graph.unsure.copy()
        self.is_lost = False
        self.hidden: Hidden | None = None
        #: The ties of a few groups of people who are asked for again and again, as `walking` has them.
        self.near: Few[tuple[bytes, Way], Near] = Few(GROUPS)
        self.groups: Few[frozenset[str], Numbers] = Few(GROUPS)
        #: What of the feed has been read.
        self.seen = graph.begun

    def mark(self, sent: bytes | None) -> None:
        """Ask the database about these from now on."""
        if sent is None:
            return
        ids = read_ids(sent)
        if not ids.all(axis=1).all() and any(one.tobytes() == NOBODY for one in ids):
            self.is_lost = True
        numbers = self.graph.numbers(ids)
        # Who is not in the snapshot is asked of the database anyway.
        self.marked[numbers[numbers >= 0]] = True

    def serves(self, seen: Seen, moment: Moment) -> bool:
        """Whether somebody who sees this may be told from it."""
        is_late = moment.today >= self.graph.first_day and seen.includes(self.graph.done)
        return is_late and not self.is_lost


_graphs: dict[int, Graph] = {}
#: What cannot be read, or is of another database: it is not tried at each question until the next is made.
_refused: dict[int, str] = {}
_sights: Few[tuple[int, tuple[int, ...]], Sight] = Few(READERS)
_lock = threading.Lock()
_alone: ContextVar[bool] = ContextVar("plein_database_alone", default=False)
#: Which database a connection leads to.
_identities: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def forget_all() -> None:
    """Remember nothing of any snapshot: for processes whose database was exchanged, and for tests."""
    with _lock:
        _graphs.clear()
        _refused.clear()
        _sights.clear()
    _identities.clear()


@contextmanager
def database_alone() -> Iterator[None]:
    """Whatever is asked inside, the database answers."""
    token = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(token)


def sight(moment: Moment) -> Sight | None:
    """The snapshot for the reader in force, or None; one query where there is one, and none where there is not."""
    if not settings.PLEIN_SNAPSHOT or _alone.get() or not current().circles:
        return None
    if not folder_of(workspace_id()).is_dir():
        return None
    key = (workspace_id(), current().circles)
    known = _sights.get(key)
    found = known and _pulled(known)
    if found is None:
        found = _anew(key)
    return found[0] if found and found[0].serves(found[1], moment) else None


def _pulled(known: Sight) -> tuple[Sight, Seen] | None:
    """Read the feed on from where it was read up to; None when there is another snapshot by now."""
    until = known.seen
    values: dict[str, Any] = {"workspace": workspace_id(), "until": until.until, "open": list(until.open)}
    with connection.cursor() as cursor:
        cursor.execute(scoped(_PULL), values)
        row = cursor.fetchone()
    if row is None or row[0] != known.graph.name or not is_of_database(known.graph.note.identity):
        return None
    _name, text, is_writing, sent = row
    seen = Seen.of(text)
    if seen.until < until.until and until is not known.graph.begun:
        # An older transaction, or a database that was set back and counts anew.
        known.seen = known.graph.begun
        return _pulled(known)
    known.mark(sent)
    # What one's own transaction writes comes under its number later, too.
    if not is_writing:
        known.seen = seen
    return known, seen


def is_of_database(identity: str) -> bool:
    """Whether the connection in use leads to this database."""
    inner = connection.connection
    found = _identities.get(inner)
    if found is None:
        found = _identities[inner] = identity_of_database()
    return found == identity


def _anew(key: tuple[int, tuple[int, ...]]) -> tuple[Sight, Seen] | None:
    """The snapshot in use, for a reader who had none yet."""
    with _lock:
        _sights.pop(key, None)
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, {"workspace": key[0]})
        row = cursor.fetchone()
    # What a transaction wrote that may yet be taken back is not to be remembered.
    if row is None or row[1]:
        return None
    graph = _opened(key[0], row[0])
    if graph is None or graph.note.everyone not in key[1]:
        return None
    made = Sight(graph)
    _read_hidden(made, [one for one in key[1] if one != graph.note.everyone])
    found = _pulled(made)
    if found is not None:
        with _lock:
            _sights[key] = made
    return found


def _opened(workspace: int, name: str) -> Graph | None:
    known = _graphs.get(workspace)
    if known is not None and known.name == name:
        return known
    if _refused.get(workspace) == name:
        return None
    try:
        graph = Graph.opened(workspace, name)
    except NotThere:
        graph = None
    if graph is None or not is_of_database(graph.note.identity):
        _refused[workspace] = name
        return None
    _graphs[workspace] = graph
    return graph


def _read_hidden(made: Sight, others: list[int]) -> None:
    """The ties that the reader sees and not everyone here does; one query.

    What changed of them since the snapshot was made, the feed says afterwards.
    """
    if not others:
        return
    with connection.cursor() as cursor:
        cursor.execute(scoped(_HIDDEN), {"others": others, "day": made.graph.first_day})
        many, near, far, weight, kind, dated, until, person = cursor.fetchone()
    if many > MOST:
        made.is_lost = True
    if not many or made.is_lost:
        return
    graph = made.graph
    begin, end = graph.numbers(read_ids(near)), graph.numbers(read_ids(far))
    at = np.maximum(end, 0)
    is_unsure = (end < 0) | (read(dated, ">i4") > 0) | (graph.asked[at] != read(until, ">i8"))
    is_unsure |= graph.person[at] != (read(person, "u1") == 1)
    made.marked[begin[(begin >= 0) & is_unsure]] = True
    kept = np.flatnonzero((begin >= 0) & (end >= 0))
    if not len(kept):
        return
    kept = kept[np.argsort(begin[kept], kind="stable")]
    begin = begin[kept]
    firsts = np.flatnonzero(np.concatenate(([True], begin[1:] != begin[:-1])))
    made.hidden = Hidden(
        begin[firsts],
        np.append(firsts, len(begin)),
        end[kept].astype(np.int32),
        read(weight, ">f8").astype(np.float64)[kept],
        read(kind, ">i2").astype(np.uint8)[kept],
    )
