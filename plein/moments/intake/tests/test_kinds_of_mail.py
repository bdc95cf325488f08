# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plein.channels.actions import plan_import
from plein.channels.models import ImportProblem, ImportState
from plein.core import blobs
from plein.core.ids import now
from plein.moments.intake.names import clean_name, name_from_address, organization_name
from plein.moments.intake.tests.mailboxes import ALICE, HENK, Mail, again, brought_in, mbox, runner_of
from plein.moments.intake.trouble import carry_out
from plein.moments.models import Attachment, Moment, Participant, Proposal
from plein.relations.domains import company_domain, registrable
from plein.relations.models import Relation
from plein.trust.models import User
from plein.trust.seats import entered

BOUNCE = """From MAILER-DAEMON Mon Mar  2 09:30:00 2026
From: Mail Delivery Subsystem <MAILER-DAEMON@plein.example>
To: Alice <alice@plein.example>
Subject: Undelivered Mail Returned to Sender
Date: 02 Mar 2026 09:31:00 +0100
Message-ID: <bounce@plein.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; plein.example

Final-Recipient: rfc822; henk@dijk.example.org
Action: failed
Status: 5.1.1
--b--

"""


def invitation(method: str, sequence: int, start: datetime, day: int = 1, status: str = "CONFIRMED") -> str:
    """An invitation as calendars send it."""
    end = start + timedelta(hours=1)
    return f"""From x Mon Mar  2 09:30:00 2026
From: {HENK}
To: {ALICE}
Subject: Invitation {sequence}
Date: {day:02d} Mar 2026 09:30:00 +0100
Message-ID: <invite{sequence}{method}@x>
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain

Come over {sequence}{method}.
--b
Content-Type: text/calendar; method={method}; charset=utf-8

BEGIN:VCALENDAR
VERSION:2.0
PRODID:-
METHOD:{method}
BEGIN:VEVENT
UID:meet-1
SEQUENCE:{sequence}
SUMMARY:Kitchen plans {sequence}
LOCATION:Zwolle
STATUS:{status}
DTSTART:{start:%Y%m%dT%H%M%SZ}
DTEND:{end:%Y%m%dT%H%M%SZ}
ORGANIZER:mailto:henk@dijk.example.org
ATTENDEE:mailto:alice@plein.example
END:VEVENT
END:VCALENDAR
--b--

"""


SOON = (now() + timedelta(days=30)).replace(microsecond=0, tzinfo=UTC)


def test_an_invitation_becomes_a_planned_appointment(alice: User, tmp_path: Path) -> None:
    store = tmp_path / "in.mbox"
    store.write_text(invitation("REQUEST", 0, SOON))
    done = brought_in(alice, store)
    assert done.counts["appointments"] == 1
    with entered(alice):
        meeting = Moment.objects.get(kind="meeting")
        assert (meeting.state, meeting.occurred_at) == ("planned", SOON)
        assert meeting.subjects.get().title == "Kitchen plans 0"
        assert meeting.thread_id == Moment.objects.get(kind="email").thread_id
        roles = dict(Participant.objects.filter(moment=meeting).values_list("role", "relation__name"))
        assert roles == {"from": "Henk van Dijk", "with": "Alice", "for": "Example"}


@pytest.mark.parametrize("order", [1, -1])
def test_the_latest_version_of_an_invitation_counts_in_whatever_order(alice: User, tmp_path: Path, order: int) -> None:
    store = tmp_path / "in.mbox"
    mails = [invitation("REQUEST", 0, SOON, 1), invitation("REQUEST", 2, SOON + timedelta(days=2), 3)]
    store.write_text("".join(mails[::order]))
    brought_in(alice, store)
    with entered(alice):
        meeting = Moment.objects.get(kind="meeting")
        assert meeting.occurred_at == SOON + timedelta(days=2)
        times = set(Participant.objects.filter(moment=meeting).values_list("occurred_at", flat=True))
        assert times == {SOON + timedelta(days=2)}


def test_a_cancelled_invitation_cancels_the_appointment(alice: User, tmp_path: Path) -> None:
    store = tmp_path / "in.mbox"
    store.write_text(invitation("REQUEST", 0, SOON) + invitation("CANCEL", 1, SOON, 2, "CANCELLED"))
    brought_in(alice, store)
    with entered(alice):
        assert Moment.objects.get(kind="meeting").state == "cancelled"


def test_an_appointment_of_the_past_took_place(alice: User, tmp_path: Path) -> None:
    store = tmp_path / "in.mbox"
    store.write_text(invitation("REQUEST", 0, datetime(2020, 1, 2, 9, tzinfo=UTC)))
    brought_in(alice, store)
    with entered(alice):
        assert Moment.objects.get(kind="meeting").state == "done"


def test_a_bounce_stands_in_the_thread_of_what_it_is_about(alice: User, tmp_path: Path) -> None:
    store = mbox(tmp_path / "in.mbox", [Mail(sender=ALICE, to=HENK, day=2)])
    store.write_text(store.read_text() + BOUNCE)
    brought_in(alice, store)
    with entered(alice):
        bounce = Moment.objects.get(nature="bounce")
        assert bounce.thread_id == Moment.objects.exclude(nature="bounce").get().thread_id
        assert not Relation.objects.filter(name__icontains="delivery").exists()


def test_newsletters_and_lists_make_nobody(alice: User, tmp_path: Path) -> None:
    listed = ("List-Id: Talk <talk.lists.example.net>", "List-Post: <mailto:talk@lists.example.net>")
    mails = [
        Mail(sender="Piet Puk <piet@puk.example.net>", to="talk@lists.example.net", headers=listed),
        Mail(sender="no-reply@shop.example.net", subject="Your order"),
    ]
    brought_in(alice, mbox(tmp_path / "in.mbox", mails))
    with entered(alice):
        assert set(Relation.objects.filter(kind="person").values_list("name", flat=True)) == {"Alice"}
        assert not Proposal.objects.exists()
        assert Moment.objects.get(nature="list").reach == "many"


def test_an_attachment_is_kept_once_by_its_hash(alice: User, tmp_path: Path) -> None:
    body = (
        "\n--b\nContent-Type: text/plain\n\nSee {0}\n--b\nContent-Type: application/pdf; name=plan.pdf\n"
        "Content-Disposition: attachment; filename=plan.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--b--\n"
    )
    kind = ('Content-Type: multipart/mixed; boundary="b"',)
    mails = [Mail(text=body.format(1), headers=kind), Mail(text=body.format(2), headers=kind, day=2)]
    brought_in(alice, mbox(tmp_path / "in.mbox", mails))
    with entered(alice):
        kept = list(Attachment.objects.values_list("sha256", flat=True))
        assert len(kept) == 2 and len(set(kept)) == 1
        assert blobs.path_of(kept[0]).read_bytes() == b"%PDF-1.4\n"


def test_what_cannot_be_read_is_listed_with_its_reason_and_its_bytes(alice: User, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    mbox(folder / "good.mbox", [Mail()])
    (folder / "empty.eml").write_bytes(b"")
    (folder / "odd.eml").write_bytes(b"\x00\x01\x02 not a mail at all \xff" * 100)
    done = brought_in(alice, folder)
    assert done.state == ImportState.DONE and done.counts["imported"] >= 1
    with entered(alice):
        for problem in ImportProblem.objects.all():
            assert problem.reason.endswith(".")
            assert not problem.sha256 or blobs.exists(problem.sha256)
        assert ImportProblem.objects.count() == done.counts["unreadable"]


def test_a_file_that_is_no_mail_stops_with_a_sentence(alice: User, tmp_path: Path) -> None:
    store = tmp_path / "holiday.png"
    store.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 1000)
    with entered(alice) as actor:
        planned = plan_import(actor=actor, path=store, in_background=False)
    carry_out(runner_of(alice, planned), scan_only=True)
    stopped = again(alice, planned)
    assert stopped.state == ImportState.FAILED and stopped.problem.endswith(".")


def test_a_file_that_is_gone_stops_with_a_sentence(alice: User, tmp_path: Path) -> None:
    with entered(alice) as actor:
        planned = plan_import(actor=actor, path=tmp_path / "gone.mbox", in_background=False)
    carry_out(runner_of(alice, planned), scan_only=True)
    stopped = again(alice, planned)
    assert stopped.state == ImportState.FAILED and stopped.problem


def test_script_in_a_subject_and_a_name_of_ten_thousand_letters_are_only_text(alice: User, tmp_path: Path) -> None:
    mails = [Mail(sender=f"{'N' * 10_000} <long@dijk.example.org>", subject="<script>alert(1)</script>" + "x" * 3000)]
    done = brought_in(alice, mbox(tmp_path / "in.mbox", mails))
    assert done.counts["imported"] == 1
    with entered(alice):
        assert Moment.objects.get().subjects.get().title.startswith("<script>alert(1)</script>")
        assert max(len(r.name) for r in Relation.objects.all()) <= 300


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("Steffes, James D. </O=ENRON/OU=NA/CN=RECIPIENTS/CN=JSTEFFE>", "James D. Steffes"),
        ("'Henk van Dijk'", "Henk van Dijk"),
        ('"Dijk, Henk van"', "Henk van Dijk"),
        ("Jeff Dasovich/NA/Enron@Enron", "Jeff Dasovich"),
        ("JAN JANSEN", "Jan Jansen"),
        ("henk@dijk.example.org", ""),
        ("Piet Puk via Talk", "Piet Puk"),
        ("Sanne (via Google Docs)", "Sanne"),
        ("123", ""),
    ],
)
def test_names_are_cleaned(heard: str, name: str) -> None:
    assert clean_name(heard) == name


def test_addresses_and_domains_give_names() -> None:
    assert name_from_address("jeff.dasovich@enron.com") == "Jeff Dasovich"
    assert organization_name("van-dijk.nl") == "Van Dijk" and organization_name("kpn.com") == "KPN"
    assert registrable("mail.example.co.uk") == "example.co.uk" and registrable("localhost") == ""
    assert company_domain("a@b.example.org") == "example.org" and company_domain("a@gmail.com") == ""
