# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail of a colleague leaves through their own account, is in its folder of sent mail, and on the timeline once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.channels.actions import look_into, set_connection
from plein.channels.live import Trouble
from plein.channels.models import Connection
from plein.channels.own_post import sends_as
from plein.moments.hearing.tests.test_visiting import begun, visit
from plein.moments.models import Moment, MomentSource
from plein.outbox.actions import IdentityFacts, keep_identity
from plein.outbox.refusals import CannotSend
from plein.outbox.tests.conftest import send, work, write
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.imap import Box, Post, imap_server
from plein.testing.mail_server import Box as Server
from plein.testing.mail_server import mail_server
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db(transaction=True)
type SignIn = Callable[[User], Client]
PASSWORD = "secret"  # noqa: S105 — of an account in memory


@pytest.fixture
def post() -> Post:
    return Post(boxes={"INBOX": Box(), "Verstuurd": Box("\\Sent")})


@pytest.fixture
def own(post: Post) -> Iterator[Server]:
    with mail_server(PASSWORD) as running:
        yield running


@pytest.fixture
def connection(alice: User, post: Post, own: Server) -> Iterator[Connection]:
    """The account of Alice, which sends too."""
    with imap_server(post) as port:
        made = begun(alice, port)
        outgoing = {"smtp_host": "localhost", "smtp_port": own.port, "smtp_security": "none", "password": PASSWORD}
        with entered(alice) as actor:
            made = set_connection(actor=actor, connection=made, settings=outgoing, name="")
        yield made


def test_it_leaves_through_it_is_in_sent_and_on_the_timeline_once(
    cast: Cast, henk: Relation, box: Server, own: Server, connection: Connection, post: Post
) -> None:
    mail = write(cast.alice, henk)
    send(cast.alice, mail)
    sent = work(cast.alice, mail)

    assert (sent.state, sent.reason, len(own.kept), len(box.kept)) == ("sent", "", 1, 0)
    assert own.kept[0].sender == "alice@plein.example"
    [copy] = post.boxes["Verstuurd"].messages.values()
    assert f"Message-ID: <{sent.message_id}>".encode() in copy
    assert visit(cast.alice, connection).counts["duplicates"] == 1
    with entered(cast.alice):
        assert Moment.objects.filter(kind="email").count() == 1
        assert MomentSource.objects.filter(external_id=sent.message_id).count() == 2

    # A colleague of hers has the server of the company.
    other = write(cast.bob, henk)
    send(cast.bob, other)
    assert work(cast.bob, other).state == "sent"
    assert (len(own.kept), len(box.kept)) == (1, 1)


def test_a_copy_that_cannot_be_kept_is_said_and_a_test_tries_the_way_out_too(
    alice: User, henk: Relation, own: Server, connection: Connection, post: Post
) -> None:
    mail = write(alice, henk)
    send(alice, mail)
    post.password = "other"  # noqa: S105 — of an account in memory
    without = work(alice, mail)

    assert (without.state, len(own.kept)) == ("sent", 1)
    assert "no copy could be put" in without.reason
    own.dies_at = "EHLO"
    post.password = PASSWORD
    with entered(alice) as actor, pytest.raises(Trouble, match="outgoing server"):
        look_into(actor=actor, connection=connection)


def link_in(own: Server) -> str:
    """Where the letter that proves an address leads."""
    [letter] = own.kept
    assert letter.receivers == ["sales@elsewhere.example"]
    text = message_from_bytes(letter.data, policy=default).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"https?://[^/]+(/\S+)", text)
    assert found is not None
    return found[1]


def test_another_address_is_proven_by_a_letter_and_leaves_the_same_way(
    cast: Cast, henk: Relation, box: Server, own: Server, connection: Connection, post: Post, signed_in: SignIn
) -> None:
    facts = IdentityFacts("Verkoop", "sales@elsewhere.example")
    with entered(cast.alice) as actor, pytest.raises(CannotSend):
        keep_identity(actor=actor, facts=replace(facts, seat_id=None))
    client, page = signed_in(cast.alice), f"/settings/connections/{connection.id}/"
    client.post(f"{page}alias", {"address": "Sales@elsewhere.example"})
    link = link_in(own)
    assert client.get(link).status_code == 200
    proof = parse_qs(urlsplit(link).query)["proof"][0]
    assert signed_in(cast.bob).post(f"{page}proof/", {"proof": proof}).status_code == 404
    assert client.post(f"{page}proof/", {"proof": proof[:-1]}).status_code == 422
    client.post(f"{page}proof/", {"proof": proof})

    with entered(cast.alice) as actor:
        identity = keep_identity(actor=actor, facts=facts)
    mail = write(cast.alice, henk, identity_id=identity.id)
    send(cast.alice, mail)
    assert work(cast.alice, mail).state == "sent"
    assert (own.kept[1].sender, len(box.kept)) == ("sales@elsewhere.example", 0)
    assert len(post.boxes["Verstuurd"].messages) == 1
    client.post(f"{page}alias", {"act": "remove", "address": "sales@elsewhere.example"})
    with entered(cast.alice) as actor:
        assert sends_as(actor.seat_id, "sales@elsewhere.example") is None


def test_a_program_looks_after_the_other_addresses(
    cast: Cast, own: Server, connection: Connection, calling: Calling
) -> None:
    caller, path = calling(cast.alice, "all"), f"/connections/{connection.id}"
    assert caller.read(f"{path}/addresses") == {"drop_box": "", "addresses": []}
    drop = caller.write("POST", f"{path}/drop-box")["drop_box"]
    assert drop.startswith("alice+drop-") and caller.read(f"{path}/addresses")["drop_box"] == drop
    assert caller.write("DELETE", f"{path}/drop-box") is None
    assert caller.read(f"{path}/addresses")["drop_box"] == ""

    assert caller.send("POST", f"{path}/addresses", json={"address": "nobody"}).status_code == 422
    assert caller.write("POST", f"{path}/addresses", {"address": "Sales@elsewhere.example"})["addresses"] == []
    proof = parse_qs(urlsplit(link_in(own)).query)["proof"][0]
    assert caller.send("POST", f"{path}/addresses/proof", json={"proof": f"{proof}x"}).status_code == 409
    proven = caller.write("POST", f"{path}/addresses/proof", {"proof": proof})
    assert proven["addresses"] == ["sales@elsewhere.example"]
    assert calling(cast.bob, "all").get(f"{path}/addresses").status_code == 404
    assert caller.write("DELETE", f"{path}/addresses/sales@elsewhere.example") is None
    assert caller.send("DELETE", f"{path}/addresses/sales@elsewhere.example").status_code == 404
