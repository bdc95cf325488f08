# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is listened for: heard in what is said in public, weighed, and counted by week and mood."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import undo
from plein.listening.actions import save_search
from plein.listening.models import Search
from plein.listening.queries import best_of, heard_by, searches, weeks_of
from plein.listening.refusals import CannotListen
from plein.moments.actions import Part, correct_recognition, record_moment
from plein.moments.models import Moment
from plein.moments.tests.recognised import make_recognised
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
type SignIn = Callable[[User], Client]
NOISE = {"name": "Noise", "words": "geluid\nnoise at night", "never": "film"}


def post(user: User, text: str, *, days: float = 1, writer: Relation | None = None, **more: Any) -> Moment:
    """Somebody posts something; a colleague wrote it down."""
    values: dict[str, Any] = {"kind": "post", "direction": "inbound", "circle": "everyone"} | more
    with entered(user) as actor:
        parts = [Part(writer.id, "from")] if writer is not None else []
        at = now() - timedelta(days=days)
        return record_moment(actor=actor, participants=parts, text=text, occurred_at=at, **values)


def listen(user: User, **values: Any) -> Search:
    with entered(user) as actor:
        return save_search(actor=actor, **{**NOISE, "circle": "everyone", **values})


def heard(user: User) -> list[str]:
    """The texts of what somebody's searches heard, the best first."""
    with entered(user):
        return [item.moment.text for item in best_of(heard_by(searches()).ids)]


def test_it_hears_any_line_all_words_of_one_and_never_what_is_left_out(cast: Cast) -> None:
    post(cast.alice, "Dat geluid van hun pomp!", days=1)
    post(cast.alice, "Slept badly: noise, every night.", days=2)
    post(cast.alice, "No noise here", days=3)
    post(cast.alice, "Het geluid in die film was prachtig", days=4)
    post(cast.alice, "Het geluid, vorig jaar", days=300)
    post(cast.alice, "Een mail over geluid", kind="email")
    post(cast.alice, "Wij maken minder geluid", direction="outbound")
    listen(cast.alice)

    assert heard(cast.bob) == ["Dat geluid van hun pomp!", "Slept badly: noise, every night."]


def test_each_sees_the_searches_and_the_posts_of_their_circles(cast: Cast) -> None:
    listen(cast.alice, name="Mine", circle="me")
    hidden = post(cast.alice, "Stil geluid", circle="me")
    assert heard(cast.alice) == ["Stil geluid"] and heard(cast.bob) == []

    listen(cast.alice, name="Ours")
    with entered(cast.bob):
        [ours] = searches()
        found = heard_by([ours])
        assert ours.name == "Ours" and hidden.id not in found.ids
        assert sum(week.count for week in weeks_of([hidden.id])) == 0
    with entered(cast.alice):
        assert hidden.circle_id == only_me()


def test_what_cannot_wait_and_whom_we_know_come_first_and_small_talk_last(cast: Cast) -> None:
    with entered(cast.alice):
        henk = make_person("Henk van Dijk")
    talk, plain, known, angry = (post(cast.alice, f"geluid {word}") for word in ("leuk", "gewoon", "bekend", "boos"))
    with entered(cast.alice) as actor:
        for moment, changes in ((talk, {"relevance": "small_talk"}), (angry, {"labels": {"complaint": 0.9}})):
            make_recognised(actor, moment, **changes)
    by_henk = post(cast.alice, "geluid van Henk", writer=henk)
    listen(cast.alice)

    with entered(cast.bob):
        order = [item.moment.id for item in best_of(heard_by(searches()).ids)]
    assert order.index(angry.id) < order.index(by_henk.id) < order.index(plain.id) < order.index(talk.id)
    assert known.id in order


def test_weeks_count_moods_as_colleagues_say_them(cast: Cast) -> None:
    glad, said, _unread = (post(cast.alice, f"geluid {word}", days=8) for word in ("blij", "toch niet", "nieuw"))
    with entered(cast.alice) as actor:
        make_recognised(actor, glad, sentiment="positive")
        make_recognised(actor, said, sentiment="positive")
        correct_recognition(actor=actor, moment=said, about="sentiment", value="negative")
    one = listen(cast.alice)

    with entered(cast.bob):
        weeks = weeks_of(heard_by([one]).ids)
    assert len(weeks) == 26
    [week] = [week for week in weeks if week.count]
    assert week.moods == {"positive": 1, "neutral": 0, "negative": 1, "unread": 1}


def test_the_pages_show_it_with_a_reason_and_an_act(cast: Cast, signed_in: SignIn) -> None:
    moment = post(cast.alice, "Wie kent iets tegen geluid?")
    with entered(cast.alice) as actor:
        make_recognised(actor, moment, labels={"introduction_request": 0.9})
    client = signed_in(cast.bob)
    assert "Nothing is listened for yet" in client.get("/listening/").text

    wrong = client.post("/listening/new/", {"name": "Stil", "about": "subject", "words": " . ", "circle": "everyone"})
    assert wrong.status_code == 422 and "at least one word" in wrong.text
    sent = {"name": "Stil", "about": "competitor", "words": "geluid", "circle": "everyone"}
    made = client.post("/listening/new/", sent)
    assert made.status_code == 302
    client.get(made["Location"])
    with within_budget(__file__, "search"):
        page = client.get(made["Location"])
    assert "Introduce somebody" in page.text and f"/inbox/{moment.id}/?tab=heard" in page.text
    assert 'class="mood-neutral"' in page.text and "Heard in half a year: 1" in page.text
    with within_budget(__file__, "overview"):
        page = client.get("/listening/")
    assert "Heard for: Stil." in page.text and "We do not know who wrote it." in page.text


def test_only_who_made_it_changes_it_and_undo_brings_it_back(cast: Cast, signed_in: SignIn) -> None:
    one = listen(cast.alice)
    where = f"/listening/{one.id}/"
    sent = {"name": "Rumour", "about": "subject", "words": "geluid", "circle": "everyone", "version": "1"}

    assert signed_in(cast.bob).post(f"{where}change/", sent).status_code == 403
    assert signed_in(cast.bob).post(f"{where}remove/").status_code == 403
    client = signed_in(cast.alice)
    assert client.post(f"{where}change/", sent).status_code == 302
    assert client.post(f"{where}change/", sent | {"name": "Late"}).status_code == 409
    assert client.post(f"{where}remove/").status_code == 302
    with entered(cast.alice):
        assert not Search.objects.exists()
        undo(Operation.objects.filter(verb="remove_search").latest("started_at").id)
        assert Search.objects.get().name == "Rumour"


def test_a_search_needs_words(cast: Cast) -> None:
    with entered(cast.alice) as actor, pytest.raises(CannotListen):
        save_search(actor=actor, name="Leeg", words="\n")
