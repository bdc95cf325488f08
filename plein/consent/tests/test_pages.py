# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many statements these pages take, and that the list of people can be narrowed by what people said."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plein.consent.tests.conftest import SignIn, decide, purpose
from plein.core.ids import now
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered


@pytest.mark.parametrize(
    "name", ["panel", "book", "decide", "purposes", "purpose_change", "never", "introductions", "lists"]
)
def test_statements(name: str, alice: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for key in ("newsletter", "personal", "invitations"):
        decide(alice, henk, key, "given")
    ids = {"panel": [henk.id], "book": [henk.id], "decide": [henk.id, purpose(alice, "newsletter").id]}
    ids["purpose_change"] = [purpose(alice, "newsletter").id]
    client.get("/settings/profile/")

    with within_budget(__file__, name):
        assert client.get(reverse(f"consent:{name}", args=ids.get(name, []))).status_code == 200


def test_the_list_of_people_can_be_narrowed_by_what_they_said(alice: User, henk: Relation, signed_in: SignIn) -> None:
    with entered(alice):
        others = {name: make_person(name) for name in ("Rik", "Sanne", "Oud", "Terug")}
    decide(alice, henk, "newsletter", "given")
    decide(alice, others["Rik"], "newsletter", "refused")
    decide(alice, others["Oud"], "newsletter", "given", decided_at=now() - timedelta(days=900))
    decide(alice, others["Terug"], "newsletter", "given", decided_at=now() - timedelta(days=3))
    decide(alice, others["Terug"], "newsletter", "withdrawn")
    key = purpose(alice, "newsletter").id

    def named(question: str) -> set[str]:
        page = signed_in(alice).get("/people/", {"f": question}).text
        return {name for name in ("Henk van Dijk", *others) if name in page}

    assert named(f"some.consent(purpose:is:{key};state:is:given)") == {"Henk van Dijk"}
    assert named(f"some.consent(purpose:is:{key};state:is:refused,withdrawn)") == {"Rik", "Terug"}
    assert named(f"some.consent(purpose:is:{key};state:is:expired)") == {"Oud"}
    assert named(f"none.consent(purpose:is:{key})") == {"Sanne"}
