# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever says no, by whatever means: all that who asked can look at afterwards is the same (ADR 0033)."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from plein.api.tests.conftest import Caller, Calling, calling
from plein.asking.models import IntroductionRequest, Turn
from plein.asking.tasks import expire
from plein.asking.tests.conftest import People, SignIn, by_mail, reply, work
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.isolation.registry import guarded_tables
from plein.testing.figures import Judge
from plein.testing.mail_server import Box
from plein.trust.circles import circle_of_people, only_me
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["calling"]

type End = Callable[[User, Box, IntroductionRequest], None]

#: What differs between two looks at the same thing: ids, tokens, hours.
UNLIKE = (
    re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    re.compile(r"[A-Za-z0-9]{64}"),
    re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+[\d:]+)|\b\d{1,2}[.:]\d\d(:\d\d)?\b"),
    re.compile(r"<!--.*?-->", re.DOTALL),
)
#: Where only functions of the database write, or what nobody's page or program reads.
UNREAD = {"network_refusal", "network_answer", "core_operation", "trust_circle", "trust_circle_seat"}


def settled(text: str) -> str:
    for one in UNLIKE:
        text = one.sub("…", text)
    return text


def first(chosen: str) -> End:
    def end(alice: User, box: Box, made: IntroductionRequest) -> None:
        del alice, made
        assert reply(box, chosen) == 200

    return end


def second(chosen: str) -> End:
    def end(alice: User, box: Box, made: IntroductionRequest) -> None:
        first("passed")(alice, box, made)
        work()
        assert len(box.kept) == 2
        first(chosen)(alice, box, made)

    return end


def silence(passed: bool) -> End:  # noqa: FBT001
    def end(alice: User, box: Box, made: IntroductionRequest) -> None:
        if passed:
            first("passed")(alice, box, made)
            work()
        with entered(alice):
            IntroductionRequest.objects.filter(id=made.id).update(expires_at=now() - timedelta(days=1))
        expire(0)
        with entered(alice):
            IntroductionRequest.objects.filter(id=made.id).update(expires_at=made.expires_at)

    return end


ENDS: dict[str, End] = {
    "the first says no": first("declined"),
    "the second says no": second("declined"),
    "the first never wants to hear of Rik": first("not_this"),
    "the second never wants to hear of Rik": second("not_this"),
    "the first does not answer": silence(passed=False),
    "the second does not answer": silence(passed=True),
}
#: By day a sample: one who is first, and one who comes later and leaves more behind.
TRIED = ENDS if os.environ.get("PLEIN_NIGHTLY") else {name: ENDS[name] for name in list(ENDS)[:4:3]}


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic(), no_workspace("test"):
        yield
        transaction.set_rollback(True)


def alongside(people: People) -> str:
    """The way that was asked along, as an address names it."""
    return ",".join(str(one.id) for one in (people.alice, people.henk, people.ans, people.rik))


def looked_at(client: Client, caller: Caller, people: People, made: UUID) -> dict[str, str]:
    """Every page and every answer from which it could be read."""
    found = {}
    pages = [
        "/introductions/",
        f"/introductions/requests/{made}/",
        *(f"/introductions/new/?to={people.rik.id}{way}" for way in ("", f"&people={alongside(people)}")),
        *(f"/network/?to={one.id}{more}" for one in (people.rik, people.ans)
          for more in ("", "&from=colleagues", f"&from={people.henk.id}")),
        *(f"/relations/{one.id}/{part}" for one in (people.henk, people.ans, people.rik)
          for part in ("", "timeline", "history/", "consent/", "consent/all/")),
        "/history/", "/audit/", "/audit/looked-at", "/notifications/", "/moments/", "/outbox/", "/bin/",
        "/search/?q=Rik", "/settings/requests/", "/todos/",
    ]  # fmt: skip
    asked = [
        "/introduction-requests",
        f"/introduction-requests/{made}",
        "/introduction-requests/asked",
        *(f"/network/introductions?to={one.id}&from={begin}&limit=20" for one in (people.rik, people.ans)
          for begin in ("me", "colleagues", people.henk.id)),
        *(f"/network/degrees?of={one.id}" for one in (people.alice, people.henk, people.ans)),
        "/todos", "/moments", "/mails", "/notifications", "/operations", "/removed", "/audit",
        *(f"/relations/{one.id}/timeline" for one in (people.henk, people.ans, people.rik)),
    ]  # fmt: skip
    for path in pages:
        response = client.get(path)
        found[path] = f"{response.status_code} {settled(response.text)}"
    for path in asked:
        answered = caller.get(path)
        found[f"api {path}"] = f"{answered.status_code} {settled(answered.text)}"
    return found


def rows(user: User) -> dict[str, int]:
    """How many rows of each table that user can read at all."""
    models = {one._meta.db_table: one for one in apps.get_models()}
    with entered(user):
        return {
            table.name: models[table.name].objects.count()  # type: ignore[attr-defined]
            for table in guarded_tables()
            if table.name not in UNREAD
        }


def test_whoever_says_no_everything_who_asked_can_look_at_is_the_same(
    alice: User, people: People, box: Box, signed_in: SignIn, calling: Calling, judge: Judge
) -> None:
    client, caller = signed_in(alice), calling(alice, "all")
    with entered(alice):
        only_me(), circle_of_people([])
    seen: dict[str, dict[str, str]] = {}
    counted: dict[str, dict[str, int]] = {}
    for name, end in TRIED.items():
        with taken_back():
            del box.kept[:]
            made = by_mail(alice, people)
            end(alice, box, made)
            work()
            work()
            counted[name] = rows(alice)
            with entered(alice):
                assert Turn.objects.count() == 0
            seen[name] = {
                path.replace(str(made.id), "ID"): text
                for path, text in looked_at(client, caller, people, made.id).items()
            }
    [usual, *others] = seen
    wrong = [f"{name}: {path}" for name in others for path, text in seen[usual].items() if seen[name][path] != text]
    judge(
        "introductions: looks that tell who said no",
        goal=f"0 of {len(others) * len(seen[usual])}",
        measured=str(len(wrong)),
        is_good=not wrong,
    )
    assert not wrong
    for name in others:
        assert counted[name] == counted[usual], name
    assert "This way does not work" in seen[usual]["/introductions/"]
