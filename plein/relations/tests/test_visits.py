# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.relations.models import Relation, Visit
from plein.relations.queries.visits import recent_visits
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.circles import only_me
from plein.trust.models import Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def visit(client: Client, relation: Relation) -> int:
    with no_workspace("test"):
        return client.post(reverse("relations:visited", args=[relation.id])).status_code


def palette(client: Client, query: str = "") -> str:
    with no_workspace("test"):
        return client.get(reverse("web:palette"), {"q": query}, headers={"HX-Request": "true"}).content.decode()


def test_what_one_looked_at_is_in_the_palette_latest_first_and_nobody_elses(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.bob):
        first, second = make_person("Anna Bakker"), make_person("Bram Bakker")
    bob = signed_in(cast.bob)

    statuses = [visit(bob, one) for one in (first, second, first)]

    shown = palette(bob)
    assert statuses == [204, 204, 204]
    assert shown.index("Anna Bakker") < shown.index("Bram Bakker")
    assert "Bakker" not in palette(signed_in(cast.alice))
    with entered(cast.bob):
        assert Visit.objects.count() == 2


def test_who_was_seen_lately_is_found_first(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.bob):
        people = [make_person(f"Jansen {letter}") for letter in "abcdefgh"]
    bob = signed_in(cast.bob)
    visit(bob, people[-1])

    shown = palette(bob, "jansen")

    assert "Jansen h" in shown
    assert shown.index("Jansen h") < shown.index("Jansen a")


def test_what_became_hidden_is_gone_from_the_list(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.alice):
        person = make_person("Anna Bakker")
    bob = signed_in(cast.bob)
    visit(bob, person)
    with entered(cast.alice), operation("change_circle"):
        Relation.objects.filter(id=person.id).update(circle_id=only_me())

    assert "Anna Bakker" not in palette(bob)
    assert visit(bob, person) == 404
    assert visit(signed_in(cast.charlie), person) == 404
    with entered(cast.bob):
        assert recent_visits(Seat.objects.get(user=cast.bob).id, limit=5) == []


def test_looking_changes_no_history_and_a_get_remembers_nothing(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.bob):
        person = make_person("Anna Bakker")
    client = signed_in(cast.gina)
    with no_workspace("test"):
        client.get(reverse("relations:relation", args=[person.id]))
    with entered(cast.gina):
        before = Visit.objects.count()

    assert before == 0
    assert visit(client, person) == 204
