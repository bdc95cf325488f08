# SPDX-License-Identifier: AGPL-3.0-or-later
"""A calendar file comes in once, with whom it was, and again only with what it says anew."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from plein.cli.main import main
from plein.core.ids import now
from plein.core.operations import undo
from plein.dav.bringing import Brought
from plein.dav.looking import bring_calendar, look_at_calendar, read_file
from plein.moments.models import Moment, MomentSubject, Participant
from plein.moments.vocabulary import State
from plein.testing.factories import make_contact_point, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
SOON = (now() + timedelta(days=3)).astimezone(UTC).replace(hour=9, minute=0, second=0, microsecond=0)


def stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def event(uid: str, title: str = "Overleg", at: datetime = SOON, *lines: str) -> str:
    ends = at + timedelta(hours=1)
    whole = ("BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", f"DTSTART:{stamp(at)}", f"DTEND:{stamp(ends)}", *lines)
    return "\r\n".join((*whole, "END:VEVENT"))


def calendar(*events: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", "")).encode()


def bring(user: User, body: bytes, circle: str = "everyone") -> list[Brought]:
    with entered(user) as actor:
        return bring_calendar(actor=actor, some=read_file(body), circle=circle)[1]


def becomes(brought: list[Brought]) -> dict[str, str]:
    return {one.uid: one.becomes for one in brought}


def test_what_is_over_took_place_and_what_comes_is_planned_with_whom_it_is(alice: User, bob: User) -> None:
    with entered(alice):
        henk, ans = make_person("Henk van Dijk"), make_person("Ans Hermelink")
        make_contact_point(henk, "email", "henk@dijk.example")
        make_contact_point(ans, "email", "ans@hermelink.example")
        make_contact_point(make_person("Geheim", circle_id=only_me()), "email", "geheim@x.example", circle_id=only_me())
    guests = ["ATTENDEE;CN=H.:mailto:henk@dijk.example", "ATTENDEE;CN=Wie Dan:mailto:wie@dan.example"]
    guests.append("ATTENDEE;CN=Iemand:mailto:geheim@x.example")

    brought = bring(
        bob,
        calendar(
            event("coming", "Offerte", SOON, *guests),
            event("over", "Bezoek", SOON - timedelta(days=400), "LOCATION:Zwolle"),
            event("off", "Afgezegd", SOON, "STATUS:CANCELLED"),
            "BEGIN:VEVENT\r\nUID:broken\r\nSUMMARY:Geen tijd\r\nEND:VEVENT",
        ),
    )

    assert becomes(brought) == {"broken": "refused", "coming": "new", "off": "new", "over": "new"}
    with entered(bob):
        states = dict(Moment.objects.exclude(calendar_uid="").values_list("calendar_uid", "state"))
        assert states == {"coming": State.PLANNED, "over": State.DONE, "off": State.CANCELLED}
        parts = Participant.objects.filter(moment__calendar_uid="coming", relation__seat__isnull=True)
        heard = {(one.heard_name, one.relation_id, one.contact_point_id is not None) for one in parts}
        assert heard == {
            ("Henk van Dijk", henk.id, False), ("Wie Dan", None, True), ("Iemand", None, True),
        }  # fmt: skip


def test_the_same_again_changes_nothing_and_never_doubles(alice: User) -> None:
    series = event("weekly", "Week", SOON, "RRULE:FREQ=WEEKLY;COUNT=4", f"EXDATE:{stamp(SOON + timedelta(days=7))}")
    moved = event(
        "weekly", "Later", SOON + timedelta(days=14, hours=2), f"RECURRENCE-ID:{stamp(SOON + timedelta(days=14))}"
    )
    odd = event("odd", "Raar", SOON, "RRULE:FREQ=SECONDLY;COUNT=3")
    body = calendar(event("one"), series, moved, odd)

    first, second = bring(alice, body), bring(alice, body)
    third = bring(alice, calendar(event("one", "Ander overleg", SOON + timedelta(hours=1)), series, moved, odd))

    assert becomes(first) == {"odd": "new", "one": "new", "weekly": "new"}
    assert next(one for one in first if one.uid == "odd").reason
    assert becomes(second) == {"odd": "same", "one": "same", "weekly": "same"}
    assert becomes(third) == {"odd": "same", "one": "changed", "weekly": "same"}
    with entered(alice):
        planned = Moment.objects.filter(state=State.PLANNED)
        titles = MomentSubject.objects.filter(moment__in=planned).values_list("title", flat=True)
        assert sorted(titles) == ["Ander overleg", "Later", "Raar", "Week", "Week"]
        assert Moment.objects.get(calendar_uid="one").occurred_at == SOON + timedelta(hours=1)


def test_undo_takes_a_calendar_away_and_gives_back_what_it_changed(alice: User) -> None:
    bring(alice, calendar(event("known", "Was")))
    with entered(alice) as actor:
        before = Moment.objects.count()
        operation, brought = bring_calendar(
            actor=actor, some=read_file(calendar(event("known", "Wordt"), event("fresh"))), circle=""
        )
        assert becomes(brought) == {"known": "changed", "fresh": "new"}

        undo(operation)

        assert Moment.objects.count() == before
        assert MomentSubject.objects.get(moment__calendar_uid="known").title == "Was"


def test_a_look_keeps_nothing_and_what_breaks_off_comes_in_not_at_all(alice: User) -> None:
    with entered(alice) as actor:
        looked = look_at_calendar(actor=actor, some=read_file(calendar(event("one"))), circle="")
        assert becomes(looked) == {"one": "new"} and not Moment.objects.exists()
    with pytest.raises(ValueError, match="breaks off"):
        read_file(calendar(event("one"), event("two"))[:-30])


def test_who_may_not_see_an_appointment_does_not_learn_that_it_is_there(alice: User, bob: User) -> None:
    bring(alice, calendar(event("secret", "Geheim")), circle="me")

    assert becomes(bring(bob, calendar(event("secret", "Openbaar")))) == {"secret": "new"}
    with entered(alice):
        assert set(MomentSubject.objects.values_list("title", flat=True)) == {"Geheim", "Openbaar"}


def test_a_calendar_that_went_out_comes_in_as_it_was(
    alice: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plein.cli.main._needs_database", lambda arguments: False)
    bring(alice, calendar(event("one", "Met; komma, en", SOON, "DESCRIPTION:Regel\\nTwee"), event("two", "Dag")))
    file, who = tmp_path / "agenda.ics", ["--user", alice.email]
    assert main(["export", "calendar", str(file), "--format", "ics", *who]) == 0

    assert main(["import", "calendar", str(file), "--as", alice.email, "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["appointments"], told["same"], told["new"]) == (2, 2, 0), told


def test_the_page_looks_brings_in_and_refuses(alice: User, gina: User, signed_in: SignIn) -> None:
    client, address = signed_in(alice), reverse("dav:bring_in")

    def sent(body: bytes, **more: str) -> str:
        file = SimpleUploadedFile("agenda.ics", body, "text/calendar")
        return client.post(address, {"file": file, "circle": "everyone", **more}).content.decode()

    body = calendar(event("one", "Offerte bespreken"))
    assert "Nothing came in yet" in sent(body, look="1")
    with entered(alice):
        assert not Moment.objects.exists()
    assert "Offerte bespreken" in sent(body) and "The same" in sent(body)
    assert "is no calendar" in sent(b"PK")
    assert "At most 300" in sent(calendar(*(event(f"u{number}") for number in range(301))))
    assert signed_in(gina).get(address).status_code == 403
    with entered(alice):
        assert Moment.objects.count() == 1
