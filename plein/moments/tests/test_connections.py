# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of connections: looked at first, chosen before anything is fetched, tested, paused, mended, removed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from plein.channels.account_form import CHOSEN_LATER, AccountForm
from plein.channels.connectors.known import CONNECTORS
from plein.channels.models import Connection, ConnectionProblem
from plein.channels.setting_words import NAMES, WORDS
from plein.core.models import Operation
from plein.core.operations import CannotUndo, undo
from plein.moments.hearing.tests.test_visiting import mail, visit
from plein.moments.models import Gives, MailShare, Moment
from plein.moments.vocabulary import MomentKind
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.imap import Box, Post, imap_server
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
PAGE = "/settings/connections/"
SECRET, OTHER, WRONG = "zeer-geheim", "nog-geheimer", "geraden"


@pytest.fixture
def post() -> Post:
    made = Post(password=SECRET, boxes={"INBOX": Box(), "Sent": Box("\\Sent"), "Notes": Box()})
    for number in range(3):
        made.boxes["INBOX"].add(mail(number))
    made.boxes["Notes"].add(mail(9))
    return made


@pytest.fixture
def port(post: Post) -> Iterator[int]:
    with imap_server(post) as port:
        yield port


def account(port: int, **more: Any) -> dict[str, Any]:
    told = {"name": "My post", "host": "127.0.0.1", "port": port, "security": "none", "is_inside": "on"}
    return told | {"user_name": "alice@plein.example", "password": SECRET} | more


def added(client: Client, port: int) -> str:
    """An account that was looked at, and the address of its page."""
    return client.post(f"{PAGE}new/imap/", account(port)).headers["Location"]


def choices(**more: Any) -> dict[str, Any]:
    return {"policy": "everyone", "circle": "me", "gives": "everything", "folders": ["INBOX", "Sent"]} | more


def the_one(user: User) -> Connection:
    with entered(user):
        return Connection.objects.get()


@pytest.mark.django_db(transaction=True)
def test_an_account_is_looked_at_chosen_heard_and_removed(
    alice: User, bob: User, signed_in: SignIn, port: int, post: Post
) -> None:
    client = signed_in(alice)
    assert "Nothing is listened to yet" in client.get(PAGE).text
    page = added(client, port)
    looked = client.get(page).text
    assert "INBOX (3)" in looked and "Notes (1)" in looked and SECRET not in looked
    assert post.given == 0
    visit(alice, the_one(alice))
    with entered(alice):
        assert not Moment.objects.filter(kind=MomentKind.EMAIL).exists()

    assert client.post(f"{page}start", choices(circle="everyone", gives="envelope", policy="nobody")).status_code == 302
    heard = visit(alice, the_one(alice))

    assert (heard.settings["folders"], heard.counts["imported"]) == (["INBOX", "Sent"], 3)
    with entered(alice):
        assert MailShare.objects.get().gives == Gives.ENVELOPE
    with within_budget(__file__, "connections"):
        assert "hears" in client.get(PAGE).text
    with within_budget(__file__, "connection"):
        shown = client.get(page).text
    assert "that there was contact" in shown and SECRET not in shown
    assert "My post" in signed_in(bob).get(page).text
    assert signed_in(bob).post(f"{page}pause").status_code == 404
    assert signed_in(bob).post(f"{page}remove").status_code == 403
    waiting = client.get(f"{page}waiting/").text
    [proposed] = re.findall(r'name="ids" value="([^"]+)"', waiting)
    assert signed_in(bob).get(f"{page}waiting/").status_code == 404
    assert client.post(f"{page}waiting/", {"ids": [proposed], "decision": "accept"}).status_code == 302
    with entered(alice):
        assert Relation.objects.filter(name="Henk van Dijk").exists()
    assert client.post(f"{page}remove").status_code == 302
    with entered(alice):
        assert not Connection.objects.exists()
        assert Moment.objects.filter(kind=MomentKind.EMAIL).count() == 3
        with pytest.raises(CannotUndo):
            undo(Operation.objects.get(verb="remove_connection").id)


@pytest.mark.django_db(transaction=True)
def test_a_password_that_is_refused_is_mended_on_its_page(
    alice: User, signed_in: SignIn, port: int, post: Post
) -> None:
    client = signed_in(alice)
    page = added(client, port)
    client.post(f"{page}start", choices())
    post.password = OTHER
    assert client.post(f"{page}test").status_code == 422
    assert visit(alice, the_one(alice)).state == "stopped"
    assert "refuses the user name or the password" in client.get(page).text

    elsewhere = account(port, host="mail.evil.example", password="")
    assert client.post(f"{page}account/", elsewhere).status_code == 422
    assert client.post(f"{page}account/", account(port, password=OTHER)).status_code == 302

    assert the_one(alice).state == "active"
    assert visit(alice, the_one(alice)).counts["imported"] == 3
    assert client.post(f"{page}pause").status_code == 302
    assert the_one(alice).state == "paused"
    assert client.post(f"{page}resume").status_code == 302
    assert the_one(alice).state == "active"
    assert client.post(f"{page}test").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_heard_is_said_and_nothing_is_kept(alice: User, bob: User, signed_in: SignIn, port: int) -> None:
    wrong = signed_in(alice).post(f"{PAGE}new/imap/", account(port, password=WRONG))
    assert wrong.status_code == 422
    assert "refuses the user name or the password" in wrong.text and WRONG not in wrong.text
    assert signed_in(alice).post(f"{PAGE}new/imap/", account(port, host="")).status_code == 422
    # Into the company's own network only an administrator lets Plein: a colleague's wish is not listened to.
    inside = signed_in(bob).post(f"{PAGE}new/imap/", account(port))
    assert inside.status_code == 422
    with entered(alice):
        assert not Connection.objects.exists()
    assert signed_in(alice).get(f"{PAGE}new/nothing/").status_code == 404


def test_what_was_refused_can_be_fetched_only_where_it_is_kept(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        made = Connection.objects.create(
            seat_id=actor.seat_id, connector="feed", name="News", state="active", settings={"url": "https://x.example"}
        )
        reason = "The message is empty."
        problem = ConnectionProblem.objects.create(connection=made, position=7, reason=reason, circle_id=made.circle_id)
    client = signed_in(alice)
    page = client.get(f"{PAGE}{made.id}/").text
    assert reason in page and "at 7" in page and "Download" not in page
    assert client.get(f"{PAGE}{made.id}/refused/{problem.id}/").status_code == 404


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda one: one.key)
def test_every_setting_has_its_words_and_a_field(connector: Any) -> None:
    settings = connector.Settings.model_fields
    words = {
        connector.label,
        *(one.title for one in settings.values()),
        *(one.description for one in settings.values()),
    }
    assert words - {None} - NAMES <= WORDS
    assert {*settings, "name"} - CHOSEN_LATER == set(AccountForm(connector).fields)
