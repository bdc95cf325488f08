# SPDX-License-Identifier: AGPL-3.0-or-later
"""The minutes of a day are kept: one goes on where one was, on whichever device, and tomorrow they are whole again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.listening.actions import do_with, set_minutes
from plein.listening.models import Listened
from plein.listening.refusals import CannotListen
from plein.listening.tests.test_searches import listen, post
from plein.moments.models import ToDo, Topic
from plein.moments.tests.recognised import make_recognised
from plein.relations.models import Follow, Relation
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
type SignIn = Callable[[User], Client]
LONG = "geluid " * 60


def texts(client: Client, path: str = "/listening/") -> list[str]:
    """What the page offers, by its first word."""
    page = client.get(path).text
    return [word for word in ("eerste", "tweede", "derde") if word in page]


def test_what_one_is_done_with_is_spent_and_tomorrow_there_is_more(cast: Cast, signed_in: SignIn) -> None:
    listen(cast.alice)
    first = post(cast.alice, f"eerste {LONG}", days=1)
    post(cast.alice, f"tweede {LONG}", days=2)
    post(cast.alice, "derde geluid", days=3)
    desk, phone = signed_in(cast.alice), signed_in(cast.alice)
    desk.post("/listening/minutes/", {"minutes": "5"})
    assert texts(desk) == texts(phone) == ["eerste", "tweede", "derde"]

    with entered(cast.alice) as actor:
        set_minutes(actor=actor, minutes=1)
    assert texts(desk) == texts(phone) == ["eerste", "tweede"], "the third takes longer than what is left"
    answer = desk.post(f"/listening/heard/{first.id}/", {"doing": "read"})
    assert answer.status_code == 302
    with within_budget(__file__, "overview"):
        page = phone.get("/listening/")
    assert "eerste" not in page.text and "minutes were spent today" in page.text
    assert texts(phone) == ["tweede"], "what one is done with goes on taking its time of today"
    assert texts(signed_in(cast.bob)) == ["eerste", "tweede", "derde"], "the day of a colleague is another one"

    with entered(cast.alice), operation("test"):
        Listened.objects.update(day=now().date() - timedelta(days=1))
    assert texts(phone) == ["tweede", "derde"]
    desk.post("/listening/minutes/", {"minutes": "0"})
    assert texts(desk) == ["tweede", "derde"], "what one is done with is gone for as long as one likes, too"


def test_who_chose_no_minutes_is_done_with_a_post_as_well_and_undo_brings_it_back(
    cast: Cast, signed_in: SignIn
) -> None:
    listen(cast.alice)
    first = post(cast.alice, "eerste geluid", days=1)
    post(cast.alice, "tweede geluid", days=2)
    client = signed_in(cast.alice)

    client.post(f"/listening/heard/{first.id}/", {"doing": "read"})
    assert texts(client) == ["tweede"]
    with entered(cast.alice):
        undo(Operation.objects.get(verb="do_with_heard").id)
    assert texts(client) == ["eerste", "tweede"]


def test_each_item_is_acted_on_in_its_place(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.alice):
        henk = make_person("Henk van Dijk")
    known, strange = post(cast.alice, "geluid van Henk", writer=henk), post(cast.alice, "geluid van een vreemde")
    with entered(cast.alice), operation("test"):
        strange.participants.create(role="from", heard_name="Joop Vreemd", occurred_at=strange.occurred_at)
    listen(cast.alice)
    client = signed_in(cast.alice)
    page = client.get("/listening/").text
    assert "Add as a person" in page and ">Follow<" in page and "To-do" in page

    for moment, doing in ((known, "todo"), (known, "follow"), (strange, "person")):
        assert client.post(f"/listening/heard/{moment.id}/", {"doing": doing}).status_code == 302
    with entered(cast.alice):
        todo = ToDo.objects.get()
        assert (todo.relation_id, todo.moment_id) == (henk.id, known.id)
        assert Follow.objects.get().relation_id == henk.id
        joop = Relation.objects.get(name="Joop Vreemd")
        assert strange.participants.get(role="from").relation_id == joop.id
        undo(Operation.objects.filter(verb="do_with_heard").latest("started_at").id)
        assert not Relation.objects.filter(name="Joop Vreemd").exists()
        assert {one.moment_id for one in Listened.objects.all()} == {known.id}, "it is there again to be done with"


def test_what_cannot_be_done_is_said_and_leaves_nothing(cast: Cast) -> None:
    nobody = post(cast.alice, "geluid")
    for doing in ("person", "follow", "dance"):
        with entered(cast.alice) as actor, pytest.raises(CannotListen):
            do_with(actor=actor, moment=nobody, doing=doing)
    with entered(cast.alice) as actor:
        assert not Listened.objects.exists()
        with pytest.raises(CannotListen):
            set_minutes(actor=actor, minutes=61)


def test_one_listens_for_one_topic(cast: Cast, signed_in: SignIn) -> None:
    listen(cast.alice)
    about, _other = post(cast.alice, "eerste geluid"), post(cast.alice, "tweede geluid")
    with entered(cast.alice) as actor:
        with operation("save_topic"):
            topic = Topic.objects.create(name="Warmtepompen")
        make_recognised(actor, about, topics={str(topic.id): 0.9})
    client = signed_in(cast.alice)
    assert "Warmtepompen" in client.get("/listening/").text
    assert texts(client, f"/listening/?topic={topic.id}") == ["eerste"]


def test_programs_keep_the_day_too(cast: Cast, calling: Calling) -> None:
    listen(cast.alice)
    first = post(cast.alice, "eerste geluid", days=1)
    post(cast.alice, f"tweede {'geluid ' * 500}", days=2)
    caller = calling(cast.alice, "write")
    assert caller.write("PUT", "/listening/minutes", {"minutes": 1}) == {"minutes": 1, "spent": {}}
    caller.write("POST", f"/listening/heard/{first.id}", {"doing": "read"})
    assert caller.read("/listening/minutes")["spent"] == {"": 0.3}
    best = caller.read("/listening/best", today="true")
    assert [one["before"] for one in best["networks"]] == [0.3] and len(best["items"]) == 1
    assert len(caller.read("/listening/best")["items"]) == 2
