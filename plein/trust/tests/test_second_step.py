# SPDX-License-Identifier: AGPL-3.0-or-later
import base64
import re
import time
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client

from plein.core.isolation import no_workspace
from plein.trust import code_apps, recovery_codes
from plein.trust.actions import add_code_app, change_password, make_one_time_link
from plein.trust.attempts import OF_ACCOUNT
from plein.trust.models import Attempt, CodeApp, RecoveryCode, User
from plein.trust.secret_box import Unopenable

GOOD = "a long enough sentence"
SECRET = b"twenty bytes of it .."
SignIn = Callable[[User], Client]


def code(away: int = 0, secret: bytes = SECRET) -> str:
    """The code of the present half minute, or of one some half minutes away."""
    return TOTP(secret, 6, SHA1(), 30).generate(time.time() + 30 * away).decode()  # noqa: S303


@pytest.fixture
def guarded(bob: User) -> User:
    """Bob, with a password and an app whose last code was long ago."""
    with no_workspace("test"):
        change_password(user=bob, password=GOOD)
        add_code_app(user=bob, secret=SECRET, code=code())
        CodeApp.objects.update(last_step=0)
    return bob


@pytest.fixture
def codes(guarded: User) -> list[str]:
    """Bob's codes on paper."""
    with no_workspace("test"):
        return recovery_codes.renew(guarded)


def first_step(user: User, **extra: str) -> Client:
    client = Client()
    response = client.post("/sign-in/", {"email": user.email, "password": GOOD, **extra})
    assert response["Location"] == "/sign-in/second-step/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/history/").status_code == 200


def test_a_password_alone_opens_nothing_and_a_code_opens_all(guarded: User) -> None:
    client = first_step(guarded, next="/history/?who=me")
    half = client.cookies["plein"].value
    assert not is_in(client)
    assert "Six digits" in client.get("/sign-in/second-step/").text

    answer = client.post("/sign-in/second-step/", {"code": code()[:3] + " " + code()[3:]})

    assert answer["Location"] == "/history/?who=me" and is_in(client)
    assert client.cookies["plein"].value != half


@pytest.mark.parametrize("wrong", ["000000", "12345", "abcdef", "", "１２３４５６", "\x00", "9" * 40])
def test_a_wrong_code_lets_nobody_in(wrong: str, guarded: User) -> None:
    client = first_step(guarded)

    assert client.post("/sign-in/second-step/", {"code": wrong}).status_code == 422
    assert not is_in(client)


def test_a_code_works_once_also_on_another_device(guarded: User) -> None:
    first, second = first_step(guarded), first_step(guarded)
    used = code()

    assert first.post("/sign-in/second-step/", {"code": used}).status_code == 302
    refused = second.post("/sign-in/second-step/", {"code": used})
    assert refused.status_code == 422 and "used before" in refused.text
    assert second.post("/sign-in/second-step/", {"code": code(1)}).status_code == 302


@pytest.mark.parametrize(("away", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_half_a_minute(away: int, works: bool) -> None:
    assert (code_apps.step_of(SECRET, code(away)) is not None) == works


def test_the_second_step_is_slowed_down_too_and_waiting_helps(guarded: User) -> None:
    client = first_step(guarded)
    for _time in range(OF_ACCOUNT):
        assert client.post("/sign-in/second-step/", {"code": "000000"}).status_code == 422

    refused = client.post("/sign-in/second-step/", {"code": code()})

    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0
    with no_workspace("test"):
        Attempt.objects.all().delete()
    assert client.post("/sign-in/second-step/", {"code": code()}).status_code == 302


def test_ten_recovery_codes_work_once_each_and_only_for_their_owner(
    guarded: User, codes: list[str], alice: User
) -> None:
    assert len(set(codes)) == 10
    with no_workspace("test"):
        kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
        assert not any(one.replace("-", "") in kept for one in codes)
        assert not recovery_codes.accepts(alice, codes[0])
    client = first_step(guarded)

    assert client.post("/sign-in/second-step/", {"code": codes[3].upper().replace("-", " ")}).status_code == 302
    assert "9 recovery codes left" in client.get("/history/").text
    again = first_step(guarded)
    assert again.post("/sign-in/second-step/", {"code": codes[3]}).status_code == 422
    assert again.post("/sign-in/second-step/", {"code": codes[4]}).status_code == 302


def test_a_link_asks_for_the_second_step_too(guarded: User) -> None:
    with no_workspace("test"):
        path = make_one_time_link(user=guarded)
    client = Client()

    assert client.post(path)["Location"] == "/sign-in/second-step/"
    assert not is_in(client)
    assert client.post("/sign-in/second-step/", {"code": code()})["Location"] == "/welcome/"


def test_half_a_sign_in_does_not_last(guarded: User) -> None:
    client = first_step(guarded)
    with no_workspace("test"):
        session = client.session
        session["half"] = {**session["half"], "at": "2026-01-01T00:00:00+00:00"}
        session.save()

    assert client.post("/sign-in/second-step/", {"code": code()})["Location"] == "/sign-in/?why=late"
    assert Client().get("/sign-in/second-step/")["Location"] == "/sign-in/?why=late"
    assert "Begin again" in client.get("/sign-in/?why=late").text


def test_another_password_ends_half_a_sign_in(guarded: User) -> None:
    client = first_step(guarded)
    with no_workspace("test"):
        change_password(user=guarded, password="another long sentence")  # noqa: S106

    assert client.post("/sign-in/second-step/", {"code": code()})["Location"] == "/sign-in/?why=late"


def test_an_app_is_set_up_with_its_first_code_and_shows_the_codes_once(bob: User) -> None:
    with no_workspace("test"):
        change_password(user=bob, password=GOOD)
    client = Client()
    client.post("/sign-in/", {"email": bob.email, "password": GOOD})

    assert client.post("/settings/security/code-app/start/")["Location"] == "/settings/security/code-app/"
    page = client.get("/settings/security/code-app/").text
    assert 'src="data:image/svg+xml;base64,' in page
    address = re.search(r"secret=([A-Z2-7]+)", page)
    assert address is not None
    secret = base64.b32decode(address[1])
    assert client.post("/settings/security/code-app/", {"code": "000000"}).status_code == 422
    shown = client.post("/settings/security/code-app/", {"code": code(secret=secret)}).text

    found = re.findall(r"<li><code>([a-z0-9-]{14})</code>", shown)
    assert len(found) == 10
    assert found[0] not in client.get("/settings/security/").text
    with no_workspace("test"):
        app = CodeApp.objects.get(user=bob)
        assert address[1].encode() not in bytes(app.sealed) and secret not in bytes(app.sealed)
        assert code_apps.opened(bob, bytes(app.sealed)) == secret


def test_a_sealed_secret_opens_for_nobody_else(guarded: User, alice: User) -> None:
    with no_workspace("test"):
        sealed = bytes(CodeApp.objects.get(user=guarded).sealed)
    with pytest.raises(Unopenable):
        code_apps.opened(alice, sealed)


def forget_proof(client: Client) -> Client:
    """As if the client had signed in long ago."""
    with no_workspace("test"):
        session = client.session
        session.pop("proved_at")
        session.save()
    return client


def test_changing_how_one_gets_in_asks_once_more_who_one_is(guarded: User, signed_in: SignIn) -> None:
    client = forget_proof(signed_in(guarded))
    acts = ["code-app/start/", "code-app/remove/", "codes/", "passkeys/"]

    for act in acts:
        assert "Is it you?" in client.post(f"/settings/security/{act}").text
    asked = client.post("/settings/security/passkeys/ask/", headers={"Accept": "application/json"})
    assert asked.json()["go"].startswith("/settings/security/prove/")
    assert client.post("/settings/security/prove/", {"proof_password": "no"}).status_code == 422
    proven = client.post("/settings/security/prove/?next=/settings/security/", {"proof_password": GOOD})
    assert proven["Location"] == "/settings/security/"
    assert client.post("/settings/security/code-app/remove/").status_code == 302
    with no_workspace("test"):
        assert not CodeApp.objects.exists() and not RecoveryCode.objects.exists()


def test_guessing_the_proof_is_slowed_down_though_every_guess_is_refused(guarded: User, signed_in: SignIn) -> None:
    client = forget_proof(signed_in(guarded))
    answers = [
        client.post("/settings/security/prove/", {"proof_password": "no"}).status_code for _time in range(OF_ACCOUNT)
    ]

    refused = client.post("/settings/security/prove/", {"proof_password": GOOD})

    assert answers == [422] * OF_ACCOUNT and refused.status_code == 429 and int(refused["Retry-After"]) > 0


def test_it_can_be_proved_by_a_code_that_works_once(guarded: User, signed_in: SignIn) -> None:
    client, used = signed_in(guarded), code()

    assert client.post("/settings/security/prove/", {"proof_code": used}).status_code == 302
    assert client.post("/settings/security/prove/", {"proof_code": used}).status_code == 422


def test_new_codes_replace_the_old(guarded: User, codes: list[str]) -> None:
    client = first_step(guarded)
    client.post("/sign-in/second-step/", {"code": code()})

    page = client.post("/settings/security/codes/").text

    assert "Your recovery codes" in page and codes[0] not in page
    again = first_step(guarded)
    assert again.post("/sign-in/second-step/", {"code": codes[0]}).status_code == 422


def test_an_invitation_does_not_lead_past_the_second_step(bob: User) -> None:
    with no_workspace("test"):
        add_code_app(user=bob, secret=SECRET, code=code())
        path = make_one_time_link(user=bob, purpose="invitation")
    client = Client()

    assert "New password" in client.get(path).text
    sent = {"name": "Bob", "language": "en", "new_password": GOOD, "repeated": GOOD, "answer": ""}
    assert client.post(path, sent)["Location"] == "/sign-in/second-step/"
    assert not is_in(client)


def test_another_password_makes_every_other_link_for_one_useless(bob: User) -> None:
    with no_workspace("test"):
        invitation, asked = (make_one_time_link(user=bob, purpose=one) for one in ("invitation", "reset"))
        change_password(user=bob, password=GOOD)

    assert [Client().get(path).status_code for path in (invitation, asked)] == [410, 410]
