# SPDX-License-Identifier: AGPL-3.0-or-later
"""Waiting at connections: what is new is there within seconds, a line that breaks is made again, no thread stays."""

import threading
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest

from plein.channels.actions import pause_connection
from plein.channels.models import Connection
from plein.moments.hearing import listening as module
from plein.moments.hearing.listening import Listeners
from plein.moments.hearing.tests.test_visiting import begun, mail, port, post, visit
from plein.moments.models import MomentSource
from plein.testing.cast import Cast
from plein.testing.imap import Post
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["port", "post"]


@pytest.fixture
def listeners(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Listeners]]:
    """Processes that listen; all of them end."""
    monkeypatch.setattr(module, "ROUND_SECONDS", 0.2)
    monkeypatch.setattr("plein.moments.hearing.backing_off.FIRST", 0.2)
    begun: list[Listeners] = []

    def begin() -> Listeners:
        begun.append(Listeners())
        begun[-1].start()
        return begun[-1]

    yield begin
    for one in begun:
        one.stop()


def waiting() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith(("wait ", "listeners", "connection"))]


def seconds_until(is_so: Callable[[], bool], most: float = 20.0) -> float:
    began = monotonic()
    while not is_so():
        assert monotonic() - began < most
        sleep(0.05)
    return monotonic() - began


def is_heard(user: User, connection: Connection, name: str) -> bool:
    with entered(user):
        return MomentSource.objects.filter(import_id=connection.id, external_id=name).exists()


def test_what_is_new_is_there_at_once_also_after_the_line_broke(
    cast: Cast, post: Post, port: int, listeners: Callable[[], Listeners]
) -> None:
    connection = begun(cast.alice, port)
    visit(cast.alice, connection)
    first, second = listeners(), listeners()
    seconds_until(lambda: post.idling == 1)
    assert [name for name in waiting() if name.startswith("wait")] == [f"wait {connection.id}"]

    post.deliver(mail(7))
    seconds_until(lambda: is_heard(cast.alice, connection, "7@x"))
    seconds_until(lambda: post.idling == 1)
    post.hang_up()
    seconds_until(lambda: post.idling == 1)
    post.deliver(mail(8))
    seconds_until(lambda: is_heard(cast.alice, connection, "8@x"))

    with entered(cast.alice) as actor:
        pause_connection(actor=actor, connection=connection)
    seconds_until(lambda: not [name for name in waiting() if name.startswith("wait")])
    first.stop()
    second.stop()
    assert waiting() == []
