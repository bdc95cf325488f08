# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from collections.abc import Callable

import pytest
from django.test import Client

from plein.core.ids import new_id
from plein.core.isolation import no_workspace
from plein.testing.cast import Cast
from plein.testing.real_provider import RealProvider, real
from plein.trust.actions import (
    ProviderFacts,
    set_provider,
)
from plein.trust.models import Secret, SignInProvider, User
from plein.trust.seats import entered
from plein.trust.tests.test_providers import CLIENT_SECRET, identities, is_in, out, way_in

__all__ = ["real"]
SignIn = Callable[[User], Client]


def test_a_real_provider_lets_a_newcomer_in_and_knows_them_again(real: RealProvider, alice: User) -> None:
    provider = way_in(alice, real.url)
    real.knows("d-17", email="daan@plein.example", email_verified=True, name="Daan de Wit")
    client = Client(headers={"Accept-Language": "en"})

    query = real.consent(out(client, provider, next="/people/"), "d-17")
    response = client.get(f"/sign-in/with/{provider.id}/back/?{query}")

    assert response["Location"] == "/people/" and is_in(client)
    with no_workspace("test"):
        fresh = User.objects.get(email="daan@plein.example")
        assert (fresh.name, fresh.language) == ("Daan de Wit", "en")
    with no_workspace("test"):
        User.objects.filter(id=fresh.id).update(email="d.dewit@plein.example")
    again = Client()
    query = real.consent(out(again, provider), "d-17")
    assert again.get(f"/sign-in/with/{provider.id}/back/?{query}").status_code == 302
    assert is_in(again) and identities() == 1
    assert again.get(f"/sign-in/with/{provider.id}/back/?{query}").status_code == 422, "a code is used once"


def test_the_page_asks_the_provider_keeps_its_secret_and_shows_the_button(
    real: RealProvider, alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    page = client.get("/settings/sign-in/").text
    proposed = re.search(r'name="id" value="([0-9a-f-]{36})"', page)
    assert proposed is not None and f"/sign-in/with/{proposed[1]}/back/" in page
    form = {"id": proposed[1], "name": "Bedrijf", "issuer": real.url + "/", "client_id": "plein", "is_inside": "on",
            "secret": CLIENT_SECRET, "domains": "plein.example", "seat_role": "member", "is_active": "on"}  # fmt: skip

    assert client.post("/settings/sign-in/", form).status_code == 302

    with no_workspace("test"):
        assert SignInProvider.objects.get().issuer == real.url, "as the provider calls itself"
    with entered(alice):
        assert b"geheim-marker" not in bytes(Secret.objects.get().sealed)
    page = client.get("/settings/sign-in/").text
    assert "geheim-marker" not in page and "Change Bedrijf" in page
    assert "Sign in through Bedrijf" in Client().get("/sign-in/", headers={"Accept-Language": "en"}).text
    assert signed_in(bob).get("/settings/sign-in/").status_code == 403
    assert signed_in(charlie).post(f"/settings/sign-in/{proposed[1]}/remove/").status_code == 404
    assert "Bedrijf" not in signed_in(charlie).get("/settings/sign-in/").text
    assert client.post(f"/settings/sign-in/{proposed[1]}/remove/").status_code == 302
    with entered(alice):
        assert not Secret.objects.exists()


def test_a_secret_does_not_follow_to_another_issuer(alice: User, cast: Cast) -> None:
    provider = way_in(alice, "https://id.een.example")
    with entered(alice) as seat:
        facts = ProviderFacts("Bedrijf", "https://id.ander.example", "plein", False, True, [], "member")
        set_provider(actor=seat, provider_id=provider.id, facts=facts)
        assert not Secret.objects.exists()


@pytest.mark.parametrize(
    "issuer",
    ["http://169.254.169.254/", "http://localhost:1/", "https://localhost:1/", "file:///etc/passwd", "x", "http://[::1",
     "https://name:word@company.nl/", "https://127.1/", "http://0177.0.0.1/", "gopher://localhost/"],
)  # fmt: skip
def test_what_is_no_provider_is_refused_in_words(issuer: str, alice: User, signed_in: SignIn) -> None:
    form = {"id": str(new_id()), "name": "X", "issuer": issuer, "client_id": "x", "seat_role": "member",
            "is_active": "on"}  # fmt: skip

    assert signed_in(alice).post("/settings/sign-in/", form).status_code == 422
    with no_workspace("test"):
        assert not SignInProvider.objects.exists()


def test_an_empty_form_is_told_what_is_missing(alice: User, signed_in: SignIn) -> None:
    for sent in ({}, {"id": "no id"}):
        told = signed_in(alice).post("/settings/sign-in/", sent)

        assert told.status_code == 422 and "This field is required." in told.text
        proposed = re.search(r"/sign-in/with/([0-9a-f-]{36})/back/", told.text)
        assert proposed is not None, "an address to tell the provider"
    with no_workspace("test"):
        assert not SignInProvider.objects.exists()


def test_nobody_becomes_more_than_a_member_by_coming_along(alice: User, signed_in: SignIn) -> None:
    form = {"id": str(new_id()), "name": "X", "issuer": "https://x.example", "client_id": "x", "seat_role": "owner"}

    assert signed_in(alice).post("/settings/sign-in/", form).status_code == 422


def test_the_way_of_a_later_workspace_is_on_nobody_elses_page(charlie: User) -> None:
    way_in(charlie, "https://id.elders.example", name="Elders")

    assert "Elders" not in Client().get("/sign-in/").text
