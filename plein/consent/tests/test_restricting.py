# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody asks that we keep their data and do nothing with them."""

import pytest
from django.test import Client

from plein.consent.actions import lift_restriction, restrict
from plein.consent.models import Restriction
from plein.consent.queries import may_be_asked, may_send, restriction_of
from plein.consent.refusals import Refused
from plein.consent.tests.conftest import ADDRESS, SignIn, decide
from plein.core.models import AuditEntry, Operation
from plein.core.operations import operation, undo
from plein.relations.actions import delete_relation
from plein.relations.actions.merging import merge_relations
from plein.relations.models import ContactPoint, Relation
from plein.testing.factories import make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

HTMX = {"HX-Request": "true"}
WHY = "Asked us on 3 March"


def page_of(client: Client, relation: Relation) -> str:
    return f"{client.get(f'/relations/{relation.id}/').text}{client.get(f'/relations/{relation.id}/consent/').text}"


def stopped(user: User) -> str:
    """The sentence that stands in the way of a mail."""
    with entered(user):
        return "".join(one.words for one in may_send([ADDRESS]).values())


def test_nothing_goes_out_and_the_record_says_so(bob: User, henk: Relation, signed_in: SignIn) -> None:
    decide(bob, henk, "newsletter", "given")
    client, path = signed_in(bob), f"/relations/{henk.id}/restriction/"
    assert 'name="reason"' in client.get(path, headers=HTMX).text and stopped(bob) == ""

    assert client.post(path, {"act": "restrict", "reason": " "}).status_code == 422
    answer = client.post(path, {"act": "restrict", "reason": WHY}, headers=HTMX)

    assert answer.status_code == 200 and WHY in answer.text and "Nothing goes out" in answer.headers["HX-Trigger"]
    assert stopped(bob).startswith("Henk van Dijk asked us not to use their data for now.")
    page = page_of(client, henk)
    assert "Do not use what we have of them" in page and page.count(WHY) == 3 and 'data-command="mail"' not in page
    with entered(bob):
        assert not may_be_asked(henk)
        assert AuditEntry.objects.filter(event="restrict_person").count() == 1


def test_twice_is_once_and_an_undo_turns_it_back(bob: User, henk: Relation) -> None:
    with entered(bob) as actor:
        first = restrict(actor=actor, relation=henk, reason=WHY)
        assert restrict(actor=actor, relation=henk, reason="Again").id == first.id
        done = Operation.objects.filter(verb="restrict_person").earliest("started_at")
    with entered(bob):
        undo(done.id)

    assert stopped(bob) == ""
    with entered(bob):
        assert Restriction.objects.count() == 0


def test_an_administrator_lifts_it_and_nobody_else(
    alice: User, bob: User, charlie: User, henk: Relation, signed_in: SignIn
) -> None:
    with entered(bob) as actor:
        restrict(actor=actor, relation=henk, reason=WHY)
    path = f"/relations/{henk.id}/restriction/"
    for client, status in ((signed_in(bob), 403), (signed_in(charlie), 404)):
        assert client.post(path, {"act": "lift"}).status_code == client.get(path).status_code == status
    with entered(bob):
        assert restriction_of(henk.id) is not None

    client = signed_in(alice)
    assert WHY in client.get(path).text
    assert client.post(path, {"act": "lift"}).status_code == 302

    assert stopped(alice) == ""
    assert client.post(path, {"act": "lift"}).status_code == 422
    with entered(alice):
        undo(Operation.objects.filter(verb="lift_restriction").latest("started_at").id)
    assert stopped(alice) != ""


def test_whoever_may_not_see_the_person_is_stopped_and_learns_nothing(alice: User, bob: User, henk: Relation) -> None:
    with entered(alice) as actor, operation("change_circle"):
        restrict(actor=actor, relation=henk, reason=WHY)
        Relation.objects.filter(id=henk.id).update(circle_id=only_me())

    words = stopped(bob)

    assert ADDRESS in words and "Henk" not in words and WHY not in words
    with entered(bob):
        assert Restriction.objects.count() == 0


def test_it_goes_along_when_two_become_one(alice: User, henk: Relation) -> None:
    with entered(alice) as actor:
        restrict(actor=actor, relation=henk, reason=WHY)
        other = make_person("Henk Dijk")
        merge_relations(actor=actor, into=other, other=henk)

        assert restriction_of(other.id) is not None and may_send([ADDRESS])


def test_it_holds_for_their_addresses_in_the_recycle_bin(bob: User, henk: Relation) -> None:
    with entered(bob) as actor:
        restrict(actor=actor, relation=henk, reason=WHY)
        gone = delete_relation(actor=actor, relation=henk)
        assert ContactPoint.objects.get(value=ADDRESS).do_not_contact
        undo(gone.id)
        assert not ContactPoint.objects.get(value=ADDRESS).do_not_contact
    assert stopped(bob).startswith("Henk van Dijk asked us not to use")


def test_only_a_person_asks_it(alice: User) -> None:
    with entered(alice) as actor:
        company = make_organization()
        with pytest.raises(Refused):
            restrict(actor=actor, relation=company, reason=WHY)
        with pytest.raises(Refused):
            lift_restriction(actor=actor, relation=company)
