# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever was erased does not come back with the next mailbox; a colleague may enter them again, knowingly."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import undo
from plein.erasure import ledger
from plein.erasure.actions import replay
from plein.erasure.tests.test_erasing import erase, left_of
from plein.moments.intake.tests.mailboxes import ALICE, RIK, Mail, brought_in, mbox, row_counts
from plein.moments.models import Moment, MomentText, Participant, Proposal
from plein.relations.models import ContactPoint, ContactPointLink, ErasedAddress, Relation
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.factories import make_contact_point
from plein.testing.figures import Judge
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)
type SignIn = Callable[[User], Client]
GONE, NUMBER = "qzxgone@weg.example", "+31612345678"
SENDER = f"Qzxgiven Qzxfamily <{GONE}>"
#: Long enough that no bytes of another test's picture spell one by chance.
MARKS = [
    "qzxgiven",
    "qzxfamily",
    "qzxgone",
    "qzxsecret",
    "qzxsubject",
    "qzxalone",
    "612345678",
    "06 12 34 56 78",
    "06-12345678",
]
STUB = "removed on request"
INVITED = (
    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:one@x\nSEQUENCE:0\nDTSTART:20260304T100000Z\n"
    f"SUMMARY:Tea with Qzxgiven\nORGANIZER:mailto:alice@plein.example\nATTENDEE:mailto:{GONE}\n"
    "ATTENDEE:mailto:rik@mail.dijk.example.org\nEND:VEVENT\nEND:VCALENDAR"
)


def mailbox(path: Path, *more: Mail) -> Path:
    """What passed between Alice, somebody who is to be erased, and Rik."""
    signature = "Greetings, Qzxgiven\n-- \nQzxfamily\n06 12 34 56 78 / +31 6 12345678"
    shared = f"Qzxgiven asks Rik to call 06-12345678 or mail {GONE}. Rik stays.\n{signature}"
    calendar = ["Content-Type: text/calendar; method=REQUEST; charset=utf-8"]
    return mbox(path, [
        Mail(sender=SENDER, text=f"Qzxsecret, alone. {signature}", subject="Qzxsubject", id="qzxalone@x"),
        Mail(sender=ALICE, to=SENDER, text="Dear Qzxgiven", day=2, id="two@x"),
        Mail(sender=SENDER, to=f"{ALICE}, {RIK}", text=shared, subject="Qzxgiven and Rik", day=3, id="qzxfamily.3@x"),
        Mail(sender=RIK, text=f"Did {GONE} answer? Mail {GONE.upper()}", day=4, id="four@x"),
        Mail(sender=ALICE, to=f"{SENDER}, {RIK}", text=INVITED, day=5, id="five@x", headers=calendar),
        Mail(sender=ALICE, to=RIK, text="Fine, Rik.", day=6, id="six@x"),
        *more,
    ])  # fmt: skip


@pytest.fixture(autouse=True)
def a_list_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.PLEIN_ERASURES = tmp_path / "erasures"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return mailbox(tmp_path / "in.mbox")


@pytest.fixture
def gone(alice: User, store: Path) -> Path:
    """The mailbox of somebody who was erased after it was brought in."""
    brought_in(alice, store, policy="everyone")
    with entered(alice):
        person = Relation.objects.get(name="Qzxgiven Qzxfamily")
        make_contact_point(person, "phone", NUMBER)
    erase(alice, person.id)
    return store


def test_the_same_mailbox_brings_nobody_back(
    gone: Path, alice: User, test_database: TestDatabase, judge: Judge
) -> None:
    assert left_of(MARKS, test_database) == {}
    before = row_counts(alice)
    for policy in ("everyone", "answered"):
        brought_in(alice, gone, policy=policy)

    left = left_of(MARKS, test_database)
    judge("erasure: markers after the mailbox came in again", goal="0", measured=len(left), is_good=not left)
    assert left == {}
    assert row_counts(alice) == before, "it was in already"
    with entered(alice):
        assert ContactPoint.objects.filter(value=GONE).count() == Proposal.objects.count() == 0
        assert {one.name for one in Relation.objects.filter(kind="person")} == {"Alice", "Rik van Dijk"}


def test_who_was_erased_before_a_mailbox_came_stays_a_bare_name(
    alice: User, store: Path, test_database: TestDatabase
) -> None:
    brought_in(alice, mbox(store.with_name("one.mbox"), [Mail(sender=SENDER, id="x@x", day=28)]), policy="everyone")
    with entered(alice):
        person = Relation.objects.get(name="Qzxgiven Qzxfamily")
        make_contact_point(person, "phone", NUMBER)
    erase(alice, person.id)

    done = brought_in(alice, store, policy="everyone")

    assert left_of(MARKS, test_database) == {}
    assert done.counts["imported"] == 6
    with entered(alice):
        shared = Moment.objects.get(texts__text__contains="Rik stays.")
        parts = Participant.objects.filter(moment=shared, role="from")
        assert [(one.heard_name, one.contact_point_id, one.relation_id) for one in parts] == [(STUB, None, None)]
        text = MomentText.objects.get(moment=shared)
        assert text.text.startswith(f"[{STUB}] asks Rik to call [{STUB}] or mail [{STUB}].")
        assert text.signature_from is not None and text.text[text.signature_from :].startswith("-- ")
        bare = Moment.objects.filter(subjects__title=STUB, kind="email")
        assert {one.direction for one in bare} == {"inbound", "outbound"}
        assert Moment.objects.get(kind="meeting").participants.filter(heard_name=STUB).count() == 1
    before = row_counts(alice)
    brought_in(alice, store, policy="everyone")
    assert row_counts(alice) == before


def test_what_they_write_later_comes_in_and_makes_nobody(gone: Path, alice: User) -> None:
    later = Mail(sender=SENDER, text="I am back.", day=0, id="later@x",
                 headers=[f"Date: {now() + timedelta(days=1):%d %b %Y %H:%M:%S} +0000"])  # fmt: skip
    brought_in(alice, mailbox(gone.with_name("new.mbox"), later), policy="everyone")

    with entered(alice):
        moment = Moment.objects.get(texts__text__contains="I am back.")
        assert Participant.objects.get(moment=moment, role="from").heard_name == STUB
        assert not ContactPoint.objects.filter(value=GONE).exists()


def test_by_hand_they_come_back_after_a_warning(gone: Path, alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    sent = {"name": "Somebody New", "email": GONE.upper(), "phone": "", "audience": "everyone"}
    warned = client.post("/people/new/", sent)
    assert warned.status_code == 422 and "to be erased" in warned.text and 'name="is_back"' in warned.text
    with entered(alice):
        assert not Relation.objects.filter(name="Somebody New").exists() and ErasedAddress.objects.count() == 2

    assert client.post("/people/new/", {**sent, "is_back": "on"}).status_code == 302

    with entered(alice):
        person = Relation.objects.get(name="Somebody New")
        assert ErasedAddress.objects.count() == 1
    path = f"/relations/{person.id}/contact-points/new/"
    assert 'name="is_back"' not in client.get(path).text
    warned = client.post(path, {"text": NUMBER})
    assert warned.status_code == 422 and 'name="is_back"' in warned.text
    assert client.post(path, {"text": NUMBER, "is_back": "on"}).status_code == 302
    with entered(alice):
        assert ContactPointLink.objects.filter(relation=person).count() == 2
        undo(Operation.objects.filter(verb="add_contact_point").latest("started_at").id)
        assert ErasedAddress.objects.count() == 1


def test_the_list_of_erasures_tells_an_older_backup_too(gone: Path, cast: Cast) -> None:
    lines = ledger.read(ledger.path())
    with entered(cast.alice) as actor:
        known = set(ErasedAddress.objects.values_list("digest", flat=True))
        assert set(lines[0].gone) == known and len(known) == 2
        replay(actor=actor, lines=lines)
        assert ErasedAddress.objects.count() == 2
