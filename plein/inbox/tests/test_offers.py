# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Plein suggests to do with a message: from its words, done with one key, turned back with one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.inbox.offers import Kind, Offer, facts_of, offers_in
from plein.inbox.tests.conftest import Post, SignIn
from plein.moments.models import Moment, MomentText, Participant, ToDo
from plein.moments.tests.recognised import make_recognised
from plein.recognition.mentions.forms import formed_mentions
from plein.relations.models import ContactPoint, ContactPointLink, Membership, Relation
from plein.testing.factories import make_contact_point, make_membership, make_organization
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}
SIGNED = "\n\nGroet,\nHenk van Dijk\nT 038 444 55 66\nhenk@nieuw.example"


@pytest.fixture
def vandijk(post: Post) -> Relation:
    """Where Henk works."""
    with entered(post.cast.alice):
        made = make_organization("Van Dijk Installatietechniek")
        make_membership(post.people["henk"], made, role="installateur")
        return made


def told(post: Post, text: str, *, named: dict[str, str] | None = None, **changes: Any) -> Moment:
    """A message in which these words are marked as these kinds."""
    sender = changes.pop("sender", "henk")
    moment = post.come(text, sender=sender)
    spans = [[kind, text.index(words), text.index(words) + len(words)] for words, kind in (named or {}).items()]
    spans += [[one.kind, one.start, one.end] for one in formed_mentions(text)]
    with entered(post.cast.alice) as actor:
        make_recognised(actor, moment, mentions=spans, **changes)
    return moment


def offered(user: User, moment: Moment) -> list[Offer]:
    with entered(user):
        facts = facts_of(moment.id)
        assert facts is not None
        return offers_in(facts)


def take(client: Any, moment: Moment, offers: list[Offer]) -> int:
    return int(client.post(f"/inbox/{moment.id}/offers/", {"do": [one.key for one in offers]}).status_code)


def test_a_time_that_is_proposed_becomes_an_appointment(post: Post, bob: User, signed_in: SignIn) -> None:
    moment = told(
        post, "Kun je morgen om 11:30 bellen?", named={"morgen om 11:30": "date"}, labels={"appointment": 0.9}
    )
    [found] = offered(bob, moment)
    assert (found.kind, found.title) == (Kind.APPOINTMENT, "Plan a call with Henk van Dijk")

    page = signed_in(bob).get(f"/inbox/{moment.id}/offers/", headers=HX).text
    assert "Plan a call with Henk van Dijk" in page and "Kun je morgen om 11:30 bellen?" in page and "checked" in page
    assert take(signed_in(bob), moment, [found]) == 302
    with entered(bob):
        planned = Moment.objects.get(state="planned")
        at = timezone.localtime(planned.occurred_at)
        assert planned.kind == "call" and (at.hour, at.minute) == (11, 30)
        assert at.date() == timezone.localdate(now()) + timedelta(days=1)
        who = set(Participant.objects.filter(moment=planned).values_list("relation_id", flat=True))
        assert {post.people["henk"].id, post.people["bob"].id} <= who
    assert offered(bob, moment) == []


def test_what_is_ticked_is_one_act_and_one_undo_takes_it_back(
    post: Post, bob: User, vandijk: Relation, signed_in: SignIn
) -> None:
    text = f"De tweede unit liever in maart leveren. Op 1 januari neem ik het bedrijf over van mijn vader.{SIGNED}"
    moment = told(post, text, named={"in maart": "date", "1 januari": "date"}, labels={"job_change": 0.7})
    found = offered(bob, moment)
    assert [one.kind for one in found] == [Kind.TODO, Kind.ROLE, Kind.POINT, Kind.POINT]
    assert found[0].evidence == "De tweede unit liever in maart leveren."
    assert found[1].title == "Note Henk van Dijk as decision maker"

    assert take(signed_in(bob), moment, found) == 302

    with entered(bob):
        todo = ToDo.objects.get()
        assert todo.title == "Move the delivery: in maart" and todo.moment_id == moment.id
        held = {job.role: job for job in Membership.objects.filter(person=post.people["henk"])}
        since = held["decision maker"].starts_on
        assert (
            since and (since.month, since.day) == (1, 1) and held["installateur"].ends_on == since - timedelta(days=1)
        )
        assert held["decision maker"].moment_id == moment.id
        assert set(
            ContactPointLink.objects.filter(relation=post.people["henk"]).values_list("contact_point__value", flat=True)
        ) == {"+31384445566", "henk@nieuw.example"}
    assert offered(bob, moment) == []
    with entered(bob):
        undo(Operation.objects.get(verb="do_offered").id)
        assert not ToDo.objects.exists() and not ContactPointLink.objects.filter(relation=post.people["henk"]).exists()
        assert [job.role for job in Membership.objects.filter(person=post.people["henk"])] == ["installateur"]
    assert len(offered(bob, moment)) == 4


def test_a_role_is_taken_from_the_words_and_a_deadline_becomes_a_to_do(
    post: Post, bob: User, vandijk: Relation, signed_in: SignIn
) -> None:
    text = "From 1 January I start as head of procurement. Could you send the offer before 20 December?"
    named = {"1 January": "date", "20 December": "date"}
    moment = told(post, text, named=named, labels={"job_change": 0.9, "request": 0.9})
    role, todo = offered(bob, moment)

    assert role.title == "Note Henk van Dijk as head of procurement"
    assert todo.title == "For Henk van Dijk: Could you send the offer before 20 December?"
    assert date.fromisoformat(todo.about["due"]).day == 20


def test_somebody_new_is_added_where_others_of_that_address_work(
    post: Post, alice: User, bob: User, vandijk: Relation, signed_in: SignIn
) -> None:
    moment = told(post, "Ik ben de nieuwe planner", sender="")
    with entered(alice), operation("edit_moment"):
        make_contact_point(post.people["henk"], "email", "henk@vandijk.example")
        point = ContactPoint.objects.create(kind="email", value="rik@vandijk.example")
        Participant.objects.create(
            moment=moment, role="from", contact_point=point, heard_name="Rik Bos", occurred_at=moment.occurred_at
        )
    [found] = offered(bob, moment)
    assert (found.title, found.detail) == (
        "Add Rik Bos as a contact",
        "at Van Dijk Installatietechniek, with rik@vandijk.example",
    )

    assert take(signed_in(bob), moment, [found]) == 302
    with entered(bob):
        rik = Relation.objects.get(name="Rik Bos")
        assert Membership.objects.get(person=rik).organization_id == vandijk.id
        assert Participant.objects.get(moment=moment, role="from").relation_id == rik.id
        undo(Operation.objects.get(verb="do_offered").id)
        assert not Relation.objects.filter(name="Rik Bos").exists()


def test_whoever_left_and_an_address_that_no_longer_works_are_noted(
    post: Post, alice: User, bob: User, vandijk: Relation, signed_in: SignIn
) -> None:
    with entered(alice):
        make_contact_point(post.people["henk"], "email", "henk@vandijk.example")
    gone = told(post, "Henk werkt niet meer bij ons: henk@vandijk.example vervalt.", sender="")
    [left] = offered(bob, gone)
    assert left.title == "Note that Henk van Dijk no longer works at Van Dijk Installatietechniek"
    bounced = told(post, "550 5.1.1 henk@vandijk.example: user unknown", sender="")
    with entered(alice), operation("edit_moment"):
        Moment.objects.filter(id=bounced.id).update(nature="bounce")
    [dead] = offered(bob, bounced)
    assert dead.kind == Kind.GONE and dead.evidence.startswith("550 5.1.1")

    assert take(signed_in(bob), gone, [left]) == take(signed_in(bob), bounced, [dead]) == 302
    with entered(bob):
        assert Membership.objects.get().ends_on == timezone.localdate(now())
        assert ContactPointLink.objects.get(relation=post.people["henk"]).revoked_at is not None


@pytest.mark.parametrize(
    "text",
    [
        "Dank je wel!",
        "Op 1 januari was het koud.",
        "We zien elkaar vast wel een keer.",
        "The units look good in March.",
    ],
)
def test_of_what_asks_for_nothing_nothing_is_suggested(post: Post, bob: User, vandijk: Relation, text: str) -> None:
    named = {words: "date" for words in ("1 januari", "in March") if words in text}
    assert offered(bob, told(post, text, named=named)) == []


def test_what_was_done_meanwhile_is_refused_in_words(post: Post, bob: User, signed_in: SignIn) -> None:
    moment = told(post, "Bel me maar terug", labels={"request": 0.9})
    [found] = offered(bob, moment)
    client = signed_in(bob)
    assert take(client, moment, [found]) == 302
    assert take(client, moment, [found]) == 422 and take(client, moment, []) == 422
    with entered(bob):
        assert ToDo.objects.count() == 1


def test_of_a_text_one_may_not_read_nothing_is_suggested(post: Post, alice: User, bob: User) -> None:
    moment = told(post, "Bel me maar terug", labels={"request": 0.9})
    with entered(alice), operation("change_text_circle"):
        MomentText.objects.filter(moment=moment).delete()
    with entered(bob):
        assert facts_of(moment.id) is None
