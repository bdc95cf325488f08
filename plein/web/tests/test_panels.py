# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from plein.core.ids import now
from plein.testing.factories import make_moment, make_person
from plein.trust.models import User
from plein.trust.seats import entered
from plein.web.panels import last_contact_fact

SignIn = Callable[[User], Client]


def test_the_strip_says_when_the_last_contact_was_and_how_long_ago(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        person, stranger = make_person("Rik van Dijk"), make_person("Nobody Yet")
        make_moment(person, occurred_at=now() - timedelta(days=41))

        fact = last_contact_fact(person)
        assert fact is not None and fact.note == "Phone call, 41 days ago"
        assert last_contact_fact(stranger) is None

    page = signed_in(alice).get(f"/relations/{person.id}/").content.decode()
    assert "Last contact" in page and "Phone call, 41 days ago" in page


def test_a_list_says_when_the_last_contact_with_each_was(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        person = make_person("Rik van Dijk")
        make_person("Nobody Yet")
        make_moment(person)

    page = signed_in(alice).get("/people/").content.decode()
    assert page.split("Rik van Dijk</span>")[1].split("</tr>")[0].count("<time ") == 1
    assert page.split("Nobody Yet</span>")[1].split("</tr>")[0].count("<time ") == 0
