# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who brought us whom, who advised whom, and what came of it."""

from decimal import Decimal
from uuid import UUID

import pytest

from plein.api.tests.conftest import Calling, calling
from plein.core.models import Operation
from plein.core.operations import undo
from plein.relations import actions
from plein.relations.models import Relation, Tie
from plein.relations.queries import picture_of, record, relation_of
from plein.relations.refusals import Refused
from plein.relations.tests.crowd import SignIn
from plein.testing.factories import make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["calling"]


@pytest.fixture
def henk(alice: User) -> Relation:
    """Henk brought us Rik, who became a customer, and Ans, which came to nothing; one more only Alice knows of."""
    with entered(alice) as actor:
        person = make_person("Henk Vos")
        for name, circle, outcome, value in (
            ("Rik Jansen", None, "customer", Decimal("12000.00")),
            ("Ans Bos", None, "no", Decimal("900.00")),
            ("Piet Geheim", only_me(), "customer", Decimal("500.50")),
        ):
            came = make_person(name, **({"circle_id": circle} if circle else {}))
            actions.add_tie(actor=actor, one=came, other=person, kind="referred_by", outcome=outcome, value=value)
        return person


def last() -> UUID:
    found: UUID = Operation.objects.order_by("-id").values_list("id", flat=True)[0]
    return found


def test_the_page_tells_whom_somebody_brought_us_and_what_that_was_worth(
    alice: User, henk: Relation, signed_in: SignIn
) -> None:
    page = signed_in(alice).get(f"/relations/{henk.id}/").text

    assert "Brought us" in page and "became a customer, € 12000.00" in page.replace("12,000", "12000")
    assert "3 referrals, 2 became customers" in page and "12500.50" in page.replace("12,500", "12500")


def test_a_reader_sees_only_the_worth_of_what_they_may_see(
    bob: User, charlie: User, henk: Relation, signed_in: SignIn, calling: Calling
) -> None:
    page = signed_in(bob).get(f"/relations/{henk.id}/").text
    assert "2 referrals, 1 became" in page and "500.50" not in page and "Geheim" not in page
    told = calling(bob, "read").read(f"/relations/{henk.id}")
    assert told["advice"] == {"brought": 2, "became_customers": 1, "value": "12000.00"}
    assert {one["outcome"] for one in told["ties"]} == {"customer", "no"}
    assert calling(charlie, "read").get(f"/relations/{henk.id}").status_code == 404


def test_the_sum_is_whole_when_there_are_more_ties_than_are_shown(
    alice: User, henk: Relation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "MOST_TIES", 2)
    with entered(alice):
        found = relation_of(henk.id)
        assert found is not None
        advice = picture_of(found).advice
    assert (advice.count, advice.customers, advice.value) == (3, 2, Decimal("12500.50"))


def test_what_came_of_it_is_noted_later_and_turned_back(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        rik, ans = make_person("Rik"), make_person("Ans")
        tie = actions.add_tie(actor=actor, one=ans, other=rik, kind="advised")
    client, path = signed_in(alice), f"/relations/{rik.id}/ties/{tie.id}/"
    assert "What came of it" in client.get(path).text
    assert client.post(path, {"outcome": "customer", "value": "-1"}).status_code == 422
    assert client.post(path, {"outcome": "customer", "value": "800"}).status_code == 302
    page = client.get(f"/relations/{rik.id}/").text
    assert "Advised by" in page and "became a customer" in page
    assert "Gave advice to" in client.get(f"/relations/{ans.id}/").text
    with entered(alice):
        assert Tie.objects.get().value == Decimal("800.00")
        undo(last())
        assert (Tie.objects.get().value, Tie.objects.get().outcome) == (None, "")


def test_nothing_comes_of_a_tie_of_another_kind(alice: User, bob: User, signed_in: SignIn, calling: Calling) -> None:
    with entered(alice) as actor:
        rik, ans = make_person("Rik"), make_person("Ans")
        with pytest.raises(Refused, match="Only of a referral"):
            actions.add_tie(actor=actor, one=rik, other=ans, kind="friend", outcome="customer")
        tie = actions.add_tie(actor=actor, one=rik, other=ans, kind="friend")
    sent = {"kind": "friend:out", "other": str(ans.id), "other_name": "Ans", "outcome": "open"}
    assert signed_in(alice).post(f"/relations/{rik.id}/ties/new/", sent).status_code == 422
    path = f"/relations/{rik.id}/ties/{tie.id}"
    answer = calling(bob, "write").send("PATCH", path, json={"outcome": "customer"})
    assert answer.status_code == 422 and "outcome" in answer.json()["fields"]
