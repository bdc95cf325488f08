# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages that come in: Henk is known, owned by nobody; Alice and Bob are persons here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from plein.core.ids import now
from plein.core.operations import operation
from plein.moments.actions import Part, record_moment
from plein.moments.models import Moment, Participant
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.models import Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def midnight() -> datetime:
    """When today began: what came in before it is of yesterday, also at five past twelve."""
    return timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass
class Post:
    """Who there is, and a way to let a message come in."""

    cast: Cast
    people: dict[str, Relation] = field(default_factory=dict)
    seats: dict[str, Any] = field(default_factory=dict)

    def come(self, text: str = "Wanneer komen jullie?", *, to: str = "", sender: str = "henk", **more: Any) -> Moment:
        """A message from somebody, to a colleague or to nobody in particular; the post room writes it down."""
        parts = [Part(self.people[sender].id, "from")] if sender else []
        parts += [Part(self.people[to].id, "to")] if to else []
        at = more.pop("at", max(now() - timedelta(minutes=5), midnight()))
        values = {"kind": "email", "direction": "inbound", "occurred_at": at, "subject": "Levering"} | more
        with entered(self.cast.alice) as actor:
            moment = record_moment(actor=actor, participants=parts, text=text, **{"circle": "everyone"} | values)
            with operation("edit_moment"):
                Moment.objects.filter(id=moment.id).update(recorded_by_id=None)
                if to != "alice":
                    Participant.objects.filter(moment=moment, relation=self.people["alice"]).delete()
        return moment


@pytest.fixture
def post(cast: Cast) -> Post:
    """The inbox of Alice and Bob."""
    made = Post(cast)
    with entered(cast.alice):
        made.people["henk"] = make_person("Henk van Dijk")
        for name, user in (("alice", cast.alice), ("bob", cast.bob)):
            seat = Seat.objects.get(user=user)
            made.seats[name] = seat.id
            made.people[name] = make_person(name.title(), is_ours=True, seat_id=seat.id)
    return made
