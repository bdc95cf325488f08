# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.utils import ProgrammingError

from plein.consent.actions import redact_subject
from plein.consent.digests import digest_of
from plein.consent.models import Decision, InForce, Subject
from plein.consent.queries import book_of, decided, effective, may_send, state_of
from plein.consent.tests.conftest import ADDRESS, SignIn, decide, purpose
from plein.core.ids import now
from plein.core.models import AuditEntry, Operation
from plein.core.operations import operation
from plein.relations.actions import delete_relation, edit_relation
from plein.relations.actions.merging import merge_relations
from plein.relations.models import Relation
from plein.testing.factories import make_moment, make_organization, make_person, make_purpose
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

HTMX = {"HX-Request": "true"}


def states(user: User, relation: Relation, key: str, kind: str = "", value: str = "") -> str:
    """The state that counts."""
    wanted = purpose(user, key)
    with entered(user):
        return state_of(effective(decided([relation.id]).get(relation.id, []), wanted.id, kind, value))


def test_two_clicks_note_a_yes_with_the_words_that_were_shown(bob: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(bob)
    wanted = purpose(bob, "newsletter")
    page = client.get(f"/relations/{henk.id}/consent/").text
    assert "never asked" in page and f"/relations/{henk.id}/consent/{wanted.id}/" in page
    form = client.get(f"/relations/{henk.id}/consent/{wanted.id}/", headers=HTMX).text
    assert 'value="given"' in form and "You are the first to hear" in form

    answer = client.post(f"/relations/{henk.id}/consent/{wanted.id}/", {"state": "given"}, headers=HTMX)

    assert answer.status_code == 200 and "said yes" in answer.text and "Noted." in answer.headers["HX-Trigger"]
    with entered(bob) as actor:
        one = Decision.objects.get()
        assert (one.state, one.how, one.seat_id, one.text_id) == ("given", "call", actor.seat_id, wanted.wording.id)
        assert one.holds_until is not None and one.holds_until > now() + timedelta(days=700)
    assert f"/relations/{henk.id}/consent/" in client.get(f"/relations/{henk.id}/").text


def test_it_may_be_about_one_address_with_evidence(bob: User, henk: Relation, signed_in: SignIn) -> None:
    with entered(bob):
        moment = make_moment(henk)
    wanted = purpose(bob, "newsletter")
    sent = {"state": "refused", "point": f"email:{ADDRESS}", "how": "mail", "note": "Wrote: please stop",
            "moment": str(moment.id), "decided_on": "2026-03-03"}  # fmt: skip
    signed_in(bob).post(f"/relations/{henk.id}/consent/{wanted.id}/", sent)

    assert states(bob, henk, "newsletter", "email", ADDRESS) == "refused"
    assert states(bob, henk, "newsletter") == "never"
    book = signed_in(bob).get(f"/relations/{henk.id}/consent/all/").text
    assert "Wrote: please stop" in book and f"/moments/{moment.id}/" in book and "noted by Bob" in book


def test_what_comes_later_counts_for_one_address_and_for_all(bob: User, henk: Relation) -> None:
    yesterday = now() - timedelta(days=1)
    decide(bob, henk, "newsletter", "given", point_kind="email", point_value=ADDRESS, decided_at=yesterday)
    assert states(bob, henk, "newsletter", "email", ADDRESS) == "given"
    decide(bob, henk, "newsletter", "withdrawn")
    assert states(bob, henk, "newsletter", "email", ADDRESS) == "withdrawn"
    decide(bob, henk, "newsletter", "given", decided_at=yesterday - timedelta(days=400))
    assert states(bob, henk, "newsletter") == "withdrawn"


def test_a_yes_expires_by_the_clock(bob: User, henk: Relation) -> None:
    decide(bob, henk, "newsletter", "given", decided_at=now() - timedelta(days=800))

    assert states(bob, henk, "newsletter") == "expired"


def test_the_same_answer_twice_is_one(bob: User, henk: Relation) -> None:
    first, second = (decide(bob, henk, "newsletter", "given") for _time in range(2))

    assert first.id == second.id
    with entered(bob):
        assert Decision.objects.count() == 1 and Subject.objects.count() == 1


def test_turning_back_is_seen_in_the_list_and_can_be_turned_back_itself(
    bob: User, henk: Relation, signed_in: SignIn
) -> None:
    client = signed_in(bob)
    decide(bob, henk, "newsletter", "given")
    with entered(bob):
        done = Operation.objects.get(verb="record_consent")
    assert client.post(f"/undo/{done.id}/", headers=HTMX).status_code == 204

    assert states(bob, henk, "newsletter") == "never"
    assert "taken back" in client.get(f"/relations/{henk.id}/consent/all/").text
    with entered(bob):
        [line] = book_of(henk.id).lines
        assert not line.is_in_force and line.taken_back_at is not None
        turned = Operation.objects.get(verb="undo")
    assert client.post(f"/undo/{turned.id}/", headers=HTMX).status_code == 204
    assert states(bob, henk, "newsletter") == "given"


def test_the_list_cannot_be_rewritten(bob: User, henk: Relation) -> None:
    decide(bob, henk, "newsletter", "refused")
    with entered(bob), operation("test"), connection.cursor() as cursor:
        for statement in ("UPDATE consent_decision SET state = 'given'", "DELETE FROM consent_decision"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute("SAVEPOINT here")
                cursor.execute(statement)
            cursor.execute("ROLLBACK TO SAVEPOINT here")


def test_it_outlives_the_person_and_comes_back_with_them(bob: User, henk: Relation, signed_in: SignIn) -> None:
    decide(bob, henk, "newsletter", "refused")
    with entered(bob) as actor:
        gone = delete_relation(actor=actor, relation=henk)
        assert (Subject.objects.count(), Decision.objects.count()) == (1, 1)
    signed_in(bob).post(f"/undo/{gone.id}/")

    assert states(bob, henk, "newsletter") == "refused"


def test_it_follows_the_circle_of_the_person(alice: User, bob: User, henk: Relation, signed_in: SignIn) -> None:
    decide(alice, henk, "newsletter", "given")
    with entered(alice), operation("change_circle"):
        Relation.objects.filter(id=henk.id).update(circle_id=only_me())

    for model in (Subject, Decision, InForce):
        with entered(alice):
            assert model.objects.count() == 1
        with entered(bob):
            assert model.objects.count() == 0
    assert signed_in(bob).get(f"/relations/{henk.id}/consent/").status_code == 404


def test_who_may(bob: User, gina: User, charlie: User, henk: Relation, signed_in: SignIn) -> None:
    wanted = purpose(bob, "newsletter")
    path = f"/relations/{henk.id}/consent/{wanted.id}/"

    assert signed_in(gina).get(f"/relations/{henk.id}/consent/").status_code == 200
    assert signed_in(gina).post(path, {"state": "given"}).status_code == 403
    for address in (path, f"/relations/{henk.id}/consent/", f"/relations/{henk.id}/consent/all/"):
        assert signed_in(charlie).get(address).status_code == 404
    assert signed_in(charlie).post(path, {"state": "given"}).status_code == 404
    with entered(bob):
        assert not Decision.objects.exists()


def test_odd_answers_lose_nothing(bob: User, henk: Relation, signed_in: SignIn) -> None:
    wanted = purpose(bob, "newsletter")
    path = f"/relations/{henk.id}/consent/{wanted.id}/"
    for sent in (
        {},
        {"state": "maybe"},
        {"state": "given", "decided_on": "2099-01-01"},
        {"state": "given", "point": "email:x@y.z"},
    ):
        answer = signed_in(bob).post(path, {**sent, "note": "Bewaar dit"})
        assert answer.status_code == 422 and "Bewaar dit" in answer.text
    with entered(bob):
        assert not Decision.objects.exists()
        firm = make_organization()
    assert signed_in(bob).get(f"/relations/{firm.id}/consent/").status_code == 404


def test_editing_the_person_leaves_it(bob: User, henk: Relation) -> None:
    decide(bob, henk, "newsletter", "given")
    with entered(bob) as actor:
        edit_relation(actor=actor, relation=henk, changes={"place": "Hattem"}, based_on=henk.version)
        make_person("Iemand anders")

    assert states(bob, henk, "newsletter") == "given"


def test_when_two_become_one_both_their_decisions_count_and_each_has_its_own_back(
    alice: User, henk: Relation, signed_in: SignIn
) -> None:
    with entered(alice):
        other = make_person("H. van Dijk")
    decide(alice, henk, "newsletter", "given", decided_at=now() - timedelta(days=3))
    decide(alice, other, "newsletter", "withdrawn", decided_at=now() - timedelta(days=1))
    decide(alice, other, "invitations", "refused")
    with entered(alice) as actor:
        done = merge_relations(actor=actor, into=henk, other=other)

    assert (states(alice, henk, "newsletter"), states(alice, henk, "invitations")) == ("withdrawn", "refused")
    decide(alice, henk, "newsletter", "given")
    assert states(alice, henk, "newsletter") == "given"

    signed_in(alice).post(f"/undo/{done.id}/")
    assert states(alice, other, "newsletter") == "withdrawn"
    assert states(alice, henk, "newsletter") in ("given",)


def test_a_subject_can_be_forgotten_but_for_the_proof(alice: User, bob: User, henk: Relation) -> None:
    decide(bob, henk, "newsletter", "refused", point_kind="email", point_value=ADDRESS, note="Henk: stop")
    with entered(bob) as actor, pytest.raises(PermissionDenied):
        redact_subject(actor=actor, subject=Subject.objects.get())
    with entered(alice) as actor:
        assert redact_subject(actor=actor, subject=Subject.objects.get()) == 1
        one = Decision.objects.get()
        assert (one.state, one.note, one.point_value) == ("refused", "", f"#{digest_of('email', ADDRESS)}")


def test_the_log_says_who_noted_what_and_who_looked(alice: User, bob: User, henk: Relation, signed_in: SignIn) -> None:
    wanted = purpose(bob, "newsletter")
    signed_in(bob).post(f"/relations/{henk.id}/consent/{wanted.id}/", {"state": "refused"})
    with entered(alice), operation("change_circle"):
        Relation.objects.filter(id=henk.id).update(circle_id=only_me())
    signed_in(alice).get(f"/relations/{henk.id}/consent/")

    with entered(alice):
        noted = AuditEntry.objects.get(event="record_consent")
        assert noted.records == [henk.id] and json.loads(noted.facts) == {"purpose": str(wanted.id), "state": "refused"}
        assert AuditEntry.objects.filter(event="read", records__contains=[henk.id]).count() == 1


def test_a_yes_counts_no_longer_than_what_it_is_for_is_kept(bob: User, alice: User, henk: Relation) -> None:
    with entered(alice) as actor:
        make_purpose(actor, "Birthday cards", keep_months=12)
    decide(bob, henk, "birthday_cards", "given", decided_at=now() - timedelta(days=400))
    cards = purpose(bob, "birthday_cards")

    with entered(bob):
        assert "no longer counts. Ask again." in may_send([ADDRESS], cards)[ADDRESS].words
    assert states(bob, henk, "birthday_cards") == "expired"

    decide(bob, henk, "birthday_cards", "given")
    assert states(bob, henk, "birthday_cards") == "given"
    with entered(bob):
        assert may_send([ADDRESS], cards) == {}
