# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a message stands follows from what its text is worth, also when that is known later."""

import pytest

from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.inbox.models import Message
from plein.inbox.queries import mark_of_inbox, messages, numbers_of
from plein.inbox.tests.conftest import Post, SignIn
from plein.inbox.vocabulary import Tab
from plein.moments.actions import correct_recognition, refile_thread, withdraw_correction
from plein.moments.models import Moment, MomentText
from plein.moments.tests.recognised import make_recognised
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db


def see(post: Post, moment: Moment, **changes: object) -> None:
    with entered(post.cast.alice) as actor:
        make_recognised(actor, moment, **changes)


def where(user: User, moment: Moment) -> list[str]:
    """The lists in which somebody finds a message."""
    with entered(user):
        return [tab for tab in Tab if any(line.moment.id == moment.id for line in messages(tab).lines)]


def test_business_is_for_me_small_talk_files_itself_and_the_rest_is_not_sure(post: Post, bob: User) -> None:
    business, talk, unsure = (post.come(text) for text in ("Wat kost dat?", "Fijn weekend!", "Tja"))
    see(post, business)
    see(post, talk, relevance="small_talk")
    see(post, unsure, relevance="unsure")

    assert where(bob, business) == [Tab.ME] and where(bob, talk) == [Tab.FILED] and where(bob, unsure) == [Tab.UNSURE]
    with entered(bob):
        assert (numbers_of().came, numbers_of().filed) == (3, 1)


@pytest.mark.parametrize("reason", ["newsletter", "list", "auto_reply", "bounce", "notice", "receipt", "small_talk"])
def test_whatever_files_itself_says_why(post: Post, bob: User, reason: str, signed_in: SignIn) -> None:
    moment = post.come("Uw bestelling")
    see(post, moment, relevance="small_talk" if reason == "small_talk" else "filed", filed_as=reason)

    page = signed_in(bob).get(f"/inbox/{moment.id}/?tab=filed").text
    assert where(bob, moment) == [Tab.FILED] and "This filed itself." in page
    with entered(bob):
        assert Message.objects.get().filed_as == reason
    assert "from For me to Filed by Plein" in page


def test_business_of_somebody_we_do_not_know_is_for_me(post: Post, bob: User) -> None:
    moment = post.come("Wat kosten tien warmtepompen?", sender="")
    assert where(bob, moment) == [Tab.UNSURE]

    see(post, moment)
    assert where(bob, moment) == [Tab.ME]


def test_what_a_colleague_says_moves_it_with_a_trace_and_undo_moves_it_back(
    post: Post, alice: User, bob: User, signed_in: SignIn
) -> None:
    moment = post.come("Leuk feest was dat")
    see(post, moment)
    with entered(bob) as actor:
        before = mark_of_inbox(actor)
    sent = {"about": "relevance", "value": "small_talk", "from": "inbox", "tab": "me"}

    answer = signed_in(bob).post(f"/moments/{moment.id}/recognised", sent)

    assert answer["Location"] == f"/inbox/{moment.id}/?tab=me" and where(alice, moment) == [Tab.FILED]
    with entered(bob) as actor:
        assert Message.objects.get().trail[-1][1:] == ["inbox", "small_talk", True] and mark_of_inbox(actor) != before
        undo(Operation.objects.filter(verb="correct_recognition").latest("started_at").id)
    assert where(alice, moment) == [Tab.ME]
    with entered(bob):
        assert [step[1:] for step in Message.objects.get().trail] == [
            ["inbox", "small_talk", True],
            ["small_talk", "inbox", False],
        ]


def test_a_conversation_that_is_filed_anew_takes_its_messages_along(post: Post, bob: User) -> None:
    moment = post.come("Hoe was Rome?")
    see(post, moment, relevance="small_talk")
    with entered(bob) as actor:
        refile_thread(actor=actor, thread_id=moment.thread_id, relevance="business")
    assert where(bob, moment) == [Tab.ME]

    with entered(bob) as actor:
        withdraw_correction(actor=actor, moment=moment, about="relevance")
    assert where(bob, moment) == [Tab.FILED]


@pytest.mark.parametrize("act", ["done", "later", "assign", "keep"])
def test_what_somebody_decided_stays(post: Post, bob: User, act: str, signed_in: SignIn) -> None:
    moment = post.come("Tot maandag!")
    sent = {"seat": str(post.seats["bob"]), "choice": "tomorrow"}
    assert signed_in(bob).post(f"/inbox/{moment.id}/{act}/", sent).status_code == 302
    before = where(bob, moment)

    see(post, moment, relevance="small_talk")

    assert where(bob, moment) == before != [Tab.FILED]
    with entered(bob):
        assert Message.objects.get().trail == []


def test_a_text_that_fewer_people_see_than_the_message_decides_nothing(post: Post, alice: User, bob: User) -> None:
    moment = post.come("Geheim praatje", to="alice")
    with entered(alice), operation("change_text_circle"):
        MomentText.objects.filter(moment=moment).update(own_circle_id=only_me())
    see(post, moment, relevance="small_talk")

    with entered(bob):
        assert (Message.objects.get().lane, Message.objects.get().worth) == ("inbox", "")


def test_a_post_is_heard_around_whatever_it_is_worth(post: Post, bob: User) -> None:
    moment = post.come("Mooie dag", kind="post")
    see(post, moment, relevance="small_talk")
    assert where(bob, moment) == [Tab.HEARD]


def test_of_another_text_nothing_holds_until_somebody_looks_again(post: Post, bob: User) -> None:
    moment = post.come("Mooi weer")
    see(post, moment, relevance="small_talk")
    with entered(bob) as actor:
        with operation("edit_moment"):
            MomentText.objects.filter(moment=moment).update(text="Wat kost een dak?")
        correct_recognition(actor=actor, moment=moment, about="question", value="yes")
    assert where(bob, moment) == [Tab.ME]


def test_a_row_shows_the_kind_that_cannot_wait_and_a_list_may_be_of_one_channel(
    post: Post, bob: User, signed_in: SignIn
) -> None:
    mail, chat = post.come("Wanneer komen jullie nu eindelijk?"), post.come("Hoi", kind="chat")
    see(post, mail, labels={"question": 0.95, "complaint": 0.7})
    see(post, chat)
    client = signed_in(bob)

    page = client.get("/inbox/").text
    assert '<span class="label c-rose">Complaint</span>' in page and ">Question<" not in page
    assert f"message-{mail.id}" in page and f"message-{chat.id}" in page
    of_mail = client.get("/inbox/?tab=me-email").text
    assert f"message-{mail.id}" in of_mail and f"message-{chat.id}" not in of_mail
    assert f'href="/inbox/{mail.id}/?tab=me-email"' in of_mail
    # The channel is kept when one is done, and the next one is of the same channel.
    answer = client.post(f"/inbox/{mail.id}/done/", {"tab": "me-email"})
    assert answer["Location"] == "/inbox/?tab=me-email"
    assert "Nothing here on this channel" in client.get("/inbox/?tab=me-email").text
