# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people ask on their own page: it is work with a date, somebody's, and they read what came of it."""

import json
import re
from datetime import timedelta

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from plein.api.tests.conftest import Calling, calling
from plein.consent.actions import lift_restriction, restrict
from plein.consent.models import Restriction
from plein.consent.queries import may_send
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.core.operations import operation
from plein.moments.models import ToDo
from plein.mypage.models import PageRequest
from plein.mypage.tasks import give_request
from plein.mypage.tests.conftest import ADDRESS, SignIn, path_in, visitor, words_of, work
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_person
from plein.testing.mail_server import Box
from plein.trust.actions import give_seat, make_user
from plein.trust.circles import circle_of_people, only_me
from plein.trust.models import Seat, User
from plein.trust.seats import entered

__all__ = ["calling"]
WORDS = "My name is Henk with a k."


def ask(client: Client, kind: str = "correct", words: str = WORDS) -> int:
    token = re.search(r'name="token" value="(\w+)"', client.get("/my/").text)
    assert token is not None
    return client.post("/my/request/", {"token": token[1], "kind": kind, "words": words}).status_code


def asked(alice: User) -> PageRequest:
    with entered(alice):
        return PageRequest.objects.latest("asked_at")


def test_a_request_has_a_month_and_is_on_the_list_of_who_answers(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    with entered(alice) as actor, operation("edit_relation"):
        Relation.objects.filter(id=henk.id).update(owner_id=Seat.objects.get(user=bob).id)
        here = actor.workspace_id

    assert ask(visitor(alice, henk)) == 302

    one = asked(alice)
    assert timedelta(days=27) < one.due_on - now().date() < timedelta(days=32)
    for _twice in range(2):
        give_request(workspace=here, request=str(one.id))
    with entered(bob) as actor:
        todo = ToDo.objects.get()
        assert (todo.due_on, todo.assignee_id) == (one.due_on, actor.seat_id) and "Henk van Dijk asks" in todo.title
        assert Operation.objects.filter(verb="ask_on_my_page", seat_id=None).count() == 1
    page = signed_in(alice).get(reverse("mypage:requests")).text
    assert "Henk van Dijk" in page and WORDS in page


def test_what_somebody_confidential_asks_is_on_no_other_list(
    alice: User, henk: Relation, signed_in: SignIn, bob: User
) -> None:
    with entered(alice) as actor, operation("change_circle"):
        Relation.objects.filter(id=henk.id).update(circle_id=only_me(), owner_id=None)
        here = actor.workspace_id
    ask(visitor(alice, henk), "erase", "")

    give_request(workspace=here, request=str(asked(alice).id))

    with entered(bob):
        assert PageRequest.objects.count() == 0 and ToDo.objects.count() == 0
    with entered(alice):
        assert ToDo.objects.count() == 1


@pytest.fixture
def dora(cast: Cast) -> User:
    """Another member."""
    user = make_user(email="dora@plein.example", name="Dora", language="en")
    give_seat(workspace=cast.here, user=user, role="member")
    return user


@pytest.fixture
def kept(bob: User, box: Box) -> Relation:
    """Somebody whom Bob keeps to himself, and who has no owner."""
    with entered(bob):
        person = make_person("Stille Willy", circle_id=only_me(), language="en")
        make_contact_point(person, "email", "willy@dorp.example")
        return person


def asked_by(bob: User, kept: Relation, kind: str) -> tuple[Client, PageRequest]:
    """Their page, and what they ask on it, given to whoever answers."""
    page = visitor(bob, kept)
    ask(page, kind)
    with entered(bob) as actor:
        one, here = PageRequest.objects.latest("asked_at"), actor.workspace_id
    give_request(workspace=here, request=str(one.id))
    return page, one


def test_who_alone_sees_somebody_answers_them_and_nobody_else_reads_it(
    alice: User, bob: User, dora: User, kept: Relation, box: Box, signed_in: SignIn, calling: Calling
) -> None:
    page, one = asked_by(bob, kept, "correct")
    path, listed = reverse("mypage:request", args=[one.id]), reverse("mypage:requests")
    with entered(bob) as actor:
        todo = ToDo.objects.get()
        assert (todo.assignee_id, todo.due_on) == (actor.seat_id, one.due_on) and path in todo.note
    for other, status in ((alice, 404), (dora, 403)):
        client = signed_in(other)
        with entered(other):
            assert ToDo.objects.count() == PageRequest.objects.count() == 0
        sent = {"act": "answer", "state": "done", "answer": "No."}
        assert client.get(path).status_code == client.post(path, sent).status_code == status
        rest = calling(other, "all")
        assert rest.get(f"/page-requests/{one.id}").status_code == status
        assert rest.send("POST", f"/page-requests/{one.id}/answer", json=sent).status_code in (status, 422)
        assert "Willy" not in client.get(listed).text
    assert signed_in(dora).get(listed).status_code == calling(dora, "all").get("/page-requests").status_code == 403
    client, rest = signed_in(bob), calling(bob, "write")

    client.get("/settings/profile/")
    with within_budget(__file__, "requests"):
        assert "Stille Willy" in client.get(listed).text
    with within_budget(__file__, "request"):
        assert WORDS in client.get(path).text
    assert [item["id"] for item in rest.read("/page-requests")["items"]] == [str(one.id)]
    assert rest.read("/page-requests", answered=True)["items"] == []
    assert rest.send("POST", f"/page-requests/{one.id}/later", json={"reason": "Old files."}).status_code == 200
    assert client.post(path, {"act": "answer", "state": "done", "answer": "We changed it."}).status_code == 302

    assert "We changed it." in page.get("/my/").text
    work()
    assert box.kept[-1].receivers == ["willy@dorp.example"] and "We changed it." in words_of(box)
    with entered(bob):
        assert ToDo.objects.get().done_at is not None


def test_by_program_who_alone_sees_somebody_answers_within_the_scope_of_the_token(
    bob: User, kept: Relation, calling: Calling
) -> None:
    _page, one = asked_by(bob, kept, "restrict")
    path, sent = f"/page-requests/{one.id}/answer", {"state": "done", "answer": "We do not."}
    assert calling(bob, "read").send("POST", path, json=sent).status_code == 403

    assert calling(bob, "write").send("POST", path, json=sent).status_code == 200

    with entered(bob):
        assert may_send(["willy@dorp.example"])["willy@dorp.example"].reason == "restricted"


def test_from_when_an_administrator_sees_them_that_one_answers(
    alice: User, bob: User, kept: Relation, signed_in: SignIn
) -> None:
    _page, one = asked_by(bob, kept, "erase")
    path = reverse("mypage:request", args=[one.id])
    shown = signed_in(bob).get(path).text
    assert "Only an administrator erases somebody." in shown and f"/relations/{kept.id}/erase/" not in shown

    with entered(bob), operation("change_circle"):
        Relation.objects.filter(id=kept.id).update(
            circle_id=circle_of_people(Seat.objects.values_list("id", flat=True))
        )

    assert signed_in(bob).get(path).status_code == 403
    assert f"/relations/{kept.id}/erase/" in signed_in(alice).get(path).text


def test_an_answer_is_read_on_the_page_and_given_once(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client, page = signed_in(alice), visitor(alice, henk)
    ask(page)
    path = reverse("mypage:request", args=[asked(alice).id])
    with within_budget(__file__, "request"):
        assert WORDS in client.get(path).text
    assert client.post(path, {"act": "answer", "state": "done", "answer": " "}).status_code == 422
    assert client.post(path, {"act": "later", "reason": ""}).status_code == 422
    due = asked(alice).due_on

    assert client.post(path, {"act": "later", "reason": "We look through old files."}).status_code == 302
    assert asked(alice).due_on > due + timedelta(days=50)
    assert "We look through old files." in page.get("/my/").text
    assert client.post(path, {"act": "later", "reason": "Again."}).status_code == 422
    assert client.post(path, {"act": "answer", "state": "done", "answer": "We changed it."}).status_code == 302

    assert "We changed it." in page.get("/my/").text
    assert client.post(path, {"act": "answer", "state": "refused", "answer": "No."}).status_code == 422
    assert asked(alice).state == "done"
    with within_budget(__file__, "requests"):
        assert client.get(reverse("mypage:requests")).status_code == 200


def test_a_month_that_is_over_is_put_off_no_more(alice: User, henk: Relation, signed_in: SignIn) -> None:
    ask(visitor(alice, henk))
    with entered(alice):
        PageRequest.objects.update(due_on=now().date() - timedelta(days=1))
    path = reverse("mypage:request", args=[asked(alice).id])

    assert signed_in(alice).post(path, {"act": "later", "reason": "Busy."}).status_code == 422


def test_who_does_not_manage_answers_nothing(
    alice: User, bob: User, charlie: User, henk: Relation, signed_in: SignIn
) -> None:
    ask(visitor(alice, henk))
    path = reverse("mypage:request", args=[asked(alice).id])
    sent = {"act": "answer", "state": "done", "answer": "No."}

    assert signed_in(bob).post(path, sent).status_code == signed_in(bob).get(path).status_code == 403
    assert signed_in(charlie).post(path, sent).status_code == signed_in(charlie).get(path).status_code == 404

    assert asked(alice).state == "open"


@pytest.mark.parametrize(("kind", "words"), [("correct", ""), ("cake", "Please."), ("copy", "x" * 2001)])
def test_what_cannot_be_asked_keeps_what_was_written(alice: User, henk: Relation, kind: str, words: str) -> None:
    assert ask(visitor(alice, henk), kind, words) == 422

    with entered(alice):
        assert PageRequest.objects.count() == 0


def test_no_more_than_twenty_wait(alice: User, henk: Relation) -> None:
    client = visitor(alice, henk)

    assert [ask(client, "copy") for _time in range(21)] == [302] * 20 + [422]


def test_they_take_everything_along_and_nothing_of_ours(alice: User, henk: Relation) -> None:
    with entered(alice), operation("edit_relation"):
        Relation.objects.filter(id=henk.id).update(about="INTERNAL about", headline="INTERNAL line")
    client = visitor(alice, henk)
    told, card = client.get("/my/download/json/"), client.get("/my/download/vcard/")

    assert "attachment" in told["Content-Disposition"] and "attachment" in card["Content-Disposition"]
    assert json.loads(told.content)["points"][0]["value"] == ADDRESS and "workspace" not in json.loads(told.content)
    assert f"EMAIL:{ADDRESS}" in card.text and "FN:Henk van Dijk" in card.text
    assert "INTERNAL" not in told.text + card.text
    for path in ("/my/download/docx/", "/my/download/json/"):
        assert (client if "docx" in path else Client()).get(path).status_code == 404


def test_a_yes_to_not_using_their_data_holds_from_then_on(alice: User, henk: Relation, signed_in: SignIn) -> None:
    page = visitor(alice, henk)
    ask(page, "restrict", "You have me wrong.")
    path = reverse("mypage:request", args=[asked(alice).id])
    assert "nothing goes out to them" in signed_in(alice).get(path).text

    assert signed_in(alice).post(path, {"act": "answer", "state": "done", "answer": "We do not."}).status_code == 302

    with entered(alice):
        assert may_send([ADDRESS])[ADDRESS].reason == "restricted"
        assert "asked on their own page" in Restriction.objects.get().reason
    assert "You asked us not to use your data for now." in page.get("/my/").text


def test_a_yes_that_they_have_read_is_not_turned_back(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    ask(visitor(alice, henk), "restrict", "You have me wrong.")
    client = signed_in(alice)
    sent = {"act": "answer", "state": "done", "answer": "We do not."}
    assert client.post(reverse("mypage:request", args=[asked(alice).id]), sent).status_code == 302
    with entered(alice):
        done = Operation.objects.get(verb="answer_request")
    assert "Turn this back" not in client.get(f"/history/{done.id}/").text
    assert f"/history/{done.id}/" not in client.get("/history/?undoable=on").text

    refused = client.post(f"/undo/{done.id}/", headers={"HX-Request": "true"})

    assert refused.status_code == 409 and "They have read this answer" in refused.text
    assert "They have read this answer" in client.post(f"/undo/{done.id}/", follow=True).text
    with entered(alice):
        assert Restriction.objects.count() == 1 and may_send([ADDRESS])[ADDRESS].reason == "restricted"
        assert Operation.objects.get(id=done.id).undone_by is None


def test_who_asks_to_be_erased_is_answered_by_erasing_them(
    alice: User, bob: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    with entered(alice), operation("edit_relation"):
        Relation.objects.filter(id=henk.id).update(language="nl")
    client = signed_in(alice)
    for kind in ("erase", "correct"):
        ask(visitor(alice, henk), kind)
    with entered(alice) as actor:
        one, here = PageRequest.objects.get(kind="erase"), actor.workspace_id
    give_request(workspace=here, request=str(one.id))
    path = reverse("mypage:request", args=[one.id])
    assert f"/relations/{henk.id}/erase/" in client.get(path).text
    refused = client.post(path, {"act": "answer", "state": "done", "answer": "Done."})
    assert refused.status_code == 422

    assert client.post(f"/relations/{henk.id}/erase/", {"name": "Henk van Dijk"}).status_code == 302

    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(args::text, ' ') FROM procrastinate_jobs")
        assert ADDRESS not in str(cursor.fetchone())
    work()
    letter = box.kept[-1]
    assert letter.receivers == [ADDRESS] and words_of(box).startswith("Hallo,")
    with entered(alice):
        assert {(one.kind, one.state, one.words) for one in PageRequest.objects.all()} == {
            ("erase", "done", ""), ("correct", "done", ""),
        }  # fmt: skip
        assert not Relation.objects.filter(id=henk.id).exists() and ToDo.objects.count() == 0
    assert "Somebody" in client.get(reverse("mypage:requests")).text
    assert client.get(path).status_code == 200


def test_a_no_has_a_reason_that_they_get_in_a_letter(
    alice: User, bob: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    ask(visitor(alice, henk), "erase")
    with entered(alice) as actor:
        one, here = PageRequest.objects.get(), actor.workspace_id
    give_request(workspace=here, request=str(one.id))
    client, path = signed_in(alice), reverse("mypage:request", args=[one.id])
    assert client.post(path, {"act": "answer", "state": "refused", "answer": ""}).status_code == 422

    assert client.post(path, {"act": "answer", "state": "refused", "answer": "We owe you money."}).status_code == 302

    work()
    assert box.kept[-1].receivers == [ADDRESS] and "We owe you money." in words_of(box) and path_in(box)
    with entered(alice):
        assert ToDo.objects.get().done_at is not None


def test_who_is_used_again_hears_so(alice: User, henk: Relation, box: Box) -> None:
    with entered(alice) as actor:
        restrict(actor=actor, relation=henk, reason="Asked us.")
        lift_restriction(actor=actor, relation=henk)

    work()

    assert box.kept[-1].receivers == [ADDRESS] and "we use them again" in words_of(box)


def test_they_take_it_along_on_paper_in_their_language(alice: User, henk: Relation) -> None:
    with entered(alice), operation("edit_relation"):
        Relation.objects.filter(id=henk.id).update(about="INTERNAL about", language="nl")
    client = visitor(alice, henk)
    ask(client)

    paper = client.get("/my/download/pdf/")

    assert paper["Content-Type"] == "application/pdf" and "my-page.pdf" in paper["Content-Disposition"]
    document = pypdfium2.PdfDocument(paper.content)
    words = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert all(one in words for one in ("Henk van Dijk", ADDRESS, "Bakkerij Van Dijk", "Nieuwsbrief", WORDS))
    assert "INTERNAL" not in words


def test_who_can_see_it_is_named_only_where_the_company_chose_so(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    client = visitor(alice, henk)
    assert "everyone who works at" in client.get("/my/").text and "Bob" not in client.get("/my/").text

    sent = {"is_open": "on", "names_readers": "on"}
    assert signed_in(alice).post(reverse("mypage:settings"), sent).status_code == 302

    page = client.get("/my/").text
    assert "Bob" in page and "Alice" in page and "Charlie" not in page
    with entered(alice), operation("change_circle"):
        Relation.objects.filter(id=henk.id).update(circle_id=only_me())
    page = client.get("/my/").text
    assert "Alice" in page and "Bob" not in page
