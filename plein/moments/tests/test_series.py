# SPDX-License-Identifier: AGPL-3.0-or-later
"""Appointments that repeat: made ahead, changed one by one or from one on, and called off."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.core.operations import EditConflict, operation, undo
from plein.moments import actions, tasks
from plein.moments.actions import Part, Plan
from plein.moments.models import Moment, MomentSubject, Participant, Planning, Series
from plein.moments.repeats import BadRule
from plein.relations.models import Relation
from plein.testing.factories import make_membership, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def nine(days: int = 1) -> datetime:
    """Nine o'clock in so many days, on the clock of Amsterdam."""
    return datetime.combine(timezone.localdate(now()) + timedelta(days=days), time(9), AMSTERDAM)


def planned(actor: Entrance, rule: str, *people: Relation, **more: object) -> Moment:
    values: dict[str, object] = {"occurred_at": nine(), "subject": "Overleg", **more}
    return actions.plan_appointment(
        actor=actor,
        participants=[Part(one.id) for one in people],
        plan=Plan(remind_before=30, repeat=rule),
        **values,  # type: ignore[arg-type]
    )


def slots() -> list[datetime]:
    found = Moment.objects.filter(state="planned").order_by("occurred_at")
    return [timezone.localtime(one.occurred_at, AMSTERDAM) for one in found]


def row(number: int) -> Moment:
    return list(Moment.objects.filter(state="planned").order_by("occurred_at"))[number]


def test_a_series_is_made_a_year_ahead_at_the_same_hour_in_summer_and_winter(alice: User) -> None:
    with entered(alice) as actor:
        henk, company = make_person(), make_organization()
        make_membership(henk, company)
        first = planned(actor, "FREQ=WEEKLY", henk)
        made = slots()

        assert len(made) in (53, 54)
        assert {(one.hour, one.minute) for one in made} == {(9, 0)}
        assert {one.utcoffset() for one in made} == {timedelta(hours=1), timedelta(hours=2)}
        assert {b - a for a, b in zip(made, made[1:], strict=False) if a.utcoffset() == b.utcoffset()} == {timedelta(7)}
        assert Participant.objects.filter(relation=company).count() == len(made)
        assert MomentSubject.objects.filter(title="Overleg").count() == len(made)
        assert set(Planning.objects.values_list("remind_before", flat=True)) == {30}
        assert Series.objects.get().starts_on == timezone.localtime(first.occurred_at, AMSTERDAM).date()


def test_planning_a_series_is_one_operation_to_undo(alice: User) -> None:
    with entered(alice) as actor:
        with operation("plan_appointment") as planning:
            planned(actor, "FREQ=DAILY;COUNT=5")
        assert Moment.objects.count() == 5
        undo(planning.id)

        assert (Moment.objects.count(), Series.objects.count(), Planning.objects.count()) == (0, 0, 0)


def test_one_of_a_series_moves_alone_and_a_later_change_of_all_passes_it_by(alice: User) -> None:
    with entered(alice) as actor:
        planned(actor, "FREQ=DAILY;COUNT=4")
        second = row(1)
        at = second.occurred_at + timedelta(hours=3)
        actions.change_appointment(
            actor=actor, moment=second, changes={"occurred_at": at, "ends_at": at + timedelta(hours=1)}, based_on=1
        )
        assert [one.hour for one in slots()] == [9, 12, 9, 9]
        third = row(2)
        actions.change_appointment(
            actor=actor,
            moment=third,
            changes={"occurred_at": third.occurred_at + timedelta(hours=1), "title": "Stand-up"},
            based_on=third.version,
            scope="all",
        )

        assert [one.hour for one in slots()] == [10, 12, 10, 10]
        assert MomentSubject.objects.filter(title="Stand-up").count() == 3


def test_this_and_the_following_begin_a_series_of_their_own(alice: User) -> None:
    with entered(alice) as actor:
        planned(actor, "FREQ=DAILY;COUNT=5")
        third = row(2)
        ids = list(Moment.objects.order_by("occurred_at").values_list("id", flat=True))
        at = third.occurred_at + timedelta(hours=2)
        changes = {"occurred_at": at, "ends_at": at + timedelta(hours=1)}
        actions.change_appointment(actor=actor, moment=third, changes=changes, based_on=1, scope="following")

        assert [one.hour for one in slots()] == [9, 9, 11, 11, 11]
        assert list(Moment.objects.order_by("occurred_at").values_list("id", flat=True)) == ids
        old, new = Series.objects.order_by("starts_on")
        assert (old.rule, new.rule) == (f"FREQ=DAILY;UNTIL={nine(2):%Y%m%d}", "FREQ=DAILY;COUNT=3")


def test_a_weekly_series_moves_to_another_weekday(alice: User) -> None:
    with entered(alice) as actor:
        day = nine().strftime("%a").upper()[:2]
        planned(actor, f"FREQ=WEEKLY;BYDAY={day};COUNT=3")
        first = row(0)
        actions.change_appointment(
            actor=actor,
            moment=first,
            changes={"occurred_at": first.occurred_at + timedelta(days=2)},
            based_on=1,
            scope="following",
        )

        assert [one.date() for one in slots()] == [nine(3).date(), nine(10).date(), nine(17).date()]


def test_another_rule_makes_and_takes_appointments(alice: User) -> None:
    with entered(alice) as actor:
        planned(actor, "FREQ=DAILY;COUNT=3")
        first = row(0)
        change = {"changes": {"title": "Anders"}, "scope": "all", "actor": actor}
        actions.change_appointment(moment=first, based_on=1, plan=Plan(repeat="FREQ=DAILY;COUNT=5"), **change)  # type: ignore[arg-type]
        assert len(slots()) == 5
        first = row(0)
        actions.change_appointment(
            moment=first,
            based_on=first.version,
            plan=Plan(repeat="FREQ=DAILY;INTERVAL=2;COUNT=2"),
            **change,  # type: ignore[arg-type]
        )
        assert [one.date() for one in slots()] == [nine(1).date(), nine(3).date()]
        first = row(0)
        actions.change_appointment(moment=first, based_on=first.version, plan=Plan(), **change)  # type: ignore[arg-type]

        assert len(slots()) == 1
        assert Planning.objects.get().series_id is None


def test_participants_are_changed_for_the_whole_series(alice: User) -> None:
    with entered(alice) as actor:
        henk, rik, company = make_person(), make_person("Rik"), make_organization()
        make_membership(rik, company)
        planned(actor, "FREQ=DAILY;COUNT=3", henk)
        actions.change_appointment(
            actor=actor, moment=row(0), changes={}, based_on=1, scope="all", participants=[rik.id]
        )

        assert not Participant.objects.filter(relation=henk).exists()
        assert Participant.objects.filter(relation=rik).count() == 3
        assert Participant.objects.filter(relation=company, role="for").count() == 3


def test_calling_off_the_rest_leaves_what_was_before_and_comes_back(alice: User) -> None:
    with entered(alice) as actor:
        planned(actor, "FREQ=DAILY;COUNT=5")
        calling_off = actions.cancel_series(actor=actor, moment=row(2), based_on=1, scope="following")
        assert len(slots()) == 2
        undo(calling_off.id)

        assert len(slots()) == 5


def test_somebody_who_was_first_is_not_trampled(alice: User) -> None:
    with entered(alice) as actor:
        planned(actor, "FREQ=DAILY;COUNT=3")
        first = row(0)
        actions.change_appointment(actor=actor, moment=first, changes={"title": "Eerst"}, based_on=1)
        with pytest.raises(EditConflict):
            actions.change_appointment(actor=actor, moment=first, changes={"title": "Te laat"}, based_on=1, scope="all")
        with pytest.raises(EditConflict):
            actions.cancel_series(actor=actor, moment=first, based_on=1, scope="all")

        assert len(slots()) == 3


def test_a_rule_that_cannot_be_followed_leaves_nothing(alice: User) -> None:
    with entered(alice) as actor:
        for rule in ("nonsense", "FREQ=DAILY;UNTIL=20200101"):
            with pytest.raises(BadRule), operation("test"):
                planned(actor, rule)


def test_the_night_plans_further_as_whoever_planned(alice: User, bob: User) -> None:
    with entered(bob) as actor:
        planned(actor, "FREQ=MONTHLY;BYMONTHDAY=1")
        before = len(slots())
        with operation("test"):
            Moment.objects.filter(occurred_at__gt=nine(300)).delete()
            Series.objects.update(made_until=nine(300).date())
    with no_workspace("test"):
        tasks.plan_further(timestamp=0)
    with entered(alice):
        assert len(slots()) == before
        assert Series.objects.get().made_until > nine(350).date()


def test_what_the_night_planned_further_is_turned_back(alice: User) -> None:
    with entered(alice) as actor:
        planned(actor, "FREQ=MONTHLY;BYMONTHDAY=1")
        with operation("test"):
            Moment.objects.filter(occurred_at__gt=nine(300)).delete()
            Series.objects.update(made_until=nine(300).date())
        before = slots(), Series.objects.get().made_until
        assert actions.extend_series(actor=actor, series=Series.objects.get()) > 0
        undo(Operation.objects.get(verb="extend_series").id)
        assert (slots(), Series.objects.get().made_until) == before


def test_a_series_only_copies_what_its_circle_may_see(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        planned(actor, "FREQ=DAILY;COUNT=3", circle="me")
    with entered(bob):
        assert (Moment.objects.count(), Series.objects.count(), Planning.objects.count()) == (0, 0, 0)
        assert MomentSubject.objects.count() == 0


def test_whole_days_stay_whole_days(alice: User) -> None:
    with entered(alice) as actor:
        midnight = nine().replace(hour=0)
        planned(
            actor, "FREQ=MONTHLY;COUNT=12", occurred_at=midnight, ends_at=midnight + timedelta(days=1), is_all_day=True
        )

        assert {(one.hour, one.minute) for one in slots()} == {(0, 0)}
        for moment in Moment.objects.all():
            assert moment.ends_at is not None
            assert timezone.localtime(moment.ends_at, AMSTERDAM).hour == 0


def test_series_are_apart_by_workspace(alice: User, charlie: User) -> None:
    with entered(alice) as actor:
        planned(actor, "FREQ=DAILY;COUNT=2")
        found: UUID = Series.objects.get().id
    with entered(charlie):
        assert not Series.objects.filter(id=found).exists()
