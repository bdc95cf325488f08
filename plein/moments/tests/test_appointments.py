# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning, changing and calling off through the pages."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from plein.core.ids import now
from plein.moments.models import Moment, MomentSubject, Participant, Planning, Series
from plein.testing.budgets import within_budget
from plein.testing.factories import make_membership, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


WEEKLY = {"repeat": "weekly", "repeat_interval": "1", "repeat_ends": "times", "repeat_times": "4"}


def form(**changes: Any) -> dict[str, Any]:
    day = changes.pop("day", None) or tomorrow()
    return form_on(day, changes)


def tomorrow(days: int = 1) -> date:
    return timezone.localdate(now()) + timedelta(days=days)


def form_on(day: date, changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "Intake",
        "kind": "visit",
        "occurred_at": f"{day}T10:00",
        "ends_at": f"{day}T11:30",
        "location": "Zwolle",
        "remind": "30",
        "circle": "everyone",
        **changes,
    }


def test_an_appointment_is_planned_with_everybody_in_it(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk, company = make_person(), make_organization()
        make_membership(henk, company)
    client = signed_in(alice)
    assert "Henk van Dijk" in client.get(f"/appointments/new?with={henk.id}").text
    with within_budget(__file__, "appointment"):
        client.get("/appointments/new?at=2027-01-04T09:00")
    answer = client.post("/appointments/new", form_on(tomorrow(), {"with": str(henk.id)}))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/agenda/?on=")
    with entered(alice):
        made = Moment.objects.get()
        assert (made.kind, made.state, made.ends_at - made.occurred_at) == ("visit", "planned", timedelta(minutes=90))  # type: ignore[operator]
        assert Planning.objects.get().remind_before == 30
        assert set(Participant.objects.values_list("relation__name", "role")) >= {
            (henk.name, "with"),
            (company.name, "for"),
        }


def test_what_overlaps_is_said_and_does_not_stand_in_the_way(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/appointments/new", form())
    query = {name: form()[name] for name in ("occurred_at", "ends_at")}
    hint = client.get("/appointments/overlaps", query, headers={"HX-Request": "true"}).text
    assert "Overlaps with Intake, 10.00–11.30" in " ".join(hint.split())
    client.post("/appointments/new", form(title="Tweede"))

    assert "It overlaps with Intake." in client.get("/agenda/").text
    free = {"occurred_at": query["ends_at"], "ends_at": query["ends_at"]}
    assert "Overlaps" not in client.get("/appointments/overlaps", free, headers={"HX-Request": "true"}).text


def test_the_hidden_overlap_nobody_hears_of(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(bob) as theirs:
        person = make_person("Bob", seat_id=theirs.seat_id, is_ours=True)
    signed_in(bob).post("/appointments/new", form(circle="me"))
    query = {**{name: form()[name] for name in ("occurred_at", "ends_at")}, "with": str(person.id)}
    hint = signed_in(alice).get("/appointments/overlaps", query, headers={"HX-Request": "true"}).text

    assert "Overlaps" not in hint


def test_a_series_is_planned_by_a_sentence_and_changed_as_a_whole(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    weekly = WEEKLY
    client.post("/appointments/new", form_on(tomorrow(), weekly))
    with entered(alice):
        second = Moment.objects.order_by("occurred_at")[1]
        assert Moment.objects.count() == 4
    page = client.get(f"/appointments/{second.id}/").text
    assert "This repeats every week on" in page
    change = form_on(tomorrow(8), {"title": "Stand-up", "scope": "following", "version": "1", **weekly})
    assert client.post(f"/appointments/{second.id}/", change).status_code == 302
    with entered(alice):
        assert MomentSubject.objects.filter(title="Stand-up").count() == 3
        assert Series.objects.count() == 2
    assert client.post(f"/appointments/{second.id}/cancel", {"version": "1", "scope": "all"}).status_code == 302
    with entered(alice):
        assert Moment.objects.count() == 4
        latest = Moment.objects.get(id=second.id).version
    client.post(f"/appointments/{second.id}/cancel", {"version": str(latest), "scope": "all"})
    with entered(alice):
        assert Moment.objects.count() == 1


def test_a_series_is_confidential_from_its_first_second(alice: User, bob: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/appointments/new", form_on(tomorrow(), WEEKLY | {"title": "Overname", "circle": "me"}))
    with entered(alice):
        assert MomentSubject.objects.filter(title="Overname").count() == 4
        first = Moment.objects.earliest("occurred_at")
    for model in (Moment, MomentSubject, Series, Planning):
        with entered(bob):
            assert not model.objects.exists()
    change = form_on(tomorrow(), WEEKLY | {"title": "Overname", "repeat_times": "6", "version": "1", "scope": "all"})
    assert client.post(f"/appointments/{first.id}/", change | {"circle": "me"}).status_code == 302
    with entered(alice):
        assert Moment.objects.count() == 6
    assert "Overname" not in signed_in(bob).get(f"/agenda/?on={tomorrow(7)}").text
    with entered(bob):
        assert not Moment.objects.exists()


def test_bad_input_keeps_what_was_written_and_says_what_to_do(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for change, words in (
        ({"occurred_at": ""}, "required"),
        ({"ends_at": "2020-01-01T10:00"}, "It ends before it starts."),
        ({"repeat": "rule", "repeat_rule": "elke dag"}, "is no part of a rule"),
        ({"repeat": "daily", "repeat_ends": "until"}, "Say on which day it ends."),
        ({"repeat": "daily", "repeat_ends": "times"}, "Say how many times."),
        ({"with": "01a21530-7a13-7359-ade5-bcbef46501cd"}, "cannot be found"),
        ({"circle": "team:none"}, "Choose one of the circles you are in"),
    ):
        answer = client.post("/appointments/new", form_on(tomorrow(), change))
        assert answer.status_code == 422
        assert words in answer.text
        assert "Zwolle" in answer.text
    with entered(alice):
        assert not Moment.objects.exists()


def test_both_versions_are_shown_to_whoever_comes_second(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/appointments/new", form())
    with entered(alice):
        made = Moment.objects.get()
    assert client.post(f"/appointments/{made.id}/", form(title="Eerst", version="1")).status_code == 302
    conflict = client.post(f"/appointments/{made.id}/", form(title="Tweede", version="1"))

    assert conflict.status_code == 409
    assert "Eerst" in conflict.text
    assert "Tweede" in conflict.text


def test_strangers_get_404_and_guests_403(alice: User, gina: User, charlie: User, signed_in: SignIn) -> None:
    signed_in(alice).post("/appointments/new", form())
    with entered(alice):
        made = Moment.objects.get()
    for address in (f"/appointments/{made.id}/", f"/appointments/{made.id}/cancel"):
        assert signed_in(charlie).post(address, form(version="1")).status_code == 404
        assert signed_in(gina).post(address, form(version="1")).status_code == 403
    assert signed_in(gina).post("/appointments/new", form()).status_code == 403
    with entered(alice):
        assert (Moment.objects.get().version, Moment.objects.count()) == (1, 1)


def test_the_page_of_a_moment_says_how_it_repeats_and_leads_to_its_form(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/appointments/new", form(repeat="daily", repeat_ends="times", repeat_times="2"))
    with entered(alice):
        made = Moment.objects.order_by("occurred_at")[0]
    text = client.get(f"/moments/{made.id}/").text

    assert "every day, 2 times" in text
    assert f"/appointments/{made.id}/" in text
