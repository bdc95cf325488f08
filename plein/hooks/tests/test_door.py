# SPDX-License-Identifier: AGPL-3.0-or-later
"""A program calls: believed or turned away, once, and answered before anybody looks what it means."""

import base64
import hmac
from typing import Any

import pytest
from django.test import Client

from plein.core.isolation import no_workspace
from plein.core.operations import undo
from plein.hooks.actions import close_hook, remove_hook, renew_hook, take_again
from plein.hooks.models import Delivery, Hook, HookAddress
from plein.hooks.payloads import LARGEST_BODY
from plein.hooks.signing import signature
from plein.hooks.tasks import handle_left
from plein.hooks.tests.caller import POINTED, RING, Caller, caller_of
from plein.hooks.vocabulary import DeliveryState, Wrong
from plein.moments.models import Moment, Participant, Proposal
from plein.relations.models import ContactPointLink, Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_person
from plein.trust.actions import change_seat
from plein.trust.models import Seat, User
from plein.trust.seats import entered


def stored(user: User) -> int:
    with entered(user):
        return Delivery.objects.count()


def test_the_signature_is_that_of_the_standard() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    # The example in the specification of Standard Webhooks.
    name, stamp = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
    assert signature(secret, name, stamp, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert hmac.digest(key, f"{name}.{stamp}.".encode() + body, "sha256")


def test_a_call_becomes_a_moment_with_whoever_called_once(cast: Cast) -> None:
    caller = caller_of(cast.alice, POINTED, circle="everyone")

    answers = [caller.call(RING, id="msg_1").status_code for _time in range(3)]
    assert answers == [202, 200, 200]
    # The same event in another call, which a program that lost our answer may send.
    assert caller.call(RING, id="msg_2").status_code == 202
    assert caller.handled() == 2 and caller.handled() == 0

    with entered(cast.bob):
        moment = Moment.objects.get()
        assert (moment.kind, moment.direction, moment.occurred_at.hour) == ("call", "inbound", 9)
        link = ContactPointLink.objects.get(contact_point__value="+31201234567")
        assert Participant.objects.get(moment=moment, role="from").relation_id == link.relation_id
        assert Participant.objects.get(moment=moment, role="to").is_ours
        done = Delivery.objects.filter(state=DeliveryState.DONE, payload__isnull=True, moment_id=moment.id)
        assert done.count() == 2


def test_a_caller_whom_we_know_is_who_we_know(cast: Cast) -> None:
    with entered(cast.alice):
        anna = make_person("Anna Bos")
        make_contact_point(anna, "phone", "+31201234567")
    site = {"phone": "/phone", "email": "/email", "name": "/name", "text": "/text"}
    caller = caller_of(cast.alice, site, preset="telephone", circle="everyone")

    caller.call({"phone": "020 123 45 67", "email": "evil@example.org", "name": "Eve", "text": "Hoi"})
    caller.handled()

    with entered(cast.alice):
        moment = Moment.objects.get()
        assert Participant.objects.get(moment=moment, role="from").relation_id == anna.id
        # An address that a program names beside hers does not become hers.
        assert Participant.objects.get(moment=moment, role="reply_to").relation_id is None
        assert Relation.objects.filter(kind="person").count() == 1


def test_whoever_is_not_to_become_a_person_waits_for_a_decision(cast: Cast) -> None:
    caller = caller_of(cast.alice, POINTED, policy="nobody")
    caller.call(RING)
    caller.handled()

    with entered(cast.alice):
        assert not Relation.objects.filter(kind="person").exists()
        assert Proposal.objects.get().contact_point.value == "+31201234567"


def test_a_call_that_is_not_right_is_turned_away(cast: Cast) -> None:
    caller = caller_of(cast.alice, POINTED)
    wrong: list[tuple[dict[str, Any], Wrong]] = [
        ({"secret": "whsec_AAAA"}, Wrong.SIGNATURE),
        ({"age": 301}, Wrong.STALE),
        ({"age": -301}, Wrong.STALE),
        ({"headers": {"webhook-signature": ""}}, Wrong.MISSING),
        ({"headers": {"webhook-signature": "v2,AAAA"}}, Wrong.SIGNATURE),
        ({"headers": {"webhook-timestamp": "9" * 11}}, Wrong.SIGNATURE),
        ({"headers": {"webhook-timestamp": "soon"}}, Wrong.SIGNATURE),
        ({"headers": {"webhook-id": "msg_other"}}, Wrong.SIGNATURE),
    ]

    for number, (change, why) in enumerate(wrong):
        assert caller.call(RING, **change).status_code == 401, change
        with no_workspace("test"):
            assert HookAddress.objects.values_list("wrong", "wrong_why").get() == (number + 1, why), change
    assert stored(cast.alice) == 0


def test_bodies_end_and_are_calls(cast: Cast) -> None:
    caller = caller_of(cast.alice, POINTED)

    assert caller.call(b"x" * (LARGEST_BODY + 1)).status_code == 413
    assert caller.call(b"[1]").status_code == 400
    assert caller.client.get(f"/hooks/in/{caller.path}").status_code == 405
    assert [caller.call(b"no").status_code for _time in range(60)][-1] == 429
    assert caller.call(RING).status_code == 202


def test_a_call_signed_as_github_does_counts_once_whatever_number_it_bears(cast: Cast) -> None:
    caller = caller_of(cast.alice, POINTED, signing="github", secret="a secret of theirs")  # noqa: S106

    answers = [caller.call_like_github(RING, **{"X-GitHub-Delivery": one}).status_code for one in ("1", "2")]
    assert answers == [202, 200]
    assert caller.call(RING).status_code == 401


def test_the_address_alone_opens_only_what_was_made_so(cast: Cast) -> None:
    caller = caller_of(cast.alice, {"phone": "/From", "text": "/Body"}, signing="address", preset="sms")

    body, kind = b"From=%2B31612345678&Body=Hoi", "application/x-www-form-urlencoded"
    assert [caller.send(body, {}, kind).status_code for _time in range(2)] == [202, 202]
    assert caller.send(body, {"Idempotency-Key": "k"}, kind).status_code == 202
    assert caller.send(body, {"Idempotency-Key": "k"}, kind).status_code == 200
    assert Client().post("/hooks/in/" + "x" * 43, {}).status_code == 404


def test_what_was_refused_comes_in_once_its_meaning_is_mended(cast: Cast) -> None:
    caller = caller_of(cast.alice, {"phone": "/event/at"})
    caller.call(RING)
    caller.handled()
    with entered(cast.alice) as actor:
        refused = Delivery.objects.get()
        assert (refused.state, refused.reason) == (DeliveryState.REFUSED, "phone") and refused.payload == RING
        Hook.objects.update(mapping=POINTED)
        assert take_again(actor=actor, hook=caller.hook, delivery_id=refused.id) == 1

    assert caller.handled() == 1
    with entered(cast.alice):
        assert Moment.objects.count() == 1 and Delivery.objects.get().payload is None


def test_what_comes_before_its_meaning_is_known_waits(cast: Cast) -> None:
    caller = caller_of(cast.alice)
    caller.call(RING)

    assert caller.handled() == 0
    with entered(cast.alice):
        assert Delivery.objects.get().state == DeliveryState.WAITING


def test_a_hook_rests_gets_another_address_and_goes(cast: Cast) -> None:
    caller = caller_of(cast.alice, POINTED)
    with entered(cast.alice) as actor:
        close_hook(actor=actor, hook=caller.hook)
    answer = caller.call(RING)
    assert answer.status_code == 503 and answer["Retry-After"]

    with entered(cast.alice) as actor:
        opened = renew_hook(actor=actor, hook=caller.hook)
    assert caller.call(RING).status_code == 404
    again = Caller(cast.alice, caller.hook, opened.path, opened.secret)
    assert again.call(RING).status_code == 202
    with entered(cast.alice) as actor:
        remove_hook(actor=actor, hook=caller.hook)
    assert again.call(RING).status_code == 404
    assert stored(cast.alice) == 0


def test_who_left_looks_after_nothing(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        change_seat(actor=actor, seat=Seat.objects.get(user=cast.bob), role="administrator", is_active=True)
    caller = caller_of(cast.bob, POINTED)
    with entered(cast.alice) as actor:
        change_seat(actor=actor, seat=Seat.objects.get(user=cast.bob), role="member", is_active=False)

    assert caller.call(RING).status_code == 404


def test_one_bad_call_keeps_no_other_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = caller_of(cast.alice, POINTED)
    module = "plein.hooks.bringing.reading_of"
    real = __import__("plein.hooks.bringing", fromlist=["reading_of"]).reading_of

    def odd(payload, mapping, around):  # type: ignore[no-untyped-def]
        if payload.get("odd"):
            raise ZeroDivisionError
        return real(payload, mapping, around)

    monkeypatch.setattr(module, odd)
    caller.call(RING | {"odd": True})
    caller.call(RING)
    caller.handled()

    with entered(cast.alice):
        assert set(Delivery.objects.values_list("state", "reason")) == {("done", ""), ("refused", "unexpected")}


def test_what_nobody_was_sent_for_is_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = caller_of(cast.alice, POINTED)
    caller.call(RING)
    sent: list[object] = []
    monkeypatch.setattr("plein.hooks.tasks._enqueue", lambda hook, **whose: sent.append(hook))

    handle_left(timestamp=0)
    assert sent == [caller.hook.id]


def test_a_day_of_calls_is_turned_back_whole(cast: Cast) -> None:
    caller = caller_of(cast.alice, POINTED)
    caller.call(RING)
    caller.call(RING | {"event": RING["event"] | {"id": "c2", "caller": "+31201234568"}})
    caller.handled()

    with entered(cast.alice):
        day = caller.fresh().operation_id
        assert day is not None and Moment.objects.count() == 2
        undo(day)
        assert not Moment.objects.exists() and not Relation.objects.filter(kind="person").exists()
