# SPDX-License-Identifier: AGPL-3.0-or-later
"""A superuser of the database tampers with the log in every way they can; the verifier finds each of them."""

import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connections

from plein.cli.main import main
from plein.core.audit import audit
from plein.core.audit.heads import keep_head
from plein.core.audit.verifying import verify
from plein.core.ids import new_id, now
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.figures import Judge
from plein.trust.actions import give_seat, make_workspace
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
IS_NIGHT = bool(os.environ.get("PLEIN_NIGHTLY"))
SAMPLE = 1000 if IS_NIGHT else 60
LINES = 40
type Superuser = psycopg.Connection
type Tampering = Callable[[Superuser, int, random.Random], str]


@pytest.fixture(autouse=True)
def no_heads() -> Iterator[None]:
    """The ends kept in a file are those of this test's database."""
    settings.PLEIN_AUDIT_HEADS.unlink(missing_ok=True)
    yield
    settings.PLEIN_AUDIT_HEADS.unlink(missing_ok=True)


@pytest.fixture
def superuser(test_database: TestDatabase) -> Iterator[Superuser]:
    """Whoever runs the database, with every guard that it has switched off."""
    with test_database.cluster.connect(test_database.name) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture
def plein(
    test_database: TestDatabase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, Any]]:
    """Carry out a command on the test's database; gives its exit code and what it hands over."""
    monkeypatch.setenv("DATABASE_URL", test_database.url())
    monkeypatch.setattr(os, "umask", lambda mask: mask)

    def carried_out(*words: str) -> tuple[int, Any]:
        code = main(list(words))
        said = capsys.readouterr().out
        return code, [json.loads(line) for line in said.splitlines()]

    return carried_out


def fill(user: User, lines: int = LINES, workspace: int | None = None) -> None:
    """A log of so many lines, each in a transaction of its own."""
    for number in range(lines):
        with entered(user, workspace):
            audit("delete", kind="relation", about=[new_id(), new_id()], number=number)


def edit(superuser: Superuser, place: int, chance: random.Random) -> str:
    change = chance.choice(
        [
            "event = 'nothing'",
            "seat_id = gen_random_uuid()",
            "user_id = NULL",
            "at = at + interval '1 microsecond'",
            "records = '{}'",
            "records = ARRAY[records[2], records[1]]",
            "facts = replace(facts, 'number', 'numbre')",
            "door = 'cli'",
            "origin = repeat('0', 32)",
            "session = repeat('0', 32)",
            "token_id = gen_random_uuid()",
            "kind = 'moment'",
            "id = gen_random_uuid()",
            "hash = sha256(hash)",
            "key = '00000000'",
        ]
    )
    one = chance.randint(2, LINES)
    superuser.execute(f"UPDATE core_audit_entry SET {change} WHERE workspace_id = %s AND seq = %s", [place, one])
    return f"edit {one}: {change}"


def delete(superuser: Superuser, place: int, chance: random.Random) -> str:
    one = chance.randint(1, LINES)
    superuser.execute("DELETE FROM core_audit_entry WHERE workspace_id = %s AND seq = %s", [place, one])
    if chance.random() < 0.5:
        superuser.execute("UPDATE core_audit_entry SET seq = -seq WHERE workspace_id = %s AND seq > %s", [place, one])
        superuser.execute("UPDATE core_audit_entry SET seq = -seq - 1 WHERE workspace_id = %s AND seq < 0", [place])
    return f"delete {one}"


def insert(superuser: Superuser, place: int, chance: random.Random) -> str:
    one = chance.randint(1, LINES)
    superuser.execute("UPDATE core_audit_entry SET seq = -seq WHERE workspace_id = %s AND seq > %s", [place, one])
    superuser.execute("UPDATE core_audit_entry SET seq = 1 - seq WHERE workspace_id = %s AND seq < 0", [place])
    superuser.execute(
        "INSERT INTO core_audit_entry SELECT (m.e).* FROM (SELECT jsonb_populate_record(e, jsonb_build_object('id',"
        " gen_random_uuid(), 'seq', seq + 1)) AS e FROM core_audit_entry e WHERE workspace_id = %s AND seq = %s) m",
        [place, one],
    )
    return f"insert after {one}"


def reorder(superuser: Superuser, place: int, chance: random.Random) -> str:
    one, other = chance.sample(range(1, LINES + 1), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        superuser.execute(
            "UPDATE core_audit_entry SET seq = %s WHERE workspace_id = %s AND seq = %s", [new, place, old]
        )
    return f"swap {one} and {other}"


def cut_off(superuser: Superuser, place: int, chance: random.Random) -> str:
    one = chance.randint(1, LINES)
    superuser.execute("DELETE FROM core_audit_entry WHERE workspace_id = %s AND seq >= %s", [place, one])
    way = chance.choice(["only the lines", "and every end", "and all ends but the last, moved back"])
    if way == "and every end":
        superuser.execute("DELETE FROM core_audit_head WHERE workspace_id = %s", [place])
    elif way != "only the lines":
        superuser.execute("DELETE FROM core_audit_head WHERE workspace_id = %s AND kind <> 'last'", [place])
        superuser.execute(
            "UPDATE core_audit_head h SET seq = e.seq, hash = e.hash FROM core_audit_entry e WHERE h.workspace_id = %s"
            " AND e.workspace_id = h.workspace_id AND e.seq = %s",
            [place, one - 1],
        )
    return f"cut off from {one}, {way}"


def cut_in(superuser: Superuser, place: int, chance: random.Random) -> str:
    one = chance.randint(1, LINES - 1)
    superuser.execute("DELETE FROM core_audit_entry WHERE workspace_id = %s AND seq <= %s", [place, one])
    return f"the first {one} gone"


TAMPERINGS: list[Tampering] = [edit, edit, delete, insert, reorder, cut_off, cut_in]


def test_every_random_tampering_by_a_superuser_is_found(
    cast: Cast, superuser: Superuser, plein: Callable[..., tuple[int, Any]], judge: Judge
) -> None:
    with entered(cast.alice) as seat:
        place = seat.workspace_id
    fill(cast.alice)
    keep_head(place)
    for table in ("core_audit_entry", "core_audit_head"):
        superuser.execute(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")
    chance = random.Random(4)  # noqa: S311
    missed = []

    assert plein("audit", "verify", "--json")[0] == 0
    for number in range(SAMPLE):
        what = chance.choice(TAMPERINGS)(superuser, place, chance)
        found = plein("audit", "verify", "--json")[0] == 1 if number < 5 else verify(place).misfit is not None
        if not found:
            missed.append(what)
        for table in ("core_audit_entry", "core_audit_head"):
            superuser.execute(f"DELETE FROM {table}")
            superuser.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")

    assert verify(place).misfit is None
    judge(
        "audit log: random tamperings found",
        goal=f"{SAMPLE:,} of {SAMPLE:,}",
        measured=f"{SAMPLE - len(missed):,} of {SAMPLE:,}",
        is_good=not missed,
    )
    assert missed == []


def test_it_says_which_line_is_the_first_that_does_not_fit(
    cast: Cast, superuser: Superuser, plein: Callable[..., tuple[int, Any]]
) -> None:
    fill(cast.alice, 12)
    superuser.execute("UPDATE core_audit_entry SET event = 'x' WHERE workspace_id = %s AND seq IN (7, 9)", [cast.here])

    code, [answer] = plein("audit", "verify", "--json")

    [here] = [one for one in answer["chains"] if one["workspace"] == cast.here]
    assert (code, answer["fits"]) == (1, False)
    assert (here["first_misfit"]["seq"], here["first_misfit"]["reason"]) == (7, "changed")


def test_the_newest_lines_alone_are_read_quickly_and_all_of_them_when_asked(
    cast: Cast, superuser: Superuser, plein: Callable[..., tuple[int, Any]]
) -> None:
    fill(cast.alice)
    edit = "UPDATE core_audit_entry SET door = 'nowhere' WHERE workspace_id = %s AND seq = %s"

    whole = verify(cast.here, newest=10)
    superuser.execute(edit, [cast.here, 5])
    old, all_of_it = verify(cast.here, newest=10), verify(cast.here)
    superuser.execute(edit, [cast.here, whole.end - 3])
    new = verify(cast.here, newest=10).misfit

    assert (whole.misfit, whole.lines) == (None, 10) and old.misfit is None
    assert all_of_it.misfit and (all_of_it.misfit.seq, all_of_it.misfit.reason) == (5, "changed")
    assert new and (new.seq, new.reason) == (whole.end - 3, "changed")
    for words in (["doctor"], ["doctor", "--whole"]):
        _code, [said] = plein(*words, "--json")
        [log] = [one for one in said["findings"] if one["check"] == "audit log"]
        assert not log["well"]


def test_an_end_that_was_kept_elsewhere_finds_what_was_cut_off_everywhere_else(
    cast: Cast, superuser: Superuser, plein: Callable[..., tuple[int, Any]], tmp_path: Any
) -> None:
    fill(cast.alice, 10)
    _code, heads = plein("audit", "head")
    kept = tmp_path / "heads.jsonl"
    kept.write_text("".join(json.dumps(head) + "\n" for head in heads))
    settings.PLEIN_AUDIT_HEADS.unlink()
    superuser.execute("DELETE FROM core_audit_entry WHERE workspace_id = %s", [cast.here])
    superuser.execute("DELETE FROM core_audit_head WHERE workspace_id = %s", [cast.here])

    assert plein("audit", "verify", "--json")[0] == 0
    assert plein("audit", "verify", "--json", "--heads", str(kept))[0] == 1


def test_the_owner_of_the_table_cannot_change_it_either(cast: Cast) -> None:
    fill(cast.alice, 2)
    for statement in (
        "UPDATE core_audit_entry SET event = 'x'",
        "DELETE FROM core_audit_entry",
        "TRUNCATE core_audit_entry",
    ):
        with connections["owner"].cursor() as cursor, pytest.raises(DatabaseError, match="only ever added to"):
            cursor.execute(statement)


def test_old_lines_go_from_the_beginning_and_the_rest_still_fits(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, plein: Callable[..., tuple[int, Any]], superuser: Superuser
) -> None:
    long_ago = now() - timedelta(days=400)
    here = make_workspace(name="Long ago").id
    with monkeypatch.context() as past:
        past.setattr("plein.core.chain.now", lambda: long_ago)
        give_seat(workspace=here, user=cast.gina, role="member")
        fill(cast.gina, 8, here)
    before = verify(here).lines
    fill(cast.gina, 5, here)
    keep_head(here)

    code, [answer] = plein("audit", "shorten", "--days", "365", "--json")
    fill(cast.gina, 2, here)

    after = verify(here)
    assert (code, answer["gone"][str(here)]) == (0, before)
    assert (after.misfit, after.lines, after.start) == (None, 7, before)
    superuser.execute("DELETE FROM core_audit_head WHERE workspace_id = %s AND kind = 'start'", [here])
    assert verify(here).misfit is not None


def test_a_log_that_was_tampered_with_is_not_shortened(
    cast: Cast, superuser: Superuser, plein: Callable[..., tuple[int, Any]]
) -> None:
    fill(cast.alice, 5)
    superuser.execute("UPDATE core_audit_entry SET at = at - interval '2 years' WHERE seq < 4")

    assert plein("audit", "shorten", "--days", "365", "--json")[0] == 1


def test_nothing_younger_than_ninety_days_can_go(plein: Callable[..., tuple[int, Any]], cast: Cast) -> None:
    assert plein("audit", "shorten", "--days", "10")[0] == 1


def test_what_was_sealed_with_an_earlier_key_still_fits(cast: Cast, settings: Any) -> None:
    fill(cast.alice, 3)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key altogether, made by the command that renews it"  # noqa: S105
    fill(cast.alice, 3)

    assert verify(cast.here).misfit is None

    settings.SECRET_KEY_FALLBACKS = []
    misfit = verify(cast.here).misfit
    assert misfit is not None and misfit.reason in ("unknown key", "not sealed")
