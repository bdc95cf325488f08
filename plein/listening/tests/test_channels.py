# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which networks our customers use: how many on each, how soon they answer, of what one may see."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.operations import operation
from plein.listening.tests.test_dialogue import said
from plein.lists.actions import save_view
from plein.lists.kinds import kind_of
from plein.lists.query import ViewQuery
from plein.moments.actions import Part
from plein.moments.models import Participant
from plein.moments.queries.channels import ChannelUse, channels_used
from plein.relations.models import ContactPoint, Relation
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]

pytestmark = pytest.mark.django_db
type SignIn = Callable[[User], Client]


@pytest.fixture
def people(cast: Cast) -> dict[str, Relation]:
    """Anna answers mails after two hours and chats, Bert only got a mail, and Zora is for Alice alone."""
    alice = cast.alice
    with entered(alice):
        anna, bert = make_person("Anna Bos", place="Zwolle"), make_person("Bert Bos", place="Ommen")
        zora = make_person("Zora Zilverspar", circle_id=only_me())
        company = make_organization("Bos BV")
        handle = make_contact_point(anna, "handle", "anna").contact_point_id
        with operation("edit_contact_point"):
            ContactPoint.objects.filter(id=handle).update(network="mastodon")
    for hours in (100, 50):
        asked = said(alice, hours=hours, direction="outbound", parts=[Part(anna.id, "to")])
        said(alice, hours=hours - 2, after=asked, parts=[Part(anna.id, "from")])
    said(alice, hours=30, direction="outbound", parts=[Part(bert.id, "to"), Part(company.id, "for")])
    said(alice, hours=20, kind="visit", parts=[Part(bert.id, "with")])
    said(alice, hours=24 * 100, kind="call", parts=[Part(bert.id, "from")])
    said(alice, hours=10, kind="chat", parts=[Part(zora.id, "from")], circle="me")
    chat = said(alice, hours=5, kind="chat", parts=[Part(anna.id, "from")])
    with entered(alice), operation("edit_moment"):
        Participant.objects.filter(moment=chat, role="from").update(contact_point_id=handle)
    return {"anna": anna, "bert": bert, "company": company}


def test_each_counts_once_in_each_channel_and_nobody_who_is_hidden(cast: Cast, people: dict[str, Relation]) -> None:
    with entered(cast.bob):
        total, found = channels_used(90, "person")
        mail, chat = found
        assert total == 2 and mail.waited is not None and abs(mail.waited - timedelta(hours=2)) < timedelta(seconds=9)
        assert replace(mail, waited=None) == ChannelUse("email", "", 2, 1, 2, 3, 2, None, 100)
        assert chat == ChannelUse("chat", "mastodon", 1, 1, 1, 0, 0, None, 50)
        assert [one.kind for one in channels_used(365, "person", [people["bert"].id])[1]] == ["call", "email"]
        assert channels_used(90, "person", []) == (0, [])
        assert [(one.kind, one.relations) for one in channels_used(90, "organization")[1]] == [("email", 1)]
    with entered(cast.alice):
        assert channels_used(90, "person")[0] == 3


def test_the_page_shows_picture_and_table_of_everybody_or_of_a_segment(
    cast: Cast, people: dict[str, Relation], signed_in: SignIn
) -> None:
    with entered(cast.alice) as actor:
        query = ViewQuery.read(kind_of("person"), {"f": "place:is:Ommen"})
        save_view(actor=actor, query=query, name="In Ommen", audience="everyone")
    client = signed_in(cast.bob)
    with within_budget(__file__, "channels"):
        page = client.get("/listening/channels/")
    assert "Mastodon" in page.text and "answers mostly after 2 hours" in page.text
    assert '<meter min="0" max="100" value="50" aria-label="Mastodon">' in page.text
    href = "/listening/channels/?days=90&amp;kind=person&amp;f=place:is:Ommen"
    assert href in page.text
    segment = client.get(href.replace("&amp;", "&"))
    assert "Mastodon" not in segment.text and "In touch with 1 of them" in segment.text
    assert "answers mostly" not in segment.text
    wrong = client.get("/listening/channels/?f=nothing:is:x")
    assert wrong.status_code == 200 and 'role="alert"' in wrong.text and "Mastodon" not in wrong.text


def test_a_program_reads_the_same(cast: Cast, people: dict[str, Relation], calling: Calling) -> None:
    caller = calling(cast.bob, "read")
    told = caller.read("/listening/channels")
    assert told["relations"] == 2 and [one["of_hundred"] for one in told["items"]] == [100, 50]
    assert caller.read("/listening/channels", f="place:is:Ommen")["relations"] == 1
    assert caller.get("/listening/channels", f="nothing:is:x").status_code == 422
