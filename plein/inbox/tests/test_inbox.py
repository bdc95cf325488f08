# SPDX-License-Identifier: AGPL-3.0-or-later
"""What came in, for whom it is, and what one does with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.inbox.models import Message
from plein.inbox.queries import mark_of_inbox, messages, numbers_of
from plein.inbox.tests.conftest import Post, SignIn
from plein.inbox.vocabulary import Tab
from plein.moments.actions import save_draft
from plein.moments.models import Moment, MomentText, Participant
from plein.relations.models import ContactPoint, Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_contact_point
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db


def told(user: User, tab: str = Tab.ME) -> list[str]:
    """What somebody reads in a list."""
    with entered(user):
        return [line.moment.text for line in messages(tab).lines]


def test_a_message_is_for_whom_it_was_written_to_and_for_everybody_when_it_is_for_nobody(
    post: Post, alice: User, bob: User, charlie: User
) -> None:
    post.come("Aan Bob", to="bob", at=now() - timedelta(hours=1))
    post.come("Aan niemand", at=now() - timedelta(hours=2))

    assert told(bob) == ["Aan Bob", "Aan niemand"]
    assert "Aan Bob" not in told(alice)
    assert told(charlie) == []


def test_who_owns_the_relation_has_its_messages_too(post: Post, alice: User, bob: User) -> None:
    with entered(alice), operation("assign_relations"):
        Relation.objects.filter(id=post.people["henk"].id).update(owner_id=post.seats["bob"])
    post.come("Van Henk")

    assert told(bob) == ["Van Henk"]


def test_what_is_not_a_message_or_old_is_not_in_the_inbox(post: Post, alice: User) -> None:
    post.come("Gebeld", kind="call")
    post.come("Van ons", direction="outbound")
    post.come("Van vorig jaar", at=now() - timedelta(days=90))

    with entered(alice):
        assert not Message.objects.exists()


def test_somebody_we_do_not_know_is_not_sure_yet_and_a_post_is_heard_around(post: Post, bob: User) -> None:
    post.come("Wie ben ik?", sender="")
    post.come("Mooie warmtepomp", kind="post")

    assert told(bob) == []
    assert told(bob, Tab.UNSURE) == ["Wie ben ik?"]
    assert told(bob, Tab.HEARD) == ["Mooie warmtepomp"]


def test_done_goes_with_what_came_earlier_in_the_conversation_and_comes_back(
    post: Post, bob: User, signed_in: SignIn
) -> None:
    first = post.come("Eerst", at=now() - timedelta(hours=2))
    second = post.come("Later", at=now() - timedelta(hours=1))
    with entered(bob), operation("edit_moment"):
        Moment.objects.filter(id=second.id).update(thread_id=first.thread_id)
    post.come("Iets anders", at=now() - timedelta(hours=3))

    answer = signed_in(bob).post(f"/inbox/{second.id}/done/")
    assert answer.status_code == 302
    assert told(bob) == ["Iets anders"] and set(told(bob, Tab.DONE)) == {"Eerst", "Later"}

    with entered(bob):
        undo(Operation.objects.filter(verb="close_message").latest("started_at").id)
    assert told(bob) == ["Later", "Eerst", "Iets anders"]


def test_undo_takes_a_message_back_with_its_moment(post: Post, bob: User) -> None:
    moment = post.come()
    with entered(bob), operation("edit_moment"):
        Moment.objects.filter(id=moment.id).delete()
        deleted = Operation.objects.latest("started_at").id
    assert told(bob) == []
    with entered(bob):
        undo(deleted)
    assert len(told(bob)) == 1


def test_after_done_the_next_message_is_there(post: Post, bob: User, signed_in: SignIn) -> None:
    older = post.come("Ouder", at=now() - timedelta(hours=2))
    newer = post.come("Nieuwer", at=now() - timedelta(hours=1))

    answer = signed_in(bob).post(f"/inbox/{newer.id}/done/")
    assert answer["Location"] == f"/inbox/{older.id}/"
    assert signed_in(bob).post(f"/inbox/{older.id}/done/")["Location"] == "/inbox/"


def test_what_is_put_off_comes_back_on_top_by_itself(post: Post, bob: User, signed_in: SignIn) -> None:
    moment = post.come("Later graag", at=now() - timedelta(hours=5))
    client = signed_in(bob)
    tomorrow = (timezone.localtime(now()) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    assert client.post(f"/inbox/{moment.id}/later/", {"until": tomorrow}).status_code == 302
    assert told(bob) == [] and told(bob, Tab.LATER) == ["Later graag"]
    assert "Put off until" in client.get(f"/inbox/{moment.id}/").text

    with entered(bob), operation("snooze_message"):
        Message.objects.update(at=now() - timedelta(minutes=1))
    post.come("Intussen", at=now() - timedelta(hours=1))
    assert told(bob) == ["Later graag", "Intussen"]


@pytest.mark.parametrize("sent", [{}, {"until": "gisteren"}, {"until": "2020-01-01T09:00"}, {"choice": "nooit"}])
def test_a_time_that_cannot_be_is_refused_in_words(
    post: Post, bob: User, signed_in: SignIn, sent: dict[str, str]
) -> None:
    moment = post.come()

    answer = signed_in(bob).post(f"/inbox/{moment.id}/later/", sent)

    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert len(told(bob)) == 1


def test_a_message_is_given_to_a_colleague_who_may_see_it(
    post: Post, alice: User, bob: User, signed_in: SignIn
) -> None:
    moment = post.come("Voor Bob", to="alice")
    client = signed_in(alice)

    assert client.post(f"/inbox/{moment.id}/assign/", {"seat": str(post.seats["bob"])}).status_code == 302
    assert told(bob) == ["Voor Bob"] and told(alice) == []

    with entered(alice), operation("change_circle"):
        mine = Moment.objects.get(id=moment.id)
    assert client.post(f"/inbox/{mine.id}/assign/", {"seat": "x"}).status_code == 422
    assert client.post(f"/inbox/{mine.id}/assign/", {"seat": str(mine.id)}).status_code == 422
    assert client.post(f"/inbox/{mine.id}/assign/", {"seat": ""}).status_code == 302
    assert told(alice) == ["Voor Bob"]


def test_a_message_is_not_given_to_who_may_not_see_it(post: Post, alice: User, signed_in: SignIn) -> None:
    moment = post.come("Geheim", to="alice", circle="me")

    answer = signed_in(alice).post(f"/inbox/{moment.id}/assign/", {"seat": str(post.seats["bob"])})

    assert answer.status_code == 422 and "may not see" in answer.text
    with entered(alice):
        assert Message.objects.get().assignee_id is None


def test_a_note_stands_in_the_conversation_for_colleagues(post: Post, bob: User, signed_in: SignIn) -> None:
    moment = post.come()
    client = signed_in(bob)

    assert client.post(f"/inbox/{moment.id}/note/", {"text": "  "}).status_code == 422
    assert client.post(f"/inbox/{moment.id}/note/", {"text": "Eerst Piet bellen."}).status_code == 302
    with entered(bob):
        note = Moment.objects.get(kind="note")
        assert note.thread_id == Moment.objects.get(id=moment.id).thread_id and note.direction == "internal"
        assert MomentText.objects.get(moment=note).text == "Eerst Piet bellen."
    assert "Eerst Piet bellen." in client.get(f"/inbox/{moment.id}/").text


def test_newsletters_file_themselves_are_counted_and_can_be_taken_in(post: Post, bob: User, signed_in: SignIn) -> None:
    letter = post.come("Aanbieding", at=now() - timedelta(minutes=1))
    post.come("Een vraag", at=now() - timedelta(minutes=2))
    with entered(bob), operation("edit_moment"):
        Message.objects.filter(moment_id=letter.id).update(lane="filed", filed_as="newsletter")
    client = signed_in(bob)

    page = client.get("/inbox/")
    with entered(bob):
        numbers = numbers_of()
    assert (numbers.me, numbers.came, numbers.filed) == (1, 2, 1)
    assert "2 messages came in today, 1 filed itself" in page.text and "Aanbieding" not in page.text
    filed = client.get("/inbox/?tab=filed")
    assert "Aanbieding" in filed.text and "It is a newsletter." in filed.text

    assert client.post(f"/inbox/{letter.id}/keep/").status_code == 302
    assert told(bob) == ["Aanbieding", "Een vraag"]
    with entered(bob):
        assert numbers_of().filed == 0


def test_the_pages_ask_few_questions_of_the_database(post: Post, bob: User, signed_in: SignIn) -> None:
    moment = post.come()
    client = signed_in(bob)
    client.get("/inbox/")

    with within_budget(__file__, "list"):
        page = client.get("/inbox/")
    assert page.status_code == 200 and "Henk van Dijk" in page.text
    with within_budget(__file__, "message"):
        page = client.get(f"/inbox/{moment.id}/")
    assert page.status_code == 200 and "Levering" in page.text and 'aria-current="true"' in page.text


def test_a_stranger_finds_nothing_and_a_guest_changes_nothing(
    post: Post, gina: User, charlie: User, bob: User, signed_in: SignIn
) -> None:
    moment = post.come()
    acts = ("done", "reopen", "later", "assign", "keep", "note")
    for act in acts:
        assert signed_in(charlie).post(f"/inbox/{moment.id}/{act}/", {"text": "x"}).status_code == 404
        assert signed_in(gina).post(f"/inbox/{moment.id}/{act}/", {"text": "x"}).status_code == 403
    assert signed_in(charlie).get(f"/inbox/{moment.id}/").status_code == 404
    assert signed_in(gina).get(f"/inbox/{moment.id}/").status_code == 200
    assert len(told(bob)) == 1


def test_who_begins_to_answer_is_seen_by_others_and_never_what_they_write(
    post: Post, alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    moment = post.come()
    with entered(alice) as actor:
        before = mark_of_inbox(actor)
    draft = {"text": "Wij komen dinsdag", "kind": "email"}

    assert signed_in(bob).post(f"/moments/{moment.id}/reply/draft", draft).status_code == 204

    page = signed_in(alice).get(f"/inbox/{moment.id}/").text
    assert "Bob is writing an answer to this." in page and "dinsdag" not in page
    assert "is writing an answer" not in signed_in(bob).get(f"/inbox/{moment.id}/").text
    with entered(alice) as actor:
        assert mark_of_inbox(actor) != before


def test_a_page_looks_again_for_what_its_reader_may_see_and_for_nothing_else(
    post: Post, alice: User, bob: User
) -> None:
    marks = []
    for circle in ("", "me", "everyone"):
        moment = post.come(to="alice", circle=circle) if circle else None
        if circle == "me" and moment is not None:
            with entered(alice) as actor:
                save_draft(actor=actor, key=f"reply-{moment.id}", content={"text": "Dag"})
        with entered(bob) as actor:
            marks.append(mark_of_inbox(actor))

    assert marks[0] == marks[1] != marks[2]


def test_an_answer_is_being_done_with_it_and_one_undo_takes_both_back(
    post: Post, alice: User, bob: User, signed_in: SignIn
) -> None:
    moment = post.come()
    with entered(alice):
        make_contact_point(post.people["henk"], "email", "henk@vandijk.example")
    sent = {"to": "henk@vandijk.example", "subject": "Re: Levering", "text": "Dinsdag."}
    sent |= {"act": "send", "circle": "everyone"}
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/inbox/{moment.id}/"}

    answer = signed_in(bob).post(f"/moments/{moment.id}/reply/", sent, headers=here)

    assert answer["HX-Redirect"] == f"/inbox/{moment.id}/" and told(bob, Tab.DONE) and not told(bob)
    with entered(bob):
        undo(Operation.objects.filter(verb="send_mail").latest("started_at").id)
    assert len(told(bob)) == 1


def test_today_says_what_came_in_and_what_waits(post: Post, bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    assert "came in today" not in client.get("/").text

    post.come(at=now() - timedelta(seconds=1))

    assert "1 message came in today; 1 waits for you" in client.get("/").text


def test_whom_a_stranger_resembles_is_told_with_reasons_and_taken_with_one_click(
    post: Post, alice: User, bob: User, signed_in: SignIn
) -> None:
    moment = post.come("Ik weer", sender="")
    with entered(alice), operation("edit_moment"):
        make_contact_point(post.people["henk"], "email", "henk@vandijk.example")
        point = ContactPoint.objects.get(value="henk@vandijk.example")
        part = Participant.objects.create(
            moment=moment, role="from", contact_point=point, heard_name="H. van Dijk", occurred_at=moment.occurred_at
        )
    client, address = signed_in(bob), f"/inbox/{moment.id}/who/{part.id}/"
    assert told(bob, Tab.UNSURE) == ["Ik weer"]

    offered = client.get(address, headers={"HX-Request": "true"}).text
    assert "Henk van Dijk" in offered and "The same e-mail address" in offered

    assert client.post(address, {"relation": str(post.people["henk"].id)}).status_code == 302
    assert told(bob) == ["Ik weer"] and told(bob, Tab.UNSURE) == []
