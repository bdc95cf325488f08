# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever puts it aside, hands it to another or does nothing: all that who asked can look at is the same (ADR 0036)."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from plein.api.tests.conftest import Caller, Calling, calling
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.isolation.registry import guarded_tables
from plein.questions.models import Question
from plein.questions.tests.conftest import PUMPS, SignIn, Square, due, over, work
from plein.testing.figures import Judge
from plein.trust.circles import circle_of_people, only_me
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["calling"]

type End = Callable[[Square, Question], None]
#: What differs between two looks at the same thing: ids, tokens, hours.
UNLIKE = (
    re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    re.compile(r"[A-Za-z0-9]{64}"),
    re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+[\d:]+)|\b\d{1,2}[.:]\d\d(:\d\d)?\b"),
    re.compile(r"<!--.*?-->", re.DOTALL),
)
#: Tables of which pages and programs show only what one sees something of.
UNREAD = {"network_refusal", "network_answer", "core_operation", "trust_circle", "trust_circle_seat"}


def nothing(square: Square, question: Question) -> None:
    del square, question


def aside(*names: str) -> End:
    def end(square: Square, question: Question) -> None:
        for name in names:
            square.decline(name, question)

    return end


def handed(name: str, to: str) -> End:
    def end(square: Square, question: Question) -> None:
        square.pass_on(name, question, to, "Weet jij het?")

    return end


ENDS: dict[str, End] = {
    "nobody does anything": nothing,
    "bob puts it aside": aside("bob"),
    "dana puts it aside": aside("dana"),
    "all put it aside": aside("bob", "dana", "erik"),
    "bob hands it to jet": handed("bob", "jet"),
}
#: By day a sample: that nobody does anything, and that all put it aside.
TRIED = ENDS if os.environ.get("PLEIN_NIGHTLY") else {name: ENDS[name] for name in list(ENDS)[::3]}


def settled(text: str) -> str:
    for one in UNLIKE:
        text = one.sub("…", text)
    return text


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic(), no_workspace("test"):
        yield
        transaction.set_rollback(True)


def looked_at(client: Client, caller: Caller, square: Square, question: UUID) -> dict[str, str]:
    """Every page and every answer from which it could be read."""
    people = [square.people[name].id for name in ("bob", "dana", "erik", "jet")]
    pages = [
        "/", "/questions/", f"/questions/{question}/", f"/questions/new/?text={PUMPS}", "/introductions/",
        *(f"/relations/{one}/{part}" for one in people for part in ("", "timeline", "history/")),
        "/history/", "/audit/", "/audit/looked-at", "/notifications/", "/moments/", "/todos/", "/bin/",
        "/search/?q=warmtepompen", "/network/",
    ]  # fmt: skip
    asked = [
        "/questions", "/questions/asked", "/questions/answered", f"/questions/{question}",
        f"/questions/suggestions?text={PUMPS}", "/todos", "/moments", "/notifications", "/operations",
        "/removed", "/audit",
        *(f"/relations/{one}/timeline" for one in people),
        *(f"/network/degrees?of={one}" for one in people),
    ]  # fmt: skip
    found = {}
    for path in pages:
        response = client.get(path)
        found[path] = f"{response.status_code} {settled(response.text)}"
    for path in asked:
        answered = caller.get(path)
        found[f"api {path}"] = f"{answered.status_code} {settled(answered.text)}"
    return {path.replace(str(question), "ID"): text for path, text in found.items()}


def rows(user: User) -> dict[str, int]:
    """How many rows of each table that user can read at all."""
    models = {one._meta.db_table: one for one in apps.get_models()}
    with entered(user):
        return {
            table.name: models[table.name].objects.count()  # type: ignore[attr-defined]
            for table in guarded_tables()
            if table.name not in UNREAD
        }


def test_whatever_they_do_with_it_but_answer_who_asked_sees_the_same(
    square: Square, signed_in: SignIn, calling: Calling, judge: Judge
) -> None:
    alice = square.users["alice"]
    for name in ("bob", "dana", "erik", "fleur", "gijs"):
        square.wrote(name, "warmtepomp")
    client, caller = signed_in(alice), calling(alice, "all")
    for user in square.users.values():
        with entered(user):
            only_me(), circle_of_people([])
    seen: dict[str, dict[str, str]] = {}
    counted: dict[str, dict[str, int]] = {}
    for name, end in TRIED.items():
        with taken_back():
            question = square.ask("alice", PUMPS, "bob", "dana", "erik")
            work()
            end(square, question)
            work()
            counted[f"{name}, at once"] = rows(alice)
            seen[f"{name}, at once"] = looked_at(client, caller, square, question.id)
            over(alice, question, ring_until=now())
            due("widen")
            work()
            counted[f"{name}, later"] = rows(alice)
            seen[f"{name}, later"] = looked_at(client, caller, square, question.id)
            with entered(alice):
                assert Question.objects.get().ring == 2
    wrong: list[str] = []
    for when in ("at once", "later"):
        [usual, *others] = [name for name in seen if name.endswith(when)]
        wrong += [
            f"{name}: {path}" for name in others for path, text in seen[usual].items() if seen[name][path] != text
        ]
        for name in others:
            assert counted[name] == counted[usual], name
    looks = sum(len(one) for one in seen.values())
    judge(
        "questions: looks that tell who put it aside",
        goal=f"0 of {looks}",
        measured=str(len(wrong)),
        is_good=not wrong,
    )
    assert not wrong, wrong
    assert "No answer yet." in seen["nobody does anything, at once"]["/questions/"]
