# SPDX-License-Identifier: AGPL-3.0-or-later
"""The open message: what Plein sees in it, whom it takes the writer for, and saying that it is otherwise."""

from typing import Any

import pytest

from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.identity.models import Apart
from plein.inbox.tests.conftest import Post, SignIn
from plein.moments.models import Correction, Moment, Participant
from plein.moments.tests.recognised import make_recognised
from plein.relations.models import ContactPoint
from plein.testing.budgets import within_budget
from plein.testing.factories import make_contact_point
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
TEXT = "Hoe was Rome? Wat kost dat dak van Vechtdal op 3 maart?"
HX = {"HX-Request": "true"}


def read(post: Post, **changes: Any) -> Moment:
    moment = post.come(TEXT)
    values: dict[str, Any] = {
        "labels": {"question": 0.93, "appointment": 0.21},
        "small_talk": [[0, 13]],
        "mentions": [["organization", 35, 43], ["date", 47, 54]],
        "reasons": {"question": [[14, 17]]},
        "sentiment": "positive",
        "urgency": 1,
    }
    with entered(post.cast.alice) as actor:
        make_recognised(actor, moment, **values | changes)
    return moment


def known(post: Post, moment: Moment, *, address: str = "henk@vandijk.example") -> Participant:
    """Henk wrote from an address that is his."""
    with entered(post.cast.alice), operation("edit_moment"):
        make_contact_point(post.people["henk"], "email", address)
        Participant.objects.filter(moment=moment, role="from").update(
            contact_point=ContactPoint.objects.get(value=address), heard_name="Henk van Dijk"
        )
        return Participant.objects.get(moment=moment, role="from")


def test_the_message_is_marked_and_says_what_it_looks_like(post: Post, bob: User, signed_in: SignIn) -> None:
    moment, client = read(post), signed_in(bob)
    client.get("/inbox/")
    with within_budget(__file__, "message"):
        page = client.get(f"/inbox/{moment.id}/").text

    assert '<mark class="names is-organization" title="an organization">Vechtdal</mark>' in page
    assert '<mark class="talk">Hoe was Rome?</mark>' in page and 'data-leads="question">Wat</mark>' in page
    assert '<span class="sr">a day or time: </span>3 maart</li>' in page
    assert page.index("Question") < page.index("Appointment") and "93%" in page and "21%" in page
    assert 'data-command="label-1"' in page and "pleased" in page and "within days" in page


def test_a_number_says_that_a_kind_is_wrong_and_one_stays_in_the_inbox(
    post: Post, bob: User, signed_in: SignIn
) -> None:
    moment = read(post)
    sent = {"about": "question", "value": "no", "from": "inbox", "tab": "unsure"}
    answer = signed_in(bob).post(f"/moments/{moment.id}/recognised", sent)

    assert answer["Location"] == f"/inbox/{moment.id}/?tab=unsure"
    with entered(bob):
        assert Correction.objects.get().value == "no"
    odd = signed_in(bob).post(f"/moments/{moment.id}/recognised", sent | {"tab": "//evil.example"})
    assert odd["Location"] == f"/inbox/{moment.id}/"


def test_why_it_is_taken_for_somebody_is_a_sum_in_words(post: Post, bob: User, signed_in: SignIn) -> None:
    moment = read(post)
    part = known(post, moment)

    why = signed_in(bob).get(f"/inbox/{moment.id}/who/{part.id}/", headers=HX).text

    assert "Why them" in why and "The same e-mail address" in why and "Not them" in why
    assert "One of all the people here, before anything is compared" in why


def test_not_them_is_remembered_for_good_and_undone(post: Post, bob: User, signed_in: SignIn) -> None:
    moment, client = read(post), signed_in(bob)
    part = known(post, moment)

    assert client.post(f"/inbox/{moment.id}/not/{part.id}/").status_code == 302

    with entered(bob):
        after = Participant.objects.get(id=part.id)
        assert after.relation_id is None and after.heard_name == "Henk van Dijk" and after.contact_point_id
        assert Apart.objects.get().relation_id == post.people["henk"].id
    offered = client.get(f"/inbox/{moment.id}/who/{part.id}/", headers=HX).text
    assert "Henk van Dijk" not in offered
    with entered(bob):
        undo(Operation.objects.get(verb="not_them").id)
        assert Participant.objects.get(id=part.id).relation_id == post.people["henk"].id
        assert not Apart.objects.exists()


def test_not_them_goes_for_the_whole_conversation_and_for_nobody_else(
    post: Post, bob: User, alice: User, signed_in: SignIn
) -> None:
    moment, other, elsewhere = read(post), post.come("Nog iets"), post.come("Los bericht")
    part = known(post, moment)
    with entered(alice), operation("edit_moment"):
        Moment.objects.filter(id=other.id).update(thread_id=moment.thread_id)
        for one in (other, elsewhere):
            Participant.objects.filter(moment=one, role="from").update(contact_point=part.contact_point)

    signed_in(bob).post(f"/inbox/{moment.id}/not/{part.id}/")

    with entered(bob):
        assert Participant.objects.get(moment=other, role="from").relation_id is None
        assert Participant.objects.get(moment=elsewhere, role="from").relation_id == post.people["henk"].id


def test_strangers_and_guests_say_nothing(post: Post, gina: User, charlie: User, bob: User, signed_in: SignIn) -> None:
    moment = read(post)
    part = known(post, moment)
    for path in (f"/inbox/{moment.id}/not/{part.id}/", f"/inbox/{moment.id}/offers/"):
        assert signed_in(charlie).post(path, {"do": "x"}).status_code == 404
        assert signed_in(gina).post(path, {"do": "x"}).status_code == 403
    with entered(bob):
        assert not Apart.objects.exists()
