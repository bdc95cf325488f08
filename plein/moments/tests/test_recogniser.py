# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts are looked at after they came in, by a job, each in its own circle, and never twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from plein.core.isolation import default_circle_id
from plein.core.operations import operation
from plein.moments.models import Moment, MomentText, Recognised
from plein.moments.queries import heard_in
from plein.moments.queries.recognised import Heard
from plein.moments.queries.waiting import known_names
from plein.moments.recogniser import Recogniser
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_moment, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
ORDER = "Wat kost een nieuw dak voor onze loods in Zwolle? Bel me op 038 423 45 67, groet, Rik Jansen"
TALK = "Haha wat een heerlijke foto van jullie vakantie! Geniet van de zon en de kinderen."
OFFER = "Nieuwsbrief: deze week 20 % korting op al onze tuinstoelen. Klik hier om u af te melden."


def jobs(name: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [f"moments.{name}"])
        return [row[0] for row in cursor.fetchall()]


def heard(user: User, moment: Moment) -> Heard:
    with entered(user):
        return heard_in([moment.id])[moment.id]


def turn(user: User, *moments: Moment, tier: str = "light") -> int:
    with entered(user) as actor:
        workspace = actor.workspace_id
    return Recogniser(user, workspace).run(tier=tier, moments=[one.id for one in moments] or None)


def mail(user: User, text: str, **changes: Any) -> Moment:
    with entered(user):
        return make_moment(text=text, kind="email", direction="inbound", **changes)


@pytest.fixture
def henk(alice: User) -> Relation:
    with entered(alice):
        return make_person()


def test_what_is_recorded_is_looked_at_by_a_job_and_not_in_the_request(
    alice: User, henk: Relation, signed_in: SignIn
) -> None:
    sent = {"kind": "note", "text": ORDER}
    answer = signed_in(alice).post(f"/relations/{henk.id}/moments/new", sent)
    with entered(alice):
        made = Moment.objects.get()
        assert answer.status_code < 400 and not Recognised.objects.exists()
        assert str(made.id) in str(jobs("recognise_moments"))


def test_labels_mentions_and_the_words_that_led_to_them_are_places_in_the_text(alice: User) -> None:
    made = mail(alice, ORDER)
    assert turn(alice, made, tier="standard") == 1 and turn(alice, made, tier="standard") == 0
    found = heard(alice, made)

    assert "buying_intent" in found.labels and found.relevance == "business" and found.language == "nl"
    named = {(kind, ORDER[start:end]) for kind, start, end in found.mentions}
    assert ("phone", "038 423 45 67") in named and ("person", "Rik Jansen") in named
    words = {ORDER[start:end].lower() for places in found.reasons.values() for start, end in places}
    assert words and all(word.isalnum() for word in words)


def test_a_text_that_changed_is_looked_at_again(alice: User) -> None:
    made = mail(alice, ORDER)
    turn(alice, made)
    with entered(alice), operation("edit_moment"):
        MomentText.objects.filter(moment=made).update(text=TALK)

    assert heard(alice, made).version == "" and turn(alice) == 1
    assert heard(alice, made).relevance != "business"


def test_what_machines_send_files_itself_and_says_why(alice: User) -> None:
    letter, reply = mail(alice, OFFER, nature="newsletter"), mail(alice, "Ik ben er niet.", nature="auto_reply")
    gone = mail(alice, "Piet werkt hier niet meer, schrijf aan Lia, zij volgt hem op.", nature="auto_reply")
    with entered(alice):
        shop = make_organization("Webwinkel")
        point = make_contact_point(shop, "email", "no-reply@webwinkel.example").contact_point
    order = mail(alice, "Uw bestelling is onderweg en wordt morgen bezorgd.")
    with entered(alice), operation("test"):
        order.participants.create(role="from", contact_point=point, occurred_at=order.occurred_at)
    turn(alice)

    assert [heard(alice, one).filed_as for one in (letter, reply, order)] == ["newsletter", "auto_reply", "notice"]
    assert heard(alice, letter).relevance == "filed" and heard(alice, gone).relevance != "filed"


def test_each_looks_at_what_they_may_see_and_no_more(alice: User, bob: User, charlie: User) -> None:
    hidden = mail(alice, ORDER, circle_id=only_me_of(alice))

    assert turn(bob) == turn(charlie) == 0
    assert turn(alice) == 1 and heard(alice, hidden).version
    with entered(bob):
        assert not Recognised.objects.exists()


def test_a_name_that_is_hidden_from_one_reader_helps_nobody(alice: User, bob: User) -> None:
    with entered(alice):
        make_person("Bekende Bos")
        make_person("Verborgen Vos", circle_id=only_me())
        mine, everyone = only_me(), default_circle_id()
        assert {name for _kind, name in known_names(everyone)} >= {"Bekende Bos"}
        assert "Verborgen Vos" not in {name for _kind, name in known_names(everyone)}
        assert "Verborgen Vos" in {name for _kind, name in known_names(mine)}


def test_whoever_is_stopped_goes_on_with_what_still_waits(alice: User) -> None:
    for text in (ORDER, TALK, OFFER):
        mail(alice, text)
    with entered(alice) as actor:
        workspace = actor.workspace_id
    stopped = Recogniser(alice, workspace, should_stop=lambda: True)

    assert stopped.run(tier="light") == 0 and turn(alice) == 3 and turn(alice) == 0


def only_me_of(user: User) -> int:
    with entered(user):
        return only_me()
