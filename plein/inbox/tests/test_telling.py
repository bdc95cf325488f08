# SPDX-License-Identifier: AGPL-3.0-or-later
"""Suggestions from what people tell: another employer, a name on a network, how long they are away, who stands in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import undo
from plein.example.days import day_in_words
from plein.inbox.offers import Kind
from plein.inbox.tests.conftest import Post, SignIn
from plein.inbox.tests.test_offers import offered, take, told
from plein.moments.models import ToDo
from plein.relations.models import ContactPointLink, Membership, Relation
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def employers(post: Post) -> dict[str, Relation]:
    """Henk works at Van Dijk with Lia; Vechtdal is somewhere else."""
    with entered(post.cast.alice):
        made = {name: make_organization(name) for name in ("Van Dijk", "Vechtdal")}
        make_membership(post.people["henk"], made["Van Dijk"], role="installateur")
        lia = make_person("Lia Smit")
        make_membership(lia, made["Van Dijk"], role="planner")
        return made | {"lia": lia}


def test_a_signature_with_another_employer_is_proposed_and_the_past_stays(
    post: Post, bob: User, employers: dict[str, Relation], signed_in: SignIn
) -> None:
    text = "Dank voor het bericht.\n\nGroet,\nHenk van Dijk\nInkoper\nVechtdal\nlinkedin.com/in/henkvandijk"
    moment = told(post, f"{text}\nMastodon: @henk@zwolle.social", named={"Vechtdal": "organization"})

    found = offered(bob, moment)
    assert [one.kind for one in found] == [Kind.MOVED, Kind.POINT, Kind.POINT]
    assert found[0].title == "Note that Henk van Dijk works at Vechtdal" and "Van Dijk" in found[0].detail
    assert take(signed_in(bob), moment, found) == 302
    with entered(bob):
        held = {job.organization.name: job for job in Membership.objects.filter(person=post.people["henk"])}
        today = timezone.localdate(now())
        assert held["Vechtdal"].starts_on == today and held["Vechtdal"].moment_id == moment.id
        assert held["Van Dijk"].ends_on == today - timedelta(days=1)
        points = ContactPointLink.objects.filter(relation=post.people["henk"]).select_related("contact_point")
        assert {(one.contact_point.network, one.contact_point.value) for one in points} == {
            ("linkedin", "in/henkvandijk"),
            ("mastodon", "henk@zwolle.social"),
        }
    assert offered(bob, moment) == []
    with entered(bob):
        undo(Operation.objects.get(verb="do_offered").id)
        assert [job.organization.name for job in Membership.objects.filter(person=post.people["henk"])] == ["Van Dijk"]


def test_what_is_told_of_a_colleague_is_of_the_colleague_and_a_new_employer_is_made(
    post: Post, bob: User, employers: dict[str, Relation], signed_in: SignIn
) -> None:
    named = {"Lia Smit": "person", "Hollands Glas": "organization"}
    moment = told(post, "Lia Smit werkt nu bij Hollands Glas.", named=named, labels={"job_change": 0.8})
    plain = told(post, "Lia Smit werkt nu bij Hollands Glas.", named=named)
    visited = told(post, "Ik was bij Vechtdal.", named={"Vechtdal": "organization"}, labels={"job_change": 0.8})

    assert offered(bob, plain) == [] and offered(bob, visited) == []
    [found] = offered(bob, moment)
    assert found.title == "Note that Lia Smit works at Hollands Glas"
    assert take(signed_in(bob), moment, [found]) == 302
    with entered(bob):
        going_on = Membership.objects.filter(person=employers["lia"], ends_on__isnull=True)
        assert [job.organization.name for job in going_on] == ["Hollands Glas"]


def test_who_is_away_is_tried_again_and_who_stands_in_becomes_known(
    post: Post, bob: User, employers: dict[str, Relation], signed_in: SignIn
) -> None:
    with entered(post.cast.alice):
        make_contact_point(post.people["henk"], "email", "henk@vandijk.example")
    back = timezone.localdate(now()) + timedelta(days=9)
    day = day_in_words(back, "nl")
    text = f"Ik ben afwezig tot {day}. Mail bij spoed Kees Bos, kees@vandijk.example."
    moment = told(post, text, named={day: "date", "Kees Bos": "person"}, relevance="filed", filed_as="auto_reply")

    found = offered(bob, moment)
    assert [one.title for one in found] == ["Try Henk van Dijk again", "Add Kees Bos, who stands in"]
    assert take(signed_in(bob), moment, found) == 302
    with entered(bob):
        assert ToDo.objects.get().due_on == back
        kees = Relation.objects.get(name="Kees Bos")
        assert Membership.objects.get(person=kees).organization == employers["Van Dijk"]
    assert offered(bob, moment) == []
