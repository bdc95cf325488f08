# SPDX-License-Identifier: AGPL-3.0-or-later
"""Trials of a connection: eight workers at once, and visits that are killed, and each item is there once."""

import random
import threading
from contextlib import suppress
from time import sleep

import pytest
from django.db import connections

from plein.channels.connectors.imap import connector as imap
from plein.channels.models import Connection
from plein.core import leases
from plein.moments.hearing import pulling
from plein.moments.hearing.lease import AtWork
from plein.moments.hearing.tests.hearing_from import visit_and_kill
from plein.moments.hearing.tests.test_visiting import begun, mail, port, post, visit
from plein.moments.hearing.visitor import Visitor
from plein.moments.models import Moment, MomentSource
from plein.moments.vocabulary import MomentKind
from plein.testing.cast import Cast
from plein.testing.imap import Post
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.nightly, pytest.mark.timeout(1_200)]
__all__ = ["port", "post"]
WORKERS, MAILS, KILLS = 8, 200, 40


@pytest.fixture(autouse=True)
def _in_small_pieces(monkeypatch: pytest.MonkeyPatch, post: Post) -> None:
    monkeypatch.setattr(imap, "_AT_ONCE", 10)
    monkeypatch.setattr(pulling, "MESSAGES", 10)
    for number in range(100, 100 + MAILS):
        post.boxes["INBOX"].add(mail(number))


def assert_each_once(user: User, connection: Connection, number: int) -> None:
    with entered(user):
        found = MomentSource.objects.filter(import_id=connection.id)
        assert found.count() == found.values("external_id").distinct().count() == number
        assert Moment.objects.filter(kind=MomentKind.EMAIL).count() == number


def test_eight_workers_bring_each_item_once(cast: Cast, post: Post, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = begun(cast.alice, port)
    # Each thread is a process of its own to the others; a lease is over soon, so that they take over from each other.
    monkeypatch.setattr(leases, "this_process", lambda: f"worker:{threading.get_ident()}x")
    monkeypatch.setattr(leases, "LEASE_SECONDS", 3)
    taken: list[int] = []

    def work() -> None:
        for _round in range(12):
            try:
                visitor = Visitor(cast.alice, connection.workspace_id, connection.id)
                with suppress(AtWork):
                    visitor.visit()
                    taken.append(visitor.heard)
                sleep(random.random())  # noqa: S311
            finally:
                connections.close_all()

    workers = [threading.Thread(target=work) for _number in range(WORKERS)]
    for one in workers:
        one.start()
    for number in range(500, 510):
        sleep(0.5)
        post.deliver(mail(number))
    for one in workers:
        one.join()
    visit(cast.alice, connection)

    assert len([heard for heard in taken if heard]) > 1
    assert_each_once(cast.alice, connection, MAILS + 7 + 10)


def test_visits_that_are_killed_lose_and_double_nothing(cast: Cast, post: Post, port: int) -> None:
    connection = begun(cast.alice, port)
    chance, killed, sent = random.Random(6), 0, 0  # noqa: S311 — no secret
    while killed < KILLS and sent < 4 * KILLS:
        post.deliver(mail(1000 + sent))
        sent += 1
        killed += visit_and_kill(cast.alice, connection, chance.uniform(0.1, 1.5))
    visit(cast.alice, connection)

    assert killed == KILLS
    assert_each_once(cast.alice, connection, MAILS + 7 + sent)
