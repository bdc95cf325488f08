# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing things in by REST: a calendar is looked at, comes in, and goes again."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from plein.api.tests.bodies import SOON
from plein.api.tests.conftest import Caller, Calling
from plein.moments.models import Moment
from plein.testing.cast import Cast
from plein.trust.seats import entered

CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Offerte\r\nDTSTART:20300501T090000Z\r\n"
    "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nSUMMARY:Zonder tijd\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def sent(caller: Caller, text: str, **choices: object) -> tuple[int, dict[str, Any]]:
    file = SimpleUploadedFile("agenda.ics", text.encode(), "text/calendar")
    answer = caller.upload("/imports/calendar", file=file, **choices)
    found: dict[str, Any] = answer.json()
    return answer.status_code, found


def test_a_calendar_is_looked_at_comes_in_once_and_goes_again(cast: Cast, calling: Calling) -> None:
    bob = calling(cast.bob, "write")

    status, looked = sent(bob, CALENDAR, dry_run="true", circle="me")
    assert (status, looked["operation"], looked["counts"]) == (
        201, None, {"new": 1, "changed": 0, "same": 0, "past": 0, "refused": 1},
    )  # fmt: skip
    _status, made = sent(bob, CALENDAR, circle="everyone")
    [first, broken] = made["items"]
    assert (first["title"], first["starts"], broken["becomes"]) == ("Offerte", SOON, "refused")
    assert bob.read(f"/moments/{first['moment']}")["title"] == "Offerte"
    _status, again = sent(bob, CALENDAR)
    assert again["counts"]["same"] == 1

    bob.write("POST", f"/operations/{made['operation']}/undo")

    assert bob.get(f"/moments/{first['moment']}").status_code == 404
    with entered(cast.alice):
        assert not Moment.objects.filter(calendar_uid="a").exists()


def test_what_cannot_come_in_is_refused_in_words(cast: Cast, calling: Calling) -> None:
    bob, guest = calling(cast.bob, "write"), calling(cast.gina, "all")

    assert sent(bob, "PK")[0] == 422 and sent(bob, CALENDAR, circle="nowhere")[0] == 422
    assert sent(guest, CALENDAR)[0] == 403
    assert sent(calling(cast.bob, "read"), CALENDAR)[0] == 403
