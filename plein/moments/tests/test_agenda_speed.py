# SPDX-License-Identifier: AGPL-3.0-or-later
"""The agenda with ten thousand appointments in it: what a month costs the web process."""

from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import process_time

import pytest
from django.test import Client
from django.utils import timezone

from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.core.statistics import gather_statistics
from plein.moments.models import Moment, MomentSubject, Participant
from plein.testing.factories import make_person
from plein.testing.figures import Note
from plein.trust.models import Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
COUNT, DAYS = 10_000, 365


@pytest.mark.nightly
@pytest.mark.parametrize("days", [DAYS, 30])
def test_a_month_of_ten_thousand_appointments(days: int, alice: User, signed_in: SignIn, note: Note) -> None:
    start = timezone.localtime(now()).replace(day=1, hour=9, minute=0)
    with entered(alice) as actor, operation("test"):
        people = [
            make_person(f"Collega {number}", seat_id=seat, is_ours=True)
            for number, seat in enumerate(Seat.objects.values_list("id", flat=True))
        ]
        theirs = [make_person(f"Klant {number}") for number in range(200)]
        moments = [
            Moment(kind="meeting", state="planned", thread_id=new_id(), recorded_by_id=actor.seat_id,
                   occurred_at=start + timedelta(minutes=number * days * 1440 // COUNT),
                   ends_at=start + timedelta(minutes=number * days * 1440 // COUNT + 45))
            for number in range(COUNT)
        ]  # fmt: skip
        Moment.objects.bulk_create(moments)
        MomentSubject.objects.bulk_create(MomentSubject(moment=one, title="Overleg") for one in moments)
        Participant.objects.bulk_create(
            Participant(moment=one, role="with", relation=who, is_ours=who.is_ours, occurred_at=one.occurred_at)
            for number, one in enumerate(moments)
            for who in (people[number % len(people)], theirs[number % len(theirs)])
        )
        gather_statistics()
    client = signed_in(alice)
    month = {"start": f"{start:%Y-%m-01}T00:00", "end": f"{start + timedelta(days=32):%Y-%m-01}T00:00"}
    for name, address in (("mine", ""), ("everybody", "all")):
        pages, contents = [], []
        for _round in range(7):
            begun = process_time()
            answer = client.get("/agenda/events", {**month, "of": address})
            contents.append((process_time() - begun) * 1000)
            begun = process_time()
            assert client.get("/agenda/", {"view": "month", "of": address}).status_code == 200
            pages.append((process_time() - begun) * 1000)
        found = len(answer.json()["events"])
        note(
            **{
                f"{name} found": found,
                f"{name} page cpu ms": median(pages),
                f"{name} contents cpu ms": median(contents),
            }
        )
