# SPDX-License-Identifier: AGPL-3.0-or-later
"""A password is what was typed: every letter, whatever its kind, in a field that browsers and managers know."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from math import log2

import pytest
from django.test import Client
from django.utils.crypto import salted_hmac

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.trust import recovery_codes, sessions
from plein.trust.actions import change_password
from plein.trust.models import RecoveryCode, User

SignIn = Callable[[User], Client]
ODD = "  Één lange zin, met spaties én hóófdletters \U0001f600 "


def enters(user: User, password: str) -> bool:
    """Whether this password is the one; each from a place of its own, so that no guess slows the next."""
    place = f"203.0.113.{len(password) % 250}"
    return Client(REMOTE_ADDR=place).post("/sign-in/", {"email": user.email, "password": password}).status_code == 302


@pytest.mark.parametrize("password", [ODD + "langer dan je denkt " * 40])
def test_a_password_counts_to_its_last_letter(password: str, bob: User) -> None:
    with no_workspace("test"):
        change_password(user=bob, password=password)

    assert enters(bob, password)
    for other in (password[:-1], password.swapcase()):
        assert not enters(bob, other), other


def test_any_letters_will_do_as_long_as_there_are_enough(bob: User) -> None:
    client = Client()
    with no_workspace("test"):
        change_password(user=bob, password="a long enough sentence")  # noqa: S106
    client.post("/sign-in/", {"email": bob.email, "password": "a long enough sentence"})
    present = "a long enough sentence"
    for password in ("918273645546", "日本語の長い長い長い長い文" * 5):
        answer = client.post("/settings/password/", {"current_password": present, "new_password": password})
        assert answer.status_code == 302, password
        present = password


@pytest.mark.parametrize("path", ["/sign-in/", "/settings/password/", "/settings/security/"])
def test_a_password_is_hidden_pasted_and_filled_in_by_whoever_keeps_it(path: str, bob: User, signed_in: SignIn) -> None:
    with no_workspace("test"):
        change_password(user=bob, password="a long enough sentence")  # noqa: S106
    page = (Client() if path == "/sign-in/" else signed_in(bob)).get(path).text
    fields = [one for one in re.findall(r"<input\b[^>]*>", page) if re.search(r'name="[^"]*password', one)]

    assert fields or path == "/settings/security/"
    for one in fields:
        assert 'type="password"' in one and re.search(r'autocomplete="(current|new)-password"', one), one
        assert "onpaste" not in one and "readonly" not in one and "value=" not in one, one


def test_a_password_has_no_last_day(bob: User) -> None:
    names = {field.name for field in User._meta.get_fields()}
    with no_workspace("test"):
        change_password(user=bob, password="a long enough sentence")  # noqa: S106
        long_ago = now() - timedelta(days=5 * 365)
        User.objects.filter(id=bob.id).update(created_at=long_ago, last_login=long_ago)
    client = Client()

    answer = client.post("/sign-in/", {"email": bob.email, "password": "a long enough sentence"})

    assert answer["Location"] == "/" and client.get("/history/").status_code == 200
    assert not [name for name in names if re.search(r"password_.*(at|until|age|expires)|must_change", name)]


def test_all_other_devices_go_with_one_button(bob: User, signed_in: SignIn) -> None:
    here, others = signed_in(bob), [signed_in(bob), signed_in(bob)]
    page = here.get("/settings/security/").text

    assert 'action="/settings/sessions/end/"' in page
    assert here.post("/settings/sessions/end/").status_code == 302

    assert [other.get("/history/").status_code for other in others] == [302, 302]
    assert here.get("/history/").status_code == 200


def test_the_key_of_a_session_is_long_random_and_nothing_else_opens_it(alice: User, signed_in: SignIn) -> None:
    keys = {signed_in(alice).cookies["plein"].value for _time in range(5)}

    assert len(keys) == 5 and all(len(key) * log2(36) >= 128 for key in keys)
    for made_up in ("", "x", "a" * 32, next(iter(keys))[:-1] + "!", next(iter(keys)).upper()):
        stranger = Client()
        stranger.cookies["plein"] = made_up
        assert stranger.get("/history/").status_code == 302


def test_a_code_on_paper_is_kept_slowly_and_an_older_one_still_works(bob: User, alice: User) -> None:
    assert recovery_codes.LENGTH * log2(len(recovery_codes.LETTERS)) >= 20
    with no_workspace("test"):
        code, other = recovery_codes.renew(bob)[:2]
        kept = set(RecoveryCode.objects.values_list("digest", flat=True))
        fast = {
            salted_hmac(f"plein.recovery.{bob.id}", one.replace("-", ""), algorithm="sha256").hexdigest()
            for one in (code, other)
        }
        assert len(kept) == 10 and not kept & fast

        began = time.process_time()
        assert recovery_codes.accepts(bob, code) and not recovery_codes.accepts(bob, code)
        assert time.process_time() - began > 0.005, "each guess costs 19 MB and some milliseconds"
        RecoveryCode.objects.update(digest=sorted(fast)[0], used_at=None)
        assert recovery_codes.accepts(bob, code) or recovery_codes.accepts(bob, other)
        assert not recovery_codes.accepts(alice, other)


def test_who_proves_once_more_who_they_are_goes_on_under_a_fresh_key(bob: User, signed_in: SignIn) -> None:
    with no_workspace("test"):
        change_password(user=bob, password="a long enough sentence")  # noqa: S106
    client = signed_in(bob)
    client.get("/")
    before = client.cookies["plein"].value
    with no_workspace("test"):
        session = client.session
        del session[sessions.PROVED]
        session.save()

    sent = {"proof_password": "a long enough sentence"}
    assert client.post("/settings/security/prove/?next=/settings/security/", sent).status_code == 302

    assert client.cookies["plein"].value != before and client.get("/").status_code == 200
    stolen = Client()
    stolen.cookies["plein"] = before
    assert stolen.get("/")["Location"].startswith("/sign-in/")


def test_half_a_proof_that_fails_afterwards_keeps_the_session(bob: User, signed_in: SignIn) -> None:
    """The proof is right and what was asked is not: the answer is an error, and one is still signed in."""
    with no_workspace("test"):
        change_password(user=bob, password="a long enough sentence")  # noqa: S106
    client = signed_in(bob)
    client.get("/")
    with no_workspace("test"):
        session = client.session
        del session[sessions.PROVED]
        session.save()

    sent = {"proof_password": "a long enough sentence", "scope": "nonsense", "days": "30"}
    assert client.post("/settings/tokens/", sent).status_code >= 400

    assert client.get("/").status_code == 200
