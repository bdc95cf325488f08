# SPDX-License-Identifier: AGPL-3.0-or-later
"""Connections as they are used: chosen first, visited, interrupted, stopped and turned back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from plein.channels.actions import (
    HearingWishes,
    add_connection,
    close_drop_box,
    look_into,
    open_drop_box,
    pause_connection,
    remove_connection,
    resume_connection,
    set_connection,
)
from plein.channels.base import Address, Edited, Follow, Gone, Message
from plein.channels.connecting import NotUsable
from plein.channels.connectors.imap.connector import Imap
from plein.channels.connectors.posts import Post as Said
from plein.channels.connectors.posts import message_of
from plein.channels.models import Connection, ConnectionProblem
from plein.core.ids import now
from plein.core.models import Change
from plein.core.operations import operation, undo
from plein.moments.actions import begin_hearing
from plein.moments.hearing import visitor as module
from plein.moments.hearing.backing_off import pause_after
from plein.moments.hearing.lease import HEARINGS, AtWork
from plein.moments.hearing.storing import Storing
from plein.moments.hearing.visitor import Visitor
from plein.moments.intake.tests.mailboxes import HENK, Mail, row_counts
from plein.moments.models import Gives, Moment, MomentSource, MomentText
from plein.moments.queries.hearing import due_connections
from plein.moments.vocabulary import MomentKind
from plein.notifications.tests.at_work import told, waiting, work
from plein.relations.actions.colleagues import keep_colleague
from plein.relations.models import ContactPoint, ContactPointLink, Relation, Tie
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.testing.imap import Box, Post, imap_server
from plein.trust import secret_box
from plein.trust.events import SeatGiven
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)


def mail(number: int, **more: Any) -> bytes:
    return (
        Mail(id=f"{number}@x", text=f"Text {number}", day=1 + number % 28, **more)
        .lines()
        .replace("\n", "\r\n")
        .encode()
    )


@pytest.fixture
def post() -> Post:
    made = Post(boxes={"INBOX": Box(), "Sent": Box("\\Sent")})
    for number in range(6):
        made.boxes["INBOX"].add(mail(number))
    made.boxes["Sent"].add(mail(20, sender="Alice <alice@plein.example>", to=HENK))
    return made


@pytest.fixture
def port(post: Post) -> Iterator[int]:
    with imap_server(post) as port:
        yield port


def added(user: User, port: int, **more: Any) -> Connection:
    """An account that was noted; nothing is fetched yet."""
    settings = {"host": "127.0.0.1", "port": port, "security": "none", "user_name": "alice@plein.example",
                "password": "secret"}  # fmt: skip
    with entered(user) as actor:
        return add_connection(actor=actor, connector="imap", name="Mine", settings=settings | more, is_inside=True)


def begun(user: User, port: int, gives: str = Gives.EVERYTHING, **wishes: Any) -> Connection:
    """An account that is listened to."""
    made = added(user, port)
    with entered(user) as actor:
        look_into(actor=actor, connection=made)
        return begin_hearing(
            actor=actor, connection=made, wishes=HearingWishes(**({"policy": "answered"} | wishes)), gives=gives
        )


def visit(user: User, connection: Connection) -> Connection:
    Visitor(user, connection.workspace_id, connection.id).visit()
    with entered(user):
        return Connection.objects.get(id=connection.id)


def test_nothing_is_fetched_before_it_was_chosen_and_the_password_is_in_the_box(cast: Cast, port: int) -> None:
    made = added(cast.alice, port)

    visit(cast.alice, made)

    with entered(cast.alice):
        assert "secret" not in str(Connection.objects.values().get())
        assert secret_box.get(f"connection {made.id}") == '{"password": "secret", "access_token": ""}'
        assert not Moment.objects.filter(kind=MomentKind.EMAIL).exists()
    with entered(cast.bob):
        assert not Connection.objects.exists()


def test_mail_is_heard_once_and_whom_we_wrote_to_becomes_a_person(cast: Cast, post: Post, port: int) -> None:
    connection = begun(cast.alice, port)
    with entered(cast.alice):
        assert Connection.objects.get().preview["counts"] == {"INBOX": 6, "Sent": 1}
    assert (connection.workspace_id, cast.alice.id, connection.id) in due_connections()

    after = visit(cast.alice, connection)
    again = visit(cast.alice, connection)
    post.deliver(mail(7))
    visit(cast.alice, connection)

    assert (after.counts["imported"], after.problem, after.failures) == (7, "", 0)
    assert again.counts == after.counts
    assert again.succeeded_at
    with entered(cast.alice):
        assert Moment.objects.filter(kind=MomentKind.EMAIL).count() == 8
        henk = Relation.objects.get(name="Henk van Dijk")
        assert henk.kind == "person"
    assert not [one for one in due_connections() if one[2] == connection.id]


def test_a_place_that_moves_where_nothing_was_heard_is_kept(
    cast: Cast, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = begun(cast.alice, port)
    monkeypatch.setattr(Imap, "fetch", lambda _self, _visit: iter([("here", None), ("there", None)]))

    after = visit(cast.alice, connection)

    assert (after.cursor, after.problem, after.counts, after.operation_id) == ("there", "", {}, None)
    assert after.succeeded_at


def test_colleagues_get_what_the_owner_chose(cast: Cast, port: int) -> None:
    visit(cast.alice, begun(cast.alice, port, gives=Gives.SUBJECT, circle="everyone"))

    with entered(cast.bob):
        assert Moment.objects.filter(kind=MomentKind.EMAIL).count() == 7
        assert not MomentText.objects.filter(moment__kind=MomentKind.EMAIL).exists()


def test_a_day_of_hearing_is_turned_back_whole(cast: Cast, port: int) -> None:
    connection = begun(cast.alice, port)
    before = row_counts(cast.alice)
    heard = visit(cast.alice, connection)

    with entered(cast.alice):
        assert heard.operation_id
        undo(heard.operation_id)
    assert row_counts(cast.alice) == before


def test_a_line_that_breaks_is_tried_again_later_and_nothing_comes_twice(cast: Cast, post: Post, port: int) -> None:
    connection = begun(cast.alice, port)
    post.drop_after = 3
    broken = visit(cast.alice, connection)

    assert (broken.state, broken.failures) == ("active", 1)
    assert broken.problem
    assert broken.next_try_at is not None
    assert broken.next_try_at > now() + timedelta(seconds=15)

    mended = visit(cast.alice, connection)
    assert (mended.problem, mended.failures) == ("", 0)
    with entered(cast.alice):
        assert MomentSource.objects.filter(import_id=connection.id).count() == 7


def test_a_refused_password_stops_it_until_its_owner_writes_another(cast: Cast, post: Post, port: int) -> None:
    connection = begun(cast.alice, port)
    post.password = "other"  # noqa: S105 — of an account in memory
    stopped = visit(cast.alice, connection)
    assert (stopped.state, "password" in stopped.problem) == ("stopped", True)
    visit(cast.alice, connection)
    assert work() == 1
    assert told(cast.alice) == ["Mine is no longer listened to: it needs you"]
    assert told(cast.bob) == []

    with entered(cast.alice) as actor:
        with pytest.raises(NotUsable):
            set_connection(actor=actor, connection=stopped, settings={"host": "mail.evil.example"}, name="")
        set_connection(actor=actor, connection=stopped, settings={"password": "other"}, name="")
        resume_connection(actor=actor, connection=stopped)
    assert visit(cast.alice, connection).counts["imported"] == 7


def test_one_worker_at_a_time(cast: Cast, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = begun(cast.alice, port)

    monkeypatch.setattr("plein.core.leases.this_process", lambda: "elsewhere:1")
    with entered(cast.alice):
        assert HEARINGS.take(connection.id, "")
    monkeypatch.setattr("plein.core.leases.this_process", lambda: "here:2")
    with pytest.raises(AtWork):
        visit(cast.alice, connection)


def test_a_worker_that_was_overtaken_writes_nothing(
    cast: Cast, post: Post, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = begun(cast.alice, port)
    listen = module.Visitor._listen

    def overtaken(self: Visitor, found: Connection) -> None:
        with entered(cast.alice) as actor:
            pause_connection(actor=actor, connection=found)
        listen(self, found)

    monkeypatch.setattr(Visitor, "_listen", overtaken)
    visit(cast.alice, connection)
    with entered(cast.alice):
        assert not Moment.objects.filter(kind=MomentKind.EMAIL).exists()

    with entered(cast.alice) as actor:
        resume_connection(actor=actor, connection=connection)
    post.password = "other"  # noqa: S105 — of an account in memory
    overtaken_then_refused = visit(cast.alice, connection)
    assert (overtaken_then_refused.state, overtaken_then_refused.problem) == ("paused", "")
    assert waiting() == []


def test_what_is_taken_away_at_its_source_stays_and_says_so(cast: Cast, port: int) -> None:
    connection = visit(cast.alice, begun(cast.alice, port))
    with entered(cast.alice) as actor, operation("hear"):
        Storing(connection, actor).store([Gone("1@x"), Gone("unknown@x")])

    with entered(cast.alice):
        assert MomentSource.objects.get(external_id="1@x").gone_at
        assert MomentText.objects.filter(text__contains="Text 1").exists()


def test_who_follows_the_account_becomes_a_tie_of_its_owner(cast: Cast, port: int) -> None:
    connection = added(cast.alice, port)
    with entered(cast.alice) as actor:
        keep_colleague(SeatGiven(actor.seat_id))
    connection.connector, connection.account = "mastodon", "alice@toot.example"
    ann, me = (Address("from", name, f"{name}@toot.example", "handle", "mastodon") for name in ("ann", "alice"))
    with entered(cast.alice) as actor, operation("hear"):
        point = ContactPoint.objects.create(kind="handle", network="mastodon", value=ann.address)
        ContactPointLink.objects.create(contact_point=point, relation=make_person("Ann Bos"))
        heard = [Follow("1", ann, me, "mastodon")]
        Storing(connection, actor).store(heard)
        Storing(connection, actor).store(heard)
        assert [tie.kind for tie in Tie.objects.filter(one__name="Ann Bos")] == ["follows"]
        over = Follow("1", ann, me, "mastodon", is_over=True)
        Storing(connection, actor).store([over])
        ended = Tie.objects.get(one__name="Ann Bos")
        assert ended.ends_on == timezone.localdate(now())
        Storing(connection, actor).store(heard)
        assert [tie.ends_on for tie in Tie.objects.filter(one__name="Ann Bos").order_by("id")] == [ended.ends_on, None]


def test_what_its_writer_edits_keeps_its_earlier_text_and_nobody_else_edits_it(cast: Cast, port: int) -> None:
    connection = added(cast.alice, port)
    ann, eve = (Address("from", name, f"{name}@toot.example", "handle", "mastodon") for name in ("ann", "eve"))

    def said(text: str, who: Address = ann) -> Message:
        return message_of(Said("https://toot.example/1", who, now(), text=text))

    with entered(cast.alice) as actor, operation("hear") as done:
        for heard in (said("First"), said("Second"), Edited(said("Third")), Edited(said("Forged", eve))):
            Storing(connection, actor).store([heard])
        [text] = MomentText.objects.filter(text__in=["First", "Second", "Third", "Forged"])
        assert text.text == "Third"
        before = Change.objects.filter(operation_id=done.id, table_name="moments_text", kind="U").order_by("id")
        assert [one.before and one.before["text"] for one in before] == ["First", "Second"]
        Storing(connection, actor).store([Edited(replace(said("New"), external_id="https://toot.example/2"))])
        assert not MomentText.objects.filter(text="New").exists(), "what is not here any more stays away"


def test_what_is_forwarded_to_the_drop_box_is_the_mail_it_was(cast: Cast, post: Post, port: int) -> None:
    connection = begun(cast.alice, port, policy="everyone")
    with entered(cast.alice) as actor:
        drop = open_drop_box(actor=actor, connection=connection)
        assert drop.startswith("alice+drop-") and drop.endswith("@plein.example")
    head = f"From: Alice <alice@plein.example>\r\nTo: {drop}\r\nDate: Tue, 3 Mar 2026 08:00:00 +0000\r\n"
    quoted = (
        "Message-ID: <f1@x>\r\nSubject: Fwd: Het dak\r\n\r\nTer info\r\n\r\n---------- Forwarded message ---------\r\n"
        "From: Ann Bos <ann@bos.example>\r\nDate: Sun, Mar 1, 2026 at 9:05 AM\r\nSubject: Het dak\r\n"
        "To: Alice <alice@elsewhere.example>\r\n\r\nHet lekt.\r\n"
    )
    attached = (
        "Message-ID: <f2@x>\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\n\r\nZie\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Wim <wim@wim.example>\r\n"
        "To: alice@plein.example\r\nDate: Sat, 28 Feb 2026 10:00:00 +0000\r\nMessage-ID: <old@wim>\r\n"
        "Subject: Oud\r\n\r\nVan toen\r\n--b--\r\n"
    )
    for rest in (quoted, quoted.replace("f1@x", "f3@x"), attached):
        post.boxes["INBOX"].add((head + rest).encode())
    copy = (
        head.replace(f"To: {drop}", "To: henk@dijk.example")
        + f"Delivered-To: {drop}\r\nMessage-ID: <f4@x>\r\n\r\nKopie\r\n"
    )
    post.boxes["INBOX"].add(copy.encode())
    visit(cast.alice, connection)

    with entered(cast.alice) as actor:
        assert not ContactPoint.objects.filter(value__contains="+drop-").exists()
        forwarded = Moment.objects.get(subjects__title="Het dak")
        assert (forwarded.direction, forwarded.occurred_at.isoformat()) == ("inbound", "2026-03-01T09:05:00+00:00")
        assert forwarded.texts.get().text == "Het lekt."
        old = Moment.objects.get(sources__external_id="old@wim")
        assert (old.direction, old.occurred_at.day) == ("inbound", 28)
        assert Moment.objects.get(sources__external_id="f4@x").direction == "outbound"

        close_drop_box(actor=actor, connection=connection)
    post.boxes["INBOX"].add((head + quoted.replace("f1@x", "f5@x")).encode())
    visit(cast.alice, connection)
    with entered(cast.alice):
        assert MomentSource.objects.filter(external_id="f5@x").exists(), "a mail as any other"


def test_removing_keeps_people_and_history_and_forgets_the_password(cast: Cast, port: int) -> None:
    connection = visit(cast.alice, begun(cast.alice, port))
    with entered(cast.alice) as actor:
        remove_connection(actor=actor, connection=connection)

    with entered(cast.alice):
        assert not Connection.objects.exists()
        assert not ConnectionProblem.objects.exists()
        assert secret_box.get(f"connection {connection.id}") is None
        assert Moment.objects.filter(kind=MomentKind.EMAIL).count() == 7


def test_it_waits_longer_each_time_and_as_long_as_it_was_asked() -> None:
    waits = [pause_after(failures).total_seconds() for failures in range(1, 15)]
    assert 20 < waits[0] < 40
    assert max(waits) <= 3600 * 1.25
    assert waits[6] > waits[2]
    assert pause_after(1, retry_after=500).total_seconds() >= 500
    assert pause_after(1, retry_after=10**9) == timedelta(days=1)
