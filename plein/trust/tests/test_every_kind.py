# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever lives in a circle says who sees it and why, to whoever sees it; and a preview names all that moves along."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.channels.letters import Mailbox
from plein.consent.models import Decision
from plein.core.ids import new_id
from plein.core.isolation.registry import guarded_tables
from plein.metadata.actions import set_values
from plein.moments.models import Attachment, Moment, MomentSubject, MomentText, MomentValues
from plein.outbox.actions import Content, keep_mail, send_mail
from plein.relations.models import Relation, RelationValues
from plein.testing.addresses import World
from plein.trust.models import User
from plein.trust.placed import Placed, placed_kinds
from plein.trust.seats import entered
from plein.web.placed_kinds import register_what_is_placed

__all__ = ["calling"]

type SignIn = Callable[[User], Client]

TO = (Mailbox("henk@vandijk.example", "Henk van Dijk"),)
#: Tables of which rows move along untold, and why.
UNTOLD = {
    "relations_favourite": "a mark of one colleague, for their own eyes",
    "relations_visit": "that one colleague looked at it",
    "relations_follow": "a mark of one colleague, for their own eyes",
    "relations_former": "an earlier address of the relation itself",
    "relations_cell": "the own fields again, to be looked for",
    "moments_cell": "the own fields again, to be looked for",
    "consent_subject": "the person themselves; what they decided and asked is told",
    "consent_restriction": "that what we have of them is not used, which their own page says",
    "consent_in_force": "which of the decisions counts",
    "moments_reminded": "that a reminder was given",
    "moments_job_news": "a question about the person it is about, on a page of its own",
    "moments_source": "which copies of a mail were found",
    "documents_file_record": "what the file itself holds, which is told",
    "documents_file_text": "the words of the file itself, which is told",
    "moments_recognised": "what a model made of the text itself, which is told",
    "moments_correction": "what a colleague says the text itself is, which is told",
    "moments_reference": "which mail it answers",
    "moments_delivery": "whether the mail arrived",
    "moments_guest": "whom we invited to the appointment by mail, which is on its page",
    "moments_planning": "how the appointment repeats and reminds",
    "moments_mail_share": "an exception that the owner of a mailbox made, for their own eyes",
    "identity_pair": "that it may be somebody else too, which the next comparing finds anew",
    "identity_review": "what was said of two who may be one",
    "identity_apart": "that it is not somebody else, which says nothing of either",
    "network_bridge": "figures of the night, which the next one makes anew",
    "network_influence": "figures of the night, which the next one makes anew",
    "notifications_notification": "what one colleague was told about it",
    "asking_request": "that one colleague asks to be introduced, for their own eyes",
    "asking_step": "whom that asks in turn, for the same eyes",
    "asking_turn": "what one colleague is asked, or nobody, for their own eyes",
    "questions_answer": "which question it answers",
    "questions_asked": "whom a colleague asks, for their own eyes",
    "questions_turn": "what one colleague is asked, for their own eyes",
    "dav_kept": "what the devices of one colleague made of it, for their own eyes",
    "dav_mirrored": "how it stands in an account of one colleague elsewhere, for their own eyes",
    "webforms_confirmed": "that the contact moment came by a form, and with which words",
    "listening_search": "that colleagues listen for it, which is seen by no more than it is",
    "listening_listened": "that one colleague is done with it, for their own eyes",
    "inbox_message": "what became of the contact moment, as a message that came in",
    "outbox_mail_file": "files of the outgoing mail, which is told",
}


@pytest.fixture(autouse=True)
def registered() -> None:
    register_what_is_placed()


@pytest.fixture
def records(world: World, alice: User) -> dict[str, Any]:
    """One of each kind."""
    ids = world.ids
    with entered(alice) as actor:
        person, moment = Relation.objects.get(id=ids["relation_id"]), Moment.objects.get(id=ids["moment_id"])
        set_values(actor=actor, values_model=MomentValues, record=moment, values={"choices": "gold"})
        mail = keep_mail(actor=actor, content=Content(text="Dag", subject="Offerte", relation_id=person.id, to=TO))
    with entered(alice) as actor:
        send_mail(actor=actor, mail=mail)
        found = {
            "relations": person.id,
            "ties": ids["ties/part_id"],
            "memberships": ids["part_id"],
            "values": RelationValues.objects.get().id,
            "moments": moment.id,
            "subjects": MomentSubject.objects.get(moment=moment).id,
            "texts": MomentText.objects.get(moment=moment).id,
            "files": Attachment.objects.get(moment=moment).id,
            "values-of-moments": MomentValues.objects.get().id,
            "todos": ids["todo_id"],
            "imports": ids["import_id"],
            "mails": mail.id,
            "templates": ids["template_id"],
            "consents": Decision.objects.earliest("recorded_at").id,
            "requests": ids["request_id"],
            "views": ids["view_id"],
            "questions": ids["question_id"],
            "connections": ids["connection_id"],
        }
        return {kind.key: kind.find(found[kind.key]) for kind in placed_kinds()}


def at(key: str, record: Any) -> str:
    return f"/who-sees/{key}/{record.id}/"


def test_every_record_says_who_sees_it_and_why_to_every_reader(
    records: dict[str, Any], alice: User, bob: User, gina: User, charlie: User, signed_in: SignIn, calling: Calling
) -> None:
    clients = {one: signed_in(one) for one in (alice, bob, gina, charlie)}
    caller = calling(bob, "read")
    for key, record in records.items():
        for reader in (alice, bob, gina):
            page = clients[reader].get(at(key, record))
            assert page.status_code == 200 and "everyone here" in page.text, (key, reader.email)
        assert clients[charlie].get(at(key, record)).status_code == 404, key
        told = caller.get(f"/{key}/{record.id}/readers").json()
        assert {one["name"] for one in told["items"]} == {"Alice", "Bob", "Gina"}, key


def test_the_page_of_every_record_leads_there(records: dict[str, Any], alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    wholes = "".join(client.get(at(key, records[key])).text for key in ("relations", "moments"))
    with entered(alice):
        pages = {kind.key: kind.page(records[kind.key]) for kind in placed_kinds()}
    for key, page in pages.items():
        shown = client.get(page, follow=True)
        assert shown.status_code == 200, key
        # A part that has no page of its own is one of those that the page of the whole leads to.
        assert at(key, records[key]) in shown.text or at(key, records[key]) in wholes, key


def test_what_only_follows_says_so_and_is_not_moved(
    records: dict[str, Any], alice: User, signed_in: SignIn, calling: Calling
) -> None:
    client, caller = signed_in(alice), calling(alice, "all")
    following = [kind for kind in placed_kinds() if kind.move is None]
    assert len(following) == 9
    for kind in following:
        page = client.get(at(kind.key, records[kind.key]), {"audience": "me"})
        assert page.status_code == 200 and str(kind.follows) in page.text, kind.key
        assert "Change who sees it" not in page.text
        assert client.post(at(kind.key, records[kind.key]), {"audience": "me"}).status_code == 422
        moved = caller.send("PUT", f"/{kind.key}/{records[kind.key].id}/circle", json={"circle": "me"})
        assert moved.status_code == 422 and moved.json()["fields"] == {"circle": str(kind.follows)}
    for kind in placed_kinds():
        told = client.get(at(kind.key, records[kind.key])).text.count('class="why"')
        assert told == (kind in following), kind.key


def test_what_belongs_to_somebody_is_named_and_goes_with_them(
    records: dict[str, Any], alice: User, bob: User, signed_in: SignIn
) -> None:
    page = signed_in(alice).get(at("relations", records["relations"]), {"audience": "me"}).text
    for words in ("What they decided", "What they asked on their own page", "Their part in appointments", "Own fields"):
        assert f"<dt>{words}</dt><dd>1" in page, words
    page = signed_in(alice).get(f"/who-sees/texts/{records['mails'].body_id}/", {"audience": "me"}).text
    assert "<dt>Outgoing mail</dt><dd>1 " in page

    signed_in(alice).post(at("relations", records["relations"]), {"audience": "me"})
    client = signed_in(bob)
    for key in ("relations", "ties", "memberships", "values", "todos", "consents", "requests"):
        assert client.get(at(key, records[key])).status_code == 404, key


def _below(table: str, found: list[str]) -> list[str]:
    """The tables whose rows live where those of a table do, and those of them in turn."""
    for one in guarded_tables():
        if one.has_circle and one.name not in found and any(parent.target == table for parent in one.parents):
            found.append(one.name)
            _below(one.name, found)
    return found


def _named(kind: Placed, record: Any) -> set[str]:
    return {one.rows(record).model._meta.db_table for one in kind.along}


def test_a_preview_names_every_kind_of_row_that_moves_along(alice: User) -> None:
    nobody = SimpleNamespace(id=new_id(), circle_id=0)
    with entered(alice):
        missing = {
            f"{kind.key}: {table}"
            for kind in placed_kinds()
            if kind.move is not None
            for table in set(_below(kind.model._meta.db_table, [])) - _named(kind, nobody) - UNTOLD.keys()
        }
    assert missing == set()
