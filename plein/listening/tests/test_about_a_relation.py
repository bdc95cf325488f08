# SPDX-License-Identifier: AGPL-3.0-or-later
"""A search about a relation: by all that they are called, after a rename too, and for nobody who does not see them."""

from collections.abc import Callable

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.ids import new_id
from plein.core.models import Operation
from plein.core.operations import undo
from plein.listening.actions import change_search, remove_search, save_search
from plein.listening.models import Search
from plein.listening.queries import heard_by, searches
from plein.listening.tests.test_searches import heard, post
from plein.relations.actions import add_contact_point, change_circle, delete_relation, edit_relation
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db
type SignIn = Callable[[User], Client]


def about(user: User, whom: Relation, circle: str = "everyone", words: str = "") -> Search:
    with entered(user) as actor:
        return save_search(actor=actor, name="Hen", words=words, circle=circle, relation=whom)


def move(user: User, whom: Relation, circle: str) -> None:
    """Other colleagues see a relation from now on."""
    with entered(user) as actor:
        change_circle(actor=actor, relation=Relation.objects.get(id=whom.id), circle_key=circle)


def test_it_hears_names_handles_and_domains_and_follows_a_rename(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        whom = make_organization("Zonnedak Techniek")
        for text, network in (("info@zonnedak.example", ""), ("@zonnedakker@social.example", "mastodon")):
            kind = "handle" if network else "email"
            add_contact_point(actor=actor, relation=whom, text=text, kind=kind, network=network)
    post(cast.alice, "Techniek van Zonnedak: top", days=1)
    post(cast.alice, "Zie https://www.zonnedak.example/nieuws", days=2)
    post(cast.alice, "Dank aan @zonnedakker@social.example voor het werk", days=3)
    post(cast.alice, "Straks: Lichtkracht opent de deuren", days=4)
    post(cast.alice, "Niets van dit alles, wel geluid", days=5)
    about(cast.alice, whom, words="geluid")
    assert len(heard(cast.bob)) == 4

    with entered(cast.alice) as actor:
        latest = Relation.objects.get(id=whom.id)
        edit_relation(actor=actor, relation=latest, based_on=latest.version, changes={"name": "Lichtkracht"})
    found = heard(cast.bob)
    assert "Straks: Lichtkracht opent de deuren" in found and "Techniek van Zonnedak: top" not in found


def test_it_hears_the_domain_of_their_own_website_and_of_no_page_elsewhere(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        whom = make_organization("Zonnedak Techniek")
        for text in ("https://www.dakenzon.example/", "https://buren.example/bedrijven/zonnedak"):
            add_contact_point(actor=actor, relation=whom, text=text)
    post(cast.alice, "Lees dakenzon.example er maar op na")
    post(cast.alice, "Lees buren.example er maar op na")
    about(cast.alice, whom)
    assert heard(cast.alice) == ["Lees dakenzon.example er maar op na"]


def test_a_domain_where_anybody_has_an_address_tells_nothing(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        whom = make_person("Wiebe Zonderling")
        add_contact_point(actor=actor, relation=whom, text="wiebe@gmail.com", kind="email")
    post(cast.alice, "Mijn adres is bij gmail.com")
    about(cast.alice, whom)
    assert heard(cast.alice) == []


def test_who_does_not_see_the_relation_sees_no_search(cast: Cast, signed_in: SignIn, calling: Calling) -> None:
    with entered(cast.alice):
        hidden = make_person("Verborgen Vriend")
    move(cast.alice, hidden, "me")
    post(cast.alice, "Verborgen Vriend was er")
    one = about(cast.alice, hidden)
    client = signed_in(cast.bob)
    assert len(heard(cast.alice)) == 1 and heard(cast.bob) == []
    assert client.get(f"/listening/{one.id}/").status_code == 404
    page = client.get("/listening/").text
    assert "Hen" not in page and "Nothing is listened for yet" in page
    caller = calling(cast.bob, "write")
    assert caller.read("/listening")["items"] == []

    for named in (hidden.id, new_id()):
        assert client.get(f"/listening/new/?relation={named}").status_code == 404
        sent = {"name": "Hen", "about": "person", "words": "", "circle": "everyone", "relation": str(named)}
        assert client.post("/listening/new/", sent).status_code == 404
    with entered(cast.alice) as actor:
        change_search(actor=actor, search=Search.objects.get(), based_on=1, circle="everyone")
    assert heard(cast.bob) == [], "wider than the relation it never gets"


def test_it_goes_where_the_relation_goes_and_no_further_than_was_chosen(cast: Cast) -> None:
    with entered(cast.alice):
        whom = make_person("Henk van Dijk")
    post(cast.alice, "Henk van Dijk spreekt")
    about(cast.alice, whom)
    assert len(heard(cast.bob)) == 1
    move(cast.alice, whom, "me")
    assert heard(cast.bob) == [] and len(heard(cast.alice)) == 1
    with entered(cast.alice) as actor:
        change_search(actor=actor, search=Search.objects.get(), based_on=Search.objects.get().version, circle="me")
    move(cast.alice, whom, "everyone")
    assert heard(cast.bob) == [] and len(heard(cast.alice)) == 1


def test_the_pages_make_it_and_keep_who_sees_it(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.alice):
        whom = make_person("Henk van Dijk")
    post(cast.alice, "Henk van Dijk spreekt")
    client = signed_in(cast.alice)
    assert f"/listening/new/?relation={whom.id}" in client.get(f"/relations/{whom.id}/").text
    form = client.get(f"/listening/new/?relation={whom.id}").text
    assert "Plein listens for Henk van Dijk by name" in form and f'value="{whom.id}"' in form
    sent = {"name": "Henk", "about": "person", "words": "", "circle": "me", "relation": str(whom.id)}
    made = client.post("/listening/new/", sent)
    assert made.status_code == 302
    client.get(made["Location"])
    with within_budget(__file__, "search"):
        page = client.get(made["Location"]).text
    assert "Henk van Dijk</a> is called in public" in page and "Heard in half a year: 1" in page
    with within_budget(__file__, "overview"):
        client.get("/listening/")
    again = client.get(f"{made['Location']}change/").text
    assert "Plein listens for Henk van Dijk by name" in again and 'value="me" selected' in again
    assert client.post("/listening/new/", sent | {"relation": "nonsense"}).status_code == 404
    without = client.post("/listening/new/", {key: value for key, value in sent.items() if key != "relation"})
    assert without.status_code == 422, "without a relation it needs words"


def test_removing_is_undone_and_programs_do_the_same(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice):
        whom = make_person("Henk van Dijk")
    caller = calling(cast.alice, "write")
    made = caller.write("POST", "/listening", {"name": "Henk", "relation": str(whom.id), "circle": "everyone"})
    assert made["relation"] == str(whom.id) and made["words"] == []
    with entered(cast.alice) as actor:
        remove_search(actor=actor, search=Search.objects.get())
        undo(Operation.objects.filter(verb="remove_search").get().id)
        delete_relation(actor=actor, relation=whom)
        assert not Search.objects.exists()
        undo(Operation.objects.filter(verb="delete_relation").get().id)
        [one] = searches()
        assert one.relation == whom and heard_by([one]).ids == []
