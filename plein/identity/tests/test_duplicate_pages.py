# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from plein.api.tests.conftest import Calling, calling
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.identity.models import BookRun, Pair
from plein.identity.queries.duplicates import open_pairs
from plein.identity.tests.twice import compared, make_twice
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]

type SignIn = Callable[[User], Client]


@pytest.fixture
def pair(cast: Cast) -> Pair:
    """Somebody who is there twice, found by Bob."""
    with entered(cast.alice):
        make_twice()
    compared(cast.bob)
    with entered(cast.alice):
        return open_pairs().get()


def post(client: Client, name: str, *args: object, **data: object) -> tuple[int, str]:
    with no_workspace("test"):
        answer = client.post(reverse(f"identity:{name}", args=args), data, follow=True)
    return answer.status_code, answer.content.decode()


def get(client: Client, name: str, *args: object) -> tuple[int, str]:
    with no_workspace("test"):
        answer = client.get(reverse(f"identity:{name}", args=args))
    return answer.status_code, answer.content.decode()


def people(user: User) -> int:
    with entered(user):
        return Relation.objects.filter(kind="person", name__contains="Zandstra").count()


def test_the_queue_shows_both_with_what_speaks_for_it(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    status, words = get(signed_in(cast.alice), "duplicates")

    assert status == 200
    assert "Rik Zandstra0" in words and "R. Zandstra0" in words
    assert "the same e-mail address" in words.lower()
    assert f'value="{pair.id}"' in words


def test_the_pages_ask_little_of_the_database(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    client = signed_in(cast.alice)

    with within_budget(__file__, "duplicates"):
        assert get(client, "duplicates")[0] == 200
    with within_budget(__file__, "duplicate"):
        assert get(client, "duplicate", pair.id)[0] == 200
    with within_budget(__file__, "sureness"):
        assert get(client, "sureness")[0] == 200


def test_another_workspace_finds_nothing_and_changes_nothing(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    client = signed_in(cast.charlie)

    assert "Zandstra" not in get(client, "duplicates")[1]
    for name in ("same", "apart", "later"):
        assert post(client, name, pair.id)[0] == 404
    assert get(client, "duplicate", pair.id)[0] == 404
    assert people(cast.alice) == 2


def test_a_guest_may_decide_nothing(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    client = signed_in(cast.gina)

    for name in ("same", "apart", "later"):
        assert post(client, name, pair.id)[0] in (403, 404)
    assert post(client, "compare")[0] == 403
    assert people(cast.alice) == 2


def test_looking_writes_nothing(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    client = signed_in(cast.alice)
    with entered(cast.alice):
        before = Operation.objects.count()

    for name, args in (("duplicates", ()), ("duplicate", (pair.id,)), ("sureness", ()), ("run", ())):
        get(client, name, *args)

    with entered(cast.alice):
        assert Operation.objects.count() == before


def test_one_person_is_merged_and_the_next_pair_is_there(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    with entered(cast.alice):
        versions = {one.id: one.version for one in Relation.objects.filter(id__in=[pair.one_id, pair.other_id])}
    left, right = versions.values()

    status, _words = post(signed_in(cast.alice), "same", pair.id, left_version=left, right_version=right)

    assert status == 200
    assert people(cast.alice) == 1


def test_who_changed_since_is_told_and_nothing_is_lost(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    status, words = post(signed_in(cast.alice), "same", pair.id, left_version=77, right_version=1)

    assert status == 409
    assert 'role="alert"' in words
    assert people(cast.alice) == 2


def test_two_people_leave_the_queue_for_good(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    client = signed_in(cast.bob)

    assert post(client, "apart", pair.id)[0] == 200

    assert "Zandstra" not in get(client, "duplicates")[1].partition("<main")[2].partition("toast")[0]
    assert people(cast.alice) == 2


def test_ticked_pairs_become_one_and_all_of_them_two_again(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    client = signed_in(cast.alice)

    status, words = post(client, "merge_chosen", ids=[str(pair.id)])
    assert status == 200 and people(cast.alice) == 1

    together = UUID(words.partition("/duplicates/part/")[2].partition("/")[0])
    assert post(client, "part", together)[0] == 200
    assert people(cast.alice) == 2


def test_nothing_ticked_or_too_little_in_common_is_said(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.alice):
        make_person("Anna Bos", place="Ede")
        make_person("Anna Bos", place="Ede")
    compared(cast.alice)
    client = signed_in(cast.alice)
    with entered(cast.alice):
        weak = [str(one.id) for one in Pair.objects.all()]

    assert post(client, "merge_chosen")[0] == 422
    for one in weak:
        assert post(client, "merge_chosen", ids=[one])[0] == 422
    with entered(cast.alice):
        assert Relation.objects.filter(name="Anna Bos").count() == 2


def test_comparing_is_begun_followed_and_stopped(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    client = signed_in(cast.bob)

    assert post(client, "compare")[0] == 200
    assert "every 2s" in get(client, "run")[1]
    assert post(client, "compare")[0] == 422
    assert post(client, "stop")[0] == 200

    with entered(cast.alice):
        assert not BookRun.objects.exists()
    with entered(cast.bob):
        assert set(BookRun.objects.values_list("state", flat=True)) == {"done", "failed"}


def test_from_when_one_is_sure_is_chosen_by_who_manages(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    assert post(signed_in(cast.bob), "sureness", bits="5")[0] == 403
    client = signed_in(cast.alice)

    assert post(client, "sureness", bits="a lot")[0] == 422
    assert post(client, "sureness", bits="55")[0] == 200
    assert f'value="{pair.id}"' not in get(client, "duplicates")[1]


def test_what_was_said_makes_a_picture_and_its_table(cast: Cast, pair: Pair, signed_in: SignIn) -> None:
    with entered(cast.alice):
        make_person("Anna Bos", place="Ede")
        make_person("Anna Bos", place="Ede")
    compared(cast.alice)
    client = signed_in(cast.alice)
    with entered(cast.alice):
        ids = [one.id for one in open_pairs()]
    assert len(ids) == 2

    for one, said in zip(ids, ("apart", "apart"), strict=True):
        post(client, said, one)

    words = get(client, "sureness")[1]
    assert "<polyline" in words and "<table" in words


def test_programs_do_the_same(cast: Cast, pair: Pair, calling: Calling) -> None:
    caller = calling(cast.alice, "all")
    [one] = caller.read("/duplicates")["items"]
    assert one["id"] == str(pair.id) and one["is_sure"]

    merged = caller.write("POST", "/duplicates/merge", {"ids": [one["id"]]})
    assert len(merged["operations"]) == 1 and people(cast.alice) == 1
    assert caller.write("POST", "/duplicates/part", {"together": merged["together"]}) == {"parted": 1, "left": 0}

    assert caller.write("POST", f"/duplicates/{one['id']}", {"said": "apart"})["operation"]
    assert caller.read("/duplicates")["items"] == []
    assert caller.send("POST", f"/duplicates/{uuid4()}", json={"said": "later"}).status_code == 404
    assert caller.send("PUT", "/duplicates/sureness", json={"bits": 99}).status_code == 422
    assert caller.read("/duplicates/sureness")["bits"] == 15


def test_the_door_begins_comparing_and_ends_it(cast: Cast, calling: Calling) -> None:
    alice = calling(cast.alice, "write")
    begun = alice.send("POST", "/duplicates/compare")
    assert begun.status_code == 202, begun.content
    assert begun.json()["state"] == "running"
    assert alice.send("POST", "/duplicates/stop").status_code == 204
    assert alice.read("/duplicates/run")["problem"] == "You stopped it."
