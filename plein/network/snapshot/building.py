# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making a snapshot: all ties that everyone here sees, as the database has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from plein.core.isolation import default_circle_id, workspace_id
from plein.network.queries.following import this_moment
from plein.network.queries.numbering import Halves, Numbers, keys_of, uuids_of
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
from plein.network.vocabulary import DATED, FOR_A_WHILE, MAY, PERSON

#: So many relations at a time, in the order of their ids, each column of all their ties as one string of bytes.
AT_ONCE = 10_000
_ALL = """
    COPY (SELECT e.near, e.many, e.far, e.weight, e.flags, e.until
            FROM plein_network_whole(%(circle)s, %(day)s, %(after)s, %(most)s) e) TO STDOUT (FORMAT binary)
"""
_NOW = "SELECT pg_current_snapshot()::text"
_IDENTITY = """
    SELECT c.system_identifier || '/' || d.oid FROM pg_control_system() c, pg_database d
     WHERE d.datname = current_database()
"""
#: Where the columns of a row begin, after the head of the file and how many there are.
_BEGIN = 19 + 2
_NOTHING = b"\xff\xff\xff\xff"
_FIRST = UUID(int=0)


@dataclass(slots=True)
class Part:
    """Some relations with their ties, as they came: how many each has, to whom, what they weigh, and what they are."""

    near: Halves
    many: Numbers
    far: Halves
    weight: NDArray[np.float64]
    flags: NDArray[np.int16]
    until: Numbers


def _part_of(sent: bytes) -> Part | None:
    """What the database sent of some relations, or None when there were no more."""
    columns, begin = [], _BEGIN
    for _column in range(6):
        length = sent[begin : begin + 4]
        end = begin + 4 + (0 if length == _NOTHING else int.from_bytes(length))
        columns.append(memoryview(sent)[begin + 4 : end])
        begin = end
    near, many, far, weight, flags, until = columns
    if not len(near):
        return None
    what = np.frombuffer(flags, ">i2").astype(np.int16)
    told = np.where(what & MAY, ALWAYS, NEVER)
    told[(what & FOR_A_WHILE) > 0] = np.frombuffer(until, ">i8")
    return Part(
        np.frombuffer(near, np.uint64).reshape(-1, 2),
        np.frombuffer(many, ">i4").astype(np.int64),
        np.frombuffer(far, np.uint64).reshape(-1, 2),
        np.frombuffer(weight, ">f8").astype(np.float64),
        what,
        told,
    )


def _ask(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])


def identity_of_database() -> str:
    """Which database this is: another one numbers its transactions otherwise."""
    return _ask(_IDENTITY)


def made() -> tuple[Note, dict[str, NDArray[Any]]]:
    """All ties that everyone here sees, of now and later, of which data are used; a query for some relations at a time.

    What changes in between came after `since`: the feed tells of it.
    """
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
    after = _FIRST
    while True:
        values = {"circle": default_circle_id(), "day": day, "after": after, "most": AT_ONCE}
        with connection.cursor() as cursor, cursor.copy(_ALL, values) as copy:
            part = _part_of(b"".join(copy))
        if part is None:
            return
        yield part
        after = uuids_of(part.near[-1:])[0]


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
    for one, base in enumerate(bases):
        these = np.flatnonzero(stands == one)
        many = (bases[one + 1][near] if one < 2 else bases[0][near + 1]) - base[near]
        place[these] = (base[near] - many.cumsum() + many).repeat(many) + np.arange(len(these))
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
