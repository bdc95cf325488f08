# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who brings us customers: a list of its own, as far as its reader sees the referrals."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.operations import operation
from plein.network.tests.test_command import carry_out
from plein.relations.models import Tie
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
__all__ = ["calling"]


@pytest.fixture
def referred(cast: Cast) -> None:
    """Henk brought two, of whom one came to nothing; Ans one of more worth, and one that only Alice knows of."""
    with entered(cast.alice), operation("add_tie"):
        henk, ans = make_person("Henk Vos"), make_person("Ans Bos")
        for number, (by, outcome, value, circle) in enumerate((
            (henk, "customer", Decimal(800), None),
            (henk, "no", Decimal(9000), None),
            (ans, "customer", Decimal("1200.50"), None),
            (ans, "open", Decimal(500), only_me()),
        )):  # fmt: skip
            Tie.objects.create(
                one=make_person(f"Somebody {number}"), other=by, kind="referred_by", outcome=outcome, value=value,
                own_circle_id=circle,
            )  # fmt: skip


@pytest.mark.usefixtures("referred")
def test_who_brought_most_comes_first_as_far_as_one_sees(cast: Cast, signed_in: SignIn, calling: Calling) -> None:
    client = signed_in(cast.alice)
    with within_budget(__file__, "brought"):
        page = client.get("/network/lists/", {"list": "brought"}).text
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert body.index("Ans Bos") < body.index("Henk Vos") and "9000" not in body.replace(",", "")
    rows = calling(cast.bob).read("/network/lists/brought")
    told = [(one["who"]["name"], one["referred"], one["became_customers"], one["value"]) for one in rows["rows"]]
    assert (rows["count"], told) == (2, [("Ans Bos", 1, 1, "1200.50"), ("Henk Vos", 2, 1, "800.00")])
    rows = calling(cast.alice).read("/network/lists/brought?limit=1")
    assert (rows["count"], rows["rows"][0]["referred"], rows["rows"][0]["value"]) == (2, 2, "1700.50")
    assert calling(cast.charlie).read("/network/lists/brought") == {"count": 0, "rows": []}


@pytest.mark.usefixtures("referred")
def test_the_command_line_says_the_same(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    _code, told = carry_out(capsys, "lists", "brought", "--user", cast.bob.email)
    assert [(one["name"], one["referred"], one["became_customers"], one["value"]) for one in told["rows"]] == [
        ("Ans Bos", 1, 1, "1200.50"), ("Henk Vos", 2, 1, "800.00"),
    ]  # fmt: skip


def test_without_referrals_it_says_what_to_do(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.bob).get("/network/lists/", {"list": "brought"}).text
    assert "Nobody referred anybody to us yet" in page and "by whom they were referred" in page
