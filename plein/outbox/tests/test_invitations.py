# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invitations that came by mail are answered from the page of the appointment, once, and answers are heard."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.test import Client
from icalendar import Calendar

from plein.core.ids import now
from plein.core.operations import undo
from plein.moments.intake.tests.mailboxes import brought_in
from plein.moments.models import Moment, Participant
from plein.outbox.models import Mail, MailState
from plein.outbox.tests.conftest import work
from plein.relations.actions import forbid_contact
from plein.relations.models import ContactPointLink, Relation
from plein.testing.mail_server import Box
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)
type SignIn = Callable[[User], Client]
SOON = (now() + timedelta(days=9)).replace(microsecond=0)
ME, HENK = "alice@plein.example", "henk@dijk.example"


def mail(
    method: str, sender: str, attendee: str, *, answer: str = "NEEDS-ACTION", organizer: str = HENK, day: int = 1
) -> str:
    """A mail with an invitation, or the answer to one."""
    return f"""From x@y Thu Jan  1 00:00:00 2026
From: {sender}
To: {ME}
Subject: Plans
Date: {day} Mar 2026 09:00:00 +0000
Message-ID: <{method}{answer}{day}@x>
Content-Type: text/calendar; method={method}; charset=utf-8

BEGIN:VCALENDAR
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:plans@dijk
SEQUENCE:3
DTSTART:{SOON:%Y%m%dT%H%M%SZ}
SUMMARY:Plans
ORGANIZER:mailto:{organizer}
ATTENDEE;PARTSTAT={answer}:mailto:{attendee}
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:piet@dijk.example
END:VEVENT
END:VCALENDAR

"""


def heard(user: User, folder: Path, *mails: str) -> Moment:
    """What came in, and the appointment of it."""
    store = folder / f"{len(list(folder.iterdir()))}.mbox"
    store.write_text("".join(mails))
    brought_in(user, store)
    with entered(user):
        return Moment.objects.get(kind="meeting", calendar_uid="plans@dijk")


def answers(user: User) -> dict[str, str]:
    with entered(user):
        rows = Participant.objects.filter(moment__kind="meeting", contact_point__isnull=False)
        return dict(rows.values_list("contact_point__value", "answer"))


def test_an_invitation_is_answered_by_mail_that_calendars_understand(
    alice: User, bob: User, box: Box, tmp_path: Path, signed_in: SignIn
) -> None:
    moment = heard(alice, tmp_path, mail("REQUEST", HENK, ME))
    client, address = signed_in(alice), f"/moments/{moment.id}/invitation/"
    assert "You are invited" in client.get(f"/moments/{moment.id}/").text
    assert client.post(address, {"answer": "maybe"}).status_code == 400

    assert client.post(address, {"answer": "accepted"}).status_code == 302
    with entered(alice):
        sent = Mail.objects.get()
    assert work(alice, sent).state == MailState.SENT

    [letter] = box.kept
    assert letter.receivers == [HENK]
    parsed = message_from_bytes(letter.data, policy=policy.default)
    [part] = [one for one in parsed.walk() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REPLY"
    event = Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
    assert (str(event["UID"]), str(event["SEQUENCE"]), str(event["ORGANIZER"])) == ("plans@dijk", "3", f"mailto:{HENK}")
    assert (str(event["ATTENDEE"]), event["ATTENDEE"].params["PARTSTAT"]) == (f"mailto:{ME}", "ACCEPTED")
    assert answers(alice)[ME] == "accepted"
    assert "comes" in client.get(f"/moments/{moment.id}/").text
    assert signed_in(bob).post(address, {"answer": "declined"}).status_code in (302, 404)
    with entered(alice):
        assert Mail.objects.count() == 1


def test_an_answer_is_taken_back_before_it_leaves_and_needs_the_same_ground_as_other_mail(
    alice: User, box: Box, tmp_path: Path, signed_in: SignIn
) -> None:
    moment = heard(alice, tmp_path, mail("REQUEST", HENK, ME))
    address = f"/moments/{moment.id}/invitation/"
    signed_in(alice).post(address, {"answer": "tentative"})
    with entered(alice):
        kept = Mail.objects.get()
        assert kept.operation_id
        undo(kept.operation_id)
        kept.refresh_from_db()
        assert kept.state == MailState.DRAFT
    assert answers(alice)[ME] == ""

    with entered(alice) as actor:
        link = ContactPointLink.objects.get(contact_point__value=HENK)
        henk = Relation.objects.get(id=link.relation_id)
        forbid_contact(actor=actor, relation=henk, reason="asked")
    signed_in(alice).post(address, {"answer": "declined"})
    with entered(alice):
        assert [one.state for one in Mail.objects.all()] == [MailState.DRAFT]
    assert answers(alice)[ME] == ""
    assert box.kept == []


def test_who_was_invited_answers_for_themselves_and_the_latest_counts(alice: User, tmp_path: Path) -> None:
    heard(alice, tmp_path, mail("REQUEST", ME, HENK, organizer=ME))
    heard(alice, tmp_path, mail("REPLY", HENK, HENK, answer="ACCEPTED", organizer=ME, day=5))
    assert answers(alice)[HENK] == "accepted"

    heard(alice, tmp_path, mail("REPLY", "Other <other@evil.example>", HENK, answer="DECLINED", organizer=ME, day=7))
    heard(alice, tmp_path, mail("REPLY", HENK, HENK, answer="TENTATIVE", organizer=ME, day=4))
    assert answers(alice)[HENK] == "accepted"

    heard(alice, tmp_path, mail("REPLY", HENK, HENK, answer="DECLINED", organizer=ME, day=8))
    assert answers(alice)[HENK] == "declined"
