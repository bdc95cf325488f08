# SPDX-License-Identifier: AGPL-3.0-or-later
"""An owner sees what a colleague sees, changes nothing with it, and the colleague sees that it was done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.models import AuditEntry, Operation
from plein.relations.models import Relation
from plein.testing.factories import make_moment, make_person
from plein.trust.actions import change_password, change_seat
from plein.trust.circles import only_me
from plein.trust.models import Look, Role, Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


@pytest.fixture
def hers(alice: User) -> Relation:
    with entered(alice):
        return make_person("Alleen van Alice", circle_id=only_me())


@pytest.fixture
def his(bob: User) -> Relation:
    with entered(bob):
        return make_person("Alleen van Bob", circle_id=only_me())


def seat_of_user(reader: User, user: User) -> Seat:
    with entered(reader):
        return Seat.objects.get(user=user)


@pytest.fixture
def looking(alice: User, bob: User, signed_in: SignIn) -> Client:
    """Alice, who looks through the eyes of Bob."""
    client = signed_in(alice)
    seat = seat_of_user(alice, bob)
    _prove(client)
    assert client.post(f"/settings/users/{seat.id}/look/").headers["Location"] == "/"
    return client


def _prove(client: Client, minutes_ago: int = 0) -> None:
    with no_workspace("test"):
        session = client.session
        session["proved_at"] = (now() - timedelta(minutes=minutes_ago)).isoformat()
        session.save()


def test_everything_is_seen_as_the_colleague_sees_it(looking: Client, hers: Relation, his: Relation) -> None:
    page = looking.get("/people/").text
    assert "Alleen van Bob" in page and "Alleen van Alice" not in page
    assert "You look through the eyes of Bob." in page and "Stop looking" in page
    assert looking.get(f"/relations/{hers.id}/").status_code == 404
    assert looking.get(f"/relations/{his.id}/").status_code == 200
    assert looking.get("/settings/users/").status_code == 403


def test_nothing_can_be_changed(looking: Client, alice: User, his: Relation) -> None:
    with entered(alice):
        before = Operation.objects.count()
    sent: tuple[tuple[str, dict[str, Any]], ...] = (
        ("/people/new/", {"name": "Nieuw"}),
        (f"/relations/{his.id}/delete/", {}),
        (f"/relations/{his.id}/favourite/", {"favourite": "1"}),
        (f"/who-sees/relations/{his.id}/", {"audience": "everyone"}),
        ("/settings/profile/", {"name": "Anders"}),
        ("/notifications/read/", {}),
        ("/settings/theme", {"theme": "dark"}),
    )
    for address, values in sent:
        answer = looking.post(address, values)
        assert answer.status_code == 403, address
        assert "Nothing can be changed while you look" in answer.text
    with entered(alice):
        assert Operation.objects.count() == before


def test_the_database_itself_refuses_what_slips_through(
    looking: Client, monkeypatch: pytest.MonkeyPatch, bob: User
) -> None:
    monkeypatch.setattr("plein.web.middleware.SAFE_METHODS", ("GET", "HEAD", "POST"))

    answer = looking.post("/people/new/", {"name": "Nieuw", "audience": "everyone"})
    assert answer.status_code == 403 and "Nothing can be changed while you look" in answer.text
    with entered(bob):
        assert not Relation.objects.exists()


def test_what_is_somebodys_alone_stays_so(looking: Client) -> None:
    for address in ("/settings/security/", "/settings/tokens/", "/offline/recent", "/notifications/stream"):
        assert looking.get(address).status_code == 403, address
    page = looking.get("/people/").text
    assert "plein-rights" not in page and "<plein-live" not in page


def test_it_stops_when_one_wants_and_by_itself(looking: Client, alice: User, hers: Relation) -> None:
    assert looking.post("/look/stop/").status_code == 302
    assert looking.get(f"/relations/{hers.id}/").status_code == 200
    with entered(alice):
        assert Look.objects.get().ended_at is not None


def test_it_is_over_after_half_an_hour(looking: Client, alice: User, hers: Relation) -> None:
    with entered(alice):
        assert now() + timedelta(minutes=29) < Look.objects.get().ends_at < now() + timedelta(minutes=31)
        Look.objects.update(ends_at=now() - timedelta(seconds=1))
    assert looking.get(f"/relations/{hers.id}/").status_code == 200


def test_an_owner_who_is_none_any_more_looks_no_longer(
    looking: Client, alice: User, bob: User, gina: User, his: Relation
) -> None:
    with entered(alice) as actor:
        change_seat(actor=actor, seat=Seat.objects.get(user=gina), role=Role.OWNER, is_active=True)
    with entered(gina) as actor:
        change_seat(actor=actor, seat=Seat.objects.get(user=alice), role=Role.ADMINISTRATOR, is_active=True)
    assert looking.get(f"/relations/{his.id}/").status_code == 404


def test_the_colleague_sees_who_looked(looking: Client, bob: User, signed_in: SignIn) -> None:
    page = signed_in(bob).get("/settings/security/").text
    assert "Who looked through your eyes" in page and "Alice" in page


def test_what_was_opened_is_logged_once_in_a_look_under_the_name_of_who_looked(
    looking: Client, alice: User, bob: User, his: Relation, signed_in: SignIn
) -> None:
    with entered(alice):
        henk, moment = make_person(), make_moment(make_person("Sanne de Wit"))
    signed_in(alice).get(f"/relations/{henk.id}/")
    for _time in range(2):
        for address in (f"/relations/{his.id}/", f"/relations/{henk.id}/", f"/moments/{moment.id}/", "/people/"):
            assert looking.get(address).status_code == 200
    with entered(bob):
        look = str(Look.objects.get().id)
        lines = [one for one in AuditEntry.objects.filter(event="read") if look in one.facts]
    seen = [record for one in lines for record in one.records]
    assert sorted(seen) == sorted([his.id, henk.id, moment.id])
    with entered(alice) as owner:
        assert {(one.seat_id, one.door) for one in lines} == {(owner.seat_id, "web")}
    assert "opened 3 things" in signed_in(bob).get("/settings/security/").text
    assert "through the eyes of a colleague" in signed_in(alice).get("/audit/").text

    looking.post("/look/stop/")
    assert looking.get(f"/relations/{henk.id}/").status_code == 200
    with entered(alice):
        assert AuditEntry.objects.filter(event="read", facts__contains=look).count() == len(lines)


def test_a_file_on_paper_is_opened_in_a_look_and_not_taken_along(
    looking: Client, alice: User, bob: User, his: Relation
) -> None:
    answer = looking.get(f"/relations/{his.id}/file.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    with entered(bob):
        lines = [one for one in AuditEntry.objects.all() if his.id in one.records]
        assert {one.event for one in lines if '"look":' in one.facts} == {"read"}
        assert not any(one.event == "export" for one in lines)


def test_only_owners_look_and_not_through_the_eyes_of_owners(
    alice: User, bob: User, gina: User, charlie: User, signed_in: SignIn
) -> None:
    seat = seat_of_user(alice, gina)
    for user, status in ((bob, 403), (charlie, 404)):
        client = signed_in(user)
        _prove(client)
        assert client.post(f"/settings/users/{seat.id}/look/").status_code == status
    client = signed_in(alice)
    _prove(client)
    client.post(f"/settings/users/{seat_of_user(alice, alice).id}/look/")
    with entered(alice):
        assert not Look.objects.exists()


def test_whoever_did_not_prove_lately_who_they_are_does_so_first(alice: User, bob: User, signed_in: SignIn) -> None:
    with no_workspace("test"):
        change_password(user=alice, password="paard-batterij-nietje")  # noqa: S106
    client = signed_in(alice)
    _prove(client, minutes_ago=60)
    answer = client.post(f"/settings/users/{seat_of_user(alice, bob).id}/look/")
    assert "Is it you?" in answer.text
    with entered(alice):
        assert not Look.objects.exists()


def test_the_pages_of_a_relation_open_without_writing(looking: Client, alice: User) -> None:
    with entered(alice):
        henk = make_person()
        moment = make_moment(henk)
    for address in ("/today/", "/agenda/", "/todos/", f"/relations/{henk.id}/", f"/moments/{moment.id}/", "/history/",
                    "/notifications/", "/bin/", "/moments/", "/search/?q=henk"):  # fmt: skip
        assert looking.get(address).status_code == 200, address
