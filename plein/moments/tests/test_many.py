# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done with many contact moments or to-dos at once, by the pages, and back again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plein.core.ids import new_id, now
from plein.core.operations import operation, undo
from plein.lists.bulk import actions as bulk
from plein.lists.bulk.models import BulkRun
from plein.metadata.queries import cells_for
from plein.moments import actions
from plein.moments.models import Delivery, Moment, MomentTagging, MomentValues, Participant, ToDo
from plein.moments.reminding import at_clock
from plein.relations.models import Tag
from plein.testing.cast import Cast
from plein.testing.factories import make_field, make_moment, make_person, make_todo
from plein.trust.models import Seat, User
from plein.trust.seats import Entrance, entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
CHRISTMAS = date(2026, 12, 25)


def at(kind: str, act: str) -> str:
    return reverse("lists:bulk", args=[kind, act])


def done(actor: Entrance, kind: str, act: str, ids: list[UUID], **wish: str) -> BulkRun:
    wanted = {name: [text] for name, text in wish.items()}
    return bulk.change_many(actor=actor, kind=kind, ids=ids, act=act, wish=wanted)


def send(client: Client, kind: str, act: str, ids: list[UUID], **more: str) -> Any:
    return client.post(at(kind, act), {"ids": ",".join(map(str, ids)), "go": "1", **more}, headers=HTMX)


def weekly(actor: Entrance, **more: Any) -> ToDo:
    values = {"title": "Kas opmaken", "due_on": timezone.localdate(now()), "repeat": "FREQ=WEEKLY", **more}
    return actions.create_todo(actor=actor, **values)


# Contact moments


def test_moments_are_tagged_moved_and_filled_in_and_all_of_it_comes_back(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        ids = [make_moment(henk).id for _number in range(3)]
        field = make_field("choice", kinds=["moment"], choices=("Warm", "Koud"))
        actions.tag_moment(actor=actor, moment=Moment.objects.get(id=ids[0]), name="Beurs")

        tagged = done(actor, "moment", "tag", ids, name="beurs")
        filled = done(actor, "moment", "field", ids, field="c.choice", value="warm")
        assert (tagged.changed, filled.changed) == (2, 3)
        cells = cells_for(MomentValues, ids, [field])
        assert [cells[one].value(field) for one in ids] == ["warm"] * 3
        moved = done(actor, "moment", "move", ids[:2], circle="me")
        assert moved.changed == 2
    with entered(bob):
        assert list(Moment.objects.values_list("id", flat=True)) == [ids[2]]
    with entered(alice) as actor:
        for run in (moved, filled, tagged):
            undo(run.operation_id)
        assert MomentTagging.objects.get().moment_id == ids[0]
        assert done(actor, "moment", "untag", ids, tag=str(Tag.objects.get().id)).changed == 1
    with entered(bob):
        assert Moment.objects.count() == 3 and not any(cells_for(MomentValues, ids, [field]).values())


def test_mail_that_is_leaving_stays_and_is_named(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person()
        kept, gone = make_moment(henk, kind="email").id, make_moment(henk).id
        with operation("edit"):
            Participant.objects.filter(moment_id=kept).update(role="to")
        Delivery.objects.create(moment_id=kept, state="waiting")
    client = signed_in(alice)

    answer = send(client, "moment", "delete", [kept, gone])

    page = client.get(answer["HX-Redirect"]).content.decode()
    assert "has not left yet" in page and "To Henk</a>" in page
    with entered(alice):
        assert Moment.objects.get().id == kept
        run = BulkRun.objects.get()
        assert (run.changed, run.failed) == (1, 1)
    client.post(reverse("lists:bulk_undo", args=[run.id]))
    with entered(alice):
        assert Moment.objects.count() == 2


def test_acts_on_moments_are_for_who_may(alice: User, bob: User, charlie: User, gina: User, signed_in: SignIn) -> None:
    with entered(alice):
        ids = [make_moment(make_person()).id]

    assert send(signed_in(charlie), "moment", "tag", ids, name="x").status_code == 422, "there is nobody they can see"
    assert send(signed_in(gina), "moment", "tag", ids, name="x").status_code == 403
    with entered(alice):
        assert not MomentTagging.objects.exists()
    assert send(signed_in(bob), "moment", "tag", ids, name="x").status_code == 200
    with entered(bob):
        assert MomentTagging.objects.count() == 1
        run = BulkRun.objects.get()
    for stranger in (alice, charlie):
        assert signed_in(stranger).get(reverse("lists:bulk_run", args=[run.id])).status_code == 404


# To-dos


def test_many_are_ticked_and_those_that_repeat_come_back_once(alice: User) -> None:
    with entered(alice) as actor:
        repeating, plain = weekly(actor), make_todo()
        finished = actions.tick_todo(actor=actor, todo=make_todo("Al klaar"))
        ids = [repeating.id, plain.id, finished.id]

        run = done(actor, "todo", "tick", ids)
        again = done(actor, "todo", "tick", ids)

        assert (run.changed, again.changed, again.failed) == (2, 0, 0)
        assert [one.title for one in ToDo.objects.filter(done_at=None)] == ["Kas opmaken"]
        after = ToDo.objects.get(done_at=None)
        assert (after.occurrence, after.due_on) == (2, repeating.due_on + timedelta(days=7))  # type: ignore[operator]
        assert ToDo.objects.get(id=finished.id).done_at == finished.done_at
        undo(run.operation_id)
        assert set(ToDo.objects.filter(done_at=None).values_list("id", flat=True)) == {repeating.id, plain.id}


@pytest.mark.django_db(transaction=True)
def test_two_who_tick_the_same_ones_at_once_make_one_next(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        ids = [weekly(actor, title=f"Kas {number}").id for number in range(3)]
    barrier = Barrier(2)

    def tick(user: User) -> int:
        try:
            with entered(user) as actor:
                barrier.wait()
                return int(done(actor, "todo", "tick", ids).changed)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(tick, (cast.alice, cast.bob)))
    assert sorted(counts) == [0, 3]
    with entered(cast.alice):
        assert ToDo.objects.filter(done_at=None).count() == 3


def test_a_day_and_a_colleague_take_the_reminder_along(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        reminded = weekly(actor, due_at=time(16), remind_before=60)
        plain = make_todo()
        ids, bobs = [reminded.id, plain.id], Seat.objects.get(user=bob).id

        planned = done(actor, "todo", "due", ids, due="2026-12-25")
        given = done(actor, "todo", "assign", ids, assignee=str(bobs))
        needed = done(actor, "todo", "field", ids, field="means", value="Ladder")

        assert [run.changed for run in (planned, given, needed)] == [2, 2, 2]
        assert set(ToDo.objects.values_list("due_on", "assignee_id", "means_needed")) == {(CHRISTMAS, bobs, "Ladder")}
        expected = at_clock(CHRISTMAS, time(15), timezone.get_default_timezone())
        assert ToDo.objects.get(id=reminded.id).remind_at == expected
        assert done(actor, "todo", "field", ids, field="due", clear="on").changed == 2
        assert not ToDo.objects.filter(remind_at__isnull=False).exists()
        assert done(actor, "todo", "field", ids, field="assignee", clear="on").changed == 2
        assert done(actor, "todo", "field", ids, field="done", value="yes").changed == 2
        ticked = ToDo.objects.filter(id__in=ids, done_at__isnull=False)
        assert ticked.count() == 2
        assert done(actor, "todo", "field", ids[1:], field="done", value="no").changed == 1


def test_acts_on_todos_by_the_pages(alice: User, bob: User, charlie: User, gina: User, signed_in: SignIn) -> None:
    with entered(alice):
        ids = [make_todo(title).id for title in ("Bellen", "Schrijven")]
    client = signed_in(bob)

    for act in ("tick", "due", "assign", "field", "delete"):
        assert send(signed_in(charlie), "todo", act, ids).status_code == 422
        assert send(signed_in(gina), "todo", act, ids).status_code == 403
    wrong = send(client, "todo", "due", ids, due="ooit")
    stranger = send(client, "todo", "assign", ids, assignee=str(new_id()))
    assert wrong.status_code == 422 and "Choose a day" in wrong.content.decode()
    assert stranger.status_code == 422 and "Choose one from the list" in stranger.content.decode()
    with entered(alice):
        assert not ToDo.objects.exclude(done_at=None, due_on=None).exists()

    assert send(client, "todo", "due", ids, due="2026-12-25", next="/todos/")["HX-Redirect"] == "/todos/"
    assert "Due on 25 December 2026: 2 to-dos." in client.get("/people/").content.decode()
    assert send(client, "todo", "tick", ids).status_code == 200
    assert send(client, "todo", "delete", ids).status_code == 200
    with entered(alice):
        assert not ToDo.objects.exists()
