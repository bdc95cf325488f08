# SPDX-License-Identifier: AGPL-3.0-or-later
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from plein.channels.actions import cancel_import, pause_import, resume_import
from plein.channels.models import ImportState, MailImport
from plein.moments.intake.lease import AtWork, Superseded, take
from plein.moments.intake.runner import Runner
from plein.moments.intake.tests.mailboxes import (
    ALICE,
    HENK,
    Mail,
    again,
    brought_in,
    correspondence,
    mbox,
    row_counts,
    runner_of,
    started_by,
)
from plein.moments.models import Moment
from plein.trust.models import User
from plein.trust.seats import entered

SMALL = {"messages_at_once": 2, "people_at_once": 1}


class PowerCut(Exception):
    """The process is gone."""


def cut_at(number: int) -> Callable[..., Any]:
    """A power cut at the nth statement that is sent to the database."""
    left = number

    def send(execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise PowerCut
        return execute(statement, parameters, many, context)

    return send


def run_with_cuts(user: User, planned: MailImport, cuts: random.Random) -> int:
    """Run until it is done, however often the power fails; returns how often it did."""
    failed = 0
    while True:
        runner = Runner(user, planned.workspace_id, planned.id, **SMALL)  # type: ignore[arg-type]
        try:
            with connection.execute_wrapper(cut_at(cuts.randint(1, 150))):
                runner.run()
        except PowerCut:
            failed += 1
            continue
        return failed


@pytest.mark.parametrize("seed", range(4))
def test_power_cuts_anywhere_lose_and_double_nothing(alice: User, bob: User, tmp_path: Path, seed: int) -> None:
    store = mbox(tmp_path / "in.mbox", correspondence(9))
    brought_in(bob, store, circle="me")
    with entered(bob):
        whole = {table: count for table, count in row_counts(bob).items() if table.startswith(("moments", "relations"))}
    planned = started_by(alice, store, circle="me")
    assert run_with_cuts(alice, planned, random.Random(seed)) > 0  # noqa: S311 — no secret
    done = again(alice, planned)
    assert done.counts["messages"] == done.counts["imported"] == 11 and done.counts["people"] == 3
    assert done.counts["threads"] == 3
    mine = row_counts(alice)
    assert {table: mine[table] for table in whole} == whole


@pytest.mark.parametrize("at_once", [1, 2, 5, 100])
def test_it_comes_out_the_same_in_pieces_of_any_size(alice: User, tmp_path: Path, at_once: int) -> None:
    mails = correspondence(7)
    mails.append(
        Mail(
            id="late@x",
            text="Answering from elsewhere",
            day=25,
            headers=("References: <gone@x> <m1@dijk.example.org>",),
        )
    )
    mails.append(Mail(id="gone2@x", text="Also about the lost one", day=26, headers=("In-Reply-To: <gone@x>",)))
    planned = started_by(alice, mbox(tmp_path / "in.mbox", mails))
    runner_of(alice, planned, messages_at_once=at_once).run()
    assert again(alice, planned).counts["threads"] == 3


@pytest.mark.parametrize("order", [1, -1])
def test_threads_do_not_depend_on_the_order_of_messages(alice: User, tmp_path: Path, order: int) -> None:
    said = (("", 1, HENK, ALICE), ("Re: ", 2, ALICE, HENK), ("Fwd: ", 3, HENK, ALICE))
    mails = [Mail(subject=f"{mark}Plans", text=mark, day=day, sender=sender, to=to) for mark, day, sender, to in said]
    planned = started_by(alice, mbox(tmp_path / "in.mbox", mails[::order]))
    runner_of(alice, planned, messages_at_once=1).run()
    assert again(alice, planned).counts["threads"] == 1


def test_a_subject_alone_makes_no_thread_after_ninety_days(alice: User, tmp_path: Path) -> None:
    late = Mail(subject="Re: Plans", text="much later")
    store = mbox(tmp_path / "in.mbox", [Mail(subject="Plans"), late])
    text = store.read_text()
    head, _date, tail = text.rpartition("Date: 01 Mar 2026")
    store.write_text(f"{head}Date: 01 Jul 2026{tail}")
    assert brought_in(alice, store).counts["threads"] == 2


def test_a_paused_import_goes_on_where_it_stopped(alice: User, tmp_path: Path) -> None:
    planned = started_by(alice, mbox(tmp_path / "in.mbox", correspondence()))

    def after_a_batch(now: MailImport) -> None:
        if now.counts.get("imported") == 2:
            with entered(alice) as actor:
                pause_import(actor=actor, mail_import=now)

    with pytest.raises(Superseded):
        runner_of(alice, planned, messages_at_once=2, on_progress=after_a_batch).run()
    paused = again(alice, planned)
    assert paused.state == ImportState.PAUSED and paused.counts["imported"] == 2
    with entered(alice) as actor:
        resume_import(actor=actor, mail_import=paused, in_background=False)
    runner_of(alice, planned).run()
    assert again(alice, planned).counts["imported"] == 8


def test_an_older_worker_cannot_write_after_a_newer_one_took_over(alice: User, tmp_path: Path) -> None:
    planned = started_by(alice, mbox(tmp_path / "in.mbox", correspondence()))

    def take_over(now: MailImport) -> None:
        if now.counts.get("imported") == 2:
            with entered(alice):
                take(MailImport.objects.get(id=now.id))

    with pytest.raises(Superseded):
        runner_of(alice, planned, messages_at_once=2, on_progress=take_over).run()
    assert again(alice, planned).counts["imported"] == 2


def test_two_workers_do_not_share_an_import(alice: User, tmp_path: Path) -> None:
    planned = started_by(alice, mbox(tmp_path / "in.mbox", correspondence()))
    with entered(alice), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_mail_import SET holder = 'elsewhere:1',"
            " lease_until = clock_timestamp() + interval '1 minute' WHERE id = %s",
            [planned.id],
        )
    with pytest.raises(AtWork):
        runner_of(alice, planned).run()


def test_a_cancelled_import_keeps_what_is_in_or_not(alice: User, tmp_path: Path) -> None:
    planned = started_by(alice, mbox(tmp_path / "in.mbox", correspondence()))

    def cancel(now: MailImport) -> None:
        if now.counts.get("imported") == 2:
            with entered(alice) as actor:
                cancel_import(actor=actor, mail_import=now, keep=True)

    with pytest.raises(Superseded):
        runner_of(alice, planned, messages_at_once=2, on_progress=cancel).run()
    assert again(alice, planned).state == ImportState.CANCELLED
    with entered(alice):
        assert Moment.objects.count() == 2
