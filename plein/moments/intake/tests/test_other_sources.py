# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages of other kinds than mail: known again by their identifier, with names on networks as contact points."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from plein.channels.base import Address, Message, Unreadable
from plein.core.isolation import default_circle_id
from plein.core.operations import operation
from plein.moments.intake.batch import Batch
from plein.moments.intake.book import AddressBook, key_of, wide_circles
from plein.moments.intake.bringer import Bringer
from plein.moments.intake.newcomers import Newcomers
from plein.moments.models import Gives, Moment, MomentSource, Participant, Proposal
from plein.moments.queries.agenda import person_of
from plein.moments.queries.sharing import Rule, Rules
from plein.relations.digests import digest_of
from plein.relations.models import ContactPoint, ErasedAddress, Relation
from plein.testing.cast import Cast
from plein.trust.models import User
from plein.trust.seats import entered

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
IMPORT = uuid4()
RIK, US = ("Rik van Dijk", "rik@toot.example"), ("Plein", "plein@toot.example")


def said(id: str, by: tuple[str, str] = RIK, to: Sequence[tuple[str, str]] = (), **more: Any) -> Message:
    """Something that was said on a network."""
    addresses = [Address("from", *by, "handle", "mastodon")]
    addresses += [Address("to", *one, "handle", "mastodon") for one in to]
    told: dict[str, Any] = {
        "sent_at": AT, "subject": "", "subject_key": "", "text": f"Said {id}", "html": "", "quote_from": None,
        "signature_from": None, "addresses": tuple(addresses), "in_reply_to": (), "references": (),
        "nature": "personal", "list_id": "", "list_name": "", "bounces": (), "attachments": (), "invitations": (),
        "folder": "", "mailbox": "toot.example", "position": 0, "size": 0, "defects": (), "kind": "post",
        "is_public": True, "url": f"https://toot.example/{id}", "place": "",
    }  # fmt: skip
    return Message(external_id=id, fingerprint="", **(told | more))


def bring(user: User, messages: Sequence[Message], policy: str = "everyone") -> list[Unreadable]:
    """Bring messages in, as a connection does."""
    refused: list[Unreadable] = []
    with entered(user) as actor, operation("import_mail"):
        circle = default_circle_id()
        me = person_of(actor.seat_id)
        own = frozenset({key_of("handle", "mastodon", US[1])})
        book = AddressBook(circle, ("plein.example",), wide_circles(circle), own=own)
        rules = Rules(Rule(Gives.EVERYTHING, circle))
        bringer = Bringer(IMPORT, circle, Path("/nowhere"), rules, refused.extend)
        Newcomers(book, policy, IMPORT, own_person=me.id if me else None).welcome(messages)
        Batch(bringer, book).write(messages)
    return refused


def threads(user: User) -> dict[str, UUID]:
    with entered(user):
        return dict(MomentSource.objects.values_list("external_id", "moment__thread_id"))


@pytest.mark.django_db(transaction=True)
def test_a_post_heard_twice_is_one_moment_of_somebody_known_by_a_name_there(cast: Cast) -> None:
    bring(cast.alice, [said("1"), said("1", text="Said one, edited"), said("2", US, [RIK], in_reply_to=("1",))])
    bring(cast.alice, [said("2", US, [RIK], in_reply_to=("1",)), said("1")])

    with entered(cast.alice) as actor:
        posts = Moment.objects.filter(kind="post").order_by("direction")
        assert [(one.direction, one.reach, one.source) for one in posts] == [
            ("inbound", "many", "import"), ("outbound", "many", "import"),
        ]  # fmt: skip
        assert len({one.thread_id for one in posts}) == 1
        point = ContactPoint.objects.get(network="mastodon", value=RIK[1])
        assert (point.kind, point.display) == ("handle", "@rik@toot.example")
        rik = Relation.objects.get(name=RIK[0])
        assert Participant.objects.filter(relation=rik, contact_point=point).count() == 2
        mine = Participant.objects.get(moment=posts[1], role="from")
        me = person_of(actor.seat_id)
        assert mine.is_ours
        assert mine.relation_id == (me.id if me else None)
        assert MomentSource.objects.get(external_id="1").url == "https://toot.example/1"


@pytest.mark.django_db(transaction=True)
def test_talk_in_one_place_is_one_conversation_until_it_stops_for_long(cast: Cast) -> None:
    def chat(id: str, hours: int, place: str = "#fields", **more: Any) -> Message:
        at = AT + timedelta(hours=hours)
        return said(id, kind="chat", is_public=False, place=place, sent_at=at, text="yes", **more)

    bring(cast.alice, [chat("a", 0), chat("c", 50), chat("x", 0, "#other")])
    bring(cast.alice, [chat("b", 1), chat("d", 51)])

    found = threads(cast.alice)
    assert found["a"] == found["b"]
    assert found["c"] == found["d"]
    assert len({found["a"], found["c"], found["x"]}) == 3


@pytest.mark.django_db(transaction=True)
def test_who_waits_becomes_a_person_with_all_they_said_when_we_answer(cast: Cast) -> None:
    bring(cast.alice, [said("1")], policy="answered")
    with entered(cast.alice):
        assert Proposal.objects.get().name == RIK[0]
        assert not Relation.objects.filter(name=RIK[0]).exists()

    bring(cast.alice, [said("2", US, [RIK], in_reply_to=("1",))], policy="answered")

    with entered(cast.alice):
        rik = Relation.objects.get(name=RIK[0])
        assert Participant.objects.filter(relation=rik).count() == 2
        assert Proposal.objects.get().decision == "accepted"


@pytest.mark.django_db(transaction=True)
def test_who_was_erased_comes_back_on_no_network(cast: Cast) -> None:
    with entered(cast.alice), operation("erase_person"):
        ErasedAddress.objects.create(digest=digest_of("handle", RIK[1]))

    bring(cast.alice, [said("1", text="I am Rik van Dijk"), said("2", is_public=False, kind="chat", to=[US])])

    with entered(cast.alice):
        assert not ContactPoint.objects.filter(value=RIK[1]).exists()
        assert not Relation.objects.filter(name=RIK[0]).exists()
        assert not MomentSource.objects.filter(external_id__in=["1", "2"]).exists()
