# SPDX-License-Identifier: AGPL-3.0-or-later
"""What came in lately stands in the inbox, and what was answered since is done."""

from datetime import timedelta

from plein.core.events import publish
from plein.core.ids import now
from plein.inbox.models import Message
from plein.inbox.vocabulary import FRESH, State
from plein.listening.models import Search
from plein.listening.vocabulary import About
from plein.moments.events import MomentsBroughtIn, TextsWritten
from plein.moments.models import Moment
from plein.moments.vocabulary import Direction, MomentKind

#: What the company listens for: names, and words in the posts of the example.
LISTENED = (
    ("Noorderlicht Techniek", About.OURS, "Noorderlicht\nZephyr"),
    ("Warmtepompen", About.SUBJECT, "warmtepomp\nheat pump\nvan het gas af"),
    ("Nieuwe baan", About.PERSON, "nieuwe baan\nafscheid\naan de slag"),
)
#: What is said in public is read so far back, so that there is something to see over time.
PUBLIC = timedelta(days=366)


def receive_all() -> None:
    """Put the messages of the last weeks into the inbox, close what was answered, and have texts read."""
    came = Moment.objects.filter(direction=Direction.INBOUND, state="done", occurred_at__gt=now() - FRESH)
    publish(MomentsBroughtIn(tuple(came.values_list("id", flat=True))))
    _close_answered()
    public = Moment.objects.filter(direction=Direction.INBOUND, kind=MomentKind.POST, occurred_at__gt=now() - PUBLIC)
    publish(
        TextsWritten(
            tuple({*Message.objects.values_list("moment_id", flat=True), *public.values_list("id", flat=True)})
        )
    )


def listen() -> None:
    """What the company listens for, so that there is something to see."""
    for name, about, words in LISTENED:
        Search.objects.create(name=name, about=about, words=words)


def _close_answered() -> None:
    messages = {one.moment_id: one for one in Message.objects.all()}
    threads = dict(Moment.objects.filter(id__in=messages).values_list("id", "thread_id"))
    answers = Moment.objects.filter(thread_id__in=set(threads.values()), direction=Direction.OUTBOUND, state="done")
    latest = {one.thread_id: one for one in answers.order_by("occurred_at", "id")}
    closed = []
    for moment_id, message in messages.items():
        answer = latest.get(threads[moment_id])
        if answer is not None and answer.occurred_at >= message.came_at:
            message.state, message.done_by_id, message.done_at = State.DONE, answer.recorded_by_id, answer.occurred_at
            closed.append(message)
    Message.objects.bulk_update(closed, ["state", "done_by_id", "done_at"])
