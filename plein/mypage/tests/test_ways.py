# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people come to their own page: a link in a mail, one that they ask for, one that a colleague sends."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plein.api.tests.conftest import Calling, calling
from plein.channels.letters import Mailbox
from plein.consent.actions import add_never_contact, restrict
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.core.operations import operation
from plein.moments.models import MomentText
from plein.mypage.actions import set_own_pages
from plein.mypage.tests.conftest import ADDRESS, SignIn, link, path_in, visitor, words_of, work
from plein.outbox.actions import Content, keep_mail, send_mail
from plein.outbox.refusals import CannotSend
from plein.outbox.tests.conftest import work as leave
from plein.relations.actions import forbid_contact, forbid_contact_point
from plein.relations.contact import Contact
from plein.relations.models import ContactPointLink, Relation
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_decision, make_person
from plein.testing.mail_server import Box
from plein.trust.attempts import OF_ACCOUNT
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

__all__ = ["calling"]


def ask(address: str) -> int:
    return Client().post("/my/ask/", {"email": address}).status_code


def test_whoever_asks_gets_a_link_at_their_own_address(alice: User, henk: Relation, box: Box) -> None:
    assert ask(ADDRESS.upper()) == 200
    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(args::text, ' ') FROM procrastinate_jobs")
        assert ADDRESS not in str(cursor.fetchone())
    work()

    assert box.kept[0].receivers == [ADDRESS]
    client = Client()
    assert client.post(path_in(box)).status_code == 302
    assert ADDRESS in client.get("/my/").text


def test_somebody_kept_confidential_may_ask_too(alice: User, henk: Relation, box: Box) -> None:
    with entered(alice), operation("change_circle"):
        Relation.objects.filter(id=henk.id).update(circle_id=only_me())

    ask(ADDRESS)
    work()

    client = Client()
    client.post(path_in(box))
    page = client.get("/my/").text
    assert ADDRESS in page and "a few chosen colleagues" in page


def test_known_shared_and_unknown_addresses_get_the_same_answer_for_the_same_work(
    alice: User, henk: Relation, box: Box
) -> None:
    with entered(alice):
        make_contact_point(make_person("Ria"), "email", "henk@thuis.example")
    seen = []
    for address in (ADDRESS, "henk@thuis.example", "who@nobody.example"):
        with CaptureQueriesContext(connection) as captured:
            page = Client().post("/my/ask/", {"email": address})
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in captured]
        seen.append((page.status_code, page.text, statements))
    work()

    assert seen[0] == seen[1] == seen[2]
    assert [one.receivers for one in box.kept] == [[ADDRESS]], "a shared address would open somebody else's page"


def test_asking_again_and_again_fills_nobodys_mailbox(alice: User, henk: Relation, box: Box) -> None:
    answers = [Client().post("/my/ask/", {"email": ADDRESS}) for _time in range(OF_ACCOUNT + 1)]
    work()

    assert [one.status_code for one in answers] == [200] * OF_ACCOUNT + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert len(box.kept) == 1


def test_what_is_no_address_gets_a_sentence(db: None) -> None:
    assert ask("nobody") == 422


def sent_with(user: User, henk: Relation, text: str, *others: str) -> str:
    boxes = tuple(Mailbox(address, "") for address in (ADDRESS, *others))
    with entered(user) as actor:
        mail = keep_mail(actor=actor, content=Content(to=boxes, subject="Dag", text=text, relation_id=henk.id))
        send_mail(actor=actor, mail=mail)
    return leave(user, mail).state


def test_a_mail_with_the_field_holds_a_link_and_the_timeline_does_not(alice: User, henk: Relation, box: Box) -> None:
    assert sent_with(alice, henk, "Zie {{my_page}}.") == "sent"

    assert "{{" not in words_of(box) and path_in(box)
    assert b"{{" not in box.kept[-1].data
    with entered(alice):
        assert [one.text for one in MomentText.objects.all() if "/open/" in one.text + one.html] == []


def test_a_link_goes_to_one_person_only(alice: User, henk: Relation, box: Box) -> None:
    with pytest.raises(CannotSend, match="one address only"):
        sent_with(alice, henk, "Zie {{my_page}}.", "other@nobody.example")
    with entered(alice):
        make_contact_point(make_person("Ria"), "email", ADDRESS)

    assert sent_with(alice, henk, "Zie {{my_page}}.") == "refused"
    assert box.kept == []


def test_every_mail_to_one_person_may_offer_it(alice: User, henk: Relation, box: Box) -> None:
    sent_with(alice, henk, "Dag Henk.")
    assert "/my/open/" not in words_of(box)
    with entered(alice) as actor:
        set_own_pages(actor=actor, is_open=True, in_footer=True)

    sent_with(alice, henk, "Dag Henk.")
    assert path_in(box)
    sent_with(alice, henk, "Dag allebei.", "other@nobody.example")

    assert "/my/open/" not in words_of(box)


def test_a_colleague_sends_it_and_does_not_see_the_link(
    alice: User, bob: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    path = reverse("mypage:send", args=[henk.id])
    client = signed_in(bob)
    assert client.get(path).status_code == 405

    answer = client.post(path, follow=True)

    assert "/my/open/" not in answer.text and path_in(box)
    assert box.kept[0].receivers == [ADDRESS]


def _do_not_contact(actor: Entrance, henk: Relation) -> object:
    return forbid_contact(actor=actor, relation=henk, reason="asked us")


def _not_used(actor: Entrance, henk: Relation) -> object:
    return restrict(actor=actor, relation=henk, reason="asked us")


def _never(actor: Entrance, henk: Relation) -> object:
    points = [("email", one) for one in (ADDRESS, "henk@thuis.example")]
    return add_never_contact(actor=actor, contacts=[Contact(*one, one[1]) for one in points], reason="asked us")


def _said_no(actor: Entrance, henk: Relation) -> object:
    return make_decision(actor, henk, "personal", "refused")


@pytest.mark.parametrize(
    ("stop", "words", "why"),
    [
        (_do_not_contact, "is not to be contacted since", "they are not to be contacted"),
        (_not_used, "asked us not to use their data for now", "their data are not used now"),
        (_never, "is on the list of addresses that are never used", "no e-mail address that may be used"),
        (_said_no, "said no to", "no e-mail address that may be used"),
    ],
)
def test_to_whom_nothing_goes_out_their_page_is_not_sent_unless_they_ask(
    stop: Callable[[Entrance, Relation], object],
    words: str,
    why: str,
    cast: Cast,
    henk: Relation,
    box: Box,
    signed_in: SignIn,
    calling: Calling,
) -> None:
    client, button = signed_in(cast.bob), reverse("mypage:send", args=[henk.id])
    assert button in client.get(f"/relations/{henk.id}/consent/").text
    with entered(cast.alice) as actor:
        stop(actor, henk)

    page = client.get(f"/relations/{henk.id}/consent/").text
    assert button not in page and why in page
    assert words in client.post(button, follow=True).text
    refused = calling(cast.bob, "write").send("POST", f"/relations/{henk.id}/my-page")
    assert refused.status_code == 409 and words in refused.json()["detail"]
    assert box.kept == []

    ask(ADDRESS)
    work()
    assert box.kept[0].receivers == [ADDRESS]


def test_one_address_that_is_not_used_leaves_the_other(
    alice: User, bob: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        first = ContactPointLink.objects.get(contact_point__value=ADDRESS)
        forbid_contact_point(actor=actor, link=first, reason="bounces")

    assert signed_in(bob).post(reverse("mypage:send", args=[henk.id])).status_code == 302

    assert box.kept[0].receivers == ["henk@thuis.example"]


def test_charlie_sends_nothing(henk: Relation, charlie: User, gina: User, signed_in: SignIn) -> None:
    path = reverse("mypage:send", args=[henk.id])

    assert signed_in(charlie).post(path).status_code == 404
    assert signed_in(gina).post(path).status_code == 403


def test_when_pages_are_closed_no_link_opens_one(
    alice: User, bob: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    open_page, waiting = visitor(alice, henk), link(alice, henk)
    client, path = signed_in(alice), reverse("mypage:settings")
    assert signed_in(bob).post(path, {}).status_code == 403
    with within_budget(__file__, "settings"):
        assert client.get(path).status_code == 200

    assert client.post(path, {"in_footer": "on"}).status_code == 302

    assert ADDRESS not in open_page.get("/my/").text
    late = Client()
    late.post(waiting)
    assert ADDRESS not in late.get("/my/").text
    ask(ADDRESS)
    work()
    assert box.kept == []


def test_a_page_takes_few_statements(alice: User, henk: Relation) -> None:
    client = visitor(alice, henk)

    with within_budget(__file__, "page"):
        assert client.get("/my/").status_code == 200


def test_nobody_here_turns_back_what_somebody_decided_on_their_page(
    alice: User, henk: Relation, signed_in: SignIn
) -> None:
    client = visitor(alice, henk)
    page = client.get("/my/").text
    token = re.search(r'name="token" value="(\w+)"', page)
    purpose = re.search(r'name="purpose" value="([\w-]+)"', page)
    assert token and purpose
    client.post("/my/decide/", {"token": token[1], "purpose": purpose[1], "answer": "no"})
    with entered(alice):
        done = Operation.objects.get(verb="decide_on_my_page")

    signed_in(alice).post(f"/undo/{done.id}/")

    with entered(alice):
        assert Operation.objects.get(id=done.id).undone_by is None
