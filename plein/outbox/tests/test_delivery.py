# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail leaves once, or one knows that one cannot know: trial C11."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import OperationalError
from procrastinate.contrib.django.models import ProcrastinateJob

from plein.channels.letters import Mailbox
from plein.channels.models import SunkLetter
from plein.core import events
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.moments.models import Delivery, Moment, Participant
from plein.outbox import actions, tasks
from plein.outbox.events import MailRefused, MailSent, MailUncertain
from plein.outbox.models import Mail
from plein.outbox.tests.conftest import ADDRESS, fresh, send, ten_seconds_later, work, write
from plein.relations.actions import forbid_contact
from plein.relations.models import ContactPoint, Relation
from plein.testing.mail_server import Box
from plein.trust.models import Seat, User
from plein.trust.seats import entered


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[events.Event]:
    """What was told of mail."""
    told: list[events.Event] = []
    for kind in (MailSent, MailRefused, MailUncertain):
        monkeypatch.setitem(events._reactions, kind, [told.append])
    return told


def on_timeline(user: User, mail: Mail) -> str:
    assert mail.moment_id
    with entered(user):
        return Delivery.objects.get(moment_id=mail.moment_id).state


def test_a_mail_is_on_the_timeline_at_once_and_leaves_once(
    alice: User, bob: User, henk: Relation, box: Box, heard: list[events.Event]
) -> None:
    mail = write(alice, henk)
    send(alice, mail)

    assert on_timeline(bob, fresh(alice, mail)) == "waiting"
    assert box.kept == []
    sent = work(alice, mail)
    assert work(alice, mail).state == "sent"
    assert len(box.kept) == 1
    assert (sent.state, sent.attempt, on_timeline(bob, sent)) == ("sent", 1, "sent")
    letter = message_from_bytes(box.kept[0].data, policy=policy.default)
    assert letter["To"] == f"Henk van Dijk <{ADDRESS}>"
    assert letter["From"] == "Alice <alice@plein.example>"
    assert letter["Message-ID"] == f"<{sent.message_id}>"
    assert [type(one) for one in heard] == [MailSent]
    with entered(bob):
        moment = Moment.objects.get()
        assert (moment.kind, moment.direction) == ("email", "outbound")
        assert Participant.objects.get(moment=moment, role="to").relation_id == henk.id


def test_the_job_waits_ten_seconds(alice: User, henk: Relation) -> None:
    send(alice, write(alice, henk))
    with no_workspace("test"):
        job = ProcrastinateJob.objects.filter(task_name="outbox.deliver").get()

    assert job.scheduled_at is not None
    assert timedelta(seconds=5) < job.scheduled_at - now() <= timedelta(seconds=actions.BACK_SECONDS)


def test_a_job_that_comes_too_early_sends_nothing(alice: User, henk: Relation, box: Box) -> None:
    mail = write(alice, henk)
    send(alice, mail)
    with entered(alice) as actor:
        assert actions.begin_delivery(actor=actor, mail_id=mail.id) is None
    assert box.kept == []


@pytest.mark.parametrize(
    ("step", "state"),
    [("connect", "waiting"), ("EHLO", "waiting"), ("MAIL", "waiting"), ("RCPT", "waiting"),
     ("before_keeping", "uncertain"), ("after_keeping", "uncertain")],
)  # fmt: skip
def test_a_server_that_dies_at_any_step_makes_no_second_letter(
    alice: User, henk: Relation, box: Box, heard: list[events.Event], step: str, state: str
) -> None:
    mail = write(alice, henk)
    send(alice, mail)
    box.dies_at = step

    failed = work(alice, mail)

    assert failed.state == state
    assert on_timeline(alice, failed) == state
    box.dies_at = ""
    later = work(alice, mail)
    assert later.state == ("sent" if state == "waiting" else "uncertain")
    assert len(box.kept) == (1 if state == "waiting" or step == "after_keeping" else 0)
    assert [type(one) for one in heard] == [MailSent if state == "waiting" else MailUncertain]


class Killed(BaseException):
    """As `kill -9`: nothing after it runs."""


@pytest.mark.parametrize("when", ["begun", "marked", "handed over"])
def test_a_worker_that_dies_at_any_step_makes_no_second_letter(
    alice: User, henk: Relation, box: Box, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def die(**_what: object) -> None:
        raise Killed

    mail = write(alice, henk)
    send(alice, mail)
    if when == "begun":
        monkeypatch.setattr("plein.outbox.actions.mark_sending", die)
    elif when == "marked":
        monkeypatch.setattr("plein.channels.smtp._data", lambda *_what: die())
    else:
        monkeypatch.setattr("plein.outbox.actions.end_delivery", die)
    with pytest.raises(Killed):
        work(alice, mail)
    monkeypatch.undo()

    revived = work(alice, mail)

    assert revived.state == ("sent" if when == "begun" else "uncertain")
    assert work(alice, mail).state == revived.state
    assert len(box.kept) == (0 if when == "marked" else 1)


def test_the_end_is_written_down_though_the_database_is_away_for_a_moment(
    alice: User, henk: Relation, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []
    end = actions.end_delivery

    def sometimes(**what: object) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError
        end(**what)  # type: ignore[arg-type]

    monkeypatch.setattr("plein.outbox.actions.end_delivery", sometimes)
    monkeypatch.setattr("plein.outbox.tasks.INSISTENCE", (0.0, 0.0, 0.0))
    mail = write(alice, henk)
    send(alice, mail)

    assert work(alice, mail).state == "sent"


def test_two_workers_have_one_letter_between_them(alice: User, henk: Relation, box: Box) -> None:
    mail = write(alice, henk)
    send(alice, mail)
    ten_seconds_later(alice, mail)
    with entered(alice) as actor:
        here = actor.workspace_id
        first = actions.begin_delivery(actor=actor, mail_id=mail.id)
        second = actions.begin_delivery(actor=actor, mail_id=mail.id)
    assert first and second
    work_of = tasks.Delivery(alice, here)
    work_of._hand_over(first)
    with pytest.raises(tasks.NotOurs):
        work_of._hand_over(second)

    assert len(box.kept) == 1
    assert fresh(alice, mail).state == "sent"


def test_a_slow_worker_that_knows_better_is_believed(alice: User, henk: Relation, box: Box) -> None:
    mail = write(alice, henk)
    send(alice, mail)
    ten_seconds_later(alice, mail)
    with entered(alice) as actor:
        underway = actions.begin_delivery(actor=actor, mail_id=mail.id)
        assert underway and actions.mark_sending(actor=actor, underway=underway)
    assert work(alice, mail).state == "uncertain"
    with entered(alice) as actor:
        actions.end_delivery(actor=actor, underway=underway, posted=underway.hand_over(None))

    assert fresh(alice, mail).state == "sent"


def test_a_refusal_for_now_is_tried_again_later_and_in_the_end_given_up(
    alice: User, henk: Relation, box: Box, heard: list[events.Event]
) -> None:
    box.refusals["RCPT"] = "451 4.7.1 come back"
    mail = write(alice, henk)
    send(alice, mail)

    first = work(alice, mail)
    assert first.state == "waiting" and "come back" in first.reason
    assert first.send_at is not None and timedelta(seconds=50) < first.send_at - now() < timedelta(minutes=2)
    for _time in range(8):
        last = work(alice, mail)
    assert last.state == "refused" and on_timeline(alice, last) == "refused"
    assert [type(one) for one in heard] == [MailRefused]
    assert box.kept == []


def test_a_refusal_for_good_is_final_until_somebody_decides(alice: User, henk: Relation, box: Box) -> None:
    box.refusals["before_keeping"] = "554 5.7.1 looks like spam"
    mail = write(alice, henk)
    send(alice, mail)

    refused = work(alice, mail)
    assert (refused.state, refused.tries) == ("refused", 0)
    assert "looks like spam" in refused.reason
    box.refusals.clear()
    assert work(alice, mail).state == "refused"
    with entered(alice) as actor:
        actions.send_again(actor=actor, mail=refused)
    assert work(alice, mail).state == "sent"
    assert len(box.kept) == 1


def test_who_was_refused_alone_is_named(alice: User, henk: Relation, box: Box, heard: list[events.Event]) -> None:
    box.refusals["gone@x.example"] = "550 5.1.1 unknown"
    mail = write(alice, henk, cc=(Mailbox("gone@x.example"),))
    send(alice, mail)
    sent = work(alice, mail)

    assert sent.state == "sent" and "gone@x.example" in sent.reason and "unknown" in sent.reason
    assert [one.refused for one in heard if isinstance(one, MailSent)] == [("gone@x.example",)]


def test_a_person_decides_about_what_nobody_knows(alice: User, bob: User, henk: Relation, box: Box) -> None:
    box.dies_at = "after_keeping"
    one, other = write(bob, henk), write(bob, henk)
    for mail in (one, other):
        send(bob, mail)
        assert work(bob, mail).state == "uncertain"
    box.dies_at = ""
    with entered(alice) as administrator:
        actions.say_it_arrived(actor=administrator, mail=one)
    with entered(bob) as writer:
        actions.send_again(actor=writer, mail=other)

    assert fresh(bob, one).state == "sent"
    assert work(bob, other).state == "sent"
    assert len({kept.data.split(b"Message-ID: ")[1][:60] for kept in box.kept}) == 2
    assert len(box.kept) == 3


def test_without_a_server_it_stays_here_and_says_so(alice: User, henk: Relation) -> None:
    mail = write(alice, henk)
    send(alice, mail)
    kept = work(alice, mail)

    assert (kept.state, kept.is_sunk, on_timeline(alice, kept)) == ("sent", True, "sunk")
    with entered(alice):
        assert SunkLetter.objects.get().subject == "Offerte"


def test_a_wish_not_to_be_contacted_stops_what_was_waiting(
    alice: User, bob: User, henk: Relation, box: Box, heard: list[events.Event]
) -> None:
    mail = write(bob, henk)
    send(bob, mail)
    with entered(alice) as actor:
        forbid_contact(actor=actor, relation=henk, reason="asked us")

    stopped = work(bob, mail)

    assert stopped.state == "refused" and "asked us" in stopped.reason
    assert box.kept == []
    assert [type(one) for one in heard] == [MailRefused]


def test_a_typed_address_becomes_a_contact_point_of_nobody(alice: User, henk: Relation, box: Box) -> None:
    mail = write(alice, henk, to=(Mailbox("Rik@VanDijk.example", "Rik"),))
    send(alice, mail)
    work(alice, mail)
    with entered(alice):
        point = ContactPoint.objects.get(value="rik@vandijk.example")
        part = Participant.objects.get(contact_point=point)
        assert (part.relation_id, part.heard_name, part.role) == (None, "Rik", "to")


def test_a_writer_who_left_sends_nothing_any_more(alice: User, bob: User, henk: Relation, box: Box) -> None:
    mail = write(bob, henk)
    send(bob, mail)
    ten_seconds_later(bob, mail)
    with entered(alice) as actor:
        here = actor.workspace_id
        with operation("change_seat"):
            Seat.objects.filter(user=bob).update(is_active=False)
    tasks.deliver(workspace=here, user=str(bob.id), mail_id=str(mail.id))

    assert box.kept == []


def test_what_waited_in_a_restored_backup_is_held_back_for_its_writer(
    alice: User, bob: User, henk: Relation, box: Box
) -> None:
    mail = write(alice, henk)
    send(alice, mail)
    with entered(bob) as actor:
        others = actions.hold_back(actor=actor)
    with entered(alice) as actor:
        held = actions.hold_back(actor=actor)

    after = work(alice, mail)

    assert (others, held) == (0, 1)
    assert after.state == "uncertain"
    assert box.kept == []
