# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ten thousand messages that wait: the lists stay quick."""

import time
from datetime import timedelta

import pytest

from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.core.statistics import gather_statistics
from plein.inbox.models import Message
from plein.inbox.queries import messages, numbers_of
from plein.inbox.tests.conftest import Post
from plein.inbox.vocabulary import Tab
from plein.moments.models import Moment, Participant
from plein.testing.figures import Judge
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(600), pytest.mark.django_db]
MANY = 10_000


def test_the_lists_stay_quick(post: Post, alice: User, bob: User, judge: Judge) -> None:
    with entered(alice), operation("receive_message"):
        begin = now() - timedelta(days=20)
        moments = [
            Moment(id=new_id(), kind="email", direction="inbound", occurred_at=begin + timedelta(minutes=place))
            for place in range(MANY)
        ]
        Moment.objects.bulk_create(moments, batch_size=2000)
        parts = []
        for place, moment in enumerate(moments):
            at = {"moment": moment, "occurred_at": moment.occurred_at}
            parts.append(Participant(role="from", relation=post.people["henk"], **at))
            # One in a hundred is for Bob, and all of those came first: whoever looks for them reads everything.
            whom = post.people["bob" if place < MANY / 100 else "alice"]
            parts.append(Participant(role="to", relation=whom, is_ours=True, **at))
        Participant.objects.bulk_create(parts, batch_size=2000)
        Message.objects.bulk_create(
            [Message(moment=one, came_at=one.occurred_at, at=one.occurred_at) for one in moments], batch_size=2000
        )
        gather_statistics()
    took: dict[str, float] = {}
    for name, user in (("for most", alice), ("for few", bob)):
        for _again in range(3):
            with entered(user):
                start = time.perf_counter()
                found = messages(Tab.ME)
                middle = time.perf_counter()
                numbers_of()
                end = time.perf_counter()
            assert len(found.lines) == 40
            took[f"list {name}"], took[f"numbers {name}"] = middle - start, end - middle

    words = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in took.items())
    is_good = max(took.values()) < 0.5
    judge("inbox: lists of 10,000 messages that wait", goal="each < 500 ms", measured=words, is_good=is_good)
    assert is_good
