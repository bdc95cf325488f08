# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from plein.core.finding import search
from plein.core.models import Operation
from plein.core.operations import undo
from plein.metadata.actions import ensure_indexed, set_values
from plein.metadata.queries import catalog, condition
from plein.moments.models import Moment, MomentCell, MomentValues
from plein.testing.budgets import within_budget
from plein.testing.factories import make_field, make_group, make_moment, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def put(user: User, moment: Moment, **values: Any) -> None:
    with entered(user) as actor:
        set_values(actor=actor, values_model=MomentValues, record=moment, values=values)


def test_a_moment_shows_its_fields_and_they_are_changed_in_place(
    alice: User, bob: User, charlie: User, gina: User, signed_in: SignIn
) -> None:
    with entered(alice):
        group = make_group("Visit")
        field = make_field("number", group, key="attendees", kinds=["moment"])
        secret = make_field("text", make_group("Health", circle_id=only_me()), key="mood", kinds=["moment"])
        moment = make_moment(make_person("Henk"))
    put(alice, moment, mood="gloomy")
    page, here = reverse("moments:moment", args=[moment.id]), reverse("moments:value", args=[moment.id, field.id])
    hidden = reverse("moments:value", args=[moment.id, secret.id])

    assert "Attendees" in signed_in(alice).get(page).content.decode()
    assert "gloomy" in signed_in(alice).get(page).content.decode()
    saved = signed_in(bob).post(here, {"c.attendees": "12", "version": "0"}, headers=HTMX)
    assert saved.status_code == 200 and "12" in saved.content.decode()
    theirs = signed_in(bob).get(page).content.decode()
    assert "Attendees" in theirs and "Mood" not in theirs and "Health" not in theirs
    assert signed_in(bob).get(hidden, headers=HTMX).status_code == 404
    assert signed_in(charlie).post(here, {"c.attendees": "1"}).status_code == 404
    assert signed_in(gina).post(here, {"c.attendees": "1"}).status_code == 403
    assert signed_in(alice).post(here, {"c.attendees": "x", "version": "1"}, headers=HTMX).status_code == 422
    assert signed_in(alice).post(here, {"c.attendees": "9", "version": "0"}, headers=HTMX).status_code == 409
    client = signed_in(alice)
    client.get(page)
    with within_budget(__file__, "moment with own fields"):
        client.get(page)


def test_the_composer_asks_for_the_fields_of_moments(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        group = make_group("Visit")
        make_field("choice", group, key="mood", kinds=["moment"], choices=["Good", "Bad"], is_required=True)
        make_field("text", group, key="remark", kinds=["moment"])
        henk = make_person("Henk")
    client, here = signed_in(alice), reverse("moments:compose", args=[henk.id])

    assert 'name="c.mood"' in client.get(reverse("relations:relation", args=[henk.id])).content.decode()
    assert 'name="c.remark"' in client.get(here).content.decode()
    missing = client.post(here, {"kind": "note", "text": "Goed gesprek"}, headers=HTMX)
    assert missing.status_code == 422 and "must be filled in" in missing.content.decode()
    todo = client.post(here, {"kind": "todo", "text": "Bel terug"}, headers=HTMX)
    assert todo.status_code == 200
    sent = {"kind": "note", "text": "Goed gesprek", "c.mood": "good", "c.remark": "Kwam met een caravan"}
    assert client.post(here, sent, headers=HTMX).status_code == 200

    with entered(alice):
        moment = Moment.objects.get()
        assert len(MomentValues.objects.get().values) == 2
        assert search("caravan").moments == [moment.id]
        recorded = Operation.objects.filter(verb="record_moment")
        assert recorded.count() == 1
        field = catalog().by_key("mood")
        assert field is not None
        ensure_indexed([field])
        [field] = [one for one in catalog().fields if one.key == "mood"]
        assert Moment.objects.filter(condition(field, "is", ["good"], MomentValues)).count() == 1
        undo(recorded.get().id)
        assert (Moment.objects.count(), MomentValues.objects.count(), MomentCell.objects.count()) == (0, 0, 0)
