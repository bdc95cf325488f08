# SPDX-License-Identifier: AGPL-3.0-or-later
"""Markers of class "internal" stand in all that colleagues keep of somebody; the whole page is crawled for them."""

from collections.abc import Iterator

import pytest
from django.test import Client

from plein.core.ids import now
from plein.core.operations import operation
from plein.metadata.actions import set_values
from plein.moments.models import MomentText
from plein.mypage.tests.conftest import ADDRESS, link
from plein.relations.actions import tag
from plein.relations.models import (
    ContactPoint,
    ContactPointLink,
    ImportantDate,
    Interest,
    Membership,
    Relation,
    RelationValues,
    Tie,
)
from plein.testing.factories import (
    make_contact_point,
    make_decision,
    make_field,
    make_membership,
    make_moment,
    make_organization,
    make_person,
    make_todo,
)
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

MARK = "INTERNAL"


@pytest.fixture
def planted(alice: User, henk: Relation) -> Relation:
    """Somebody of whom colleagues keep all there is to keep."""
    with entered(alice) as actor, operation("plant"):
        assert list(_plant(actor, henk))
    return henk


def _plant(actor: Entrance, henk: Relation) -> Iterator[object]:
    marks = {name: f"{MARK} {name}" for name in ("headline", "about", "do_not_contact_reason")}
    yield Relation.objects.filter(id=henk.id).update(**marks)
    yield Interest.objects.create(relation=henk, text=f"{MARK} interest")
    yield ImportantDate.objects.create(relation=henk, kind="other", on=now().date(), note=f"{MARK} day")
    yield ImportantDate.objects.create(relation=henk, kind="birthday", on=now().date(), note=f"{MARK} birthday")
    yield tag(actor=actor, relation=henk, name=f"{MARK} tag")
    other = make_person(f"{MARK} somebody else")
    yield Tie.objects.create(one=henk, other=other, kind="family", note=f"{MARK} tie")
    yield make_moment(henk, other, title=f"{MARK} subject", text=f"{MARK} text", kind="call")
    yield make_moment(henk, title=f"{MARK} note", text=f"{MARK} note", kind="note")
    yield MomentText.objects.update(outcome=f"{MARK} outcome", follow_up=f"{MARK} follow-up")
    yield make_todo(f"{MARK} to-do", relation=henk)
    yield make_decision(actor, henk, "newsletter", "given", note=f"{MARK} evidence")
    hidden = make_organization(f"{MARK} hidden employer")
    yield Relation.objects.filter(id=hidden.id).update(circle_id=only_me())
    yield make_membership(henk, hidden, role=f"{MARK} role")
    yield make_contact_point(henk, "email", f"{MARK.lower()}@hidden.example", label=f"{MARK} label")
    hidden_points = ContactPoint.objects.filter(value=f"{MARK.lower()}@hidden.example")
    yield hidden_points.update(circle_id=only_me(), do_not_contact_reason=f"{MARK} reason")
    yield ContactPointLink.objects.update(reasons=[f"{MARK} why"])


def test_the_page_shows_none_of_it(alice: User, planted: Relation) -> None:
    with entered(alice):
        assert Membership.objects.filter(role__contains=MARK).exists()
        assert Relation.objects.get(id=planted.id).about.startswith(MARK)
    client = Client()
    path = link(alice, planted)
    pages = [client.get(path), client.post(path), *(client.get(f"/my/{place}") for place in ("", "ask/", "x"))]

    assert ADDRESS in pages[2].text and "Phone call" in pages[2].text
    assert [page.request["PATH_INFO"] for page in pages if MARK in page.text.upper()] == []


def test_a_field_of_our_own_is_not_on_it(alice: User, henk: Relation) -> None:
    with entered(alice) as actor:
        field = make_field(key="secret")
        set_values(actor=actor, values_model=RelationValues, record=henk, values={field.key: f"{MARK} value"})

    client = Client()
    client.post(link(alice, henk))

    assert MARK not in client.get("/my/").text
