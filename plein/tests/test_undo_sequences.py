# SPDX-License-Identifier: AGPL-3.0-or-later
"""Random sequences of operations by three colleagues, undone in random order: the state before, or a named conflict.

Per commit a sample, at night 200 sequences of 200 operations (PLEIN_NIGHTLY=1).
"""

import os
import random
from uuid import UUID

import pytest
from django.db import connection, transaction

from plein.core.operations import CannotUndo, undo
from plein.testing.cast import Cast
from plein.testing.factories import make_field, make_group, make_organization, make_person
from plein.testing.figures import Judge, Note
from plein.tests.undoing import Day, Rows, one_step, picture, told
from plein.trust.actions import give_seat, make_user
from plein.trust.models import Role, User
from plein.trust.seats import entered

NIGHT = bool(os.environ.get("PLEIN_NIGHTLY"))
SEQUENCES = 200 if NIGHT else 20
LENGTH = 200 if NIGHT else 10


@pytest.fixture
def users(cast: Cast) -> tuple[User, ...]:
    """Three colleagues, each with what only they see."""
    third = make_user(email="dora@plein.example", name="Dora", language="en")
    give_seat(workspace=cast.here, user=third, role=Role.MANAGER)
    with entered(cast.alice):
        group = make_group()
        for key in ("bijnaam", "hobby"):
            make_field("text", group, key)
        for number in range(6):
            make_person(f"Persoon {number}", place="Zwolle")
        make_organization()
    return cast.alice, cast.bob, third


def named_conflicts(operation_id: UUID) -> set[str]:
    """The rows that a preview names, hidden ones included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_id FROM plein_conflicts(%s)", [operation_id])
        return {str(row[0]) for row in cursor.fetchall()}


def check(before: Rows, made: Rows, present: Rows, after: Rows, left: set[str]) -> None:
    """An undo gave each row back as it was before its operation, and left exactly those alone that were named."""
    for key in before.keys() | made.keys():
        found, was_made, is_now, became = (told(rows.get(key)) for rows in (before, made, present, after))
        if found == was_made:
            continue
        if key[1] in left:
            assert became == is_now, f"{key} was named and touched all the same"
        elif found is None:
            # A row of own fields stays for the values that others wrote in it, without those it was made with.
            kept = (became or {}).get("values", None if became else {})
            assert kept is not None and not kept.items() & (was_made or {}).get("values", {}).items(), key
        elif was_made is None:
            assert became is not None, f"{key} did not come back"
            lost = {
                name for name in found if became[name] is None and str(found[name]) not in {one[1] for one in after}
            }
            assert became == found | dict.fromkeys(lost), f"{key} did not come back as it was"
        else:
            assert is_now is not None and became is not None, key
            changed = [name for name in found if found[name] != was_made.get(name)]
            assert {name: is_now[name] for name in changed if name != "values"} == {
                name: was_made[name] for name in changed if name != "values"
            }, f"{key} was changed since, and not named"
            assert {name: became[name] for name in changed if name != "values"} == {
                name: found[name] for name in changed if name != "values"
            }, key


def untouched(before: Rows, made: Rows, present: Rows, after: Rows) -> None:
    """No row that the operation did not touch was edited by its undo; what hung on a row that it removed may go."""
    touched = {key for key in before.keys() | made.keys() if told(before.get(key)) != told(made.get(key))}
    gone = {key[1] for key in present if key not in after}
    for key, row in present.items():
        if key in touched or told(row) == told(after.get(key)):
            continue
        refers = gone & {str(value) for name, value in row.items() if name.endswith("_id")}
        assert refers, f"{key} was no part of it"


def turn_back(operation_id: UUID, who: list[User]) -> set[str] | None:
    """Turn an operation back as the first who can; the rows that were named, or None when nobody of them can."""
    for user in who:
        with entered(user):
            left = named_conflicts(operation_id)
            try:
                undo(operation_id)
            except CannotUndo as reason:
                assert reason.reason in ("undone", "unknown"), reason
            else:
                return left
    return None


def play(users: tuple[User, ...], seed: int, *, in_reverse: bool) -> tuple[int, int]:
    """One sequence, forth and back; how many were undone, and how many rows were named as conflicts."""
    with transaction.atomic():
        found = _play(users, seed, in_reverse=in_reverse)
        transaction.set_rollback(True)
    return found


def _play(users: tuple[User, ...], seed: int, *, in_reverse: bool) -> tuple[int, int]:
    day = Day(users, random.Random(seed), may_undo=not in_reverse, only=users[0] if in_reverse else None)  # noqa: S311 — a sample, not a secret
    first = picture(users)
    pictures: dict[UUID, tuple[Rows, Rows]] = {}
    last = first
    while len(pictures) < LENGTH:
        made = one_step(day)
        if made is not None:
            now = picture(users)
            pictures[made] = (last, now)
            day.done.append(made)
            last = now
    order = list(reversed(day.done)) if in_reverse else day.chance.sample(day.done, len(day.done))
    undone = named = 0
    for operation_id in order:
        left = turn_back(operation_id, [day.doers[operation_id], users[0]] if in_reverse else [day.doers[operation_id]])
        if left is None:
            continue
        after = picture(users)
        check(*pictures[operation_id], last, after, left)
        untouched(*pictures[operation_id], last, after)
        last, undone, named = after, undone + 1, named + len(left)
    if in_reverse:
        assert named == 0
        assert {key: told(row) for key, row in last.items()} == {key: told(row) for key, row in first.items()}
    return undone, named


@pytest.mark.parametrize("part", range(2))
def test_sequences_are_undone_to_the_state_before_or_a_named_conflict(
    users: tuple[User, ...], note: Note, judge: Judge, part: int
) -> None:
    undone = named = held = 0
    wanted = SEQUENCES // 2
    try:
        for seed in range(part * wanted, (part + 1) * wanted):
            some = play(users, seed, in_reverse=bool(part))
            undone, named, held = undone + some[0], named + some[1], held + 1
    finally:
        judge(
            f"undo: sequences of {LENGTH}, {'in reverse' if part else 'in any order'}",
            goal=f"{wanted} of {wanted}",
            measured=f"{held} of {wanted}",
            is_good=held == wanted,
        )

    note(sequences=wanted, operations=LENGTH * wanted, undone=undone, named_conflicts=named)
    assert undone > 0
