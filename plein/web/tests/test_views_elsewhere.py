# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a saved view is good for outside lists: a page to begin on, and fields that are kept for it."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from plein.core.isolation import no_workspace
from plein.lists.actions import save_view
from plein.lists.query import ViewQuery
from plein.testing.cast import Cast
from plein.testing.factories import make_field, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def test_a_field_that_is_kept_for_a_view_is_shown_to_who_comes_from_there(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.alice) as alice:
        view = save_view(actor=alice, name="Stille klanten", query=ViewQuery("person", q="henk"), audience="everyone")
        field = make_field(key="reden", views=[view.id])
        page = reverse("relations:relation", args=[make_person("Henk").id])
    client = signed_in(cast.bob)
    with no_workspace("test"):
        without, within = (client.get(page, query).content.decode() for query in ({}, {"view": str(view.id)}))
        offered = signed_in(cast.alice).get(reverse("metadata:field_change", args=[field.id])).content.decode()

    assert "Reden" not in without
    assert "Reden" in within
    assert "Stille klanten" in offered


def test_one_can_begin_on_a_view_of_ones_own_and_nobody_elses(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.bob) as bob:
        view = save_view(actor=bob, name="Van mij alleen", query=ViewQuery("person", q="henk"))
    address = f"/people/?view={view.id}"
    with no_workspace("test"):
        mine, hers = (signed_in(user).get(reverse("trust:profile")).content.decode() for user in (cast.bob, cast.alice))
        User.objects.filter(id=cast.bob.id).update(start_page=address)
        start = signed_in(cast.bob).get("/")

    assert "Van mij alleen" in mine
    assert "Van mij alleen" not in hers
    assert start.headers["Location"] == address
