# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who comes in, what is said to whom, and what a door does with what is no question at all."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from plein.core.audit import keyed
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.models import AuditEntry
from plein.dav.actions.keys import make_key, revoke_key
from plein.dav.models import DeviceKey, Told
from plein.dav.tests.phone import AGENDA, PEOPLE, TODOS, Phone, card, phone_of, propfind
from plein.moments.actions import Part, plan_appointment
from plein.relations.models import Relation
from plein.testing.factories import make_person
from plein.trust.circles import only_me
from plein.trust.models import Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def test_a_device_finds_its_way_from_nothing_but_a_name(bob: User) -> None:
    client, phone = Client(), phone_of(bob)
    sent = client.generic("PROPFIND", "/.well-known/carddav")
    body = propfind("current-user-principal", "card:addressbook-home-set", "cal:calendar-home-set")
    root = phone.ask("PROPFIND", sent["Location"], body, depth="0").content.decode()
    home = phone.ask("PROPFIND", "/dav/me/contacts/", propfind("resourcetype"), depth="1")

    assert (sent.status_code, sent["Location"]) == (301, "/dav/")
    assert "<d:href>/dav/me/</d:href>" in root
    assert "<d:href>/dav/me/contacts/</d:href>" in root and "<d:href>/dav/me/calendars/</d:href>" in root
    assert home.content.decode().count("card:addressbook") == 2
    assert "addressbook" in client.options("/dav/")["DAV"] and "calendar-access" in client.options("/dav/")["DAV"]


def test_only_a_password_of_a_device_opens_the_door(bob: User, alice: User, signed_in: SignIn) -> None:
    phone = phone_of(bob)
    with entered(bob) as actor:
        feed = make_key(actor=actor, kind="agenda")
    other = Phone(alice, phone.secret)

    assert phone.ask("PROPFIND", PEOPLE).status_code == 207
    assert Phone(bob, phone.secret.upper().replace("-", " ")).ask("PROPFIND", PEOPLE).status_code == 207
    for wrong in (other, Phone(bob, "wrong"), Phone(bob, ""), Phone(bob, feed)):
        refused = wrong.ask("PROPFIND", PEOPLE)
        assert refused.status_code == 401 and refused["WWW-Authenticate"].startswith("Basic")
    assert signed_in(bob).generic("PROPFIND", PEOPLE).status_code == 401
    assert Client().get("/api/v1/relations", headers={"Authorization": f"Bearer {phone.secret}"}).status_code == 401


def test_a_password_in_the_clear_is_refused_and_a_guesser_has_to_wait(bob: User) -> None:
    phone = phone_of(bob)
    password = base64.b64encode(f"{bob.email}:{phone.secret}".encode()).decode()
    far = Client().generic("PROPFIND", PEOPLE, HTTP_AUTHORIZATION=f"Basic {password}", REMOTE_ADDR="192.0.2.7")
    guesses = [Phone(bob, f"guess{one}").ask("PROPFIND", PEOPLE) for one in range(21)]

    assert far.status_code == 403 and "https" in far.text
    assert {one.status_code for one in guesses[:20]} == {401}
    assert guesses[20].status_code == 429 and int(guesses[20]["Retry-After"]) > 0
    assert phone.ask("PROPFIND", PEOPLE).status_code == 207


def test_what_is_revoked_or_suspended_opens_nothing(bob: User, alice: User) -> None:
    phone, other = phone_of(bob), phone_of(bob)
    phone.sync(PEOPLE)
    with entered(bob) as actor:
        key = DeviceKey.objects.order_by("created_at").first()
        assert key is not None and key.last_used_at is not None
        assert key.last_used_from == keyed("address", "127.0.0.1")
        revoke_key(actor=actor, key_id=key.id)
        assert not Told.objects.filter(key_id=key.id).exists()
    assert phone.ask("PROPFIND", PEOPLE).status_code == 401
    assert other.ask("PROPFIND", PEOPLE).status_code == 207
    with no_workspace("test"):
        User.objects.filter(id=bob.id).update(is_active=False)
    assert other.ask("PROPFIND", PEOPLE).status_code == 401


def test_who_only_reads_changes_nothing(bob: User, gina: User) -> None:
    with entered(bob):
        anna = make_person("Anna Bos")
    for phone in (phone_of(bob, may_write=False), phone_of(gina)):
        address = f"{PEOPLE}{anna.id}.vcf"
        assert phone.get(address).status_code == 200
        for method, path in (("PUT", address), ("PUT", f"{PEOPLE}x.vcf"), ("DELETE", address)):
            assert phone.ask(method, path, card("Other", f"urn:uuid:{anna.id}")).status_code == 403
        rights = phone.ask("PROPFIND", PEOPLE, propfind("current-user-privilege-set"), depth="0")
        assert "write-content" not in rights.content.decode()
    with entered(bob):
        assert list(Relation.objects.values_list("name", flat=True)) == ["Anna Bos"]
        assert AuditEntry.objects.filter(event="refused", door="dav").exists()


def test_a_stranger_sees_nothing_and_a_look_is_logged(bob: User, alice: User, charlie: User) -> None:
    with entered(alice):
        hidden = make_person("Geheim Persoon", circle_id=only_me())
    phone_of(alice).get(f"{PEOPLE}{hidden.id}.vcf")

    assert phone_of(charlie).etags(PEOPLE) == {}
    assert phone_of(charlie).get(f"{PEOPLE}{hidden.id}.vcf").status_code == 404
    with entered(alice):
        assert AuditEntry.objects.filter(event="read", records__contains=[hidden.id], door="dav").exists()


@pytest.mark.parametrize("method", ["PROPFIND", "REPORT", "PROPPATCH"])
@pytest.mark.parametrize(
    "body",
    [
        b"<",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><propfind xmlns='DAV:'>&b;</propfind>",
        b"<a>" * 3000,
        b"<propfind xmlns='DAV:'>" + b"<a>" * 30 + b"</a>" * 30 + b"</propfind>",
        b"\xff\xfe\x00",
        b"<?xml version='1.0' encoding='utf-7'?><propfind xmlns='DAV:'/>",
        b"<other xmlns='x'/>",
        b"<sync-collection xmlns='DAV:'><sync-token>urn:x</sync-token></sync-collection>",
    ],
)
def test_nonsense_is_refused_in_words_of_the_standard(bob: User, method: str, body: bytes) -> None:
    answer = phone_of(bob).ask(method, PEOPLE, body)

    assert answer.status_code in (400, 403) or (answer.status_code == 207 and method != "REPORT")


def test_an_agenda_is_followed_until_its_address_is_revoked(bob: User, alice: User) -> None:
    with entered(bob) as actor:
        anna = make_person("Anna Bos")
        plan_appointment(
            actor=actor, occurred_at=now() + timedelta(days=1), participants=[Part(anna.id)], subject="Tour, big"
        )
        hidden = plan_appointment(
            actor=actor, occurred_at=now() + timedelta(days=1), participants=[], subject="Own", circle="me"
        )
        secret = make_key(actor=actor, kind="agenda").replace("-", "")
    with entered(alice) as actor:
        plan_appointment(
            actor=actor, occurred_at=now() + timedelta(days=1), participants=[Part(anna.id)], subject="Hers"
        )
    address = f"/feeds/agenda/{secret}.ics"

    text = Client().get(address)
    assert text.status_code == 200 and text["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Tour\\, big" in text.text and "SUMMARY:Own" in text.text and "Hers" not in text.text
    assert hidden.circle_id and text["Cache-Control"] == "private, no-store"
    assert Client().post(address).status_code == 405
    assert Client().get("/feeds/agenda/aaaa.ics").status_code == 404
    with entered(alice) as actor:
        Seat.objects.none()
    with entered(bob) as actor:
        revoke_key(actor=actor, key_id=DeviceKey.objects.get(kind="agenda").id)
    assert Client().get(address).status_code == 404


def test_the_page_makes_a_password_once_and_revokes_it(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    page = client.post("/settings/devices/", {"name": "Phone", "reach": "all", "may_write": "on"})
    secret = page.text.split('<code class="break">')[1].split("<")[0]
    phone = Phone(bob, secret)

    assert phone.ask("PROPFIND", AGENDA).status_code == 207
    assert secret not in client.get("/settings/devices/").text
    phone.put(f"{PEOPLE}a.vcf", card("Anna Bos"))
    phone.ask("DELETE", f"{PEOPLE}a.vcf")
    listed = client.get("/settings/devices/").text
    assert "Anna Bos" in listed
    back = listed.split("/back/")[0].split('action="')[-1] + "/back/"
    assert client.post(back).status_code == 302
    assert list(phone.etags(PEOPLE)) == [f"{PEOPLE}a.vcf"]
    with no_workspace("test"):
        key = DeviceKey.objects.get()
    assert client.post(f"/settings/devices/{key.id}/revoke/").status_code == 302
    assert phone.ask("PROPFIND", TODOS).status_code == 401
    made = client.post("/settings/devices/agenda/").text
    assert "/feeds/agenda/" in made
