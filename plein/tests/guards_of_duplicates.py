# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards around who may be here twice (ADR 0042): how to take each away, and the suite that then turns red."""

from plein.core.operations import operation
from plein.identity.actions import merge_sure
from plein.identity.book import reading, writing
from plein.identity.book.engine import Book
from plein.identity.models import Pair
from plein.identity.queries.duplicates import Two, open_pairs
from plein.identity.tests.twice import compared, found, make_twice
from plein.relations.models import ContactPoint, Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_person
from plein.tests.guards import Guard, replaced
from plein.trust.circles import everyone, only_me
from plein.trust.seats import entered


def begin(cast: Cast) -> None:
    """Two for everyone, of whom nothing is left over."""
    with entered(cast.alice), operation("test"):
        Pair.objects.all().delete()
        Relation.objects.filter(name__contains="Zandstra").delete()
        make_twice()


def a_pair_is_no_wider_than_it_was(cast: Cast) -> None:
    begin(cast)
    with entered(cast.alice), operation("test"):
        hidden = make_person("Rik Zandstra0", circle_id=only_me())
        make_contact_point(hidden, "phone", "+31612340000", circle_id=only_me())
    compared(cast.alice)
    with entered(cast.alice), operation("test"):
        Relation.objects.filter(id=hidden.id).update(circle_id=everyone())
    assert all(hidden.id not in pair[:2] for pair in found(cast.bob))


def an_address_for_me_alone_makes_no_pair(cast: Cast) -> None:
    begin(cast)
    with entered(cast.alice), operation("test"):
        one = make_person("Kees Zandstra", place="Ede")
        other = make_person("C. Zandstra", place="Ede")
        for person in (one, other):
            link = make_contact_point(person, "phone", "+31612345678")
            ContactPoint.objects.filter(id=link.contact_point_id).update(circle_id=only_me())
    compared(cast.alice)
    assert not [pair for pair in found(cast.bob) if set(pair[:2]) == {one.id, other.id}]


def hidden_people_are_not_counted(cast: Cast) -> None:
    begin(cast)
    compared(cast.alice)
    before = found(cast.bob)
    with entered(cast.alice), operation("test"):
        for _number in range(3):
            make_person("Rik Zandstra0", place="Zwolle", circle_id=only_me())
    compared(cast.alice)
    assert found(cast.bob) == before


def a_name_alone_is_merged_with_nobody(cast: Cast) -> None:
    begin(cast)
    with entered(cast.alice), operation("test"):
        for _number in range(2):
            make_person("Xantippe Zandstra", place="Urk")
    compared(cast.alice)
    with entered(cast.alice) as actor:
        merge_sure(actor=actor, pairs=open_pairs())
        assert Relation.objects.filter(name="Xantippe Zandstra").count() == 2


def _counted_of_all(book: Book, rows: dict[str, list[int]]) -> None:
    _add(book, rows | {"circle": [0] * len(rows["circle"])})


_add = Book.add
DUPLICATE_GUARDS = [
    Guard(
        "a pair lives no wider than where both were seen",
        lambda: replaced(writing, "_meeting", lambda one, other: None),
        a_pair_is_no_wider_than_it_was,
    ),
    Guard(
        "of somebody goes in what everyone sees, or their own circle",
        lambda: replaced(reading, "is_told", lambda circle, own, everyone: True),
        an_address_for_me_alone_makes_no_pair,
    ),
    Guard(
        "names and keys are counted among everyone's people",
        lambda: replaced(Book, "add", _counted_of_all),
        hidden_people_are_not_counted,
    ),
    Guard(
        "several are never merged on one thing in common",
        lambda: replaced(Two, "is_sure", lambda two, at: True),
        a_name_alone_is_merged_with_nobody,
    ),
]
