# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.trust import sessions
from plein.trust.actions import (
    change_password,
    change_seat,
    change_team,
    give_seat,
    make_one_time_link,
    make_user,
    make_workspace,
)
from plein.trust.attempts import LONGEST_WAIT, OF_ACCOUNT, OF_ADDRESS, seconds_to_wait
from plein.trust.models import Attempt, OneTimeLink, Seat, StoredSession, Team, User
from plein.trust.seats import entered

GOOD = "a long enough sentence"
SignIn = Callable[[User], Client]


def with_password(user: User) -> User:
    with no_workspace("test"):
        return change_password(user=user, password=GOOD)


def post(client: Client, email: str, password: str, **extra: str) -> int:
    return client.post("/sign-in/", {"email": email, "password": password, **extra}).status_code


def test_a_password_signs_in_and_goes_where_one_wanted(alice: User) -> None:
    with_password(alice)
    client = Client()

    response = client.post("/sign-in/", {"email": "ALICE@plein.example", "password": GOOD, "next": "/history/?who=me"})

    assert response.status_code == 302 and response["Location"] == "/history/?who=me"
    assert client.get("/history/").status_code == 200


def test_signing_in_changes_the_key_of_the_session(alice: User, signed_in: SignIn) -> None:
    with_password(alice)
    client = signed_in(alice)
    before = client.cookies["plein"].value

    client.post("/sign-in/", {"email": alice.email, "password": GOOD})

    assert client.cookies["plein"].value != before


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(alice: User) -> None:
    with_password(alice)

    known = Client().post("/sign-in/", {"email": alice.email, "password": "wrong wrong wrong"})
    unknown = Client().post("/sign-in/", {"email": "bella@plein.example", "password": "wrong wrong wrong"})

    assert known.status_code == unknown.status_code == 422
    pages = [
        answer.content.decode().split("<main>")[1].split('name="csrfmiddlewaretoken"') for answer in (known, unknown)
    ]
    texts = [
        page[0] + page[1].split(">", 1)[1].replace(alice.email, "").replace("bella@plein.example", "") for page in pages
    ]
    assert texts[0] == texts[1]
    assert "do not belong together" in texts[0]


@pytest.mark.django_db
def test_a_form_that_is_not_filled_in_says_what_is_missing() -> None:
    response = Client().post("/sign-in/", {"email": "", "password": "\x00"})

    assert response.status_code == 422 and "Fill in your e-mail address." in response.content.decode()


def test_guessing_has_to_wait_after_five_times_and_a_good_password_then_clears_it(alice: User) -> None:
    with_password(alice)
    client = Client()
    for _time in range(OF_ACCOUNT):
        assert post(client, alice.email, "wrong wrong wrong") == 422

    refused = client.post("/sign-in/", {"email": alice.email, "password": GOOD})

    assert refused.status_code == 429 and 0 < int(refused["Retry-After"]) <= 60
    assert "Wait" in refused.content.decode()
    with no_workspace("test"):
        Attempt.objects.update(at=now() - timedelta(minutes=5))
    assert post(client, alice.email, GOOD) == 302
    with no_workspace("test"):
        assert Attempt.objects.values("digest").distinct().count() == 1, "only those of the address are left"


def test_one_address_cannot_try_many_accounts(cast: object) -> None:
    client = Client()
    answers = [post(client, f"nobody{number}@plein.example", "wrong wrong") for number in range(OF_ADDRESS + 1)]

    assert answers == [422] * OF_ADDRESS + [429]
    assert post(Client(REMOTE_ADDR="203.0.113.9"), "nobody1@plein.example", "wrong wrong") == 422


def test_the_delay_grows_but_never_locks_out() -> None:
    minutes_old = [timedelta(minutes=2)]
    waits = [seconds_to_wait([timedelta(0)] * count, OF_ACCOUNT) for count in (4, 5, 12, 99)]

    assert waits[0] == 0 and waits[1] == 60 and waits[1] <= waits[2] <= waits[3] == LONGEST_WAIT
    assert seconds_to_wait(minutes_old * 5, OF_ACCOUNT) == 0


def test_looking_at_a_link_does_not_spend_it_and_the_button_does(alice: User) -> None:
    path = make_one_time_link(user=alice)
    for _scanner in range(3):
        assert Client().get(path).status_code == 200
    client = Client()

    assert client.post(path)["Location"] == "/welcome/"
    assert client.get("/welcome/").status_code == 200
    assert Client().post(path).status_code == 410
    assert Client().get(path).status_code == 410


@pytest.mark.parametrize("secret", ["x", "a" * 43, "%00", "é"])
def test_an_unknown_link_says_what_to_do(db: None, secret: str) -> None:
    response = Client().get(f"/sign-in/{secret}/")

    assert response.status_code == 410 and "plein user link" in response.content.decode()


def test_a_link_of_yesterday_no_longer_works(alice: User) -> None:
    path = make_one_time_link(user=alice)
    with no_workspace("test"):
        OneTimeLink.objects.update(expires_at=now() - timedelta(seconds=1))

    assert Client().get(path).status_code == 410 and Client().post(path).status_code == 410


def test_the_owner_tells_at_the_first_sign_in_who_they_are(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    answer = {"name": "Alice de Boer", "company": "Noorderlicht Techniek", "country": "BE", "new_password": GOOD}

    assert client.post("/welcome/", answer)["Location"] == "/"
    with no_workspace("test"):
        fresh = User.objects.get(id=alice.id)
    assert fresh.name == "Alice de Boer" and fresh.check_password(GOOD)
    assert "Noorderlicht Techniek" in client.get("/history/").content.decode()


def test_a_short_password_is_refused_in_words(bob: User, signed_in: SignIn) -> None:
    response = signed_in(bob).post("/welcome/", {"name": "Bob", "new_password": "kort"})

    assert response.status_code == 422 and "12" in response.content.decode()
    assert 'name="company"' not in response.content.decode()


def test_another_password_signs_out_the_other_devices(alice: User, signed_in: SignIn) -> None:
    with_password(alice)
    here, there = signed_in(alice), signed_in(alice)

    response = here.post("/settings/password/", {"current_password": GOOD, "new_password": "another long sentence"})

    assert response.status_code == 302
    assert here.get("/history/").status_code == 200
    assert there.get("/history/").status_code == 302


def test_the_present_password_is_asked_for(alice: User, signed_in: SignIn) -> None:
    with_password(alice)

    response = signed_in(alice).post(
        "/settings/password/", {"current_password": "no", "new_password": "another long one"}
    )

    assert response.status_code == 422 and "not your present password" in response.content.decode()


def test_a_session_ends_after_twelve_quiet_hours_and_after_fourteen_days(alice: User, signed_in: SignIn) -> None:
    for key, age in ((sessions.SEEN, timedelta(hours=12, minutes=1)), (sessions.SINCE, timedelta(days=14, minutes=1))):
        client = signed_in(alice)
        client.get("/history/")
        with no_workspace("test"):
            session = client.session
            session[key] = (now() - age).isoformat()
            session.save()
        assert client.get("/history/").status_code == 302, key


def test_devices_are_listed_and_one_can_be_signed_out(alice: User, bob: User, signed_in: SignIn) -> None:
    here, there, other = signed_in(alice), signed_in(alice), signed_in(bob)
    key = there.cookies["plein"].value
    for client in (here, there, other):
        client.get("/history/", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})

    page = here.get("/settings/security/").content.decode()

    assert page.count("Firefox, Linux") == 2 and page.count('name="handle"') == 1 and key not in page
    handle = page.split('name="handle" value="')[1].split('"')[0]
    assert other.post("/settings/sessions/end/", {"handle": handle}).status_code == 404
    assert here.post("/settings/sessions/end/", {"handle": handle}).status_code == 302
    assert there.get("/history/").status_code == 302 and here.get("/history/").status_code == 200


def test_signing_out_forgets_the_session(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    with no_workspace("test"):
        assert not StoredSession.objects.exists()


def test_a_suspended_colleague_is_out_on_the_next_request(alice: User, bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    assert client.get("/history/").status_code == 200
    with entered(alice) as actor:
        change_seat(actor=actor, seat=Seat.objects.get(user=bob), role="member", is_active=False)

    assert client.get("/history/")["Location"] == "/sign-in/?why=seat"
    assert "Your seat here was closed" in client.get("/sign-in/?why=seat").content.decode()


def test_who_leaves_a_team_is_out_of_its_circle_on_the_next_request(alice: User, bob: User) -> None:
    with entered(bob):
        before = Team.objects.get(name="Sales").members.count()
    with entered(alice) as actor:
        change_team(actor=actor, team=Team.objects.get(name="Sales"), name="Sales", seats=[])

    with entered(bob):
        assert before == 1 and Team.objects.get(name="Sales").members.count() == 0


def test_who_signs_in_for_the_first_time_reads_the_language_of_their_browser(db: None) -> None:
    workspace = make_workspace(name="Noorderlicht")
    owner = make_user(email="owner@plein.example", name="Owner")
    give_seat(workspace=workspace.id, user=owner, role="owner")
    path = make_one_time_link(user=owner)

    client = Client(headers={"Accept-Language": "en-GB,en;q=0.9"})
    client.post(path)

    with no_workspace("test"):
        assert User.objects.get(id=owner.id).language == "en"
    assert '<html lang="en"' in client.get("/welcome/").text
