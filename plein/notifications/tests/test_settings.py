# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from plein.notifications.models import Device, Preference
from plein.notifications.queries.preferences import next_digest, preference_of, quiet_until, wants
from plein.notifications.tests.at_work import seat_id_of
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
AMSTERDAM, NEW_YORK = ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/New_York")
KEYS = {
    "p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
    "auth": "tBHItJI5svbpez7KI4CCXg",
}
FORM = {"rhythm": "daily", "mail_hour": "7", "quiet_from": "20:00", "quiet_until": "06:30"}


def test_the_grid_is_kept_for_me_alone(alice: User, bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    sent = FORM | {"mention-product": "on", "followed-push": "on", "has_quiet_hours": "on", "is_paused": "on"}

    assert client.post("/settings/notifications/", sent).status_code == 302
    with entered(bob) as seat:
        kept = preference_of(seat.seat_id)
        assert wants(kept, "mention", "product") and wants(kept, "followed", "push")
        assert not wants(kept, "mention", "mail") and not wants(kept, "reminder", "product")
        assert (kept.mail_hour, kept.quiet_from, kept.quiet_until) == (7, time(20), time(6, 30))
        assert kept.has_quiet_hours and kept.is_paused
    assert "Everything is paused" in client.get("/notifications/").text
    with entered(alice) as seat:
        assert wants(preference_of(seat.seat_id), "mention", "mail")


def test_quiet_hours_need_a_beginning_and_an_end(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    for wrong in ({"quiet_from": ""}, {"quiet_until": "20:00"}, {"rhythm": "never"}, {"mail_hour": "25"}):
        answer = client.post("/settings/notifications/", FORM | {"has_quiet_hours": "on"} | wrong)
        assert answer.status_code == 422
        assert "aria-invalid" in answer.text
    with entered(bob):
        assert not Preference.objects.exists()


@pytest.mark.parametrize(("hour", "until"), [(12, None), (18, None), (19, 7), (23, 7), (3, 7), (7, None)])
def test_quiet_hours_reach_over_midnight_by_the_readers_clock(hour: int, until: int | None) -> None:
    preference = Preference(workspace_id=1, has_quiet_hours=True, quiet_from=time(19), quiet_until=time(7))
    moment = (
        datetime(2026, 11, 25, hour, 30, tzinfo=NEW_YORK)
        if hour not in (19, 7)
        else datetime(2026, 11, 25, hour, tzinfo=NEW_YORK)
    )
    found = quiet_until(preference, NEW_YORK, moment.astimezone(AMSTERDAM))

    assert (found.astimezone(NEW_YORK).hour if found else None) == until
    assert found is None or found > moment
    assert quiet_until(Preference(workspace_id=1), NEW_YORK, moment) is None


def test_the_mail_comes_at_the_chosen_hour_also_when_the_clock_changes() -> None:
    preference = Preference(workspace_id=1, mail_hour=8)
    saturday = datetime(2026, 10, 24, 9, tzinfo=AMSTERDAM)
    due = next_digest(preference, AMSTERDAM, saturday)

    assert due == datetime(2026, 10, 25, 8, tzinfo=AMSTERDAM)
    assert (due.astimezone(ZoneInfo("UTC")) - saturday.astimezone(ZoneInfo("UTC"))).total_seconds() == 24 * 3600
    assert next_digest(preference, NEW_YORK, saturday) == datetime(2026, 10, 24, 8, tzinfo=NEW_YORK)


def test_the_hourly_mail_waits_for_the_end_of_quiet_hours() -> None:
    preference = Preference(
        workspace_id=1, rhythm="hourly", has_quiet_hours=True, quiet_from=time(22), quiet_until=time(7)
    )

    noon = datetime(2026, 11, 25, 12, 10, tzinfo=AMSTERDAM)
    assert next_digest(preference, AMSTERDAM, noon) == datetime(2026, 11, 25, 13, tzinfo=AMSTERDAM)
    late = datetime(2026, 11, 25, 21, 50, tzinfo=AMSTERDAM)
    assert next_digest(preference, AMSTERDAM, late) == datetime(2026, 11, 26, 7, tzinfo=AMSTERDAM)


def test_a_browser_may_be_woken_and_let_go(alice: User, bob: User, charlie: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    key = client.post("/settings/notifications/key/").json()["key"]
    again = client.post("/settings/notifications/key/").json()["key"]
    sent = {"endpoint": "https://push.example/abc", **KEYS}
    added = client.post("/settings/notifications/devices/", sent, headers={"User-Agent": "Firefox Linux"})

    assert len(key) == 87 and key == again
    assert added.json() == {"location": "/settings/notifications/"}
    page = client.get("/settings/notifications/").text
    assert "Firefox, Linux" in page
    with entered(bob):
        device = Device.objects.get()
        assert device.seat_id == seat_id_of(bob)
    forget = f"/settings/notifications/devices/{device.id}/forget/"
    for stranger in (alice, charlie):
        assert signed_in(stranger).post(forget).status_code == 404
    assert client.post(forget).status_code == 302
    with entered(bob):
        assert not Device.objects.exists()


def test_a_browser_that_changes_hands_is_its_present_users(alice: User, bob: User, signed_in: SignIn) -> None:
    sent = {"endpoint": "https://push.example/abc", **KEYS}
    for user in (bob, alice):
        assert signed_in(user).post("/settings/notifications/devices/", sent).status_code == 200

    with entered(alice):
        assert [one.seat_id for one in Device.objects.all()] == [seat_id_of(alice)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example/abc"},
        {"endpoint": "https://me:secret@push.example/"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "https:///nothing"},
        {"endpoint": ""},
        {"p256dh": "x"},
        {"auth": "<script>"},
    ],
)
def test_what_is_no_browser_is_refused_in_words(bob: User, signed_in: SignIn, wrong: dict[str, str]) -> None:
    sent = {"endpoint": "https://push.example/abc", **KEYS} | wrong
    answer = signed_in(bob).post("/settings/notifications/devices/", sent)

    assert answer.status_code == 422
    assert answer.json()["message"].endswith(".")
    with entered(bob):
        assert not Device.objects.exists()
