# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much is dialogue: by channel and team, never by person, of what one may see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from plein.core.ids import now
from plein.core.operations import operation
from plein.listening.queries import dialogue
from plein.listening.wording import time_taken
from plein.moments.actions import Part, record_moment
from plein.moments.models import Moment
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.models import Seat, Team, TeamMember, User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
type SignIn = Callable[[User], Client]


def said(user: User, *, hours: float, after: Moment | None = None, **more: Any) -> Moment:
    """Something in a conversation, so many hours ago."""
    values: dict[str, Any] = {"kind": "email", "direction": "inbound", "circle": "everyone"} | more
    parts = values.pop("parts", [])
    with entered(user) as actor:
        at = now() - timedelta(hours=hours)
        moment = record_moment(actor=actor, participants=parts, text="…", occurred_at=at, **values)
        if after is not None:
            with operation("edit_moment"):
                Moment.objects.filter(id=moment.id).update(thread_id=after.thread_id)
    return moment


def test_it_counts_both_ways_first_answers_and_what_nobody_answered(cast: Cast) -> None:
    alice = cast.alice
    asked = said(alice, hours=100)
    said(alice, hours=97, after=asked, direction="outbound")
    said(alice, hours=96, after=asked)
    said(alice, hours=90)
    said(alice, hours=10)
    spoken = said(alice, hours=80, kind="post", direction="outbound")
    with entered(alice), operation("edit_moment"):
        Moment.objects.filter(id=spoken.id).update(reach="many")
    said(alice, hours=70, kind="email", circle="me", direction="outbound")
    said(alice, hours=24 * 120)

    with entered(cast.bob):
        mail, post = dialogue(90)[0]
    assert (mail.name, mail.conversations, mail.two_way, mail.asked, mail.answered) == ("email", 3, 1, 3, 1)
    assert mail.unanswered == 1 and mail.first_answer == pytest.approx(3 * 3600, abs=2) and mail.two_way_share == 33
    assert (post.name, post.broadcast, post.replied, post.two_way, post.first_answer) == ("post", 1, 0, 0, None)
    with entered(alice):
        assert dialogue(90)[0][0].conversations == 4


def test_a_team_shows_from_three_colleagues_on_and_a_guest_sees_none(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.alice):
        team, seats = Team.objects.get(name="Sales"), list(Seat.objects.filter(is_active=True))
        bob = next(seat for seat in seats if seat.user_id == cast.bob.id)
        person = Relation.objects.filter(seat_id=bob.id).first() or make_person("Bob", is_ours=True, seat_id=bob.id)
        with operation("make_team"):
            TeamMember.objects.get_or_create(team=team, seat=bob)
    said(cast.alice, hours=30, parts=[Part(person.id, "to")])
    with entered(cast.alice):
        few = TeamMember.objects.filter(team=team).count()
        assert few < 3 and dialogue(90)[1] == []
        with operation("make_team"):
            for seat in seats:
                TeamMember.objects.get_or_create(team=team, seat=seat)
        assert TeamMember.objects.filter(team=team).count() >= 3
        assert [(one.name, one.conversations) for one in dialogue(90)[1]] == [("Sales", 1)]

    client = signed_in(cast.bob)
    client.get("/listening/dialogue/")
    with within_budget(__file__, "dialogue"):
        page = client.get("/listening/dialogue/?days=30").text
    assert ">Sales<" in page and "nothing answered" in page
    assert ">Sales<" not in signed_in(cast.gina).get("/listening/dialogue/").text


def test_time_is_told_in_what_fits() -> None:
    assert [time_taken(one) for one in (20, 3_600, 7_200, 300_000)] == ["1 minute", "60 minutes", "2 hours", "3 days"]
