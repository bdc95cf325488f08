# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import UTC, datetime, timedelta

from plein.core.ids import now
from plein.core.models import Operation
from plein.dav.tests.phone import AGENDA, SPACES, TODOS, event, phone_of, todo
from plein.moments.actions import (
    Part,
    Plan,
    cancel_appointment,
    change_appointment,
    edit_moment,
    plan_appointment,
    tick_todo,
)
from plein.moments.models import Moment, MomentSubject, Participant, Planning, ToDo
from plein.relations.actions import add_contact_point
from plein.testing.factories import make_person
from plein.trust.actions import undo_operation
from plein.trust.models import User
from plein.trust.seats import entered

VISIT = event(
    "Visit",
    "v1",
    "LOCATION:Zwolle",
    "DESCRIPTION:Bring the plans\\, all of them",
    "X-ODD;A=b:kept",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "TRIGGER:-PT15M",
    "DESCRIPTION:Alarm",
    "END:VALARM",
)
#: Days of a series are made for a year ahead; these are so far ahead that they are still to come.
DAYS = [(now() + timedelta(days=30 + 7 * place)).strftime("%Y%m%d") for place in range(5)]
WEEKLY = event(
    "Weekly",
    "w1",
    "RRULE:FREQ=WEEKLY;COUNT=5",
    f"EXDATE:{DAYS[2]}T090000Z",
    starts=f"{DAYS[0]}T090000Z",
    ends=f"{DAYS[0]}T100000Z",
)


def lines(text: str) -> list[str]:
    return sorted(one for one in text.replace("\r\n ", "").split("\r\n") if one)


def test_an_event_becomes_an_appointment_and_comes_back_as_it_was(bob: User) -> None:
    with entered(bob) as actor:
        anna = make_person("Anna Bos")
        add_contact_point(actor=actor, relation=anna, text="anna@bos.example")
    phone = phone_of(bob)
    sent = VISIT.replace("SUMMARY", "ATTENDEE;CN=Anna:mailto:anna@bos.example\r\nSUMMARY")

    assert phone.put(f"{AGENDA}v.ics", sent, if_none_match="*").status_code == 201
    assert lines(phone.get(f"{AGENDA}v.ics").text) == lines(sent)
    with entered(bob):
        moment = Moment.objects.get()
        assert (moment.kind, moment.state) == ("meeting", "planned")
        assert moment.occurred_at == datetime(2030, 1, 5, 9, tzinfo=UTC)
        subject = MomentSubject.objects.get()
        assert (subject.title, subject.location) == ("Visit", "Zwolle")
        assert Participant.objects.filter(relation=anna).count() == 1


def test_what_either_side_changes_reaches_the_other(bob: User) -> None:
    phone = phone_of(bob)
    phone.put(f"{AGENDA}v.ics", VISIT)
    with entered(bob) as actor:
        moment = Moment.objects.get()
        changes = {"title": "Tour", "ends_at": moment.ends_at + timedelta(hours=1)}  # type: ignore[operator]
        edit_moment(actor=actor, moment=moment, changes=changes, based_on=moment.version)

    expected = VISIT.replace("SUMMARY:Visit", "SUMMARY:Tour").replace(
        "DTEND:20300105T100000Z", "DTEND:20300105T110000Z"
    )
    shown = phone.get(f"{AGENDA}v.ics")
    assert lines(shown.text) == lines(expected)
    moved = shown.text.replace("20300105T", "20300106T").replace("X-ODD;A=b:kept", "X-ODD:other")
    assert phone.put(f"{AGENDA}v.ics", moved, if_match=shown["ETag"]).status_code == 204
    assert lines(phone.get(f"{AGENDA}v.ics").text) == lines(moved)
    with entered(bob) as actor:
        assert Moment.objects.get().occurred_at == datetime(2030, 1, 6, 9, tzinfo=UTC)
        last = Operation.objects.filter(verb="change_from_device").get()
        undo_operation(actor=actor, operation_id=last.id)
    assert "DTSTART:20300105T090000Z" in phone.get(f"{AGENDA}v.ics").text


def test_a_series_is_one_event_there_and_many_appointments_here(bob: User) -> None:
    phone = phone_of(bob)
    phone.put(f"{AGENDA}w.ics", WEEKLY)

    assert list(phone.etags(AGENDA)) == [f"{AGENDA}w.ics"]
    assert lines(phone.get(f"{AGENDA}w.ics").text) == lines(WEEKLY)
    with entered(bob) as actor:
        rows = Planning.objects.order_by("slot").select_related("moment")
        assert [one.moment.state for one in rows] == ["planned", "planned", "cancelled", "planned", "planned"]
        second, last = rows[1].moment, rows[4].moment
        cancel_appointment(actor=actor, moment=last, based_on=last.version)
        later = {"occurred_at": second.occurred_at + timedelta(hours=3), "is_all_day": False}
        change_appointment(actor=actor, moment=second, changes=later, based_on=second.version)
    text = phone.get(f"{AGENDA}w.ics").text
    assert f"EXDATE:{DAYS[4]}T090000Z" in text
    assert f"RECURRENCE-ID:{DAYS[1]}T090000Z" in text and f"DTSTART:{DAYS[1]}T120000Z" in text


def test_only_one_time_of_a_series_moves_from_a_device(bob: User) -> None:
    phone = phone_of(bob)
    phone.put(f"{AGENDA}w.ics", WEEKLY)
    at = {"starts": f"{DAYS[1]}T130000Z", "ends": f"{DAYS[1]}T140000Z"}
    other = event("Weekly, later", "w1", f"RECURRENCE-ID:{DAYS[1]}T090000Z", **at)
    part = other[other.index("BEGIN:VEVENT") : other.index("END:VCALENDAR")]
    changed = WEEKLY.replace("END:VCALENDAR", part + "END:VCALENDAR").replace(
        f"EXDATE:{DAYS[2]}T090000Z", f"EXDATE:{DAYS[2]}T090000Z\r\nEXDATE:{DAYS[3]}T090000Z"
    )
    assert phone.put(f"{AGENDA}w.ics", changed).status_code == 204

    assert lines(phone.get(f"{AGENDA}w.ics").text) == lines(changed)
    with entered(bob):
        rows = [one.moment for one in Planning.objects.order_by("slot").select_related("moment")]
        assert rows[1].occurred_at.strftime("%Y%m%dT%H%M%S") == f"{DAYS[1]}T130000"
        assert [one.state for one in rows] == ["planned", "planned", "cancelled", "cancelled", "planned"]
    assert phone.ask("DELETE", f"{AGENDA}w.ics").status_code == 204
    assert phone.etags(AGENDA) == {}
    with entered(bob):
        assert not Moment.objects.filter(state="planned").exists()


def test_deleting_cancels_what_is_to_come_and_leaves_what_was(bob: User, alice: User) -> None:
    phone = phone_of(bob)
    phone.put(f"{AGENDA}v.ics", VISIT)
    phone.put(f"{AGENDA}old.ics", event("Old", starts="20200105T090000Z", ends="20200105T100000Z"))
    _there, _gone, token = phone.sync(AGENDA)

    assert {phone.ask("DELETE", f"{AGENDA}{name}.ics").status_code for name in ("v", "old")} == {204}
    assert phone.sync(AGENDA, token)[1] == {f"{AGENDA}v.ics", f"{AGENDA}old.ics"}
    with entered(bob):
        assert set(Moment.objects.values_list("state", flat=True)) == {"cancelled", "done"}


def test_days_and_times_are_those_of_the_reader(bob: User) -> None:
    phone = phone_of(bob)
    day = VISIT.replace("DTSTART:20300105T090000Z", "DTSTART;VALUE=DATE:20300105").replace(
        "DTEND:20300105T100000Z", "DTEND;VALUE=DATE:20300107"
    )
    floating = event("Lunch", "l", starts="20300105T120000", ends="20300105T130000")
    phone.put(f"{AGENDA}day.ics", day)
    phone.put(f"{AGENDA}lunch.ics", floating)
    with entered(bob):
        days = Moment.objects.get(is_all_day=True)
        assert (days.occurred_at, days.ends_at) == (
            datetime(2030, 1, 4, 23, tzinfo=UTC),
            datetime(2030, 1, 5, 23, tzinfo=UTC),
        )
        assert Moment.objects.get(is_all_day=False).occurred_at == datetime(2030, 1, 5, 11, tzinfo=UTC)
    assert lines(phone.get(f"{AGENDA}day.ics").text) == lines(day)


def test_an_agenda_is_that_of_its_owner(bob: User, alice: User) -> None:
    tomorrow = now() + timedelta(days=1)
    with entered(alice) as actor:
        anna = make_person("Anna Bos")
        plan_appointment(actor=actor, occurred_at=tomorrow, participants=[Part(anna.id)], subject="Hers")
    with entered(bob) as actor:
        plan = Plan(repeat="FREQ=DAILY;COUNT=2")
        own = plan_appointment(actor=actor, occurred_at=tomorrow, participants=[Part(anna.id)], plan=plan)
    phone, address = phone_of(bob), f"{AGENDA}{own.id}.ics"

    found = phone.etags(AGENDA)
    assert len(found) == 2 and address in found
    one = phone.get(address)
    assert "SUMMARY:Anna Bos" in one.text and one["ETag"] == found[address]
    assert phone.put(address, one.text.replace("Anna Bos", "Tour"), if_match=one["ETag"]).status_code == 204
    assert len(phone.etags(AGENDA)) == 2
    theirs = next(iter(phone_of(alice).etags(AGENDA)))
    assert phone.get(theirs).status_code == 404 and phone.ask("DELETE", theirs).status_code == 404


def test_a_stretch_of_time_is_found_with_the_times_of_a_series(bob: User) -> None:
    phone = phone_of(bob)
    phone.put(f"{AGENDA}v.ics", VISIT)
    phone.put(f"{AGENDA}w.ics", WEEKLY)

    def between(start: str, end: str) -> set[str]:
        body = (
            f'<cal:calendar-query {SPACES}><prop><getetag/></prop><cal:filter><cal:comp-filter name="VCALENDAR">'
            f'<cal:comp-filter name="VEVENT"><cal:time-range start="{start}" end="{end}"/></cal:comp-filter>'
            "</cal:comp-filter></cal:filter></cal:calendar-query>"
        )
        text = phone.ask("REPORT", AGENDA, body).content.decode()
        return {name for name in ("v.ics", "w.ics") if name in text}

    assert between("20300105T000000Z", "20300106T000000Z") == {"v.ics"}
    assert between(f"{DAYS[3]}T000000Z", f"{DAYS[3]}T230000Z") == {"w.ics"}
    assert between(f"{DAYS[2]}T000000Z", f"{DAYS[2]}T230000Z") == set()


def test_to_dos_come_and_go(bob: User) -> None:
    phone = phone_of(bob)
    sent = todo(
        "Call Anna", "t1", "DUE;VALUE=DATE:20300105", "DESCRIPTION:About the fence", "PRIORITY:5", "STATUS:NEEDS-ACTION"
    )

    assert phone.put(f"{TODOS}t.ics", sent).status_code == 201
    assert lines(phone.get(f"{TODOS}t.ics").text) == lines(sent)
    with entered(bob) as actor:
        one = ToDo.objects.get()
        assert (one.title, str(one.due_on), one.note) == ("Call Anna", "2030-01-05", "About the fence")
        tick_todo(actor=actor, todo=one)
    done = phone.get(f"{TODOS}t.ics").text
    assert "STATUS:COMPLETED" in done and "PRIORITY:5" in done
    assert phone.put(f"{TODOS}t.ics", sent.replace("Call Anna", "Call Anna Bos")).status_code == 204
    with entered(bob):
        one = ToDo.objects.get()
        assert (one.title, one.done_at) == ("Call Anna Bos", None)
    assert phone.ask("DELETE", f"{TODOS}t.ics").status_code == 204
    with entered(bob):
        assert not ToDo.objects.exists()
    assert phone.put(f"{AGENDA}t.ics", sent).status_code == 403
