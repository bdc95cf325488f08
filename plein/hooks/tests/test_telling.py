# SPDX-License-Identifier: AGPL-3.0-or-later
"""Programs are told what happens: signed, of what may be told, at least once, and later when they are away."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from plein.core.ids import now
from plein.core.operations import operation
from plein.hooks.actions import (
    OutFacts,
    add_out_hook,
    change_out_hook,
    renew_out_secret,
    resume_out_hook,
    tell_again,
    try_out_hook,
)
from plein.hooks.models import OutHook, Telling
from plein.hooks.refusals import CannotHook
from plein.hooks.signing import Call, checked
from plein.hooks.telling import WAITS, Teller
from plein.hooks.vocabulary import Happening, OutState, Signing
from plein.hooks.watching import watch
from plein.moments.actions import tick_todo
from plein.relations.actions import edit_relation
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_decision, make_moment, make_person, make_todo
from plein.testing.peers import MODES, Answer, Peer, Request, running
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

ALL = tuple(Happening.values)


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running(lambda request: Answer(b"ok")) as found:
        yield found


@pytest.fixture(autouse=True)
def nobody_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The transaction of a test writes itself: for the horizon it is as if it had ended."""
    monkeypatch.setattr("plein.hooks.watching._horizon", lambda: (_last(), 9, 9))


def _last() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM core_change")
        return int((cursor.fetchone() or [0])[0])


def told(user: User, peer: Peer, *happenings: str, **more: Any) -> tuple[OutHook, str]:
    facts = OutFacts("Books", f"{peer.url}/in", happenings or ALL, is_inside=True, **more)
    with entered(user) as actor:
        made = add_out_hook(actor=actor, facts=facts)
        return made.hook, made.secret


def tell(user: User, hook: OutHook) -> int:
    return Teller(user, hook.workspace_id, hook.id).run()


def bodies(peer: Peer) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in peer.asked]


def call_of(request: Request) -> Call:
    return Call({name.lower(): value for name, value in request.headers.items()}, request.body)


def test_what_happens_is_told_signed_and_once(cast: Cast, peer: Peer) -> None:
    hook, secret = told(cast.alice, peer)
    with entered(cast.alice) as actor:
        anna = make_person("Anna Bos")
        make_moment(anna, title="Offerte")
        todo = make_todo("Nabellen", relation=anna, assignee_id=actor.seat_id)
    assert tell(cast.alice, hook) == 3 and tell(cast.alice, hook) == 0
    with entered(cast.alice) as actor:
        edit_relation(actor=actor, relation=anna, changes={"place": "Hattem"}, based_on=anna.version)
        tick_todo(actor=actor, todo=todo)
        make_decision(actor, anna, "newsletter", "refused")
    assert tell(cast.alice, hook) == 3

    said = bodies(peer)
    assert [one["type"] for one in said] == [
        "relation.created", "moment.created", "todo.created", "relation.changed", "todo.done", "consent.changed"
    ]  # fmt: skip
    assert said[0]["data"]["name"] == "Anna Bos" and said[1]["data"]["relations"] == [str(anna.id)]
    assert (said[1]["data"]["subject"], said[5]["data"]["state"]) == ("Offerte", "refused")
    names = [checked(call_of(one), Signing.STANDARD, secret) for one in peer.asked]
    assert len(set(names)) == 6


def test_nothing_leaves_that_the_owner_may_not_see_or_did_not_want_told(cast: Cast, peer: Peer) -> None:
    wide, _secret = told(cast.alice, peer, "relation.created")
    own, _secret = told(cast.alice, peer, "relation.created", is_wide_only=False)
    with entered(cast.bob):
        hidden = make_person("Hidden", circle_id=only_me())
        make_moment(make_person("Open"))
    with entered(cast.alice):
        make_person("Mine", circle_id=only_me())

    assert tell(cast.alice, wide) == 1 and [one["data"]["name"] for one in bodies(peer)] == ["Open"]
    peer.asked.clear()
    assert tell(cast.alice, own) == 2
    assert {one["data"]["name"] for one in bodies(peer)} == {"Open", "Mine"}
    with entered(cast.bob):
        assert not Telling.objects.filter(record_id=hidden.id).exists()
        assert Telling.objects.count() == 2  # what Alice alone sees was told, and Bob learns nothing of it


def test_what_is_hidden_before_it_leaves_is_not_told(cast: Cast, peer: Peer) -> None:
    hook, _secret = told(cast.alice, peer, "relation.created")
    with entered(cast.alice):
        anna = make_person("Anna Bos")
        watch(OutHook.objects.get(id=hook.id))
        with operation("change_circle"):
            Relation.objects.filter(id=anna.id).update(circle_id=only_me())

    assert tell(cast.alice, hook) == 0 and peer.asked == []
    with entered(cast.alice):
        assert Telling.objects.get().state == "dropped"


@pytest.mark.parametrize("mode", [one for one in MODES if one not in ("drip", "garbage")])
def test_a_program_in_trouble_hears_it_later_under_the_same_name(cast: Cast, peer: Peer, mode: str) -> None:
    hook, _secret = told(cast.alice, peer, "relation.created")
    with entered(cast.alice):
        make_person("Anna Bos")
    peer.moods = [mode]

    assert tell(cast.alice, hook) == 0
    with entered(cast.alice):
        one = Telling.objects.get()
        assert one.state == "waiting" and one.attempts == 1 and one.problem and one.next_try_at > now()
        kept = OutHook.objects.get()
        assert kept.failures == 1 and kept.next_try_at is not None and kept.next_try_at > now()
        Telling.objects.update(next_try_at=now())
        OutHook.objects.update(next_try_at=now())
    assert tell(cast.alice, hook) == 1
    first, *_between, last = [call_of(one).headers["webhook-id"] for one in peer.asked]
    assert first == last


def test_who_cannot_be_told_for_days_is_told_no_more_until_somebody_looks(cast: Cast, peer: Peer) -> None:
    hook, _secret = told(cast.alice, peer, "relation.created")
    peer.behaviour = lambda request: Answer(status=400)
    with entered(cast.alice):
        make_person("Anna Bos")
        OutHook.objects.update(failing_since=now() - timedelta(days=4))
    tell(cast.alice, hook)
    with entered(cast.alice) as actor:
        assert OutHook.objects.get().state == OutState.STOPPED
        make_person("Piet Los")
    assert tell(cast.alice, hook) == 0

    peer.behaviour = lambda request: Answer()
    with entered(cast.alice) as actor:
        resume_out_hook(actor=actor, hook=hook)
        Telling.objects.update(next_try_at=now())
    assert tell(cast.alice, hook) == 2


def test_what_was_given_up_is_sent_again_by_hand(cast: Cast, peer: Peer) -> None:
    hook, _secret = told(cast.alice, peer, "relation.created")
    peer.behaviour = lambda request: Answer(status=500)
    with entered(cast.alice):
        make_person("Anna Bos")
        watch(OutHook.objects.get())
        Telling.objects.update(attempts=len(WAITS))
    tell(cast.alice, hook)
    with entered(cast.alice) as actor:
        assert Telling.objects.get().state == "failed"
        peer.behaviour = lambda request: Answer()
        assert tell_again(actor=actor, hook=hook) == 1
    assert tell(cast.alice, hook) == 1


def test_for_a_day_both_secrets_sign(cast: Cast, peer: Peer) -> None:
    hook, old = told(cast.alice, peer)
    with entered(cast.alice) as actor:
        new = renew_out_secret(actor=actor, hook=hook).secret
        assert try_out_hook(actor=actor, hook=hook) == ""

    [request] = peer.asked
    assert {checked(call_of(request), Signing.STANDARD, one) for one in (old, new)}
    assert json.loads(request.body)["type"] == "trial"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"url": "ftp://a.example"}, "url"),
        ({"url": "http://a.example"}, "url"),
        ({"url": "https://a:b@c.example"}, "url"),
        ({"happenings": ()}, "happenings"),
        ({"happenings": ("nothing",)}, "happenings"),
    ],
)
def test_what_cannot_be_told_says_why(cast: Cast, change: dict[str, Any], field: str) -> None:
    facts = OutFacts(**{"name": "Books", "url": "https://a.example/", "happenings": ALL} | change)
    with entered(cast.alice) as actor, pytest.raises(CannotHook) as refusal:
        add_out_hook(actor=actor, facts=facts)
    assert refusal.value.field == field


def test_who_changes_it_answers_for_it(cast: Cast, peer: Peer) -> None:
    hook, _secret = told(cast.alice, peer)
    with entered(cast.alice) as actor:
        changed = change_out_hook(actor=actor, hook=hook, facts=OutFacts("New", "https://b.example/", ALL[:1]))
    assert (changed.name, changed.happenings, changed.seat_id) == ("New", list(ALL[:1]), actor.seat_id)


def test_one_looks_no_further_than_where_everybody_has_written(
    cast: Cast, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, _secret = told(cast.alice, peer, "relation.created")
    with entered(cast.alice):
        make_person("Anna Bos")
        last = _last()
        seen: list[int] = []
        for running_now, ended in ((5, 8), (7, 9), (8, 9), (10, 10)):
            monkeypatch.setattr("plein.hooks.watching._horizon", lambda at=(last, running_now, ended): at)
            found = OutHook.objects.get()
            watch(found)
            seen.append(Telling.objects.count())
        assert seen == [0, 0, 1, 1]
