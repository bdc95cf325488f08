# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from plein.consent.actions import add_never_contact
from plein.consent.digests import digest_of
from plein.consent.models import ConsentSettings, NeverContact, StepChoice
from plein.consent.queries import may_be_asked, may_send, never_contact
from plein.consent.tests.conftest import ADDRESS, SignIn, decide
from plein.core.models import Operation
from plein.relations.actions import forbid_contact
from plein.relations.contact import normalise
from plein.relations.models import Relation
from plein.testing.factories import make_organization, make_person
from plein.trust.models import Seat, User
from plein.trust.seats import entered


def test_an_address_is_never_used_again_and_only_its_hash_is_kept(
    alice: User, henk: Relation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    sent = {"addresses": f"{ADDRESS.upper()}\n06 12345678", "reason": "by letter"}
    assert client.post("/settings/never-contact/", {**sent, "reason": ""}).status_code == 422
    assert client.post("/settings/never-contact/", sent).status_code == 302
    assert client.post("/settings/never-contact/", sent).status_code == 302

    page = client.get("/settings/never-contact/").text
    assert "2 addresses are on the list." in page and "by letter" in page and ADDRESS not in page
    with entered(alice):
        assert {one.digest for one in NeverContact.objects.all()} == {
            digest_of("email", ADDRESS),
            digest_of("phone", "+31612345678"),
        }
        assert "never used" in may_send([ADDRESS])[ADDRESS].words
    assert "never used" in client.get(f"/relations/{henk.id}/consent/").text


def test_it_can_be_taken_off_with_a_reason_and_turned_back(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/settings/never-contact/", {"addresses": ADDRESS, "reason": "by letter"})
    wrong = client.post("/settings/never-contact/", {"addresses": "x@y.nl", "reason": "no", "act": "remove"})
    assert wrong.status_code == 422 and "None of these" in wrong.text
    client.post("/settings/never-contact/", {"addresses": ADDRESS, "reason": "asked us back", "act": "remove"})
    with entered(alice):
        assert never_contact([ADDRESS]) == {}
        done = Operation.objects.get(verb="remove_never_contact")
    client.post(f"/undo/{done.id}/")
    with entered(alice):
        assert ADDRESS in never_contact([ADDRESS])


def test_another_company_knows_nothing_of_it(alice: User, charlie: User, signed_in: SignIn) -> None:
    signed_in(alice).post("/settings/never-contact/", {"addresses": ADDRESS, "reason": "by letter"})
    with entered(charlie):
        assert never_contact([ADDRESS]) == {}
        theirs = digest_of("email", ADDRESS)
    with entered(alice):
        assert digest_of("email", ADDRESS) != theirs


def test_people_may_be_asked_unless_they_object(alice: User, bob: User, henk: Relation, signed_in: SignIn) -> None:
    with entered(bob):
        other, firm = make_person("Sanne de Wit"), make_organization()
        assert may_be_asked(henk) and may_be_asked(other) and not may_be_asked(firm)
    decide(bob, henk, "introductions", "refused")
    with entered(bob) as actor:
        assert not may_be_asked(henk)
        forbid_contact(actor=actor, relation=other, reason="asked us")
        assert not may_be_asked(Relation.objects.get(id=other.id))


def test_or_only_after_a_yes_when_the_company_chose_so(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    assert signed_in(bob).post("/settings/introductions/", {"steps": "consent"}).status_code == 403
    assert signed_in(alice).post("/settings/introductions/", {"steps": "consent"}).status_code == 302
    assert signed_in(alice).post("/settings/introductions/", {"steps": "always"}).status_code == 422
    with entered(bob):
        assert ConsentSettings.objects.get().steps == "consent"
        colleague = make_person("Alice", seat_id=Seat.objects.get(user=alice).id)
        assert not may_be_asked(henk) and may_be_asked(colleague)
    decide(bob, henk, "introductions", "given")
    with entered(bob):
        assert may_be_asked(henk)


def test_a_colleague_leaves_oneself_out(alice: User, bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    assert "may ask you" in client.get("/settings/introductions/").text
    client.post("/settings/introductions/", {"is_open": "0"})
    assert "do not ask you" in client.get("/settings/introductions/").text
    with entered(alice):
        seat = Seat.objects.get(user=bob)
        assert not may_be_asked(make_person("Bob", seat_id=seat.id))
        assert StepChoice.objects.get().seat_id == seat.id
    client.post("/settings/introductions/", {"is_open": "1"})
    with entered(alice):
        assert may_be_asked(Relation.objects.get(name="Bob"))


def test_the_list_is_known_under_a_new_key_while_the_old_one_is_kept(alice: User, settings: Any) -> None:
    contact = normalise(ADDRESS)
    with entered(alice) as actor:
        add_never_contact(actor=actor, contacts=[contact], reason="by letter")
        old = settings.SECRET_KEY
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 8, [old]
        assert ADDRESS in never_contact([ADDRESS])
        assert add_never_contact(actor=actor, contacts=[contact], reason="again") == []
        settings.SECRET_KEY_FALLBACKS = []
        assert never_contact([ADDRESS]) == {}
