# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plein learns from what colleagues say of texts, only from what everybody may read, and never gets worse by it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.moments.actions import correct_recognition, learn_from_corrections
from plein.moments.models import Learned
from plein.moments.queries.learned import adjustment_in_use, doubts, lessons
from plein.moments.tests.recognised import make_recognised
from plein.testing.budgets import within_budget
from plein.testing.factories import make_moment
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
type SignIn = Callable[[User], Client]
#: How a gardener's customers complain: in words that no model met as a complaint.
COUCH_GRASS = "Er groeit alweer kweek in border {}"
CLOVER = "Er groeit weer klaver in border {}"
BORDERS = range(24)


@pytest.fixture
def taught(alice: User) -> None:
    """What a gardener said: couch grass is a complaint, and clover is none."""
    with entered(alice) as actor:
        for number in BORDERS:
            for words, value in ((COUCH_GRASS, "yes"), (CLOVER, "no")):
                made = make_moment(text=words.format(number), kind="email", direction="inbound")
                correct_recognition(actor=actor, moment=made, about="complaint", value=value)


def make_learned(number: int, is_in_use: bool) -> None:
    with operation("learn_from_corrections"):
        Learned.objects.create(number=number, arrays=b"", base="test", learned_from=30, is_in_use=is_in_use)


def versions(user: User) -> list[tuple[int, bool]]:
    with entered(user):
        return list(Learned.objects.order_by("number").values_list("number", "is_in_use"))


def test_what_was_said_is_learned_once_it_does_no_worse_and_undo_forgets_it(alice: User, taught: None) -> None:
    with entered(alice) as actor:
        made = learn_from_corrections(actor=actor)
        assert made is not None and made.figures["judged"] > 0 and made.figures["outputs"] == ["complaint"]
        assert made.is_in_use == (made.figures["after"] <= made.figures["before"] + 1e-6)
        assert made.is_in_use, made.figures
        assert made.figures["right_after"] > made.figures["right_before"]
        taught_now = adjustment_in_use()
        assert taught_now is not None and taught_now.version == "1"
        undo(Operation.objects.filter(verb="learn_from_corrections").get().id)
        assert adjustment_in_use() is None


def test_too_little_teaches_nothing(alice: User) -> None:
    with entered(alice) as actor:
        made = make_moment(text="Bruin")
        correct_recognition(actor=actor, moment=made, about="complaint", value="yes")
        assert learn_from_corrections(actor=actor) is None


def test_what_somebody_may_not_read_teaches_nobody(alice: User) -> None:
    with entered(alice) as actor:
        hidden, open_to_all = make_moment(text="Geheim", circle_id=only_me()), make_moment(text="Open")
        for one in (hidden, open_to_all):
            correct_recognition(actor=actor, moment=one, about="relevance", value="business")
        assert [(one.text, one.labels) for one in lessons()] == [("Open", {"business": True})]


def test_after_enough_corrections_a_job_learns(alice: User, taught: None) -> None:
    with entered(alice), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'moments.learn'")
        assert cursor.fetchone()[0] == 1


def test_one_goes_back_with_one_click_and_only_who_manages(
    alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    with entered(alice):
        for number, in_use in ((1, False), (2, True)):
            make_learned(number, in_use)
    page = signed_in(alice)
    assert signed_in(bob).post("/settings/learned/choose/", {"number": "1"}).status_code == 403
    assert signed_in(charlie).post("/settings/learned/choose/", {"number": "1"}).status_code == 404
    assert versions(alice) == [(1, False), (2, True)]

    assert page.post("/settings/learned/choose/", {"number": "1"}).status_code == 302
    assert versions(alice) == [(1, True), (2, False)]
    assert page.post("/settings/learned/choose/", {"number": ""}).status_code == 302
    assert versions(alice) == [(1, False), (2, False)]
    with entered(alice):
        undo(Operation.objects.filter(verb="choose_learned").latest("started_at").id)
    assert versions(alice) == [(1, True), (2, False)]


def test_the_page_asks_first_what_it_is_unsure_of_and_costs_most(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        for title, labels, circle in (
            ("Zeker", {"question": 0.99}, None),
            ("Vraag", {"question": 0.5}, None),
            ("Weg", {"churn_threat": 0.45}, None),
            ("Stil", {"churn_threat": 0.5}, only_me()),
        ):
            changes = {"circle_id": circle} if circle else {}
            made = make_moment(title=title, text=f"Tekst {title}", kind="email", direction="inbound", **changes)
            make_recognised(actor, made, labels=labels)
    client = signed_in(bob)
    client.get("/settings/learned/")
    with within_budget(__file__, "learned"):
        page = client.get("/settings/learned/").text

    assert page.index("Tekst Weg") < page.index("Tekst Vraag") < page.index("Tekst Zeker") and "Stil" not in page
    with entered(bob):
        first = doubts()[0]
    sent = {"about": first.label, "value": "yes", "from": "learned"}
    assert client.post(f"/moments/{first.moment_id}/recognised", sent)["Location"] == "/settings/learned/"
    assert "Tekst Weg" not in client.get("/settings/learned/").text


def test_programs_read_and_choose_it_too(alice: User, calling: Calling) -> None:
    with entered(alice):
        make_learned(1, is_in_use=True)
    caller = calling(alice, "all")

    assert [one["number"] for one in caller.read("/learning")["items"]] == [1]
    assert caller.write("PUT", "/learning", {"number": None})["items"][0]["is_in_use"] is False
    assert caller.send("PUT", "/learning", json={"number": 7}).status_code == 404
    assert caller.read("/learning/questions") == {"items": []}
