# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page of one relation: it works, a colleague may, a stranger finds nothing, a guest only looks."""

from collections.abc import Callable

from django.test import Client

from plein.core.operations import operation
from plein.relations.models import Relation, Tag
from plein.relations.tests.pages import HTMX, Full, acts, at, fill, forms, readable, state, statements
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def test_every_page_opens_whole_and_in_part_for_the_owner_and_a_colleague(
    alice: User, bob: User, signed_in: SignIn
) -> None:
    full = fill(alice)

    for user in (alice, bob):
        client = signed_in(user)
        for address in [*readable(full), *forms(full)]:
            assert client.get(address, follow=True).status_code == 200, address
            assert client.get(address, headers=HTMX).status_code == 200, address


def test_a_stranger_gets_404_everywhere_and_changes_nothing(alice: User, charlie: User, signed_in: SignIn) -> None:
    full = fill(alice)
    before = state(alice)
    client = signed_in(charlie)

    for address in [*readable(full), *forms(full)]:
        assert client.get(address, headers=HTMX).status_code == 404, address
    for address, sent in acts(full):
        assert client.post(address, sent).status_code == 404, address
    assert state(alice) == before


def test_what_is_hidden_is_not_there_for_a_colleague(alice: User, bob: User, signed_in: SignIn) -> None:
    full = fill(alice, circle_key="me")
    before = state(alice)
    client = signed_in(bob)

    for address in [*readable(full), *forms(full)]:
        assert client.get(address, headers=HTMX).status_code == 404, address
    for address, sent in acts(full):
        assert client.post(address, sent).status_code == 404, address
    for address in (
        at("person_list"),
        f"{at('person_list')}?q=rik",
        f"{at('similar')}?kind=person&name=Rik+van+Dijk&email=rik@example.com",
        f"{at('suggest')}?kind=person&other_name=rik",
    ):
        assert "van Dijk" not in client.get(address, headers=HTMX).content.decode(), address
    assert state(alice) == before


def test_a_guest_may_look_and_may_not_touch(alice: User, gina: User, signed_in: SignIn) -> None:
    full = fill(alice)
    before = state(alice)
    client = signed_in(gina)

    for address in readable(full):
        assert client.get(address, headers=HTMX).status_code == 200, address
    for address in [*forms(full), at("person_create"), at("organization_create")]:
        assert client.get(address).status_code == 403, address
    for address, sent in acts(full):
        assert client.post(address, sent).status_code == 403, address
    page = client.get(at("relation", full.person)).content.decode()
    assert at("edit", full.person) not in page
    assert at("contact_point_add", full.person) not in page
    assert state(alice) == before


def test_reading_never_writes(alice: User, signed_in: SignIn) -> None:
    full = fill(alice)
    client = signed_in(alice)
    lists = [at("person_list"), at("organization_list"), at("person_create"), "/lists/person/filter/"]

    for address in [*readable(full), *forms(full), *lists]:
        written = [
            sql
            for sql in statements(client, address, **HTMX)
            if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "trust_session" not in sql
        ]
        assert written == [], address


def test_every_act_works_with_and_without_scripts(alice: User, signed_in: SignIn) -> None:
    for headers in ({}, HTMX):
        for number in range(len(acts(fill_once(alice)))):
            full = fill_once(alice)
            before = state(alice)
            address, sent = acts(full)[number]
            response = signed_in(alice).post(address, sent, headers=headers)
            assert response.status_code in (200, 302), (address, response.content.decode()[:300])
            untouched = (at("favourite", full.person), at("photo_change", full.person))
            assert (state(alice) == before) is (address in untouched), address


def fill_once(user: User) -> Full:
    """Something of everything, after taking away what an earlier turn left."""
    with entered(user), operation("test"):
        Relation.objects.all().delete()
        Tag.objects.all().delete()
    return fill(user)


def test_an_act_is_a_post(alice: User, signed_in: SignIn) -> None:
    full = fill(alice)
    client = signed_in(alice)

    for name in ("interest_remove", "date_remove", "tag_remove", "tie_remove", "membership_remove"):
        assert client.get(at(name, full.person, full.interest)).status_code == 405, name
