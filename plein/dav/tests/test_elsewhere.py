# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in calendars elsewhere: taken over once, changed, called off, and turned back as one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from plein.channels.actions import HearingWishes, add_connection
from plein.channels.connectors.icalfeed.tests.samples import calendar, one
from plein.channels.models import Connection, ConnectionProblem
from plein.core.ids import now
from plein.core.operations import undo
from plein.dav.models import Mirrored
from plein.moments.actions import begin_hearing, edit_moment
from plein.moments.hearing.visitor import Visitor
from plein.moments.intake.tests.mailboxes import row_counts
from plein.moments.models import Gives, Moment, MomentSubject, Planning
from plein.moments.queries.calendar import appointments_in
from plein.moments.vocabulary import State
from plein.testing.cast import Cast
from plein.testing.peers import Answer, Request, running
from plein.trust.circles import describe
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)
SOON = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=10)


def at(days: int = 0, hours: int = 0) -> str:
    return (SOON + timedelta(days=days, hours=hours)).strftime("%Y%m%dT%H%M%SZ")


def meeting(uid: str, title: str, *more: str, days: int = 0) -> str:
    return one(uid, title, *more, starts=at(days), ends=at(days, 1))


@dataclass
class Club:
    """A calendar on a machine of this test."""

    url: str = ""
    events: list[str] = field(default_factory=list)

    def __call__(self, _request: Request) -> Answer:
        return Answer(calendar(*self.events))


@pytest.fixture
def club() -> Iterator[Club]:
    made = Club()
    with running(made) as peer:
        made.url = f"{peer.url}/all.ics"
        yield made


def followed(user: User, club: Club, **wishes: Any) -> Connection:
    with entered(user) as actor:
        settings = {"address": club.url}
        made = add_connection(actor=actor, connector="icalfeed", name="Club", settings=settings, is_inside=True)
        chosen = HearingWishes(**({"policy": "nobody", "circle": "me"} | wishes))
        return begin_hearing(actor=actor, connection=made, wishes=chosen, gives=Gives.EVERYTHING)


def visit(user: User, connection: Connection) -> Connection:
    Visitor(user, connection.workspace_id, connection.id).visit()
    with entered(user):
        return Connection.objects.get(id=connection.id)


def titles(user: User) -> list[tuple[str, str]]:
    with entered(user):
        found = MomentSubject.objects.select_related("moment").order_by("moment__occurred_at", "title")
        return [(one.title, one.moment.state) for one in found]


def test_a_calendar_stands_in_the_agenda_of_its_owner_alone(cast: Cast, club: Club) -> None:
    weekly = meeting("b", "Match", "RRULE:FREQ=WEEKLY;COUNT=3", days=1)
    club.events = [meeting("a", "Training"), weekly, "BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\n"]
    connection = followed(cast.alice, club)

    after = visit(cast.alice, connection)
    visit(cast.alice, connection)

    assert (after.problem, after.counts["heard"], after.counts["refused"]) == ("", 3, 1)
    assert [title for title, _state in titles(cast.alice)] == ["Training", "Match", "Match", "Match"]
    with entered(cast.alice) as actor:
        shown = appointments_in([actor.seat_id], now(), now() + timedelta(days=60))
        assert [line.repeats for line in shown] == [False, True, True, True]
        assert {describe(one.circle_id) for one in Moment.objects.filter(id__in=[line.id for line in shown])} == {
            "Only you see this"
        }
        assert "no time" in ConnectionProblem.objects.get().reason
    assert titles(cast.bob) == []


def test_what_changes_there_changes_here_and_what_changed_here_stays(cast: Cast, club: Club) -> None:
    club.events = [meeting("a", "Training"), meeting("b", "Match")]
    connection = visit(cast.alice, followed(cast.alice, club))
    with entered(cast.alice) as actor:
        mine = Moment.objects.get(subjects__title="Training")
        edit_moment(actor=actor, moment=mine, changes={"location": "Field 3"}, based_on=mine.version)

    club.events = [meeting("a", "Training moved", days=2), meeting("b", "Match")]
    visit(cast.alice, connection)

    with entered(cast.alice):
        subject = MomentSubject.objects.select_related("moment").get(moment_id=mine.id)
        assert (subject.title, subject.location) == ("Training moved", "Field 3")
        assert subject.moment.occurred_at == SOON + timedelta(days=2)
        assert Moment.objects.filter(subjects__isnull=False).count() == 2


def test_the_same_changed_on_both_sides_is_kept_on_both(cast: Cast, club: Club) -> None:
    club.events = [meeting("a", "Training")]
    connection = visit(cast.alice, followed(cast.alice, club))
    with entered(cast.alice) as actor:
        mine = Moment.objects.get(subjects__title="Training")
        edit_moment(actor=actor, moment=mine, changes={"title": "Ours"}, based_on=mine.version)

    club.events = [meeting("a", "Theirs")]
    visit(cast.alice, connection)

    assert titles(cast.alice) == [("Ours", State.PLANNED)]
    with entered(cast.alice):
        assert "SUMMARY:Theirs" in Mirrored.objects.get().theirs


def test_what_is_gone_is_called_off_and_what_took_place_stays(cast: Cast, club: Club) -> None:
    club.events = [meeting("a", "Training"), meeting("old", "Last week", days=-20), meeting("b", "Match")]
    connection = visit(cast.alice, followed(cast.alice, club))

    club.events = [meeting("b", "Match")]
    visit(cast.alice, connection)

    assert titles(cast.alice) == [
        ("Last week", State.DONE), ("Match", State.PLANNED), ("Training", State.CANCELLED),
    ]  # fmt: skip


def test_a_series_from_long_ago_is_taken_over_from_now_on_and_moves_as_a_whole(cast: Cast, club: Club) -> None:
    weekly = {"starts": (SOON - timedelta(days=7 * 300)).strftime("%Y%m%dT%H%M%SZ")}
    weekly["ends"] = weekly["starts"]
    club.events = [one("s", "Weekly", "RRULE:FREQ=WEEKLY", **weekly)]
    connection = visit(cast.alice, followed(cast.alice, club))
    with entered(cast.alice):
        before = list(Planning.objects.order_by("slot").values_list("moment__occurred_at", flat=True))
        assert SOON in before
        assert before[0] > now() - timedelta(days=40)
        assert len(before) > 50

    club.events = [one("s", "Weekly, better", "RRULE:FREQ=WEEKLY", **weekly)]
    visit(cast.alice, connection)

    with entered(cast.alice):
        still = Planning.objects.filter(moment__occurred_at=SOON).get()
        assert MomentSubject.objects.get(moment=still.moment_id).title == "Weekly, better"


def test_a_day_of_hearing_a_calendar_is_turned_back_whole(cast: Cast, club: Club) -> None:
    club.events = [meeting("a", "Training"), meeting("b", "Match", "RRULE:FREQ=WEEKLY;COUNT=3")]
    connection = followed(cast.alice, club, circle="everyone")
    before = row_counts(cast.alice)
    heard = visit(cast.alice, connection)
    assert len(titles(cast.bob)) == 4

    with entered(cast.alice):
        assert heard.operation_id
        undo(heard.operation_id)
    assert row_counts(cast.alice) == before
