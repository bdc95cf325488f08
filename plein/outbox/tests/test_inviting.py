# SPDX-License-Identifier: AGPL-3.0-or-later
"""We invite by mail to an appointment of ours, say what changed, and call off; in time it is taken back."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from plein.api.tests.conftest import Calling, calling
from plein.channels.connectors.mail.invitations import read_invitations
from plein.core.ids import now
from plein.core.operations import CannotUndo, operation, undo
from plein.moments.actions import Part, Plan, cancel_appointment, change_appointment, plan_appointment
from plein.moments.intake.tests.mailboxes import brought_in
from plein.moments.models import Guest, Moment, Participant
from plein.moments.queries import has_untold
from plein.outbox.actions import tell_guests
from plein.outbox.models import Mail
from plein.outbox.refusals import CannotSend
from plein.outbox.tests.conftest import ADDRESS, work
from plein.relations.actions import forbid_contact
from plein.relations.models import ContactPoint, Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_contact_point, make_person
from plein.testing.mail_server import Box
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
over_the_line = pytest.mark.django_db(transaction=True)
type SignIn = Callable[[User], Client]
ME = "alice@plein.example"
SOON = (now() + timedelta(days=9)).replace(hour=9, minute=0, second=0, microsecond=0)


def planned(user: User, *people: Relation, **also: Any) -> Moment:
    with entered(user) as actor:
        facts = {"occurred_at": SOON, "subject": "Plans", "location": "Zwolle", "text": "our notes", **also}
        return plan_appointment(actor=actor, participants=[Part(one.id) for one in people], **facts)


def point(user: User, address: str = ADDRESS) -> UUID:
    with entered(user):
        return ContactPoint.objects.get(value=address).id


def tell(user: User, moment: Moment, *points: UUID, note: str = "") -> UUID:
    with entered(user) as actor:
        return tell_guests(actor=actor, moment=moment, chosen=points, note=note).id


def sent(user: User, box: Box) -> list[Any]:
    """What leaves: the event of each letter, as another calendar reads it."""
    box.kept.clear()
    with entered(user):
        waiting = list(Mail.objects.filter(state="waiting").order_by("id"))
    for one in waiting:
        work(user, one)
    found = []
    for letter in box.kept:
        message = message_from_bytes(letter.data, policy=policy.default)
        [part] = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
        calendar = Calendar.from_ical(part.get_content())
        assert part.get_param("method") == str(calendar["METHOD"])
        found.append((calendar, message.get_body(("plain",)).get_content(), part.get_content(), message["Subject"]))  # type: ignore[union-attr]
    return found


@over_the_line
def test_a_guest_is_invited_once_told_of_a_change_and_called_off(alice: User, henk: Relation, box: Box) -> None:
    moment = planned(alice, henk)
    tell(alice, moment, point(alice), note="See you there")
    [(calendar, text, _raw, subject)] = sent(alice, box)
    [event] = calendar.walk("VEVENT")
    assert (str(calendar["METHOD"]), str(event["UID"]), event["SEQUENCE"]) == ("REQUEST", str(moment.id), 0)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (SOON, SOON + timedelta(hours=1))
    assert str(event["ORGANIZER"]) == f"mailto:{ME}" and str(event["ATTENDEE"]) == f"mailto:{ADDRESS}"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE" and str(event["DESCRIPTION"]) == "See you there"
    assert subject == "Invitation: Plans" and "Zwolle" in text and "our notes" not in text

    with entered(alice) as actor, pytest.raises(CannotSend, match="nothing has changed"):
        tell_guests(actor=actor, moment=moment, chosen=[point(alice)])
    with entered(alice) as actor:
        with operation("test"):
            Participant.objects.filter(relation=henk, moment=moment).update(answer="accepted")
        fresh = Moment.objects.get(id=moment.id)
        later = {"occurred_at": SOON + timedelta(hours=2), "ends_at": SOON + timedelta(hours=3)}
        moment = change_appointment(actor=actor, moment=fresh, changes=later, based_on=fresh.version)
    done = tell(alice, moment, point(alice))
    with entered(alice):
        undo(done)
        assert Participant.objects.get(relation=henk, moment=moment).answer == "accepted"
    tell(alice, moment, point(alice))
    [(calendar, _text, _raw, subject)] = sent(alice, box)
    [event] = calendar.walk("VEVENT")
    assert (event["SEQUENCE"], event["DTSTART"].dt, subject) == (1, later["occurred_at"], "Changed: Plans")
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"

    with entered(alice) as actor:
        cancel_appointment(actor=actor, moment=moment, based_on=Moment.objects.get(id=moment.id).version)
    tell(alice, moment, point(alice))
    [(calendar, _text, _raw, subject)] = sent(alice, box)
    [event] = calendar.walk("VEVENT")
    assert (str(calendar["METHOD"]), event["SEQUENCE"], str(event["STATUS"])) == ("CANCEL", 2, "CANCELLED")
    assert subject == "Cancelled: Plans"


@over_the_line
def test_until_it_leaves_undo_takes_all_of_it_back(alice: User, henk: Relation, box: Box) -> None:
    with entered(alice):
        sanne = make_person("Sanne de Wit", language="nl")
        make_contact_point(sanne, "email", "sanne@dewit.example")
    moment = planned(alice, henk, sanne)
    both = [point(alice), point(alice, "sanne@dewit.example")]
    done = tell(alice, moment, *both)
    with entered(alice):
        assert Mail.objects.count() == Guest.objects.count() == 2
        undo(done)
        assert not Mail.objects.exists() and not Guest.objects.exists()
        assert Moment.objects.get().id == moment.id

    done = tell(alice, moment, *both)
    letters = sent(alice, box)
    assert [str(calendar.walk("VEVENT")[0]["ATTENDEE"]) for calendar, *_rest in letters] == [
        f"mailto:{ADDRESS}",
        "mailto:sanne@dewit.example",
    ]
    assert all("dewit" not in raw.replace("\r\n ", "") for _calendar, _text, raw, _subject in letters[:1])
    with entered(alice), pytest.raises(CannotUndo):
        undo(done)


@pytest.mark.django_db
def test_who_may_not_be_mailed_is_named_and_nobody_is_told(alice: User, henk: Relation, signed_in: SignIn) -> None:
    moment = planned(alice, henk, kind="visit")
    with entered(alice) as actor:
        forbid_contact(actor=actor, relation=henk, reason="asked for rest")
    client = signed_in(alice)
    client.get("/agenda/")
    with within_budget(__file__, "guests"):
        client.get(f"/moments/{moment.id}/guests/")
    page = client.get(f"/moments/{moment.id}/guests/?grounds=1", headers={"HX-Request": "true"}).text
    assert "asked for rest" in page and 'name="guest"' not in page
    answer = client.post(f"/moments/{moment.id}/guests/", {"guest": str(point(alice))})
    assert answer.status_code == 422 and "asked for rest" in answer.text
    with entered(alice):
        assert not Mail.objects.exists() and not Guest.objects.exists()


@over_the_line
def test_a_series_is_one_invitation_that_names_the_days_that_differ(alice: User, henk: Relation, box: Box) -> None:
    moment = planned(alice, henk, plan=Plan(repeat="FREQ=WEEKLY;COUNT=4"))
    tell(alice, moment, point(alice))
    [(calendar, text, _raw, _subject)] = sent(alice, box)
    [event] = calendar.walk("VEVENT")
    assert event["RRULE"].to_ical().decode() == "FREQ=WEEKLY;COUNT=4" and "4 times" in text
    assert calendar.walk("VTIMEZONE")
    uid = str(event["UID"])

    with entered(alice) as actor:
        second, third = Moment.objects.filter(kind="meeting").order_by("occurred_at")[1:3]
        starts = second.occurred_at + timedelta(hours=3)
        later = {"occurred_at": starts, "ends_at": starts + timedelta(hours=1)}
        change_appointment(actor=actor, moment=second, changes=later, based_on=second.version)
        cancel_appointment(actor=actor, moment=third, based_on=third.version)
    tell(alice, third, point(alice))
    [(calendar, text, raw, _subject)] = sent(alice, box)
    master, other = calendar.walk("VEVENT")
    assert (str(other["UID"]), other["SEQUENCE"], other["DTSTART"].dt) == (uid, 1, later["occurred_at"])
    assert other["RECURRENCE-ID"].dt == second.occurred_at
    assert [one.dt for one in master["EXDATE"].dts] == [third.occurred_at]
    assert "Instead of" in text and "Not on" in text
    heard, defect = read_invitations(raw, "REQUEST")
    assert not defect and [one.uid for one in heard] == [uid, uid]


@over_the_line
def test_the_pages_lead_there_and_what_guests_expect_is_not_simply_removed(
    alice: User, henk: Relation, box: Box, tmp_path: Path, signed_in: SignIn
) -> None:
    client, day = signed_in(alice), SOON.date()
    wish = {"title": "Intake", "kind": "meeting", "occurred_at": f"{day}T10:00", "ends_at": f"{day}T11:00"}
    wish |= {"with": str(henk.id), "circle": "everyone", "invites": "on", "location": "Zwolle"}
    with entered(alice):
        assert not Moment.objects.exists()
    there = client.post("/appointments/new", wish).headers["Location"]
    with entered(alice):
        moment = Moment.objects.get()
    assert there == f"/moments/{moment.id}/guests/"
    assert "not invited" in client.get(there).text
    assert client.post(there, {"guest": str(point(alice)), "note": ""}).status_code == 302
    assert len(sent(alice, box)) == 1
    assert f"{there}?card=1" in client.get(f"/moments/{moment.id}/").text
    assert "invited" in client.get(f"{there}?card=1", headers={"HX-Request": "true"}).text

    answer = reply(str(moment.id), ADDRESS, "ACCEPTED")
    (tmp_path / "answer.mbox").write_text(answer + reply(str(moment.id), ADDRESS, "", method="REQUEST", day=9))
    brought_in(alice, tmp_path / "answer.mbox")
    with entered(alice):
        assert Participant.objects.get(contact_point__value=ADDRESS, moment=moment).answer == "accepted"
        assert Moment.objects.filter(kind="meeting").get().occurred_at == moment.occurred_at

    here = timezone.localtime(moment.occurred_at) + timedelta(hours=1)
    moved = {"id": str(moment.id), "kind": "appointment", "start": f"{here:%Y-%m-%dT%H:%M:%S}"}
    moved |= {"end": f"{here + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}", "version": str(moment.version)}
    said = client.post("/agenda/move", moved).json()
    assert "guests do not know yet" in said["text"] and said["href"] == there

    client.post(f"/moments/{moment.id}/delete")
    with entered(alice):
        assert Moment.objects.filter(id=moment.id).exists()
        version = Moment.objects.get(id=moment.id).version
    assert client.post(f"/moments/{moment.id}/cancel", {"version": version}).headers["Location"] == there
    assert "does not know it is off" in client.get(there).text


@pytest.mark.django_db
def test_a_program_invites_and_takes_it_back(alice: User, henk: Relation, calling: Calling) -> None:
    moment, caller = planned(alice, henk), calling(alice, "all")
    place = f"/moments/{moment.id}/guests"
    assert caller.send("POST", place, json={"guests": [str(henk.id)]}).status_code == 422
    done = caller.send("POST", place, json={"guests": [str(point(alice))], "note": "Tot dan"})
    assert [one["to"] for one in done.json()["items"]] == [[["Henk van Dijk", ADDRESS]]]
    assert [one["standing"] for one in caller.read(place)["items"]] == ["told"]
    caller.write("POST", f"/operations/{done.headers['Plein-Operation']}/undo")
    assert [one["standing"] for one in caller.read(place)["items"]] == ["new"]
    assert calling(alice).send("POST", place, json={"guests": [str(point(alice))]}).status_code == 403


def reply(uid: str, address: str, answer: str, *, method: str = "REPLY", day: int = 3) -> str:
    """A mail of a guest about what we invited them to."""
    return f"""From x@y Thu Jan  1 00:00:00 2026
From: {address}
To: {ME}
Subject: Re
Date: {day} Mar 2026 09:00:00 +0000
Message-ID: <{method}{day}@x>
Content-Type: text/calendar; method={method}; charset=utf-8

BEGIN:VCALENDAR
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:{uid}
SEQUENCE:7
DTSTART:20300101T100000Z
ORGANIZER:mailto:{ME}
ATTENDEE;PARTSTAT={answer or "NEEDS-ACTION"}:mailto:{address}
END:VEVENT
END:VCALENDAR

"""


@over_the_line
def test_what_follows_becomes_a_series_of_its_own_and_the_end_of_the_old_is_told(
    alice: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    moment = planned(alice, henk, plan=Plan(repeat="FREQ=WEEKLY"))
    tell(alice, moment, point(alice))
    sent(alice, box)
    with entered(alice):
        first, second = Moment.objects.filter(kind="meeting").order_by("occurred_at")[:2]
    day = timezone.localtime(second.occurred_at)
    wish = {"version": second.version, "title": "Plans", "kind": "meeting", "scope": "following", "repeat": "weekly"}
    wish |= {"occurred_at": f"{day:%Y-%m-%dT15:00}", "ends_at": f"{day:%Y-%m-%dT16:00}", "with": str(henk.id)}
    wish |= {"repeat_interval": "1", "repeat_days": day.strftime("%a").upper()[:2]}
    there = signed_in(alice).post(f"/appointments/{second.id}/", wish).headers["Location"]

    assert there == f"/moments/{first.id}/guests/"
    tell(alice, first, point(alice))
    [(calendar, _text, _raw, _subject)] = sent(alice, box)
    assert calendar.walk("VEVENT")[0]["RRULE"]["UNTIL"] and calendar.walk("VEVENT")[0]["SEQUENCE"] == 1
    tell(alice, second, point(alice))
    [(calendar, _text, _raw, subject)] = sent(alice, box)
    assert subject == "Invitation: Plans" and calendar.walk("VEVENT")[0]["SEQUENCE"] == 0


@over_the_line
def test_a_series_that_does_not_repeat_any_more_is_one_appointment_for_its_guests(
    alice: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    moment = planned(alice, henk, plan=Plan(repeat="FREQ=WEEKLY"))
    tell(alice, moment, point(alice))
    [(calendar, *_rest)] = sent(alice, box)
    uid = str(calendar.walk("VEVENT")[0]["UID"])
    with entered(alice):
        version = Moment.objects.get(id=moment.id).version
    day = timezone.localtime(SOON)
    wish = {"version": version, "title": "Plans", "kind": "meeting", "scope": "all", "repeat": ""}
    wish |= {"occurred_at": f"{day:%Y-%m-%dT%H:%M}", "ends_at": f"{day + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    answer = signed_in(alice).post(f"/appointments/{moment.id}/", wish | {"with": str(henk.id)})

    assert answer.headers["Location"] == f"/moments/{moment.id}/guests/"
    with entered(alice):
        assert Moment.objects.filter(kind="meeting").count() == 1
    tell(alice, moment, point(alice))
    [(calendar, _text, _raw, subject)] = sent(alice, box)
    [event] = calendar.walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"], "RRULE" in event, subject) == (uid, 1, False, "Changed: Plans")
    assert event["DTSTART"].dt == SOON


@over_the_line
def test_who_is_taken_off_one_day_of_a_series_is_told_of_that_day(alice: User, henk: Relation, box: Box) -> None:
    moment = planned(alice, henk, plan=Plan(repeat="FREQ=WEEKLY"))
    tell(alice, moment, point(alice))
    sent(alice, box)
    with entered(alice) as actor:
        second, third = Moment.objects.filter(kind="meeting").order_by("occurred_at")[1:3]
        with operation("test"):
            Participant.objects.filter(relation=henk).update(answer="accepted")
        change_appointment(actor=actor, moment=second, changes={}, based_on=second.version, participants=[])
        assert has_untold(second.id)
    tell(alice, moment, point(alice))
    [(calendar, text, _raw, subject)] = sent(alice, box)
    [event] = calendar.walk("VEVENT")
    assert (str(calendar["METHOD"]), event["SEQUENCE"], subject) == ("CANCEL", 1, "Without you: Plans")
    assert event["RECURRENCE-ID"].dt == event["DTSTART"].dt == second.occurred_at
    assert "RRULE" not in event and "need not come to Plans on these days" in text and "can answer" not in text
    with entered(alice) as actor:
        assert not has_untold(moment.id)
        assert Participant.objects.get(relation=henk, moment=third).answer == "accepted"
        # Of anything more the whole is told, without the day.
        change_appointment(actor=actor, moment=third, changes={"title": "Other"}, based_on=third.version)
    tell(alice, moment, point(alice))
    [(calendar, _text, _raw, _subject)] = sent(alice, box)
    master, other = calendar.walk("VEVENT")
    assert (str(calendar["METHOD"]), master["SEQUENCE"], str(other["SUMMARY"])) == ("REQUEST", 2, "Other")
    assert [one.dt for one in master["EXDATE"].dts] == [second.occurred_at]
    with entered(alice) as actor:
        fresh = Moment.objects.get(id=second.id)
        change_appointment(actor=actor, moment=fresh, changes={}, based_on=fresh.version, participants=[henk.id])
    tell(alice, moment, point(alice))
    [(calendar, _text, _raw, _subject)] = sent(alice, box)
    assert str(calendar["METHOD"]) == "REQUEST" and "EXDATE" not in calendar.walk("VEVENT")[0]


@pytest.mark.django_db
def test_a_program_plans_and_invites_in_one_and_takes_both_back(alice: User, henk: Relation, calling: Calling) -> None:
    caller = calling(alice, "all")
    wish = {"kind": "meeting", "relation": str(henk.id), "subject": "Plans", "occurred_at": SOON.isoformat()}
    plain = caller.send("POST", "/appointments", json=wish).json()
    assert [one["standing"] for one in caller.read(f"/moments/{plain['id']}/guests")["items"]] == ["new"]
    made = caller.send("POST", "/appointments", json=wish | {"invite": True})
    place = f"/moments/{made.json()['id']}/guests"
    assert [one["standing"] for one in caller.read(place)["items"]] == ["told"]
    later = {"version": made.json()["version"], "occurred_at": (SOON + timedelta(hours=2)).isoformat()}
    later |= {"ends_at": (SOON + timedelta(hours=3)).isoformat()}
    path = f"/appointments/{made.json()['id']}"
    moved = caller.send("PATCH", path, json=later | {"invite": True})
    assert moved.status_code == 200
    with entered(alice):
        assert Mail.objects.count() == 2
    caller.write("POST", f"/operations/{moved.headers['Plein-Operation']}/undo")
    assert [one["standing"] for one in caller.read(place)["items"]] == ["told"]
    caller.write("POST", f"/operations/{made.headers['Plein-Operation']}/undo")
    with entered(alice) as actor:
        assert not Mail.objects.exists() and not Guest.objects.exists()
        forbid_contact(actor=actor, relation=henk, reason="asked for rest")
    refused = caller.send("POST", "/appointments", json=wish | {"invite": True})
    assert refused.status_code >= 400 and "asked for rest" in refused.text
    with entered(alice):
        assert Moment.objects.filter(kind="meeting").count() == 1
