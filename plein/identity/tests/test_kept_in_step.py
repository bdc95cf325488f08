# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database keeps the keys in step with everything they are made from, in the same transaction."""

import os
from collections.abc import Callable
from random import Random

import pytest

from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation, undo
from plein.identity.models import Key
from plein.identity.queries import differences, rebuild
from plein.relations.actions import merge_relations
from plein.relations.models import ContactPoint, ContactPointLink, Membership, Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.testing.figures import Judge
from plein.trust.circles import only_me
from plein.trust.seats import Entrance, entered

pytestmark = pytest.mark.django_db
ACTS, LOOKS = (600, 60) if os.environ.get("PLEIN_NIGHTLY") else (24, 4)
NAMES = ("Henk Jansen", "Anna-Maria de Vries-Bos", "José García", "Piet", "Wim van der Dijk")


def test_a_key_lives_where_what_it_is_made_from_does(cast: Cast) -> None:
    with entered(cast.alice):
        henk = make_person("Henk Jansen")
        make_membership(henk, make_organization("Geheim BV", circle_id=only_me()))
        make_contact_point(henk, "email", "henk@jansen.nl")
        assert set(Key.objects.values_list("kind", flat=True)) == set("nmecd")

        with operation("change_circle"):
            Relation.objects.filter(id=henk.id).update(circle_id=only_me())
        assert set(Key.objects.values_list("circle_id", flat=True)) == {only_me()}
        assert differences() == 0

    with entered(cast.bob):
        assert not Key.objects.exists()


def _merge(actor: Entrance, people: list[Relation]) -> None:
    if len(people) > 1:
        merge_relations(actor=actor, into=people[0], other=people[1])


def _acts(actor: Entrance, random: Random) -> list[Callable[[], object]]:
    """What may happen to people, one of each."""
    people = list(Relation.objects.filter(kind="person").order_by("id"))
    firms = list(Relation.objects.filter(kind="organization").order_by("id"))
    random.shuffle(people)
    one, firm = (people or [make_person()])[0], random.choice(firms or [make_organization()])
    circle = random.choice([only_me(), actor_circle()])
    name = random.choice(NAMES)
    member, link = Membership.objects.order_by("?").first(), ContactPointLink.objects.order_by("?").first()
    undone = random.choice(list(Operation.objects.order_by("-started_at")[:8]))
    return [
        lambda: make_person(name, given_name=name.split()[0], family_name=name.split()[-1], circle_id=circle),
        lambda: make_contact_point(one, "email", f"{random.randrange(9)}@jansen.nl"),
        lambda: make_contact_point(one, "phone", f"+3161234567{random.randrange(9)}"),
        lambda: make_membership(one, firm),
        lambda: _set(Relation, one.id, name=name, given_name="", family_name=""),
        lambda: _set(Relation, firm.id, name=random.choice(("Bos BV", "Smit & Zonen", "Groep"))),
        lambda: _set(Relation, one.id, circle_id=circle),
        lambda: _set(Relation, firm.id, circle_id=circle),
        lambda: _set(ContactPoint, link.contact_point_id, value="anders@jansen.nl") if link else None,
        lambda: ContactPointLink.objects.filter(id=link.id).delete() if link else None,
        lambda: Membership.objects.filter(id=member.id).delete() if member else None,
        lambda: Relation.objects.filter(id=one.id).delete() if random.random() < 0.3 else None,
        lambda: _merge(actor, people),
        lambda: undo(undone.id),
    ]


def actor_circle() -> int:
    """The circle of everyone here."""
    return Relation.objects.model().circle_id


def _set(model: type, id: object, **values: object) -> None:
    model.objects.filter(id=id).update(**values)  # type: ignore[attr-defined]


def test_whatever_is_done_the_keys_are_what_they_would_be(cast: Cast, judge: Judge) -> None:
    random, wrong = Random(1), 0  # noqa: S311 - the same each time
    for number in range(ACTS):
        with entered(cast.alice) as actor:
            act = random.choice(_acts(actor, random))
            try:
                with operation("change_person"):
                    act()
            except CannotUndo:
                continue
            if number % (ACTS // LOOKS) == 0:
                wrong += differences()
    with entered(cast.alice):
        rebuild()
        wrong += differences()
    judge("keys of people that are not what they would be", goal="0", measured=wrong, is_good=wrong == 0)

    assert wrong == 0
