# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody goes to work elsewhere: one history across their jobs."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from plein.api.tests.conftest import Calling, calling
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import undo
from plein.relations import actions
from plein.relations.models import Membership, Relation
from plein.relations.refusals import Refused
from plein.relations.tests.crowd import SignIn
from plein.testing.factories import make_membership, make_moment, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["calling"]


@pytest.fixture
def rik(alice: User) -> Relation:
    """Rik buys for Vechtdal, and called in March of last year; Isala is where he may go."""
    with entered(alice):
        person, firm = make_person("Rik Jansen"), make_organization("Vechtdal")
        make_organization("Isala")
        make_membership(person, firm, role="inkoper", starts_on=date(2015, 1, 1))
        make_moment(person, firm, kind="call", occurred_at=now() - timedelta(days=200), title="Lawaai")
        return person


def work(user: User) -> dict[str, tuple[date | None, date | None]]:
    with entered(user):
        found = Membership.objects.select_related("organization")
        return {one.organization.name: (one.starts_on, one.ends_on) for one in found}


def last() -> UUID:
    found: UUID = Operation.objects.order_by("-id").values_list("id", flat=True)[0]
    return found


def told(name: str, **more: Any) -> dict[str, Any]:
    return {"other_name": name, "role": "hoofd inkoop", **more}


def test_a_new_employer_asks_what_becomes_of_the_old_one(alice: User, rik: Relation, signed_in: SignIn) -> None:
    client, path = signed_in(alice), f"/relations/{rik.id}/memberships/new/"
    assert "They work here instead of at Vechtdal, inkoper" in client.get(path).text

    answer = client.post(path, told("Isala"))
    assert answer.status_code == 422 and "They work at Vechtdal now." in answer.text and "hoofd inkoop" in answer.text
    assert work(alice) == {"Vechtdal": (date(2015, 1, 1), None)}


def test_who_now_works_here_instead_left_the_other_in_the_same_operation(
    alice: User, rik: Relation, signed_in: SignIn
) -> None:
    client, path = signed_in(alice), f"/relations/{rik.id}/memberships/new/"
    assert client.post(path, told("Isala", change="instead", starts_on="2025-11-01")).status_code == 302

    assert work(alice) == {"Vechtdal": (date(2015, 1, 1), date(2025, 10, 31)), "Isala": (date(2025, 11, 1), None)}
    page = client.get(f"/relations/{rik.id}/").text
    assert "Is now at" in page and "Was then at" in page
    with entered(alice):
        assert Operation.objects.get(id=last()).verb == "change_job"
        undo(last())
    assert work(alice) == {"Vechtdal": (date(2015, 1, 1), None)}


def test_who_works_here_too_keeps_the_other(alice: User, rik: Relation, signed_in: SignIn) -> None:
    path = f"/relations/{rik.id}/memberships/new/"
    assert signed_in(alice).post(path, told("Isala", change="also")).status_code == 302
    assert work(alice) == {"Vechtdal": (date(2015, 1, 1), None), "Isala": (None, None)}


def test_from_the_page_of_the_organization_it_is_asked_once_it_is_known_who(
    alice: User, rik: Relation, signed_in: SignIn
) -> None:
    with entered(alice):
        isala = Relation.objects.get(name="Isala")
    client, path = signed_in(alice), f"/relations/{isala.id}/memberships/new/"
    assert "instead" not in client.get(path).text
    sent = {"other_name": "Rik Jansen", "other": str(rik.id)}
    answer = client.post(path, sent)
    assert answer.status_code == 422 and "They work here instead of at Vechtdal" in answer.text
    assert client.post(path, {**sent, "change": "instead"}).status_code == 302
    yesterday = now().date() - timedelta(days=1)
    assert work(alice)["Vechtdal"] == (date(2015, 1, 1), yesterday)


def test_the_moment_in_which_we_heard_it_stands_beside_the_role(alice: User, rik: Relation, signed_in: SignIn) -> None:
    with entered(alice):
        moment = make_moment(rik, kind="visit", title="Afscheid")
    client, path = signed_in(alice), f"/relations/{rik.id}/memberships/new/"
    assert str(moment.id) in client.get(path).text
    assert client.post(path, told("Isala", change="instead", moment=str(moment.id))).status_code == 302
    assert f'href="/moments/{moment.id}/"' in client.get(f"/relations/{rik.id}/").text


def test_a_moment_that_one_may_not_see_is_not_named(alice: User, bob: User, rik: Relation, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        secret = make_moment(rik, kind="visit", title="Geheim", circle_id=only_me())
        isala = Relation.objects.get(name="Isala")
        actions.add_membership(actor=actor, person=rik, organization=isala, moment_id=secret.id)
    assert "heard in this contact" in signed_in(alice).get(f"/relations/{rik.id}/").text
    assert "heard in this contact" not in signed_in(bob).get(f"/relations/{rik.id}/").text


def test_the_timelines_say_where_somebody_was_then(alice: User, rik: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    with entered(alice) as actor:
        firm, isala = Relation.objects.get(name="Vechtdal"), Relation.objects.get(name="Isala")
        assert "was then at" not in client.get(f"/relations/{firm.id}/").text
        actions.change_job(
            actor=actor, person=rik, organization=isala, instead_of=list(Membership.objects.filter(person=rik))
        )
    for relation in (firm, rik):
        assert "Rik was then at Vechtdal." in client.get(f"/relations/{relation.id}/").text


def test_a_program_says_what_becomes_of_the_other_work(
    alice: User, bob: User, charlie: User, rik: Relation, calling: Calling
) -> None:
    with entered(alice):
        isala, role = Relation.objects.get(name="Isala"), Membership.objects.get()
    path, body = f"/relations/{rik.id}/memberships", {"relation": str(isala.id)}
    refused = calling(bob, "write").send("POST", path, json=body)
    assert refused.status_code == 422 and "Vechtdal" in refused.json()["fields"]["change"]
    assert calling(charlie, "write").send("POST", path, json={**body, "change": "instead"}).status_code == 404
    made = calling(bob, "write").send("POST", path, json={**body, "change": str(role.id), "starts_on": "2025-03-01"})
    assert made.status_code == 201 and made.json()["source"] == "hand"
    assert work(alice)["Vechtdal"] == (date(2015, 1, 1), date(2025, 2, 28))


def test_nobody_leaves_the_work_of_somebody_else(alice: User, rik: Relation) -> None:
    with entered(alice) as actor, pytest.raises(Refused):
        other = make_membership(make_person("Ans"), make_organization("Firm"))
        isala = Relation.objects.get(name="Isala")
        actions.change_job(actor=actor, person=rik, organization=isala, instead_of=[other])
