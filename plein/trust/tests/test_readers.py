# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who sees it, and why: told to every reader, of what they see and of nothing narrower."""

from collections.abc import Callable

from django.test import Client

from plein.moments.models import MomentText
from plein.testing.factories import make_membership, make_moment, make_organization, make_person
from plein.trust.actions import place
from plein.trust.circles import circle_for, people_key
from plein.trust.models import Seat, User
from plein.trust.placed import placed_of
from plein.trust.readers import readers_of
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def test_each_reader_has_a_reason_in_words(alice: User, bob: User, gina: User) -> None:
    with entered(bob) as actor:
        sales = make_person("Van Sales", circle_id=circle_for("Sales"))
        kind = placed_of("relations")
        [only] = readers_of(sales).readers
        assert only.name == "Bob" and only.reasons[0].startswith("member of team Sales since ")
        named = people_key([Seat.objects.get(user=alice).id])
        place(actor=actor, kind=kind, record=sales, audience=named)
        sales.refresh_from_db()
    with entered(alice):
        found = readers_of(sales)
        assert {one.name: one.reasons for one in found.readers} == {
            "Alice": ("named by Bob",),
            "Bob": ("chose this",),
        }
        assert found.chosen_by == "Bob" and not found.is_first


def test_between_two_circles_only_who_is_in_both_sees_it(alice: User, bob: User) -> None:
    with entered(bob):
        named = circle_for(people_key([Seat.objects.get(user=alice).id]))
        role = make_membership(make_person(circle_id=circle_for("Sales")), make_organization(circle_id=named))
        [only] = readers_of(type(role).objects.get(id=role.id)).readers
        assert only.name == "Bob" and len(only.reasons) == 2


def test_who_sees_only_the_envelope_is_not_told_who_reads_the_text(
    alice: User, bob: User, gina: User, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        moment = make_moment(make_person())
        text = MomentText.objects.get()
        named = people_key([Seat.objects.get(user=gina).id])
        place(actor=actor, kind=placed_of("texts"), record=text, audience=named)
    page = signed_in(bob).get(f"/who-sees/moments/{moment.id}/").text
    assert "Gina" in page and "named by" not in page and "The text" not in page
    assert signed_in(bob).get(f"/who-sees/texts/{text.id}/").status_code == 404
    assert "named by Alice" in signed_in(gina).get(f"/who-sees/texts/{text.id}/").text
    assert f"/who-sees/texts/{text.id}/" in signed_in(gina).get(f"/who-sees/moments/{moment.id}/").text


def test_the_page_of_a_relation_leads_there(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person()
    assert f"/who-sees/relations/{henk.id}/" in signed_in(alice).get(f"/relations/{henk.id}/").text


def test_there_are_no_other_kinds(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person()
    assert signed_in(alice).get(f"/who-sees/seats/{henk.id}/").status_code == 404
