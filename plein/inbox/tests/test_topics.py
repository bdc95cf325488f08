# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inbox shows what a message is about, asks with one key, and lists one topic."""

from collections.abc import Callable

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.inbox.tests.conftest import Post
from plein.moments.tests.recognised import make_recognised
from plein.testing.searches import make_topic
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db
type SignIn = Callable[[User], Client]


def test_a_message_is_listed_under_its_topic_and_one_key_files_another(
    post: Post, signed_in: SignIn, calling: Calling
) -> None:
    alice = post.cast.alice
    one, other = post.come("Waar blijft ons pakket?"), post.come("Kunnen jullie zaterdag?")
    with entered(alice) as actor:
        topic = make_topic(actor)
        for moment, chance in ((one, 0.93), (other, 0.4)):
            make_recognised(actor, moment, topics={str(topic.id): chance})
    client, place = signed_in(alice), f"me--{topic.id.hex}"
    everything = client.get("/inbox/").text
    listed = client.get(f"/inbox/?tab={place}").text
    page = client.get(f"/inbox/{other.id}/?tab={place}").text

    assert f"message-{one.id}" in everything and f"message-{other.id}" in everything
    assert f"message-{one.id}" in listed and f"message-{other.id}" not in listed
    assert 'data-command="topic"' in page and f"topic:{topic.id}" in page and "unsure" in page
    sent = {"about": f"topic:{topic.id}", "value": "yes", "from": "inbox", "tab": place}
    answer = client.post(f"/moments/{other.id}/recognised", sent)
    assert answer["Location"] == f"/inbox/{other.id}/?tab={place}"
    assert f"message-{other.id}" in client.get(f"/inbox/?tab={place}").text
    items = calling(alice, "all").read(f"/inbox?topic={topic.id}")["items"]
    assert {(item["moment"], *item["topics"]) for item in items} == {
        (str(moment.id), str(topic.id)) for moment in (one, other)
    }
