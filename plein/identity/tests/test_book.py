# SPDX-License-Identifier: AGPL-3.0-or-later
import argparse
import json
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from plein.cli import match
from plein.cli.speech import CommandTrouble
from plein.core.operations import operation, undo
from plein.identity.actions.duplicates import (
    compare_book,
    merge_pair,
    merge_sure,
    part_again,
    put_off,
    say_apart,
)
from plein.identity.book import running
from plein.identity.book.files import file_of
from plein.identity.book.running import Runner
from plein.identity.models import BookRun, Pair
from plein.identity.queries.duplicates import duplicates, open_pairs
from plein.identity.tests.twice import compared, found, make_twice
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered


@pytest.fixture
def twice(cast: Cast) -> tuple[UUID, UUID]:
    with entered(cast.alice), operation("test"):
        one, other = make_twice()
        make_person("Somebody Else")
    return one.id, other.id


def open_to(user: User) -> list[Pair]:
    with entered(user):
        return list(open_pairs())


def test_who_is_there_twice_stands_in_the_queue_with_reasons(cast: Cast, twice: tuple[UUID, UUID]) -> None:
    compared(cast.bob)

    with entered(cast.alice):
        [two] = duplicates(list(open_pairs()))

        assert {two.left.relation.id, two.right.relation.id} == set(twice)
        assert {"name", "email", "phone", "organization", "place"} <= {one.field for one in two.reasons}
        assert two.is_sure(15)
        assert two.bits > 20


def test_another_workspace_has_none_of_it(cast: Cast, twice: tuple[UUID, UUID]) -> None:
    compared(cast.alice)

    assert found(cast.charlie) == []


def test_what_only_one_sees_is_a_pair_for_nobody_else_and_tells_nobody(cast: Cast, twice: tuple[UUID, UUID]) -> None:
    compared(cast.bob)
    before = found(cast.bob)
    with entered(cast.alice), operation("test"):
        hidden = make_person("Rik Zandstra0", circle_id=only_me())
        make_contact_point(hidden, "email", "rik0@bakkerij.example", circle_id=only_me())

    compared(cast.alice)
    seen = {end for one, other, _bits in found(cast.alice) for end in (one, other)}

    assert hidden.id in seen
    assert found(cast.bob) == before


def test_who_comes_to_see_both_later_learns_nothing_of_what_was_hidden(cast: Cast, twice: tuple[UUID, UUID]) -> None:
    with entered(cast.alice) as actor, operation("test"):
        del actor
        hidden = make_person("Rik Zandstra0", circle_id=only_me())
        make_contact_point(hidden, "phone", "+31612340000", circle_id=only_me())
        shared = Relation.objects.get(id=twice[0]).circle_id
    compared(cast.alice)

    with entered(cast.alice), operation("test"):
        Relation.objects.filter(id=hidden.id).update(circle_id=shared)

    assert all(hidden.id not in pair[:2] for pair in found(cast.bob))


def test_two_who_were_said_to_be_two_stay_two_until_that_is_turned_back(cast: Cast, twice: tuple[UUID, UUID]) -> None:
    compared(cast.alice)
    with entered(cast.bob) as actor:
        done = say_apart(actor=actor, pair=open_pairs().get())

    compared(cast.alice)
    assert open_to(cast.alice) == [] and found(cast.alice) == []

    with entered(cast.bob):
        undo(done.id)
    compared(cast.alice)
    assert len(open_to(cast.alice)) == 1


def test_a_pair_that_was_put_off_comes_back(cast: Cast, twice: tuple[UUID, UUID]) -> None:
    compared(cast.alice)
    with entered(cast.bob) as actor:
        done = put_off(actor=actor, pair=open_pairs().get())
    assert open_to(cast.bob) == []

    with entered(cast.bob):
        undo(done.id)

    assert len(open_to(cast.bob)) == 1


def test_merging_is_turned_back_and_the_pair_is_there_again(cast: Cast, twice: tuple[UUID, UUID]) -> None:
    compared(cast.alice)
    with entered(cast.alice) as actor:
        [two] = duplicates(list(open_pairs()))
        done = merge_pair(actor=actor, pair=open_pairs().get(), into=two.left.relation, other=two.right.relation)
    assert open_to(cast.alice) == []
    with entered(cast.alice):
        assert Relation.objects.filter(id__in=twice).count() == 1

        undo(done.id)

    assert len(open_to(cast.alice)) == 1
    with entered(cast.alice):
        assert Relation.objects.filter(id__in=twice).count() == 2


def test_several_are_merged_at_once_and_parted_at_once(cast: Cast, twice: tuple[UUID, UUID]) -> None:
    with entered(cast.alice), operation("test"):
        make_twice(1)
        alike = [make_person("Anna Bos", place="Ede"), make_person("Anna Bos", place="Ede")]
    compared(cast.alice)

    with entered(cast.alice) as actor:
        merged = merge_sure(actor=actor, pairs=open_pairs())

        assert len(merged.operations) == 2
        assert Relation.objects.filter(id__in=[one.id for one in alike]).count() == 2

    with entered(cast.alice) as actor:
        assert part_again(actor=actor, together=merged.together) == (2, 0)
        assert Relation.objects.filter(id__in=twice).count() == 2


def test_a_run_that_died_goes_on_and_does_nothing_twice(
    cast: Cast, twice: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)
    with entered(cast.alice), operation("test"):
        make_twice(1)
        make_twice(2)
    with entered(cast.alice) as actor:
        run, workspace = compare_book(actor=actor, in_background=False), actor.workspace_id
    stops = iter([False, False, True])

    Runner(cast.alice, workspace, run.id, should_stop=lambda: next(stops)).carry_out()
    with entered(cast.alice):
        half = BookRun.objects.get(id=run.id)
        assert (half.state, half.step) == ("running", "write") and 0 < half.done < half.total
        assert file_of(run.id).is_file()

    Runner(cast.alice, workspace, run.id).carry_out()
    pairs = [pair[:2] for pair in found(cast.alice)]

    assert len(pairs) == len(set(pairs)) == 3
    assert not file_of(run.id).exists()


def test_colleagues_of_one_first_name_are_no_pair(cast: Cast) -> None:
    with entered(cast.alice), operation("test"):
        firm = make_organization("Pelleboer")
        for name, address in (("Roos van Vliet", "roos"), ("Roos Pelleboer", "roos2")):
            one = make_person(name, place="Genemuiden")
            make_contact_point(one, "email", f"{address}@pelleboer.example")
            make_membership(one, firm)

    compared(cast.alice)

    assert found(cast.alice) == []


def test_nobody_may_compare_or_decide_who_may_only_look(cast: Cast, twice: tuple[UUID, UUID]) -> None:
    with entered(cast.gina) as actor, pytest.raises(PermissionDenied):
        compare_book(actor=actor)


def test_the_command_compares_the_book_and_says_what_it_found(
    cast: Cast, twice: tuple[UUID, UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = argparse.Namespace(
        user=cast.alice.email, workspace="", json=True, file=Path("book"), out=None, backend="duckdb"
    )

    assert match.run(asked) == 0
    told = json.loads(capsys.readouterr().out)

    assert (told["pairs"], told["groups"]) == (1, 1)
    assert found(cast.bob)[0][:2] == tuple(sorted(twice))


def test_from_few_people_nothing_is_learned(cast: Cast, twice: tuple[UUID, UUID]) -> None:
    asked = argparse.Namespace(user=cast.alice.email, workspace="", json=True, file=Path("train"), out=None)

    with pytest.raises(CommandTrouble, match="nothing can be learned"):
        match.run(asked)
