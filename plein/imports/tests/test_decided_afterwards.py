# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who a doubtful entry is can be said after an address book came in: side by side, for good, and undone."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.ids import new_id
from plein.core.operations import undo
from plein.identity.book.writing import forget_older
from plein.identity.models import Pair
from plein.identity.queries.duplicates import duplicates
from plein.imports.actions import Wishes
from plein.imports.models import ContactImport, LeftOut, Mode
from plein.imports.tests.test_contacts import bring, written
from plein.relations.actions import add_contact_point, create_person
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
type SignIn = Callable[[User], Client]
TABLE = "Naam;Mobiel;Plaats\nA. Bos;06 12345678;Kampen\n"


def household(user: User, circle: str = "everyone") -> None:
    """Two of one surname with one number."""
    with entered(user) as actor:
        for name in ("Anna Bos", "Arie Bos"):
            person = create_person(actor=actor, name=name, circle_key=circle)
            add_contact_point(actor=actor, relation=person, text="06 12345678")


def people(user: User) -> list[str]:
    with entered(user):
        return sorted(Relation.objects.filter(family_name="Bos").values_list("name", flat=True))


def pair_with(user: User, name: str) -> UUID:
    with entered(user):
        found: UUID = Pair.objects.get(brought_by__isnull=False, one__name=name).id
        return found


def test_who_was_left_open_is_decided_side_by_side(alice: User, bob: User, tmp_path: Path, signed_in: SignIn) -> None:
    household(alice)
    done = bring(alice, written(tmp_path, TABLE), Wishes())
    assert done.counts == {"doubtful": 1} and people(alice) == ["A. Bos", "Anna Bos", "Arie Bos"]
    client, page, queue = signed_in(alice), f"/import/contacts/{done.id}/", f"/duplicates/?brought_by={done.id}"
    with within_budget(__file__, "to decide"):
        assert "1 to decide" in client.get(page).text
    shown = client.get(queue).text
    assert "Anna Bos" in shown and "Arie Bos" in shown and "who they are was left open" in shown

    # Comparing the book finds its own pairs, and forgets none of these.
    with entered(alice):
        forget_older(new_id())
        assert not LeftOut.objects.exists() and Pair.objects.count() == 2
    arie, anna = pair_with(alice, "Arie Bos"), pair_with(alice, "Anna Bos")
    answer = client.post(f"/duplicates/{arie}/apart/", {"brought_by": str(done.id)})
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"] == f"/duplicates/{anna}/?brought_by={done.id}"
    with entered(alice):
        [two] = duplicates([Pair.objects.get(id=anna)])
    said = {"left_version": two.left.relation.version, "right_version": two.right.relation.version}
    stays = {"into": str(two.left.relation.id), "brought_by": str(done.id)}
    assert client.post(f"/duplicates/{anna}/same/", said | stays).headers["Location"] == queue
    assert people(alice) == ["Anna Bos", "Arie Bos"]
    assert "to decide" not in client.get(page).text


def test_what_was_decided_holds_when_the_same_book_comes_again(alice: User, tmp_path: Path, signed_in: SignIn) -> None:
    household(alice)
    path = written(tmp_path, TABLE)
    bring(alice, path, Wishes())
    again = bring(alice, path, Wishes())
    assert again.counts == {"same": 1} and len(people(alice)) == 3

    client = signed_in(alice)
    for name in ("Arie Bos", "Anna Bos"):
        assert client.post(f"/duplicates/{pair_with(alice, name)}/apart/").status_code == 302

    assert bring(alice, path, Wishes()).counts == {"same": 1} and len(people(alice)) == 3


def test_nobody_is_asked_of_whom_they_may_not_see(alice: User, bob: User, tmp_path: Path, signed_in: SignIn) -> None:
    household(alice, "me")
    assert bring(bob, written(tmp_path, TABLE.replace("A. Bos", "Teun Bos")), Wishes()).counts == {"new": 1}
    with entered(alice):
        assert not Pair.objects.exists()

    hidden = bring(alice, written(tmp_path, TABLE), Wishes())
    assert hidden.counts == {"doubtful": 1}
    shown = signed_in(bob).get(f"/duplicates/?brought_by={hidden.id}").text
    assert "Anna" not in shown and "Arie" not in shown
    with entered(alice):
        assert Pair.objects.filter(one__name__in=["Anna Bos", "Arie Bos"]).count() == 2
        assert hidden.operation_id is not None
        undo(hidden.operation_id)
        assert not Pair.objects.exists()


def test_where_nobody_is_added_it_stays_out(alice: User, tmp_path: Path) -> None:
    household(alice)
    done = bring(alice, written(tmp_path, TABLE), Wishes(mode=Mode.UPDATE))
    assert done.counts == {"doubtful": 1} and len(people(alice)) == 2
    with entered(alice):
        assert "was left out" in LeftOut.objects.get().reason and not Pair.objects.exists()


def test_a_program_asks_what_is_to_decide_and_says_it(alice: User, tmp_path: Path, calling: Calling) -> None:
    household(alice)
    done = bring(alice, written(tmp_path, TABLE), Wishes())
    by_token = calling(alice, "write")
    path = f"/imports/contacts/{done.id}"
    assert by_token.read(path)["to_decide"] == by_token.read("/imports/contacts")["items"][0]["to_decide"] == 1

    asked = by_token.read(f"/duplicates?brought_by={done.id}")["items"]
    assert {one["left"]["name"] for one in asked} | {one["right"]["name"] for one in asked} >= {"Anna Bos", "Arie Bos"}
    for one in asked:
        by_token.write("POST", f"/duplicates/{one['id']}", {"said": "apart"})
    assert by_token.read(path)["to_decide"] == 0
    with entered(alice):
        assert ContactImport.objects.count() == 1
