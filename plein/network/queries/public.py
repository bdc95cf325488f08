# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network that everyone here sees and that may be asked, whole: what figures about everybody are made of."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db import connection

from plein.core.finding.finder import scoped
from plein.core.isolation import default_circle_id
from plein.network.queries.following import Way, this_moment
from plein.network.queries.numbering import Halves, Numbers, keys_of
from plein.network.whole.graph import Graph

#: Each person with all to whom they are tied, as arrays; the index has them in this order.
_ALL = """
    COPY (SELECT h.near_id, array_send(array_agg(h.far_id)) FROM network_half h
           WHERE {h} AND h.circle_id = @everyone@ AND h.to_person AND @conditions@
           GROUP BY h.near_id) TO STDOUT (FORMAT binary)
"""
#: Of a row: how many fields, the length of the id, the id, the length of the array, its head; and what comes first.
_ID, _ARRAY, _FIRST = slice(6, 22), 46, 19
#: Each id in an array has its length before it.
_SENT = np.dtype([("length", ">i4"), ("id", "V16")])
AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Public:
    """People by number, with their ids, and whom of each other they know."""

    ids: Halves
    graph: Graph


def public_network() -> Public:
    """Only ties that everyone here sees, of today, shared, between people who may be asked; one query."""
    near: list[Halves] = []
    far: list[Halves] = []
    many: list[Numbers] = []
    for ids, others, counts in _read():
        near.append(ids)
        far.append(others)
        many.append(counts)
    if not near:
        return Public(np.empty((0, 2), np.uint64), Graph.of(0, np.empty(0, np.int64), np.empty(0, np.int64)))
    ids = np.concatenate(near)
    place = _places(ids, far)
    begin = np.repeat(np.arange(len(ids), dtype=np.int32), np.concatenate(many))
    may = np.zeros(len(ids), bool)
    may[place[place >= 0]] = True
    kept = (place >= 0) & may[begin]
    begin, place = begin[kept], place[kept]
    number = np.cumsum(may, dtype=np.int32) - 1
    return Public(ids[may], Graph.of(int(may.sum()), number[begin], number[place]))


def _read() -> Iterator[tuple[Halves, Halves, Numbers]]:
    """Some thousand people at a time: who they are, to whom they are tied, and to how many each."""
    moment = this_moment()
    way = Way(to_ask=True, only_askable=True)
    sql = scoped(_ALL).replace("@conditions@", way.conditions()).replace("@everyone@", str(int(default_circle_id())))
    near: list[bytes] = []
    far: list[bytes] = []
    with connection.cursor() as cursor, cursor.copy(sql, {"today": moment.today, "at": moment.at}) as copy:
        for row in copy:
            sent = bytes(row)
            if sent.startswith(b"PGCOPY"):
                sent = sent[_FIRST:]
            if len(sent) < _ARRAY:
                continue
            near.append(sent[_ID])
            far.append(sent[_ARRAY:])
            if len(near) == AT_ONCE:
                yield _some(near, far)
                near, far = [], []
    if near:
        yield _some(near, far)


def _some(near: list[bytes], far: list[bytes]) -> tuple[Halves, Halves, Numbers]:
    others = np.frombuffer(b"".join(far), _SENT)["id"]
    return (
        np.frombuffer(b"".join(near), np.uint64).reshape(-1, 2),
        np.ascontiguousarray(others).view(np.uint64).reshape(-1, 2),
        np.array([len(one) // _SENT.itemsize for one in far]),
    )


def _places(ids: Halves, far: list[Halves]) -> Numbers:
    """The number of each of these among the ids, or -1; `far` is used up, for it is large."""
    keys = keys_of(ids)
    order = np.argsort(keys)
    keys = keys[order]
    assert (keys[1:] != keys[:-1]).all(), "two ids are mixed into the same key"
    told = []
    for number, others in enumerate(far):
        wanted = keys_of(others)
        found = order[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)]
        is_same = (ids[found] == others).all(axis=1)
        told.append(np.where(is_same, found, -1).astype(np.int32))
        far[number] = others[:0]
    return np.concatenate(told)
