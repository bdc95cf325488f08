# SPDX-License-Identifier: AGPL-3.0-or-later
"""Trials of a connection with a real Synapse: first visit, news, edits, what is taken back, answers, killed visits."""

import random
from collections.abc import Iterator
from time import sleep

import pytest

from plein.channels.live import Outgoing, Trouble
from plein.channels.models import Connection
from plein.channels.speaking import speaker_of
from plein.moments.hearing.listening import Listeners
from plein.moments.hearing.tests.hearing_from import begun, texts, visit_and_kill
from plein.moments.hearing.tests.test_listening import is_heard, seconds_until, waiting
from plein.moments.hearing.tests.test_visiting import visit
from plein.moments.models import MomentSource
from plein.testing import synapse
from plein.testing.cast import Cast
from plein.testing.figures import Judge
from plein.testing.synapse import Synapse
from plein.testing.synapse import User as Account
from plein.trust.seats import entered

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.nightly,
    pytest.mark.timeout(1_800),
    pytest.mark.skipif(not synapse.found(), reason="this machine has no Matrix server (matrix-synapse)"),
]
SAID, DIRECT, GAP, KILLS, DELIVERED = 320, 5, 180, 12, 10
GOAL_SECONDS = 3.0


@pytest.fixture(scope="module")
def server() -> Iterator[Synapse]:
    with synapse.running() as running:
        yield running


class Rooms:
    """An account of ours, a colleague elsewhere, and rooms in which they talk."""

    def __init__(self, server: Synapse, name: str) -> None:
        self.server = server
        self.us = server.user(f"us{name}", "Alice de Wit")
        self.henk = server.user(f"henk{name}", "Henk van Dijk")
        self.nets = self.henk.room("Nets", self.us)
        self.count = 0
        self.settings = {"server": server.url, "token": self.us.token}

    def talk(self, room: str, number: int, by: Account | None = None) -> list[str]:
        """So many lines more in a room, and their identifiers."""
        said = []
        for _turn in range(number):
            self.count += 1
            said.append((by or self.henk).say(room, f"k{self.count}", f"Line {self.count}"))
        return said


def test_rooms_are_heard_once_and_what_changes_later_changes_here(cast: Cast, server: Synapse) -> None:
    rooms = Rooms(server, "first")
    first = rooms.talk(rooms.nets, SAID)
    alone = rooms.henk.room("", rooms.us, is_direct=True)
    rooms.talk(alone, DIRECT)
    closed = rooms.henk.room("Secret", rooms.us, is_encrypted=True)
    rooms.henk.event(closed, "c1", "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"})
    connection = begun(cast.alice, "matrix", rooms.settings)
    with entered(cast.alice):
        preview = Connection.objects.get(id=connection.id).preview
    assert preview["counts"] == {f"Nets {rooms.nets}": 2, f"Henk van Dijk {alone}": 2}

    visit(cast.alice, connection)
    heard = texts(cast.alice, connection, "chat")
    assert len(heard) == SAID + DIRECT
    assert [heard[f"{rooms.nets}/{name}"] for name in first] == [f"Line {number + 1}" for number in range(SAID)]

    # More than one page of news: the server leaves a gap, which is read back to where we were.
    missed = rooms.talk(rooms.nets, GAP)
    better = {"msgtype": "m.text", "body": "Better"}
    relation = {"rel_type": "m.replace", "event_id": first[0]}
    rooms.henk.say(rooms.nets, "edit", "* Better", **{"m.new_content": better, "m.relates_to": relation})
    rooms.henk.take_back(rooms.nets, first[1])
    visit(cast.alice, connection)
    heard = texts(cast.alice, connection, "chat")
    assert len(heard) == SAID + DIRECT + GAP
    assert {f"{rooms.nets}/{name}" for name in missed} <= set(heard)
    assert heard[f"{rooms.nets}/{first[0]}"] == "Better"
    with entered(cast.alice):
        assert MomentSource.objects.get(external_id=f"{rooms.nets}/{first[1]}").gone_at

    again = visit(cast.alice, connection)
    assert (len(texts(cast.alice, connection, "chat")), again.problem, again.failures) == (SAID + DIRECT + GAP, "", 0)


def test_an_answer_is_said_once_and_never_where_it_is_encrypted(cast: Cast, server: Synapse) -> None:
    rooms = Rooms(server, "answers")
    (question,) = rooms.talk(rooms.nets, 1)
    closed = rooms.henk.room("Secret", rooms.us, is_encrypted=True)
    connection = visit(cast.alice, begun(cast.alice, "matrix", rooms.settings))
    with entered(cast.alice):
        speaker = speaker_of(connection)
    answer = Outgoing("key-1", "Thank you", in_reply_to=f"{rooms.nets}/{question}")

    said = [speaker.say(answer, None) for _turn in range(3)]
    assert len(set(said)) == 1
    mine = [one for one in rooms.henk.said_in(rooms.nets) if one["sender"] == rooms.us.name]
    assert [one["content"]["body"] for one in mine] == ["Thank you"]
    assert mine[0]["content"]["m.relates_to"]["m.in_reply_to"]["event_id"] == question
    visit(cast.alice, connection)
    assert texts(cast.alice, connection, "chat")[said[0].external_id] == "Thank you"

    for place, words in ((f"{closed}/$any", "encrypted"), (f"!none:{synapse.NAME}/$any", "may not write")):
        with pytest.raises(Trouble, match=words) as trouble:
            speaker.say(Outgoing("key-2", "Hello", in_reply_to=place), None)
        assert trouble.value.is_lasting
    assert not rooms.henk.said_in(closed)


def test_what_is_new_is_there_within_seconds(cast: Cast, server: Synapse, judge: Judge) -> None:
    rooms = Rooms(server, "news")
    rooms.talk(rooms.nets, 1)
    connection = visit(cast.alice, begun(cast.alice, "matrix", rooms.settings))
    listeners = Listeners()
    listeners.start()
    try:
        seconds_until(lambda: any(name.startswith("wait ") for name in waiting()))
        sleep(1)
        times = []
        for _turn in range(DELIVERED):
            (name,) = rooms.talk(rooms.nets, 1)
            whole = f"{rooms.nets}/{name}"
            times.append(seconds_until(lambda whole=whole: is_heard(cast.alice, connection, whole), 60.0))  # type: ignore[misc]
    finally:
        listeners.stop()
    worst = max(times)
    judge(
        "Synapse: from said to timeline, worst", goal=f"< {GOAL_SECONDS:.0f} s", measured=f"{worst:.2f} s",
        is_good=worst < GOAL_SECONDS,
    )  # fmt: skip
    assert len(texts(cast.alice, connection, "chat")) == 1 + DELIVERED


def test_visits_that_are_killed_lose_and_double_nothing(cast: Cast, server: Synapse, judge: Judge) -> None:
    rooms = Rooms(server, "kills")
    other = rooms.henk.room("Ropes", rooms.us)
    connection = begun(cast.alice, "matrix", rooms.settings)
    chance, killed, said = random.Random(9), 0, set()  # noqa: S311 — no secret
    for _turn in range(KILLS):
        for room in (rooms.nets, other):
            said |= {f"{room}/{name}" for name in rooms.talk(room, 70)}
        killed += visit_and_kill(cast.alice, connection, chance.uniform(0.1, 1.0))
    visit(cast.alice, connection)

    lost = said ^ set(texts(cast.alice, connection, "chat"))
    judge(
        f"Synapse: messages lost or doubled in {killed} visits that were killed", goal="0", measured=len(lost),
        is_good=not lost,
    )  # fmt: skip
    assert killed > KILLS // 4
    assert not lost
