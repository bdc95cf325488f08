# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making a snapshot: all ties that everyone here sees, as the database has them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from plein.core.finding.finder import scoped
from plein.core.isolation import default_circle_id, workspace_id
from plein.network.queries.following import this_moment
from plein.network.queries.numbering import Halves, Numbers, keys_of
from plein.network.snapshot.files import Note
from plein.network.snapshot.graph import (
    ALWAYS,
    GROUND,
    IS_ACQUAINTANCE,
    LASTING,
    NEVER,
    NO,
    SHARED,
    UNKNOWN,
    UNTIL,
    YES,
)
from plein.network.snapshot.places import numbers_of, table_of

#: What the database sends of each tie beside its far side and its weight, in one number.
PERSON, MAY, FOR_A_WHILE, DATED = 128, 256, 512, 1024
_ALL = f"""
    COPY (SELECT h.near_id, array_send(array_agg(h.far_id)), array_send(array_agg(h.weight)),
                 array_send(array_agg((h.ground + h.is_shared::int * {SHARED} + h.is_lasting::int * {LASTING}
                     + h.to_person::int * {PERSON} + (h.asked_until = 'infinity')::int * {MAY}
                     + isfinite(h.asked_until)::int * {FOR_A_WHILE}
                     + (h.ends_on IS NOT NULL OR coalesce(h.starts_on > %(day)s, false))::int * {DATED})::smallint)),
                 CASE WHEN bool_or(isfinite(h.asked_until)) THEN array_send(array_agg(h.asked_until)) END
            FROM network_half h
           WHERE {{h}} AND h.circle_id = @everyone@ AND h.is_used AND (h.ends_on IS NULL OR h.ends_on >= %(day)s)
           GROUP BY h.near_id) TO STDOUT (FORMAT binary)
"""
_NOW = "SELECT pg_current_snapshot()::text"
_IDENTITY = """
    SELECT c.system_identifier || '/' || d.oid FROM pg_control_system() c, pg_database d
     WHERE d.datname = current_database()
"""
#: Of a row: how many fields, the length of the id, the id, the length of the first array; and what comes before all.
_ID, _LENGTH, _ARRAY, _FIRST, _HEAD = slice(6, 22), slice(22, 26), 26, 19, 20
#: Each value in an array has its length before it.
_FAR = np.dtype([("length", ">i4"), ("value", "V16")])
_WEIGHT = np.dtype([("length", ">i4"), ("value", ">f8")])
_FLAGS = np.dtype([("length", ">i4"), ("value", ">i2")])
_MOMENT = np.dtype([("length", ">i4"), ("value", ">i8")])
_NOTHING = b"\xff\xff\xff\xff"
AT_ONCE = 20_000


@dataclass(slots=True)
class Part:
    """Some relations with their ties, as they came: how many each has, to whom, what they weigh, and what they are."""

    near: Halves
    many: Numbers
    far: Halves
    weight: NDArray[np.float64]
    flags: NDArray[np.int16]
    until: Numbers


@dataclass(slots=True)
class _Rows:
    near: list[bytes] = field(default_factory=list)
    far: list[bytes] = field(default_factory=list)
    weight: list[bytes] = field(default_factory=list)
    flags: list[bytes] = field(default_factory=list)
    until: list[tuple[int, bytes]] = field(default_factory=list)

    def add(self, sent: bytes) -> None:
        length = int.from_bytes(sent[_LENGTH])
        many = (length - _HEAD) // _FAR.itemsize
        far = _ARRAY + length
        weight = far + 4 + _HEAD + many * _WEIGHT.itemsize
        flags = weight + 4 + _HEAD + many * _FLAGS.itemsize
        if sent[flags : flags + 4] != _NOTHING:
            self.until.append((len(self.near), sent[flags + 4 + _HEAD :]))
        self.near.append(sent[_ID])
        self.far.append(sent[_ARRAY + _HEAD : far])
        self.weight.append(sent[far + 4 + _HEAD : weight])
        self.flags.append(sent[weight + 4 + _HEAD : flags])

    def part(self) -> Part:
        many = np.array([len(one) // _FAR.itemsize for one in self.far], np.int64)
        flags = np.frombuffer(b"".join(self.flags), _FLAGS)["value"].astype(np.int16)
        until = np.where(flags & MAY, ALWAYS, NEVER)
        starts = np.cumsum(many) - many
        for place, sent in self.until:
            theirs = np.frombuffer(sent, _MOMENT)["value"].astype(np.int64)
            until[starts[place] : starts[place] + many[place]] = theirs
        return Part(
            np.frombuffer(b"".join(self.near), np.uint64).reshape(-1, 2),
            many,
            np.ascontiguousarray(np.frombuffer(b"".join(self.far), _FAR)["value"]).view(np.uint64).reshape(-1, 2),
            np.frombuffer(b"".join(self.weight), _WEIGHT)["value"].astype(np.float64),
            flags,
            until,
        )


def _ask(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])


def identity_of_database() -> str:
    """Which database this is: another one numbers its transactions otherwise."""
    return _ask(_IDENTITY)


def made() -> tuple[Note, dict[str, NDArray[Any]]]:
    """All ties that everyone here sees, of now and later, of which data are used; four queries."""
    day = this_moment().today
    since = _ask(_NOW)
    parts = list(_read(day))
    until = _ask(_NOW)
    arrays = _arranged(parts)
    note = Note(
        workspace_id(),
        default_circle_id(),
        identity_of_database(),
        since,
        until,
        day.isoformat(),
        len(arrays["ids"]),
        len(arrays["far"]),
    )
    return note, arrays


def _read(day: date) -> Iterator[Part]:
    sql = scoped(_ALL).replace("@everyone@", str(int(default_circle_id())))
    rows = _Rows()
    with connection.cursor() as cursor, cursor.copy(sql, {"day": day}) as copy:
        for row in copy:
            sent = bytes(row)
            if sent.startswith(b"PGCOPY"):
                sent = sent[_FIRST:]
            if len(sent) < _ARRAY:
                continue
            rows.add(sent)
            if len(rows.near) == AT_ONCE:
                yield rows.part()
                rows = _Rows()
    if rows.near:
        yield rows.part()


def _arranged(parts: list[Part]) -> dict[str, NDArray[Any]]:
    """The parts as one, relations in the order of their keys; the parts are used up."""
    ids = np.concatenate([np.empty((0, 2), np.uint64), *(one.near for one in parts)])
    keys = keys_of(ids)
    order = np.argsort(keys)
    ids, keys = np.ascontiguousarray(ids[order]), keys[order]
    if (keys[1:] == keys[:-1]).any():
        raise ArithmeticError("Two ids are mixed into the same key.")
    rank = np.empty(len(ids), np.int64)
    rank[order] = np.arange(len(ids))
    table = table_of(keys)
    many = [np.concatenate([np.empty(0, np.int64), *each]) for each in zip(*map(_counted, parts), strict=True)]
    many = [one[order] for one in many] if parts else 3 * [np.empty(0, np.int64)]
    starts = np.zeros(len(ids) + 1, np.int64)
    np.cumsum(sum(many), out=starts[1:])
    shared = starts[:-1] + many[0]
    middles = shared + many[1]
    count = int(starts[-1])
    told: dict[str, NDArray[Any]] = {
        "ids": ids,
        "keys": keys,
        "table": table,
        "starts": starts.astype(np.int32),
        "shared": shared.astype(np.int32),
        "middles": middles.astype(np.int32),
        "far": np.empty(count, np.int32),
        "weight": np.empty(count, np.float64),
        "kind": np.empty(count, np.uint8),
        "asked": np.full(len(ids), UNKNOWN),
        "person": np.zeros(len(ids), bool),
        "unsure": np.zeros(len(ids), bool),
    }
    begin = 0
    while parts:
        part = parts.pop(0)
        near = rank[begin : begin + len(part.near)]
        begin += len(near)
        _place(part, near, told, (starts, shared, middles))
    told["may"] = np.where(told["asked"] == ALWAYS, YES, np.where(told["asked"] <= UNKNOWN, NO, UNTIL)).astype(np.uint8)
    return told


def _class_of(part: Part) -> NDArray[np.uint8]:
    """Where a tie stands: those to people one knows come first, before all those over which one may ask."""
    is_known = IS_ACQUAINTANCE[part.flags & int(GROUND)] & ((part.flags & PERSON) > 0)
    told: NDArray[np.uint8] = np.where(is_known, np.where(part.flags & int(SHARED), 0, 1), 2).astype(np.uint8)
    return told


def _counted(part: Part) -> list[Numbers]:
    """How many ties of each class each relation has."""
    stands, firsts = _class_of(part), np.cumsum(part.many) - part.many
    return [np.add.reduceat((stands == one).astype(np.int64), firsts) for one in range(3)]


def _place(part: Part, near: Numbers, told: dict[str, NDArray[Any]], bases: tuple[Numbers, ...]) -> None:
    """Put the ties of a part where they belong."""
    stands = _class_of(part)
    place = np.empty(len(stands), np.int64)
    begin = np.repeat(np.cumsum(part.many) - part.many, part.many)
    for one, base in enumerate(bases):
        is_one = stands == one
        before = np.cumsum(is_one) - is_one
        place[is_one] = (np.repeat(base[near], part.many) + before - before[begin])[is_one]
    far = numbers_of(part.far, told["ids"], told["keys"], told["table"])
    told["far"][place] = np.maximum(far, 0)
    told["weight"][place] = part.weight
    told["kind"][place] = part.flags & int(GROUND | SHARED | LASTING)
    is_person = (part.flags & PERSON) > 0
    new = np.flatnonzero((far >= 0) & (told["asked"][far] == UNKNOWN))
    told["asked"][far[new]] = part.until[new]
    told["person"][far[new]] = is_person[new]
    # Of who has ties that may change with the days, or that do not agree with others, the database is asked.
    is_unsure = (far < 0) | ((part.flags & DATED) > 0) | (told["asked"][far] != part.until)
    is_unsure |= told["person"][far] != is_person
    told["unsure"][np.repeat(near, part.many)[is_unsure]] = True
