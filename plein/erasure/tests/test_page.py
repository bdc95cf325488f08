# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page that says what erasing takes, and takes the word for it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.consent.actions import restrict
from plein.consent.models import NeverContact, Subject
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.erasure import ledger
from plein.relations.actions import forbid_contact, forbid_contact_point
from plein.relations.models import ContactPointLink, Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import (
    make_contact_point,
    make_decision,
    make_moment,
    make_organization,
    make_person,
    make_todo,
)
from plein.trust.actions import change_password
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

__all__ = ["calling"]

type SignIn = Callable[[User], Client]
GOOD = "a long enough sentence"


@pytest.fixture(autouse=True)
def a_list_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.PLEIN_ERASURES = tmp_path / "erasures"


@pytest.fixture
def henk(alice: User) -> Relation:
    """A person with some of everything."""
    with entered(alice) as actor:
        person = make_person("Henk van Dijk")
        make_contact_point(person, "email", "henk@vandijk.example")
        make_moment(person)
        make_moment(person, make_person("Wim"))
        make_todo(relation=person)
        make_decision(actor, person, "newsletter", "refused")
        return person


def there(user: User, relation: Relation) -> bool:
    with entered(user):
        return Relation.objects.filter(id=relation.id).exists()


def test_the_page_says_what_goes_what_stays_and_what_is_kept(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.get("/settings/profile/")

    with within_budget(__file__, "erase"):
        page = client.get(f"/relations/{henk.id}/erase/").content.decode()

    for words in ("1 way to reach them", "1 to-do about them", "1 moment of contact with them alone",
                  "1 moment in which others took part", "1 decision of theirs", "audit log"):  # fmt: skip
        assert words in page
    assert there(alice, henk)


def test_their_name_typed_is_the_word(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)

    wrong = client.post(f"/relations/{henk.id}/erase/", {"name": "Henk"})
    assert wrong.status_code == 422 and "This is not their name" in wrong.content.decode()
    assert there(alice, henk) and not ledger.path().exists()

    right = client.post(f"/relations/{henk.id}/erase/", {"name": " henk  van dijk ", "never_contact": "on"})

    assert right.status_code == 302 and right["Location"] == "/people/"
    assert not there(alice, henk)
    with entered(alice):
        assert NeverContact.objects.count() == 1


def _do_not_contact(actor: Entrance, person: Relation) -> object:
    return forbid_contact(actor=actor, relation=person, reason="asked us")


def _do_not_use(actor: Entrance, person: Relation) -> object:
    return restrict(actor=actor, relation=person, reason="asked us")


def _not_there(actor: Entrance, person: Relation) -> object:
    link = ContactPointLink.objects.get(relation=person)
    return forbid_contact_point(actor=actor, link=link, reason="asked us")


def _nothing(actor: Entrance, person: Relation) -> object:
    return actor, person


@pytest.mark.parametrize(
    ("wish", "is_silent"), [(_do_not_contact, True), (_do_not_use, True), (_not_there, True), (_nothing, False)]
)
@pytest.mark.parametrize("door", ["page", "rest"])
def test_who_wanted_silence_keeps_it_through_every_door(
    door: str,
    wish: Callable[[Entrance, Relation], object],
    is_silent: bool,
    alice: User,
    henk: Relation,
    signed_in: SignIn,
    calling: Calling,
) -> None:
    with entered(alice) as actor:
        wish(actor, henk)
        subject = Subject.objects.get(relation_id=henk.id).id
    client, caller, path = signed_in(alice), calling(alice, "all"), f"/relations/{henk.id}/erase/"
    form = client.get(path).context["form"]
    assert caller.read(f"/subjects/{subject}/erase")["wants_silence"] is form.initial["never_contact"] is is_silent

    if door == "page":
        sent = {"name": "Henk van Dijk"} | ({"never_contact": "on"} if form["never_contact"].value() else {})
        assert client.post(path, sent).status_code == 302
    else:
        caller.write("POST", f"/subjects/{subject}/erase", {})

    with entered(alice):
        assert NeverContact.objects.count() == int(is_silent)


def test_who_came_in_some_time_ago_proves_who_they_are(alice: User, henk: Relation, signed_in: SignIn) -> None:
    with no_workspace("test"):
        change_password(user=alice, password=GOOD)
    client = signed_in(alice)
    with no_workspace("test"):
        session = client.session
        session.pop("proved_at")
        session.save()

    asked = client.post(f"/relations/{henk.id}/erase/", {"name": "Henk van Dijk"})

    assert "proof_password" in asked.content.decode()
    assert there(alice, henk)
    done = client.post(f"/relations/{henk.id}/erase/", {"name": "Henk van Dijk", "proof_password": GOOD})
    assert done.status_code == 302
    assert not there(alice, henk)


def test_only_administrators_get_it_and_strangers_find_nothing(
    alice: User, bob: User, charlie: User, henk: Relation, signed_in: SignIn
) -> None:
    for method in ("get", "post"):
        assert getattr(signed_in(bob), method)(f"/relations/{henk.id}/erase/").status_code == 403
        assert getattr(signed_in(charlie), method)(f"/relations/{henk.id}/erase/").status_code == 404
    assert "/erase/" not in signed_in(bob).get(f"/relations/{henk.id}/").content.decode()
    assert f"/relations/{henk.id}/erase/" in signed_in(alice).get(f"/relations/{henk.id}/").content.decode()


def test_an_organization_has_no_such_page(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        company = make_organization()

    assert signed_in(alice).get(f"/relations/{company.id}/erase/").status_code == 404


def test_the_history_says_that_it_was_about_somebody_who_is_forgotten(
    alice: User, henk: Relation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    client.post(f"/relations/{henk.id}/erase/", {"name": "Henk van Dijk"})
    with entered(alice):
        made = Operation.objects.filter(verb="create_person").order_by("started_at").first()
        assert made is not None

    refused = client.post(f"/undo/{made.id}/", headers={"HX-Request": "true"})

    assert refused.status_code == 409 and "asked to be forgotten" in refused.content.decode()
    assert "removed on request" in client.get(f"/history/{made.id}/").content.decode()
