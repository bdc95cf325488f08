# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from plein.core.events import publish
from plein.core.ids import now
from plein.core.operations import operation, undo
from plein.moments import actions as moments
from plein.moments.events import ReminderDue
from plein.moments.models import Moment
from plein.notifications import actions
from plein.notifications.models import Notification
from plein.notifications.tests.at_work import lines, seat_id_of, shown_lines, told, unread, waiting, work
from plein.outbox.events import MailRefused, MailUncertain
from plein.relations import actions as relations
from plein.relations.actions.bulk import assign_many
from plein.relations.models import Relation
from plein.testing.factories import make_organization, make_person
from plein.trust.actions import change_seat
from plein.trust.circles import circle_of_team
from plein.trust.models import Seat, Team, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


@pytest.fixture
def henk(alice: User) -> Relation:
    with entered(alice):
        return make_person()


def follow(user: User, relation: Relation) -> None:
    with entered(user) as actor:
        relations.set_following(actor=actor, relation=relation, is_following=True)


def note(user: User, relation: Relation, text: str = "Gesproken") -> Moment:
    with entered(user) as actor:
        part = moments.Part(relation.id, "about")
        return moments.record_moment(actor=actor, kind="note", participants=[part], text=text)


def test_who_is_named_is_told_and_nobody_else(alice: User, bob: User, gina: User, henk: Relation) -> None:
    moment = note(alice, henk, "Vraag @Bob naar de prijs, zei @Alice")
    work()

    assert told(bob) == ["Alice names you in what was written about Henk van Dijk"]
    assert shown_lines(bob)[0].href == f"/moments/{moment.id}/"
    assert "@Bob naar de prijs" in shown_lines(bob)[0].excerpt
    assert told(gina) == []
    assert told(alice) == []


def test_a_job_that_runs_twice_tells_once(alice: User, bob: User, henk: Relation) -> None:
    note(alice, henk, "@Bob")
    work(twice=True)

    assert len(lines(bob)) == 1
    assert unread(bob) == 1
    assert len(waiting("notifications.digest")) == 1


def test_one_act_that_concerns_somebody_twice_is_told_once_for_its_strongest_reason(
    alice: User, bob: User, henk: Relation
) -> None:
    follow(bob, henk)
    note(alice, henk, "@Bob, kijk eens")
    work()

    assert [line.kind for line in lines(bob)] == ["mention"]
    assert sum(len(line.rows) for line in lines(bob)) == 1


def test_things_of_one_act_are_one_line(alice: User, bob: User, henk: Relation) -> None:
    with entered(alice) as actor, operation("create_todo"):
        for title in ("Bel", "Mail", "Ga langs"):
            moments.create_todo(actor=actor, title=title, assignee_id=seat_id_of(bob))
    work()

    [line] = lines(bob)
    assert line.kind == "assigned"
    assert len(line.rows) == 3


def test_what_comes_onto_my_list_by_anothers_hand_is_told(alice: User, bob: User) -> None:
    bobs = seat_id_of(bob)
    with entered(alice) as actor:
        todo = moments.create_todo(actor=actor, title="Offerte maken", assignee_id=bobs)
    with entered(bob) as actor:
        moments.create_todo(actor=actor, title="Voor mijzelf")
    work()

    [line] = shown_lines(bob)
    assert (line.sentence, line.excerpt) == ("Alice put something on your list", "Offerte maken")
    assert line.href == f"/todos/{todo.id}/"


def test_a_relation_that_is_given_to_me_is_told_and_many_are_told_as_one(
    alice: User, bob: User, henk: Relation
) -> None:
    bobs = seat_id_of(bob)
    with entered(alice) as actor:
        relations.edit_relation(actor=actor, relation=henk, changes={"owner_id": bobs}, based_on=henk.version)
        others = [make_organization(f"Bedrijf {number}").id for number in range(3)]
        assign_many(actor=actor, ids=others, values={"owner": str(bobs)})
    work()

    assert told(bob) == ["Alice gave you 3 relations", "Alice gave you Henk van Dijk"]


def test_who_follows_hears_of_a_moment_another_owner_and_other_work(alice: User, bob: User, henk: Relation) -> None:
    follow(bob, henk)
    note(alice, henk)
    work()
    assert told(bob) == ["Alice wrote down a note with Henk van Dijk"]

    with entered(bob) as actor:
        actions.mark_read(actor=actor)
    with entered(alice) as actor:
        henk.refresh_from_db()
        changes = {"owner_id": actor.seat_id}
        relations.edit_relation(actor=actor, relation=henk, changes=changes, based_on=henk.version)
        relations.add_membership(actor=actor, person=henk, organization=make_organization(), role="directeur")
    work()

    newest = shown_lines(bob)[0]
    assert newest.sentence == "2 pieces of news of Henk van Dijk"
    assert newest.excerpt == "another owner, other work"


def test_my_own_acts_do_not_concern_me(alice: User, henk: Relation) -> None:
    follow(alice, henk)
    note(alice, henk, "Ik, @Alice, was hier")
    with entered(alice) as actor:
        assign_many(actor=actor, ids=[henk.id], values={"owner": str(actor.seat_id)})

    work()
    assert told(alice) == []


def test_twenty_changes_within_five_minutes_are_one_line(
    alice: User, bob: User, henk: Relation, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(bob, henk)
    for number in range(20):
        note(alice, henk, f"Nummer {number}")
    work()

    [line] = shown_lines(bob)
    assert line.sentence == "20 pieces of news of Henk van Dijk"
    assert line.excerpt == "20 contact moments"
    assert line.href == f"/relations/{henk.id}/"

    with entered(bob):
        Notification.objects.update(line_at=now() - timedelta(minutes=6))
    note(alice, henk, "Later")
    work()
    assert len(lines(bob)) == 2


def test_what_one_may_not_see_is_not_told(alice: User, bob: User, gina: User, henk: Relation) -> None:
    for somebody in (bob, gina):
        follow(somebody, henk)
    with entered(bob) as actor:
        part = moments.Part(henk.id, "about")
        team = Team.objects.get(name="Sales")
        circle_of_team(team)
        moments.record_moment(actor=actor, kind="note", participants=[part], text="@Gina", circle=f"team:{team.id}")
        moments.record_moment(actor=actor, kind="note", participants=[part], text="@Gina", circle="me")
    work()

    assert told(gina) == []
    with entered(gina):
        assert not Notification.objects.filter(seat_id=seat_id_of(gina)).exists()


def test_what_is_hidden_later_vanishes_and_comes_back(alice: User, bob: User, henk: Relation) -> None:
    moment = note(alice, henk, "Zie @Bob")
    work()
    assert unread(bob) == 1

    with entered(alice) as actor:
        moments.change_text_circle(actor=actor, moment=moment, circle="me")
    assert told(bob) == []
    assert unread(bob) == 0

    with entered(alice) as actor:
        moments.change_text_circle(actor=actor, moment=moment, circle="moment")
        relations.change_circle(actor=actor, relation=henk, circle_key="me")
    assert told(bob) == ["Alice names you in what was written"]


def test_news_of_a_hidden_relation_goes_with_it(alice: User, bob: User, henk: Relation) -> None:
    follow(bob, henk)
    note(alice, henk)
    work()
    with entered(alice) as actor:
        relations.change_circle(actor=actor, relation=henk, circle_key="me")
        note(alice, henk, "Alleen voor mij")
    work()

    assert told(bob) == []


def test_what_is_removed_takes_its_notification_along(alice: User, bob: User, henk: Relation) -> None:
    moment = note(alice, henk, "@Bob")
    work()
    with entered(alice) as actor:
        moments.delete_moment(actor=actor, moment=moment)

    assert told(bob) == []


def test_what_is_turned_back_before_it_was_told_is_not_told(alice: User, bob: User, henk: Relation) -> None:
    with entered(alice) as actor:
        with operation("record_moment") as done:
            part = moments.Part(henk.id, "about")
            moments.record_moment(actor=actor, kind="note", participants=[part], text="@Bob")
        undo(done.id)
    work()

    assert told(bob) == []


def test_who_was_suspended_is_not_told(alice: User, bob: User, henk: Relation) -> None:
    note(alice, henk, "@Bob")
    with entered(alice) as actor:
        seat = Seat.objects.get(user=bob)
        change_seat(actor=actor, seat=seat, role=seat.role, is_active=False)
    work()

    with entered(alice):
        assert not Notification.objects.exists()


def test_who_wants_to_hear_nothing_of_a_kind_is_not_told(alice: User, bob: User, henk: Relation) -> None:
    with entered(bob) as actor:
        actions.choose(actor=actor, grid={})
    note(alice, henk, "@Bob")
    work()

    with entered(bob):
        assert not Notification.objects.exists()


def test_what_is_only_wanted_by_mail_is_not_in_the_list(alice: User, bob: User, henk: Relation) -> None:
    with entered(bob) as actor:
        actions.choose(actor=actor, grid={"mention": {"mail": True}})
    note(alice, henk, "@Bob")
    work()

    assert told(bob) == []
    assert unread(bob) == 0
    assert len(waiting("notifications.digest")) == 1


def test_a_reminder_is_told_to_whoever_asked_for_it(alice: User, henk: Relation) -> None:
    with entered(alice) as actor:
        todo = moments.create_todo(actor=actor, title="Bel Henk")
        publish(ReminderDue("todo", todo.id, actor.seat_id))
    work(twice=True)

    [line] = shown_lines(alice)
    assert (line.sentence, line.excerpt) == ("You wanted to be reminded", "Bel Henk")


def test_in_another_workspace_nobody_hears_anything(alice: User, charlie: User, henk: Relation) -> None:
    note(alice, henk, "@Charlie")

    assert work() == 0
    assert told(charlie) == []


def test_who_wrote_a_mail_that_did_not_leave_is_told(alice: User, bob: User, henk: Relation) -> None:
    moment = note(alice, henk, "Offerte")
    with entered(alice) as actor:
        publish(MailRefused(moment.id, moment.id, actor.seat_id))
        publish(MailUncertain(henk.id, moment.id, actor.seat_id))
    work(twice=True)

    assert sorted(told(alice)) == ["A mail was refused", "Nobody can know whether a mail left"]
    assert {one.href for one in shown_lines(alice)} == {f"/moments/{moment.id}/"}
    assert told(bob) == []
