# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from plein.core.ids import new_id
from plein.core.isolation import no_workspace
from plein.testing.cast import Cast
from plein.testing.lying_provider import Provider, lying_provider
from plein.trust.actions import (
    ProviderFacts,
    add_code_app,
    change_password,
    connect,
    give_seat,
    make_one_time_link,
    make_user,
    set_provider,
)
from plein.trust.models import ExternalIdentity, SignInProvider, User
from plein.trust.providers import Identity
from plein.trust.seats import entered
from plein.trust.tests.test_addresses import NASTY
from plein.trust.tests.test_second_step import SECRET, code

SignIn = Callable[[User], Client]
CLIENT_SECRET = "geheim-marker:met/tekens"  # noqa: S105 — of nobody
GOOD = "a long enough sentence"


def way_in(actor: User, issuer: str, **changes: Any) -> SignInProvider:
    facts = {"name": "Bedrijf", "issuer": issuer, "client_id": "plein", "is_inside": True, "is_active": True,
             "domains": ["plein.example"], "seat_role": "member"}  # fmt: skip
    with entered(actor) as seat:
        return set_provider(
            actor=seat, provider_id=new_id(), facts=ProviderFacts(**{**facts, **changes}), secret=CLIENT_SECRET
        )


@pytest.fixture
def liar(cast: Cast) -> Iterator[tuple[Provider, SignInProvider]]:
    """A provider that can lie, set up for Noorderlicht."""
    with lying_provider() as running:
        yield running, way_in(cast.alice, running.url)


def known(user: User, provider: Provider, subject: str = "daan") -> User:
    connect(user=user, identity=Identity(provider.url, subject, user.email, False, user.name))
    return user


def out(client: Client, provider: SignInProvider, **query: str) -> str:
    """Where the browser is sent."""
    response = client.get(f"/sign-in/with/{provider.id}/", query)
    assert response.status_code == 302, response.text
    return str(response["Location"])


def back(client: Client, provider: SignInProvider, answer: dict[str, str]) -> Any:
    return client.get(f"/sign-in/with/{provider.id}/back/?{urlencode(answer)}")


def is_in(client: Client) -> bool:
    return client.get("/history/").status_code == 200


def identities() -> int:
    with no_workspace("test"):
        return ExternalIdentity.objects.count()


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "somebody else"},
    "several audiences": {"aud": ["plein", "other"]},
    "another party": {"aud": ["plein", "other"], "azp": "other"},
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "too old": {"exp": 1_700_000_000},
    "no end": {"exp": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a number as subject": {"sub": 7},
    "from the future": {"iat": 4_000_000_000},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_lets_nobody_in(lie: str, liar: tuple[Provider, SignInProvider], bob: User) -> None:
    running, provider = liar
    known(bob, running)
    client = Client()
    assert back(client, provider, running.consent(out(client, provider))).status_code == 302, "the truth does"
    client = Client()
    running.claims = LIES[lie]

    response = back(client, provider, running.consent(out(client, provider)))

    assert response.status_code == 422 and "not signed in at Bedrijf" in response.text
    assert not is_in(client)


@pytest.mark.parametrize("how", ["none", "HS256", "forged", "two issuers", "answered by another"])
def test_what_is_not_signed_by_whom_we_asked_lets_nobody_in(
    how: str, liar: tuple[Provider, SignInProvider], bob: User
) -> None:
    running, provider = liar
    known(bob, running)
    client = Client()
    answer = running.consent(out(client, provider))
    if how == "forged":
        running.is_forged = True
    elif how == "two issuers":
        running.metadata = {"issuer": "https://evil.example"}
    elif how == "answered by another":
        answer["iss"] = "https://evil.example"
    else:
        running.signs_with = how

    assert back(client, provider, answer).status_code == 422 and not is_in(client)


def test_the_state_is_of_this_browser_this_provider_and_once(
    liar: tuple[Provider, SignInProvider], alice: User, bob: User
) -> None:
    running, provider = liar
    other = way_in(alice, running.url, name="Ander")
    known(bob, running)
    mine, thief = Client(), Client()
    answer = running.consent(out(mine, provider))

    assert back(thief, provider, answer).status_code == 422 and not is_in(thief)
    assert back(mine, other, answer).status_code == 422 and not is_in(mine)
    assert back(mine, provider, {**answer, "state": "x"}).status_code == 422
    fresh = running.consent(out(mine, provider))
    assert back(mine, provider, fresh).status_code == 302 and is_in(mine)
    assert back(Client(), provider, fresh).status_code == 422


def test_a_code_that_was_used_or_meant_for_another_is_refused(liar: tuple[Provider, SignInProvider], bob: User) -> None:
    running, provider = liar
    known(bob, running)
    first, second = Client(), Client()
    stolen = running.consent(out(first, provider))
    own = running.consent(out(second, provider))

    injected = back(second, provider, {"code": stolen["code"], "state": own["state"]})

    assert injected.status_code == 422 and not is_in(second), "the verifier of another browser does not fit"


def test_what_we_send_is_a_challenge_and_a_secret_only_where_it_belongs(
    liar: tuple[Provider, SignInProvider], bob: User
) -> None:
    running, provider = liar
    known(bob, running)
    client = Client()
    address = out(client, provider)
    assert "code_challenge_method=S256" in address and "nonce=" in address and "geheim" not in address

    back(client, provider, running.consent(address))

    assert any(seen.startswith("Basic ") and "geheim" not in seen for seen in running.seen)


def test_what_a_provider_gives_stays_on_the_server(liar: tuple[Provider, SignInProvider], bob: User) -> None:
    running, provider = liar
    known(bob, running)
    client = Client()

    response = back(client, provider, running.consent(out(client, provider)))

    assert is_in(client) and "#" not in response["Location"] and not response.content
    with no_workspace("test"):
        kept = dict(client.session.items())
    assert "eyJ" not in str(kept) and not {"access_token", "id_token", "refresh_token"} & kept.keys()
    assert {name for name in client.cookies if client.cookies[name].value} <= {"plein", "csrftoken"}


def test_an_address_alone_is_nobody(liar: tuple[Provider, SignInProvider], bob: User) -> None:
    running, provider = liar
    for claims in (
        {"email": bob.email, "email_verified": True},
        {"email": bob.email},
        {"email": "new@plein.example"},
        {"email": "new@plein.example", "email_verified": "true"},
        {"email": "new@evil.example", "email_verified": True},
        {},
    ):
        running.claims = {"sub": "new", **claims}
        client = Client()
        response = back(client, provider, running.consent(out(client, provider)))
        assert response.status_code == 422 and not is_in(client), claims
    assert identities() == 0


def test_facts_about_somebody_else_count_for_nothing(liar: tuple[Provider, SignInProvider], bob: User) -> None:
    running, provider = liar
    known(bob, running)
    running.user_info = {"sub": "somebody else", "email": "x@plein.example"}
    client = Client()

    assert back(client, provider, running.consent(out(client, provider))).status_code == 422


def test_a_suspended_or_foreign_user_stays_out(liar: tuple[Provider, SignInProvider], bob: User, charlie: User) -> None:
    running, provider = liar
    known(charlie, running, "charlie")
    running.claims = {"sub": "charlie"}
    client = Client()
    assert back(client, provider, running.consent(out(client, provider))).status_code == 422

    known(bob, running, "bob")
    running.claims = {"sub": "bob"}
    with no_workspace("test"):
        User.objects.filter(id=bob.id).update(is_active=False)
    assert back(client, provider, running.consent(out(client, provider))).status_code == 422


def test_the_second_step_is_asked_for_here_too(liar: tuple[Provider, SignInProvider], bob: User) -> None:
    running, provider = liar
    known(bob, running)
    with no_workspace("test"):
        add_code_app(user=bob, secret=SECRET, code=code())
    client = Client()

    response = back(client, provider, running.consent(out(client, provider)))

    assert response["Location"] == "/sign-in/second-step/" and not is_in(client)


def test_a_provider_opens_its_own_workspace_and_no_other(
    liar: tuple[Provider, SignInProvider], charlie: User, cast: Cast
) -> None:
    running, provider = liar
    give_seat(workspace=cast.here, user=charlie, role="member")
    with no_workspace("test"):
        change_password(user=charlie, password=GOOD)
    known(charlie, running)
    client = Client()

    assert back(client, provider, running.consent(out(client, provider))).status_code == 302

    page = client.get("/workspaces/").text
    assert "Noorderlicht" in page and "Elders" not in page
    wanted = {"current_password": GOOD, "new_password": "another long sentence"}
    assert client.post("/settings/password/", wanted).status_code == 422
    refused = client.post("/settings/security/code-app/start/")
    assert refused.status_code == 422 and "other workspaces" in refused.text


def test_who_is_signed_in_connects_and_disconnects(
    liar: tuple[Provider, SignInProvider], alice: User, bob: User
) -> None:
    running, provider = liar
    with no_workspace("test"):
        change_password(user=bob, password=GOOD)
    client = Client()
    client.post("/sign-in/", {"email": bob.email, "password": GOOD})

    assert "Connect Bedrijf" in client.get("/settings/security/").text
    assert f"/sign-in/with/{provider.id}/" in client.post(f"/settings/security/connect/{provider.id}/").text
    response = back(client, provider, running.consent(out(client, provider)))
    assert response["Location"] == "/settings/security/"
    with no_workspace("test"):
        mine = ExternalIdentity.objects.get(user=bob)
    assert is_in(client) and (mine.issuer, mine.subject) == (running.url, "daan")
    assert client.post(f"/settings/security/identities/{mine.id}/remove/").status_code == 302
    known(alice, running)
    client.post(f"/settings/security/connect/{provider.id}/")
    taken = back(client, provider, running.consent(out(client, provider)))
    assert taken.status_code == 422 and "account here already" in taken.text


def test_nobody_is_connected_by_a_link_they_were_lured_to(
    liar: tuple[Provider, SignInProvider], bob: User, signed_in: SignIn
) -> None:
    running, provider = liar
    client = signed_in(bob)

    response = back(client, provider, running.consent(out(client, provider)))

    assert response.status_code == 422 and identities() == 0


def test_who_is_invited_begins_through_the_provider(liar: tuple[Provider, SignInProvider], cast: Cast) -> None:
    running, provider = liar
    daan = make_user(email="daan@elsewhere.example", name="Daan")
    give_seat(workspace=cast.here, user=daan, role="member")
    with no_workspace("test"):
        path = make_one_time_link(user=daan, purpose="invitation")
    client = Client()
    assert f"/sign-in/with/{provider.id}/?invitation=" in client.get(path).text

    response = back(client, provider, running.consent(out(client, provider, invitation=path.split("/")[2])))

    assert response["Location"] == "/" and is_in(client) and identities() == 1
    assert Client().get(path).status_code == 410


@pytest.mark.parametrize("nasty", NASTY[::120])
def test_after_a_provider_one_goes_nowhere_else(nasty: str, liar: tuple[Provider, SignInProvider], bob: User) -> None:
    running, provider = liar
    known(bob, running)
    client = Client()

    response = back(client, provider, running.consent(out(client, provider, next=nasty)))

    assert response["Location"] == "/"


def test_a_provider_that_is_away_says_so(bob: User, alice: User) -> None:
    provider = way_in(alice, "http://localhost:1")

    response = Client().get(f"/sign-in/with/{provider.id}/")

    assert response.status_code == 503 and "cannot be reached" in response.text
    assert Client().get(f"/sign-in/with/{new_id()}/").status_code == 404
