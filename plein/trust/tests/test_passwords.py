# SPDX-License-Identifier: AGPL-3.0-or-later
import random
import string

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from plein.core.isolation import no_workspace
from plein.trust.actions import make_one_time_link
from plein.trust.breached import FILE, is_known
from plein.trust.models import User


def refusals(password: str, user: User) -> set[str]:
    try:
        with no_workspace("test"):
            validate_password(password, user)
    except ValidationError as refused:
        return {one.code or "" for one in refused.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    ["qwertyuiop123", "Password1234!", "passwordpassword", "P@ssw0rd2026!!", "Welkom2026!!!!", "sunshine123456",
     "1q2w3e4r5t6y", "  iloveyou2026 ", "123456789012", "Geheim!Geheim!"],
)  # fmt: skip
def test_what_guessers_try_first_is_refused(password: str, bob: User) -> None:
    assert "breached" in refusals(password, bob)


@pytest.mark.parametrize(
    "password",
    ["a long enough sentence", "paard batterij nietje", "Vier manke kippen!", "appelboomgaard2026", "zX9-kk4_pqLm0w"],
)
def test_what_nobody_else_has_is_fine(password: str, bob: User) -> None:
    assert refusals(password, bob) == set()


@pytest.mark.parametrize(
    "password", ["Noorderlicht2026", "bob@plein.example", "NOORDERLICHTbob", "noorderlichtnoorderlicht"]
)
def test_nothing_but_name_address_and_company_is_refused(password: str, bob: User) -> None:
    assert "of_oneself" in refusals(password, bob)


def test_a_sentence_may_have_a_name_in_it(bob: User) -> None:
    assert refusals("bob fietst over het noorderlicht heen", bob) == set()


def test_the_list_is_small_and_hardly_ever_wrong() -> None:
    chance = random.Random(3)  # noqa: S311 — the same each time
    made = ("".join(chance.choices(string.ascii_lowercase, k=14)) for _time in range(20_000))

    assert FILE.stat().st_size <= 2_000_000
    assert is_known("PASSWORD") and not any(map(is_known, made))


def test_the_page_says_what_to_do(bob: User) -> None:
    with no_workspace("test"):
        path = make_one_time_link(user=bob, purpose="reset")

    answer = Client().post(path, {"new_password": "Password1234!"})

    assert answer.status_code == 422 and "Put a few words together that are only yours" in answer.text


def test_passwords_are_kept_by_argon2id_as_strong_as_is_advised() -> None:
    hasher = get_hasher()
    kept = hasher.encode("a long enough sentence", hasher.salt())

    assert kept.startswith("argon2$argon2id$v=19$")
    facts = dict(part.split("=") for part in kept.split("$")[3].split(","))
    # OWASP asks for 19 MB and two rounds, or more memory; RFC 9106 for 64 MB and three where memory is dear.
    assert int(facts["m"]) >= 19_456 and int(facts["t"]) >= 2
    assert get_user_model() is User
