# SPDX-License-Identifier: AGPL-3.0-or-later
"""A snapshot knows of every tie as soon as it is committed, and of none that its reader does not see."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.network.actions import drop_snapshot, keep_snapshot, take_snapshot
from plein.network.models import Feed, Snapshot
from plein.network.queries import degrees, ego, rebuild, tying
from plein.network.queries.snapshots import compared, is_wanted
from plein.network.snapshot import files
from plein.network.snapshot import sight as sights
from plein.network.tasks import keep_snapshots
from plein.network.tests.conftest import tied
from plein.network.tests.snapshots import both_ways, known_by, seen, snapshots
from plein.network.tests.test_answers import standing_still
from plein.network.texts import NOBODY
from plein.relations.models import Relation, Tie
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.factories import make_person
from plein.testing.home import ROOT
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures(snapshots.__name__)]


@pytest.fixture
def people(cast: Cast) -> list[UUID]:
    """Five people in a row who know each other, and a snapshot of that."""
    with entered(cast.alice):
        made = [make_person(f"Person {number}") for number in range(5)]
        for one, other in zip(made, made[1:], strict=False):
            tied(one, other)
    taken(cast.alice)
    return [one.id for one in made]


def taken(user: User) -> None:
    """Take a snapshot and look at it once: it is not opened for somebody who is writing."""
    with entered(user) as actor:
        take_snapshot(actor=actor)
    with entered(user):
        assert seen() is not None


def elsewhere(act: Callable[[], object]) -> None:
    """In a thread with a connection of its own."""

    def carry_out() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=carry_out)
    thread.start()
    thread.join()


def tied_by(user: User, one: UUID, other: UUID) -> None:
    with entered(user):
        tie(one, other)


def tie(one: UUID, other: UUID, **changes: object) -> Tie:
    return tied(Relation.objects.get(id=one), Relation.objects.get(id=other), **changes)  # type: ignore[arg-type]


@contextmanager
def held_open(user: User, one: UUID, other: UUID) -> Iterator[None]:
    """Somebody else's transaction that ties two people and is committed when the block ends."""
    written, ending = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with entered(user):
                tie(one, other)
                written.set()
                ending.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(20)
    try:
        yield
    finally:
        ending.set()
        thread.join()


def test_a_new_tie_is_known_at_once_and_one_taken_back_never(cast: Cast, people: list[UUID]) -> None:
    with entered(cast.bob):
        assert known_by(people[0]) == {people[1]}
        found = seen()
        assert found is not None and not found.marked.any()
    with entered(cast.alice):
        tie(people[0], people[3])
        # Another transaction that began later ends before.
        elsewhere(lambda: tied_by(cast.bob, people[1], people[4]))
        assert known_by(people[0]) == {people[1], people[3]}
        tie(people[2], people[4])
    with entered(cast.alice):
        assert known_by(people[2]) == {people[1], people[3], people[4]}
    with entered(cast.bob):
        assert known_by(people[0]) == {people[1], people[3]}
    with entered(cast.alice):
        tie(people[0], people[4])
        assert known_by(people[0]) == {people[1], people[3], people[4]}
        connection.set_rollback(True)  # noqa: FBT003
    with entered(cast.alice):
        assert known_by(people[0]) == {people[1], people[3]}
        assert compared().asked == 5 and not compared().differences


def test_a_slower_transaction_that_began_before_is_known_when_it_ends(cast: Cast, people: list[UUID]) -> None:
    with held_open(cast.bob, people[0], people[4]):
        taken(cast.alice)
        with entered(cast.alice):
            assert known_by(people[0]) == {people[1]}
            tie(people[1], people[4])
        with entered(cast.bob):
            assert known_by(people[4]) == {people[1], people[3]}
            assert known_by(people[0]) == {people[1]}
    with entered(cast.alice):
        assert known_by(people[0]) == {people[1], people[4]}


def test_a_transaction_that_stands_still_is_told_neither_more_nor_less(cast: Cast, people: list[UUID]) -> None:
    with no_workspace("stand still"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with entered(cast.alice):
            assert known_by(people[0]) == {people[1]}
            with held_open(cast.bob, people[0], people[4]):
                pass
            told, alone = both_ways(lambda: set(degrees(people[0], depth=2)[0].ids))
            assert told == alone == {people[1]}
            elsewhere(lambda: taken(cast.alice))
            # The snapshot of now knows more than this transaction does.
            told, alone = both_ways(lambda: set(degrees(people[0], depth=2)[0].ids))
            assert told == alone == {people[1]}
    with entered(cast.alice):
        assert known_by(people[0]) == {people[1], people[4]}


def test_hidden_ties_that_another_transaction_read_are_not_told_to_an_older_one(cast: Cast, people: list[UUID]) -> None:
    def hide() -> None:
        with entered(cast.alice):
            tie(people[0], people[2], own_circle_id=only_me())
        sights.forget_all()
        with entered(cast.alice):
            assert known_by(people[0]) == {people[1], people[2]}

    with entered(cast.alice):
        only_me()
    with no_workspace("stand still"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with entered(cast.alice):
            elsewhere(hide)
            told, alone = both_ways(lambda: set(degrees(people[0], depth=2)[0].ids))
            assert told == alone == {people[1]}


def test_a_hidden_tie_is_in_no_file_and_marks_nobody_for_others(cast: Cast, people: list[UUID]) -> None:
    with entered(cast.alice):
        hidden = tie(people[0], people[2], own_circle_id=only_me())
    with entered(cast.alice):
        assert known_by(people[0]) == {people[1], people[2]}
    with entered(cast.bob):
        assert known_by(people[0]) == {people[1]}
        found = seen()
        assert found is not None and not found.marked.any()
    taken(cast.alice)
    with entered(cast.alice):
        assert known_by(people[0]) == {people[1], people[2]}
        found = seen()
        assert found is not None and found.hidden is not None
        assert found.graph.note.halves == 8 and not found.marked.any()
    for circle, wanted in ((None, {people[1], people[2]}), (only_me, {people[1]})):
        with entered(cast.alice), operation("change_tie"):
            Tie.objects.filter(id=hidden.id).update(own_circle_id=circle and circle())
        for user, theirs in ((cast.bob, wanted), (cast.alice, {people[1], people[2]})):
            with entered(user):
                assert known_by(people[0]) == theirs


def test_of_more_ties_than_a_picture_follows_the_same_are_shown(
    cast: Cast, people: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tying, "WIDEST", 4)
    standing_still(monkeypatch)
    with entered(cast.alice):
        others = [make_person(f"Other {number}").id for number in range(12)]
        for number, one in enumerate(others):
            tie(people[0], one, own_circle_id=None if number % 3 else only_me())
            tie(one, others[number - 5], kind="friend")
    taken(cast.alice)
    for user in (cast.alice, cast.bob):
        with entered(user):
            found = seen()
            assert found is not None and not found.marked.any()
            told, alone = both_ways(lambda: [ego(one, limit=9) for one in (people[0], people[1], *others)])
            assert told == alone
            assert len(told[0].closeness) == 9 and len(told[0].direct) == 4


def test_another_company_has_no_part_in_it(cast: Cast, people: list[UUID]) -> None:
    with entered(cast.charlie):
        assert seen() is None
        other, third = make_person("Other"), make_person("Third")
        tied(other, third)
    taken(cast.charlie)
    with entered(cast.charlie):
        assert known_by(other.id) == {third.id}
        assert known_by(people[0]) == set()
    with entered(cast.alice):
        assert known_by(other.id) == set()


def test_when_everything_is_derived_anew_the_database_answers(cast: Cast, people: list[UUID]) -> None:
    with entered(cast.alice):
        rebuild()
        found = seen()
        assert found is not None and found.marked.all()
        assert known_by(people[0]) == {people[1]}
    with entered(cast.alice):
        # As the feed says it of very many at once.
        Feed.objects.filter(id=Feed.objects.order_by("-id")[0].id).update(near_id=NOBODY)
    sights.forget_all()
    with entered(cast.alice):
        assert seen() is None and is_wanted()
    with entered(cast.alice) as actor:
        assert keep_snapshot(actor=actor) is not None
    with entered(cast.alice):
        assert seen() is not None and not is_wanted()
        assert known_by(people[0]) == {people[1]}
        # Nobody needs the lines of before any more, but for those whom an open transaction may still keep from it.
        begun = files.read(cast.here, str(Snapshot.objects.get().id))[0].begun
        assert not Feed.objects.filter(transaction__lt=min((begun.until, *begun.open))).exists()


def test_what_was_not_finished_is_not_read(cast: Cast, people: list[UUID], snapshots: Path) -> None:
    with entered(cast.alice):
        note = files.read(cast.here, str(Snapshot.objects.get().id))[0]
    child = f"""
import os, signal
from types import SimpleNamespace
import numpy as np
from django.conf import settings
settings.configure(PLEIN_SNAPSHOTS={str(snapshots)!r})
from plein.network.snapshot.files import Note, write
class Dying(dict):
    def __missing__(self, name):
        if name == "weight":
            os.kill(os.getpid(), signal.SIGKILL)
        return np.zeros(4)
write("killed", Note(**{vars_of(note)!r}), Dying())
"""
    ended = subprocess.run([sys.executable, "-c", child], cwd=ROOT, check=False, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert sorted(one.name for one in (snapshots / str(cast.here)).iterdir())[-1] == "killed.draft"
    with entered(cast.alice):
        assert known_by(people[0]) == {people[1]}
        with pytest.raises(files.NotThere):
            files.read(cast.here, "killed.draft")
    taken(cast.alice)
    assert [one.name for one in (snapshots / str(cast.here)).iterdir() if one.name.endswith(".draft")] == []


def vars_of(note: files.Note) -> dict[str, object]:
    return {name: getattr(note, name) for name in files.Note.__dataclass_fields__}


def test_files_that_are_cut_off_or_of_another_database_are_not_read(
    cast: Cast, people: list[UUID], snapshots: Path
) -> None:
    [folder] = (snapshots / str(cast.here)).iterdir()
    note = folder / files.NOTE
    whole = note.read_text()
    for changed in ("", "{}", json.dumps(json.loads(whole) | {"identity": "1/2"}), json.dumps({"form": 0})):
        note.write_text(changed)
        sights.forget_all()
        with entered(cast.alice):
            assert seen() is None and is_wanted()
            assert set(degrees(people[0], depth=2)[0].ids) == {people[1]}
    note.write_text(whole)
    sights.forget_all()
    with entered(cast.alice):
        assert known_by(people[0]) == {people[1]}
    (folder / "far.npy").write_bytes((folder / "far.npy").read_bytes()[:-4])
    sights.forget_all()
    with entered(cast.alice):
        assert seen() is None
    assert (folder.stat().st_mode & 0o777, note.stat().st_mode & 0o777) == (0o700, 0o600)


def test_it_can_be_switched_off_and_is_made_only_where_it_helps(
    cast: Cast, people: list[UUID], settings: LazySettings, snapshots: Path
) -> None:
    settings.PLEIN_SNAPSHOT = False
    with entered(cast.alice):
        assert seen() is None
        assert set(degrees(people[0], depth=2)[0].ids) == {people[1]}
    settings.PLEIN_SNAPSHOT, settings.PLEIN_SNAPSHOT_FROM = True, 9
    with entered(cast.alice) as actor:
        assert keep_snapshot(actor=actor) is None
        assert not Snapshot.objects.exists()
    assert not (snapshots / str(cast.here)).exists()
    settings.PLEIN_SNAPSHOT_FROM = 8
    keep_snapshots(0)
    with entered(cast.charlie):
        assert not Snapshot.objects.exists()
    with entered(cast.alice) as actor:
        assert keep_snapshot(actor=actor) is None
        assert seen() is not None
        drop_snapshot(actor=actor)
    with entered(cast.alice):
        assert seen() is None


def test_two_processes_share_it_and_see_what_the_other_writes(
    cast: Cast, people: list[UUID], snapshots: Path, test_database: TestDatabase
) -> None:
    environment = os.environ | {
        "DATABASE_URL": test_database.url(),
        "PLEIN_POOL": "0",
        "PLEIN_HOME": str(snapshots.parent),
    }

    def other(*words: str) -> dict[str, object]:
        command = [sys.executable, "-m", "plein.cli.main", "network", *words, "--user", cast.alice.email, "--json"]
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        told: dict[str, object] = json.loads(ended.stdout)
        return told

    with entered(cast.alice):
        tie(people[0], people[4])
    assert other("degrees", str(people[0]))["degrees"] == [2, 2, 0]
    other("snapshot", "--take")
    with entered(cast.bob):
        assert known_by(people[0]) == {people[1], people[4]}
        found = seen()
        assert found is not None and found.graph.note.halves == 10
