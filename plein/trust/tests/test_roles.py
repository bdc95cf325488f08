# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from django.test import Client
from django.utils import translation

from plein.trust.models import Role, User
from plein.trust.permissions import ALLOWED, MEANS, Verb, in_words

SignIn = Callable[[User], Client]
MANUAL = Path(__file__).parents[3] / "docs" / "use" / "roles.md"


def test_every_verb_has_words() -> None:
    assert set(MEANS) == set(ALLOWED) == set(get_args(Verb.__value__))


def test_the_manual_says_what_is_enforced() -> None:
    lines = [line.strip("| ").split(" | ") for line in MANUAL.read_text().splitlines() if line.startswith("| ")]
    roles, told = lines[0][1:], {line[0]: line[1:] for line in lines[1:]}

    with translation.override("en"):
        enforced = {
            str(MEANS[verb]): ["yes" if role in allowed else "no" for role in roles]
            for verb, allowed in ALLOWED.items()
        }
    assert roles == list(Role) and told == enforced


def test_everybody_reads_what_each_role_may_and_which_is_theirs(
    bob: User, gina: User, charlie: User, signed_in: SignIn
) -> None:
    for user, mine in ((bob, "Member"), (gina, "Guest")):
        page = signed_in(user).get("/settings/roles/").text
        assert "turn back what others did" in page and "Sales" in page
        card = page.split('class="form-row"')[1 + [str(role.label).capitalize() for role in Role].index(mine)]
        assert "yours" in card and str(user) in card
        assert page.count("yours") == 1
        assert "/settings/users/" not in page
    assert "Bob" not in signed_in(charlie).get("/settings/roles/").text


@pytest.mark.parametrize("role", Role)
def test_a_role_may_or_may_not_and_nothing_between(role: Role) -> None:
    may_do, may_not = in_words(role)

    assert len(may_do) + len(may_not) == len(ALLOWED) and not set(may_do) & set(may_not)
