# SPDX-License-Identifier: AGPL-3.0-or-later
"""A form from the website to the timeline: nothing counts before the address is proven, and then it counts once."""

import json
from typing import Any

import pytest

from plein.channels.models import MailServer
from plein.consent.actions import add_never_contact
from plein.consent.models import Decision, InForce, Purpose
from plein.consent.queries import may_send, purpose_called
from plein.consent.vocabulary import How
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.hooks.actions import OutFacts, add_out_hook
from plein.hooks.models import OutHook
from plein.hooks.telling import Teller
from plein.inbox.models import Message
from plein.moments.models import Moment, MomentText, Participant, ToDo
from plein.relations.contact import email
from plein.relations.models import ContactPoint, ContactPointLink, Relation
from plein.testing.factories import make_contact_point, make_organization, make_person
from plein.testing.mail_server import Box
from plein.testing.peers import Answer, running
from plein.trust.models import User
from plein.trust.seats import entered
from plein.webforms.actions import NotTaken
from plein.webforms.models import Confirmed, Submission
from plein.webforms.tasks import send_link
from plein.webforms.tests.visitor import EMAIL, Visitor, form_of, link_in, words_of, work

ALL = {"name": "required", "phone": "optional", "organization": "optional", "message": "required"}


def newsletter(user: User) -> Purpose:
    with entered(user):
        found = purpose_called("newsletter")
        assert found is not None
        return found


def test_a_form_counts_once_its_address_is_proven(alice: User, bob: User, box: Box) -> None:
    purpose = newsletter(alice)
    visitor = Visitor(form_of(alice, asks=ALL, purposes=(purpose.id,), work="todo"))

    page = visitor.client.get(visitor.path, {"lang": "nl"})
    assert "Nieuwsbrief" in page.text and "checked" not in page.text and not page.cookies
    answer = visitor.fill({f"yes.{purpose.id}": "on"}, message="Ovens?\nTwo.", phone="020 123 45 67")
    assert answer.status_code == 302
    work()
    with entered(alice):
        assert not Moment.objects.exists() and not Relation.objects.filter(kind="person", is_ours=False).exists()
        assert not Decision.objects.exists() and not ContactPoint.objects.filter(value=EMAIL).exists()
    assert box.kept[0].receivers == [EMAIL] and "Ovens" not in words_of(box) and "Ria" not in words_of(box)

    link = link_in(box)
    looked = visitor.client.get(link)
    assert "Ovens" in looked.text and "Newsletter" in looked.text
    with entered(alice):
        assert not Moment.objects.exists()
    assert "confirmed" in visitor.press(link).text
    assert "confirmed" in visitor.press(link).text and "Ovens" not in visitor.client.get(link).text

    with entered(bob):
        moment = Moment.objects.get()
        text = MomentText.objects.get(moment=moment).text
        assert "Your message:\nOvens?\nTwo." in text and "Newsletter" in text
        person = Participant.objects.get(moment=moment, role="from").relation
        assert person is not None and person.name == "Ria Visser"
        points = ContactPointLink.objects.filter(relation=person).values_list("contact_point__value", flat=True)
        assert set(points) == {EMAIL, "+31201234567"}
        decision = Decision.objects.get()
        assert (decision.how, decision.point_value, decision.moment_id) == (How.FORM, EMAIL, moment.id)
        assert "version 1" in decision.note and InForce.objects.count() == 1
        assert ToDo.objects.get().moment_id == moment.id and Message.objects.get().moment_id == moment.id
        confirmed = Confirmed.objects.get()
        assert (confirmed.moment_id, confirmed.text_id) == (moment.id, visitor.form.wording.id)
        kept = Submission.objects.get()
        assert (kept.email, kept.answers, kept.yes) == ("", {}, {})


def test_undo_takes_all_of_it_back(alice: User, box: Box) -> None:
    purpose = newsletter(alice)
    visitor = Visitor(form_of(alice, purposes=(purpose.id,)))
    visitor.fill({f"yes.{purpose.id}": "on"})
    work()
    visitor.press(link_in(box))

    with entered(alice):
        undo(Operation.objects.get(verb="confirm_form").id)
        assert not Moment.objects.exists() and not InForce.objects.exists() and not Confirmed.objects.exists()
        assert not Relation.objects.filter(name="Ria Visser").exists() and not Message.objects.exists()
        assert Decision.objects.count() == 1, "what was decided stays in the list, and does not count"
    assert "confirmed" in visitor.press(link_in(box)).text
    with entered(alice):
        assert not Moment.objects.exists()


def test_whoever_we_know_stays_who_they_are(alice: User, box: Box) -> None:
    with entered(alice):
        anna = make_person("Anna Bos")
        make_contact_point(anna, "email", EMAIL)
        other = make_person("Bert")
        make_contact_point(other, "phone", "+31201234567")
    visitor = Visitor(form_of(alice, asks=ALL))
    visitor.fill(name="Somebody Else", phone="020 123 45 67", message="Hi")
    work()
    visitor.press(link_in(box))

    with entered(alice):
        assert Participant.objects.get(role="from").relation_id == anna.id
        assert Relation.objects.get(id=anna.id).name == "Anna Bos"
        assert ContactPointLink.objects.filter(relation=anna).count() == 1


def test_an_address_that_is_never_used_gets_no_mail_and_the_same_answer(alice: User, box: Box) -> None:
    with entered(alice) as actor:
        add_never_contact(actor=actor, contacts=[email(EMAIL)], reason="asked us")
    visitor = Visitor(form_of(alice))

    answers = [visitor.fill(), visitor.fill(email="other@nobody.example")]
    work()

    assert {(one.status_code, one["Location"]) for one in answers} == {(302, answers[0]["Location"])}
    assert [one.receivers for one in box.kept] == [["other@nobody.example"]]
    with entered(alice):
        assert not Submission.objects.filter(email=EMAIL).exists()


def test_one_mail_an_hour_goes_to_an_address(alice: User, box: Box) -> None:
    first, second = Visitor(form_of(alice)), Visitor(form_of(alice, name="Other"))
    first.fill()
    second.fill()
    work()
    work()

    assert len(box.kept) == 1
    with entered(alice):
        assert Submission.objects.filter(mailed_at__isnull=True).count() == 1, "it waits for its own mail"


def test_a_program_is_told_and_the_message_is_for_whom_the_form_says(
    alice: User, bob: User, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The transaction of a test writes itself: for the horizon it is as if it had ended.
    monkeypatch.setattr("plein.hooks.watching._horizon", lambda: (10**9, 9, 9))
    with entered(bob) as colleague, running(lambda request: Answer(b"ok")) as peer:
        form = form_of(alice, for_seat=colleague.seat_id)
        facts = OutFacts("Books", f"{peer.url}/in", ("form.confirmed",), is_inside=True)
        with entered(alice) as actor:
            hook = add_out_hook(actor=actor, facts=facts).hook
            OutHook.objects.filter(id=hook.id).update(cursor=0)
        visitor = Visitor(form)
        visitor.fill()
        work()
        visitor.press(link_in(box))
        assert Teller(alice, hook.workspace_id, hook.id).run() == 1
        said = json.loads(peer.asked[0].body)

    with entered(bob) as colleague:
        message = Message.objects.get()
        assert message.assignee_id == colleague.seat_id
        assert said["type"] == "form.confirmed" and said["data"]["moment"]["id"] == str(message.moment_id)
        assert said["data"]["form"] == {"id": str(form.id), "name": "Site"} and said["data"]["version"] == 1


def test_a_yes_of_an_address_of_a_desk_is_noted_with_the_address(alice: User, box: Box) -> None:
    with entered(alice):
        make_contact_point(make_organization(name="Visser"), "email", EMAIL)
    purpose = newsletter(alice)
    visitor = Visitor(form_of(alice, purposes=(purpose.id,)))
    visitor.fill({f"yes.{purpose.id}": "on"})
    work()
    visitor.press(link_in(box))

    with entered(alice):
        decision = Decision.objects.select_related("subject").get()
        assert (decision.point_value, decision.subject.relation_id) == (EMAIL, None)
        assert may_send([EMAIL], purpose_called("newsletter")) == {}


def test_a_mail_server_that_is_away_loses_nobody(alice: User, box: Box) -> None:
    visitor = Visitor(form_of(alice))
    visitor.fill()
    with entered(alice), operation("change_mail_server"):
        server = MailServer.objects.get()
        MailServer.objects.update(port=9)
        waiting = Submission.objects.get()
    job: dict[str, Any] = {
        "workspace": visitor.form.workspace_id,
        "user": str(alice.id),
        "submission": str(waiting.id),
    }
    with pytest.raises(NotTaken):
        send_link(**job)
    with entered(alice), operation("change_mail_server"):
        assert Submission.objects.get().mailed_at is None
        MailServer.objects.update(port=server.port)
    for _time in range(2):
        send_link(**job)

    assert len(box.kept) == 1
