# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing goes out without a ground: not when it is sent, and not when it leaves."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from plein.consent.queries import purpose_called
from plein.core.ids import now
from plein.core.operations import operation
from plein.outbox.actions import send_mail
from plein.outbox.models import Mail
from plein.outbox.tests.conftest import ADDRESS, work, write
from plein.relations.models import Relation
from plein.testing.factories import make_decision, make_moment
from plein.testing.mail_server import Box
from plein.trust.circles import only_me
from plein.trust.models import Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def decide(user: User, relation: Relation, key: str, state: str) -> None:
    with entered(user) as actor:
        at = now() - timedelta(days=2) if state == "given" else now()
        make_decision(actor, relation, key, state, decided_at=at)


def wanted(**changes: object) -> dict[str, object]:
    return {"to": f"Henk van Dijk <{ADDRESS}>", "subject": "Nieuws", "text": "Dag Henk", **changes}


def test_the_composer_asks_what_for_and_personal_contact_comes_first(
    alice: User, henk: Relation, signed_in: SignIn
) -> None:
    page = signed_in(alice).get(f"/relations/{henk.id}/mail/?what_for=1").text

    assert page.index("Personal contact") < page.index("Newsletter") and 'name="purpose"' in page
    assert "what_for=1" in signed_in(alice).get(f"/relations/{henk.id}/mail/").text


def test_a_personal_mail_has_a_ground_until_somebody_objects(
    alice: User, bob: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    client = signed_in(bob)
    assert client.post(f"/relations/{henk.id}/mail/", wanted()).status_code == 302
    decide(alice, henk, "personal", "refused")
    with entered(alice), operation("edit_relation"):
        Relation.objects.filter(id=henk.id).update(owner_id=Seat.objects.get(user=alice).id)

    answer = client.post(f"/relations/{henk.id}/mail/", wanted(text="Toch"))

    assert answer.status_code == 422 and "Henk van Dijk said no to “Personal contact”" in answer.text
    assert "Ask Alice, who knows them." in answer.text and "Toch</textarea>" in answer.text


def test_whom_to_ask_is_who_was_last_in_touch_when_nobody_owns(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        make_moment(henk, recorded_by_id=actor.seat_id)
    decide(alice, henk, "personal", "withdrawn")

    assert "Ask Alice" in signed_in(bob).post(f"/relations/{henk.id}/mail/", wanted()).text
    assert "who knows them" not in signed_in(alice).post(f"/relations/{henk.id}/mail/", wanted()).text


def test_a_newsletter_needs_a_yes(alice: User, henk: Relation, box: Box, signed_in: SignIn) -> None:
    client = signed_in(alice)
    answer = client.post(f"/relations/{henk.id}/mail/", wanted(purpose="newsletter"))
    assert answer.status_code == 422 and "Nobody said yes to “Newsletter”" in answer.text
    assert '<option value="newsletter" selected' in answer.text

    decide(alice, henk, "newsletter", "given")
    assert client.post(f"/relations/{henk.id}/mail/", wanted(purpose="newsletter")).status_code == 302
    with entered(alice):
        mail = Mail.objects.get(state="waiting")
    assert work(alice, mail).state == "sent" and len(box.kept) == 1


def test_a_scheduled_mail_does_not_go_after_a_withdrawal(alice: User, henk: Relation, box: Box) -> None:
    decide(alice, henk, "newsletter", "given")
    mail = write(alice, henk, purpose="newsletter")
    with entered(alice) as actor:
        send_mail(actor=actor, mail=mail, at=now() + timedelta(hours=1))
    decide(alice, henk, "newsletter", "withdrawn")

    left = work(alice, mail)

    assert left.state == "refused" and "withdrew from “Newsletter”" in left.reason
    assert box.kept == []


def test_a_contract_is_a_ground_by_itself(alice: User, henk: Relation, box: Box) -> None:
    decide(alice, henk, "personal", "refused")
    mail = write(alice, henk, purpose="service")
    with entered(alice) as actor:
        send_mail(actor=actor, mail=mail)

    assert work(alice, mail).state == "sent"


def test_a_purpose_that_is_gone_is_no_ground(alice: User, henk: Relation, signed_in: SignIn) -> None:
    with entered(alice):
        purpose = purpose_called("invitations")
    assert purpose is not None
    mail = write(alice, henk, purpose="invitations")
    signed_in(alice).post(f"/settings/purposes/{purpose.id}/retire/")

    answer = signed_in(alice).post(f"/outbox/{mail.id}/edit/", wanted(purpose="invitations"))
    assert answer.status_code == 422


def test_the_objection_of_somebody_hidden_counts_and_tells_nothing(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    decide(alice, henk, "personal", "refused")
    decide(alice, henk, "newsletter", "given")
    with entered(alice), operation("change_circle"):
        Relation.objects.filter(id=henk.id).update(circle_id=only_me())
    with entered(bob):
        from_bob = write(bob, henk, relation_id=None)
    path = f"/outbox/{from_bob.id}/edit/"

    personal = signed_in(bob).post(path, wanted()).text
    assert f"Whoever is behind {ADDRESS} does not want" in personal and "Henk van Dijk said no" not in personal
    news = signed_in(bob).post(path, wanted(purpose="newsletter")).text
    assert "Nobody said yes" in news
