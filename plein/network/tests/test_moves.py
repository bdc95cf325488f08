# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network says that somebody we know works elsewhere: Plein asks, and notes nothing by itself."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from plein.api.tests.conftest import Calling, calling
from plein.channels.base import Address, Follow
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.moments.events import FollowsHeard
from plein.moments.models import JobNews
from plein.network.actions import Brought, load_connections
from plein.network.actions.following import tie_followers
from plein.network.connections import read_connections
from plein.network.tests.conftest import Network
from plein.relations.models import Membership, Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_contact_point, make_membership, make_organization
from plein.trust.circles import everyone
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["calling"]
type SignIn = Callable[[User], Client]
HEAD = b"First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
RIK = b"Rik,Jansen,https://www.linkedin.com/in/rik-j,rik@jansen.example,Isala,Hoofd inkoop,05 May 2022\n"
LIST = HEAD + RIK
PAGE = "/working-elsewhere/"


@pytest.fixture
def rik(alice: User, network: Network) -> Relation:
    """Rik is known by his address, and buys for Vechtdal."""
    with entered(alice):
        with operation("edit"):
            Membership.objects.filter(person=network.rik).delete()
        make_contact_point(network.rik, "email", "rik@jansen.example")
        begun = datetime(2025, 1, 1, tzinfo=UTC)
        make_membership(network.rik, make_organization("Vechtdal"), "inkoper", created_at=begun)
        return network.rik


def brought_in(user: User, data: bytes = LIST, **more: Any) -> Brought:
    with entered(user) as actor:
        return load_connections(actor=actor, connections=read_connections(data), **more)


def news(user: User) -> list[JobNews]:
    with entered(user):
        return list(JobNews.objects.select_related("person", "organization", "work__organization").order_by("id"))


def work(user: User, person: Relation) -> dict[str, tuple[str, bool]]:
    with entered(user):
        found = Membership.objects.filter(person=person).select_related("organization")
        return {one.organization.name: (one.role, one.ends_on is None) for one in found}


def answer(user: User, signed_in: SignIn, what: str) -> None:
    (one,) = (each for each in news(user) if each.decision == "open")
    assert signed_in(user).post(PAGE, {"answer": what, "ids": [str(one.id)]}).status_code == 302


def test_a_list_that_names_another_employer_asks_and_says_who_told_it_and_when(
    alice: User, bob: User, rik: Relation, signed_in: SignIn
) -> None:
    assert brought_in(alice).elsewhere == 1
    assert work(alice, rik) == {"Vechtdal": ("inkoper", True)}
    (one,) = news(bob)
    assert (one.person_id, one.work.organization.name, one.place) == (rik.id, "Vechtdal", "Isala")
    assert (one.source, one.told_by, one.role, one.moment_id) == ("profile", "LinkedIn", "Hoofd inkoop", None)
    assert one.heard_on == timezone.localdate()
    client = signed_in(bob)
    with within_budget(__file__, "moves"):
        told = client.get(PAGE).text
    assert "seems to work at Isala" in told and "LinkedIn" in told and "Hoofd inkoop" in told
    assert "seems to work at Isala" in client.get(f"/relations/{rik.id}/").text


def test_one_answer_ends_the_old_work_and_begins_the_new_and_an_undo_takes_it_back(
    alice: User, rik: Relation, signed_in: SignIn
) -> None:
    brought_in(alice)
    (one,) = news(alice)
    sent = {"answer": "instead", "ids": [str(one.id)], "person": str(rik.id)}
    assert signed_in(alice).post(PAGE, sent).headers["Location"] == f"/relations/{rik.id}/"
    assert work(alice, rik) == {"Vechtdal": ("inkoper", False), "Isala": ("Hoofd inkoop", True)}
    assert "seems to work" not in signed_in(alice).get(f"/relations/{rik.id}/").text
    assert brought_in(alice).elsewhere == 0
    with entered(alice):
        undo(Operation.objects.get(verb="accept_job_news").id)
    assert work(alice, rik) == {"Vechtdal": ("inkoper", True)} and news(alice)[0].decision == "open"
    with entered(alice):
        assert not Relation.objects.filter(name="Isala").exists()


def test_no_is_remembered_for_good(alice: User, rik: Relation, signed_in: SignIn) -> None:
    brought_in(alice)
    answer(alice, signed_in, "no")
    assert brought_in(alice).elsewhere == 0
    assert brought_in(alice, LIST.replace(b"Isala", b"Isala B.V.")).elsewhere == 0
    assert [one.decision for one in news(alice)] == ["ignored"] and work(alice, rik) == {"Vechtdal": ("inkoper", True)}
    assert brought_in(alice, LIST.replace(b"Isala", b"Waterschap")).elsewhere == 1


@pytest.mark.parametrize("company", [b"", b"Vechtdal Groep B.V.", b"Self-employed", b"Wij", b"Vroeger"])
def test_nothing_is_asked_where_it_says_nothing_new(alice: User, rik: Relation, company: bytes) -> None:
    with entered(alice):
        make_organization("Wij", is_ours=True)
        past = make_membership(rik, make_organization("Vroeger"))
        with operation("edit_membership"):
            Membership.objects.filter(id=past.id).update(ends_on="2020-01-01")
    assert brought_in(alice, LIST.replace(b"Isala", company)).elsewhere == 0


def test_nobody_hears_of_the_work_of_whom_they_do_not_see(
    alice: User, bob: User, rik: Relation, signed_in: SignIn, calling: Calling
) -> None:
    brought_in(alice, circle="me")
    assert len(news(alice)) == 1 and news(bob) == []
    assert "Isala" not in signed_in(bob).get(PAGE).text
    assert "Isala" not in signed_in(bob).get(f"/relations/{rik.id}/").text
    (one,) = calling(alice, "write").get("/job-news").json()["items"]
    assert calling(bob, "write").get("/job-news").json()["items"] == []
    sent = {"ids": [one["id"]], "answer": "instead"}
    assert calling(bob, "write").send("POST", "/job-news/answers", json=sent).json() == {"count": 0}
    assert work(alice, rik) == {"Vechtdal": ("inkoper", True)}


def test_a_program_answers_too(alice: User, rik: Relation, calling: Calling) -> None:
    brought_in(alice)
    (told,) = calling(alice, "read").get(f"/job-news?person={rik.id}").json()["items"]
    assert (told["source"], told["told_by"], told["named"], told["organization"]) == (
        "profile",
        "LinkedIn",
        "Isala",
        None,
    )
    sent = {"ids": [told["id"]], "answer": "also"}
    assert calling(alice, "write").send("POST", "/job-news/answers", json=sent).json() == {"count": 1}
    assert work(alice, rik) == {"Vechtdal": ("inkoper", True), "Isala": ("Hoofd inkoop", True)}


def test_an_archive_and_a_list_on_the_page_ask_too(alice: User, rik: Relation, signed_in: SignIn) -> None:
    who = Address("from", "Rik Jansen", "in/rik-j", "handle", "linkedin")
    me = Address("to", "Alice", "in/alice", "handle", "linkedin")
    links = ("mailto:rik@jansen.example",)
    one = Follow("1", who, me, "linkedin", is_mutual=True, links=links, organization="Isala", role="Hoofd inkoop")
    with entered(alice), operation("import_archive") as done:
        tie_followers(FollowsHeard(everyone(), makes_people=True, connected=(one,), brought_by=rik.id))
    (told,) = news(alice)
    assert (told.told_by, told.place, told.import_id) == ("LinkedIn", "Isala", rik.id)
    with entered(alice):
        undo(done.id)
    assert news(alice) == []
    sent = {"holds": "connections", "circle": "everyone", "makes_people": "on"}
    file = SimpleUploadedFile("Connections.csv", LIST)
    answered = signed_in(alice).post("/import/connections/", {**sent, "file": file})
    assert answered.headers["Location"].startswith(PAGE)
    assert "seems to work at Isala" in signed_in(alice).get(answered.headers["Location"]).text
