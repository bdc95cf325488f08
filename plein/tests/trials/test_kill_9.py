# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kill -9` of anything while mail comes in: nothing is lost, nothing is twice, and it ends as if nothing happened.

Per commit a mailbox of 1,500 messages and a handful of kills; at night (PLEIN_NIGHTLY=1) 100,000 and forty.
"""

import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from plein.testing.figures import Judge, Note
from plein.tests.trials import NIGHTLY
from plein.tests.trials.killing import BACKEND, PATIENCE, READ, SERVER, WRITER, Blow, Disturbed, blows
from plein.tests.trials.ledger import Account, account
from plein.tests.trials.mailbox import OURS, Mailbox, make_mailbox
from plein.tests.trials.own import OwnPlein

pytestmark = [pytest.mark.slow, pytest.mark.timeout(14_400 if NIGHTLY else 180)]
MESSAGES = 100_000 if NIGHTLY else 1_500
VICTIMS = [WRITER] * 22 + [READ] * 8 + [BACKEND] * 8 + [SERVER] * 3 if NIGHTLY else [WRITER, BACKEND, SERVER]
BY_WORKER = [WRITER, BACKEND, WRITER, READ, WRITER, READ, WRITER] if NIGHTLY else [WRITER]
TAKEN_OVER_WITHIN = 30
CARELESS = 30_000 if NIGHTLY else 500
SEED = 20_260_301


@pytest.fixture(scope="module")
def plein(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnPlein]:
    with OwnPlein(tmp_path_factory.mktemp("kill") / "home") as own:
        yield own


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Mailbox:
    return make_mailbox(tmp_path_factory.mktemp("mail") / "post", MESSAGES, SEED)


def words(mailbox: Mailbox, email: str) -> tuple[str, ...]:
    return ("import", "mail", str(mailbox.path), "--as", email, "--policy", "everyone", "--ours", OURS, "--json")


@pytest.fixture(scope="module")
def calm(plein: OwnPlein, mailbox: Mailbox) -> Account:
    """What the same mailbox becomes when nobody disturbs it."""
    workspace = plein.add_user("calm@plein.example", "Calm")
    assert plein.spawn(*words(mailbox, "calm@plein.example")).wait() == 0, plein.said("command")
    found = account(plein, workspace, mailbox)
    assert found.is_clean, found
    return found


def judge_account(judge: Judge, name: str, found: Account) -> None:
    """Write down how many mails were lost and how many are there twice."""
    is_good = not found.lost and not found.twice
    judge(name, goal="0 lost, 0 twice", measured=f"{len(found.lost)} lost, {len(found.twice)} twice", is_good=is_good)


def test_killed_commands_readers_and_databases_lose_and_double_nothing(
    plein: OwnPlein, mailbox: Mailbox, calm: Account, note: Note, judge: Judge
) -> None:
    workspace = plein.add_user("storm@plein.example", "Storm")
    plan = blows(VICTIMS, MESSAGES, random.Random(SEED))  # noqa: S311 - no secret
    began = time.monotonic()
    with Disturbed(plein, workspace, plan) as disturbed:
        disturbed.by_command(lambda: plein.spawn(*words(mailbox, "storm@plein.example")))
    found = account(plein, workspace, mailbox)
    note(messages=MESSAGES, copies=mailbox.copies, kills=disturbed.kills, killed_at=disturbed.at)
    note(turns=disturbed.turns, lost=len(found.lost), twice=len(found.twice), seconds=time.monotonic() - began)
    judge_account(judge, "kill -9: commands and databases, lost and twice", found)

    assert disturbed.blows == [] and disturbed.kills.total() == len(VICTIMS) + 1
    assert any(0 < place < MESSAGES for place in disturbed.at), "nothing was killed in the midst of it"
    assert found.is_clean, found
    assert found.differences(calm) == {}
    done = plein.handed_over("command")
    assert (done["messages"], done["imported"]) == (MESSAGES + mailbox.copies, MESSAGES)
    assert (done["duplicates"], done["unreadable"]) == (mailbox.copies, 0)
    assert [one for one in disturbed.sentences if not one.startswith("The database ")] == []


@pytest.mark.nightly
@pytest.mark.parametrize("habit", ["careless", "forgetful"])
def test_the_judge_finds_a_careless_worker_out(plein: OwnPlein, tmp_path: Path, habit: str, note: Note) -> None:
    mailbox = make_mailbox(tmp_path / "post", CARELESS, SEED)
    email = f"{habit}@plein.example"
    workspace = plein.add_user(email, habit.title())
    more = ("--forgetful",) if habit == "forgetful" else ()
    places = range(300, CARELESS, 6_000)
    with Disturbed(plein, workspace, [Blow(place, 0.05, WRITER) for place in places]) as disturbed:
        disturbed.by_command(lambda: plein.spawn(*words(mailbox, email), *more, module="plein.tests.trials.careless"))
    found = account(plein, workspace, mailbox)
    note(messages=CARELESS, kills=disturbed.kills, lost=len(found.lost), twice=len(found.twice & mailbox.ids))

    assert disturbed.kills.total() == len(places) and not found.lost
    assert int(plein.handed_over("command")["messages"]) > CARELESS + mailbox.copies
    if habit == "forgetful":
        assert len(found.twice & mailbox.ids) >= 250 * len(places), "the judge did not see what was written twice"
    else:
        assert not found.twice, "looking for copies is the second guard"


def of_import(plein: OwnPlein, workspace: int, column: str) -> object:
    """What the import's own row says; asked again while the database recovers from a kill."""
    found: list[tuple[object, ...]] = []

    def ask() -> bool:
        with suppress(psycopg.OperationalError):
            found.extend(plein.ask(f"SELECT {column} FROM channels_mail_import WHERE workspace_id = %s", workspace))
        return bool(found)

    plein.wait_until(ask)
    return found[0][0]


def state_of(plein: OwnPlein, workspace: int) -> str:
    return str(of_import(plein, workspace, "state"))


def fence_of(plein: OwnPlein, workspace: int) -> int:
    """How many workers have taken an import so far."""
    return int(str(of_import(plein, workspace, "fence")))


def by_worker(plein: OwnPlein, disturbed: Disturbed) -> Iterator[float]:
    """Follow an import that a worker carries out; how long each time until another one went on."""

    def is_over() -> bool:
        return state_of(plein, disturbed.workspace) != "running"

    while not is_over():
        disturbed.watch(plein.processes["worker"], until=is_over)
        if plein.processes["worker"].poll() is None:
            plein.wait_until(is_over, PATIENCE)
            return
        before = fence_of(plein, disturbed.workspace)
        plein.start("worker")
        yield plein.wait_until(
            lambda before=before: fence_of(plein, disturbed.workspace) > before,  # type: ignore[misc]
            TAKEN_OVER_WITHIN,
        )


@pytest.mark.nightly
def test_a_killed_worker_is_soon_followed_by_one_that_goes_on(
    plein: OwnPlein, mailbox: Mailbox, calm: Account, note: Note, judge: Judge
) -> None:
    workspace = plein.add_user("patient@plein.example", "Patient")
    plein.start("web")
    plein.start("worker")
    visitor = plein.visitor("patient@plein.example")
    place = visitor.post("/import/", path=str(mailbox.path)).headers["location"]
    plein.wait_until(lambda: state_of(plein, workspace) == "preview", PATIENCE)
    assert visitor.post(f"{place}start", policy="everyone", ours=OURS, circle="").status == 302
    plan = [Blow(300 + place * 1_000, 0.1, victim) for place, victim in enumerate(BY_WORKER)]
    with Disturbed(plein, workspace, plan) as disturbed:
        waited = list(by_worker(plein, disturbed))
    found = account(plein, workspace, mailbox)
    note(messages=MESSAGES, kills=disturbed.kills, killed_at=disturbed.at, lost=len(found.lost), twice=len(found.twice))
    note(longest_wait_for_another_worker=max(waited))
    judge_account(judge, "kill -9: workers, lost and twice", found)

    assert disturbed.blows == [] and found.is_clean, found
    assert found.differences(calm) == {}
    assert visitor.get(place).status == 200
