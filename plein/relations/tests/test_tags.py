# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.core.operations import conflicts_of, undo
from plein.moments.actions import tag_moment
from plein.moments.models import MomentTagging
from plein.relations.actions import merge_tags, tag
from plein.relations.models import Tag, Tagging
from plein.testing.cast import Cast
from plein.testing.factories import make_moment, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


@pytest.fixture
def tags(cast: Cast) -> dict[str, UUID]:
    """Three tags: one on a relation everybody sees, one on a hidden one and on a moment, one on both relations."""
    with entered(cast.alice) as alice:
        seen, hidden = make_person("Henk"), make_person("Verborgen", circle_id=only_me())
        tag_moment(actor=alice, moment=make_moment(seen), name="klanten")
        made = {
            "klant": tag(actor=alice, relation=seen, name="klant").tag_id,
            "klanten": tag(actor=alice, relation=hidden, name="klanten").tag_id,
            "beide": tag(actor=alice, relation=seen, name="beide").tag_id,
        }
        tag(actor=alice, relation=hidden, name="beide")
        return made


def filed(user: User) -> dict[str, int]:
    """How many relations somebody sees under each tag."""
    with entered(user):
        return {one.name: Tagging.objects.filter(tag=one).count() for one in Tag.objects.order_by("name")}


def post(client: Client, name: str, *args: object, **values: object) -> int:
    with no_workspace("test"):
        return client.post(reverse(f"relations:{name}", args=args), values).status_code


def test_the_page_counts_what_the_reader_sees(cast: Cast, tags: dict[str, UUID], signed_in: SignIn) -> None:
    pages = {}
    for user in (cast.alice, cast.bob, cast.charlie):
        with no_workspace("test"):
            pages[user.name] = signed_in(user).get(reverse("relations:tags")).content.decode()

    assert "beide" in pages["Bob"]
    assert pages["Alice"].count("1 relation<") == 2
    assert pages["Bob"].count("1 relation<") == 2
    assert "2 relations" in pages["Alice"]
    assert "2 relations" not in pages["Bob"]
    assert "klant" not in pages["Charlie"]


def test_merging_moves_everything_also_what_one_cannot_see(
    cast: Cast, tags: dict[str, UUID], signed_in: SignIn
) -> None:
    before = filed(cast.alice)

    status = post(signed_in(cast.bob), "tag_merge", ids=[tags["klanten"], tags["klant"], tags["beide"]],
                  into=tags["klant"])  # fmt: skip

    assert status == 302
    assert filed(cast.alice) == {"klant": 2}
    assert filed(cast.bob) == {"klant": 1}
    with entered(cast.bob):
        assert MomentTagging.objects.get().tag_id == tags["klant"]
        merge = Operation.objects.get(verb="merge_tags")
        undo(merge.id)
    assert filed(cast.alice) == before
    with entered(cast.bob):
        assert MomentTagging.objects.get().tag_id == tags["klanten"]


def test_a_tag_does_not_come_back_beside_another_of_its_name(cast: Cast, tags: dict[str, UUID]) -> None:
    with entered(cast.alice) as alice:
        merge_tags(actor=alice, into=Tag.objects.get(id=tags["klant"]), others=[tags["klanten"]])
        merge = Operation.objects.get(verb="merge_tags")
        tag(actor=alice, relation=make_person("Jan"), name="klanten")
        named = {conflict.table for conflict in conflicts_of(merge.id)}

        result = undo(merge.id)

    assert named == {"relations_tag", "relations_tagging", "moments_tagging"}
    assert (result.turned_back, result.left_alone) == (0, 3)
    assert filed(cast.alice) == {"klant": 2, "klanten": 1, "beide": 2}


def test_what_was_turned_back_does_not_come_again_beside_another(cast: Cast) -> None:
    with entered(cast.alice) as alice:
        tag(actor=alice, relation=make_person("Jan"), name="nieuw")
        turned = undo(Operation.objects.latest("started_at").id).operation
        tag(actor=alice, relation=make_person("Piet"), name="nieuw")

        result = undo(turned.id)

    assert (result.turned_back, result.left_alone) == (0, 2)
    assert filed(cast.alice) == {"nieuw": 1}


def test_a_name_that_is_taken_asks_to_merge(cast: Cast, tags: dict[str, UUID], signed_in: SignIn) -> None:
    one = tags["klanten"]
    prefix = str(one)[-8:]
    with no_workspace("test"):
        answer = signed_in(cast.bob).post(
            reverse("relations:tag_change", args=[one]), {f"{prefix}-name": "KLANT", f"{prefix}-colour": "mint"}
        )
        taken = signed_in(cast.bob).post(
            reverse("relations:tag_change", args=[one]), {f"{prefix}-name": "relaties", f"{prefix}-colour": "rose"}
        )

    assert answer.status_code == 422
    assert "Merge the two instead" in answer.content.decode()
    assert taken.status_code == 302
    with entered(cast.bob):
        assert [(one.name, one.colour) for one in Tag.objects.filter(id=one)] == [("relaties", "rose")]


def test_a_tag_of_something_confidential_is_read_by_nobody_else(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.alice) as alice:
        hidden = make_person("Verborgen", circle_id=only_me())
        secret = tag(actor=alice, relation=hidden, name="overname").tag_id
    with no_workspace("test"):
        page = signed_in(cast.bob).get(reverse("relations:tags")).content.decode()
    with entered(cast.bob) as bob:
        open_one = tag(actor=bob, relation=make_person("Henk"), name="Overname").tag_id

    assert "overname" not in page
    assert open_one != secret
    assert filed(cast.bob) == {"Overname": 1}
    with entered(cast.alice):
        # What insiders file under it where everybody sees it is the tag that everybody sees.
        seen = make_person("Sanne")
        assert tag(actor=alice, relation=seen, name="overname").tag_id == open_one
        assert Tag.objects.filter(name__iexact="overname").count() == 2
    assert post(signed_in(cast.alice), "tag_merge", ids=[secret, open_one], into=secret) == 422
    assert post(signed_in(cast.alice), "tag_merge", ids=[secret, open_one], into=open_one) == 302


def test_a_tag_that_is_removed_comes_back_with_all_that_was_under_it(
    cast: Cast, tags: dict[str, UUID], signed_in: SignIn
) -> None:
    before = filed(cast.alice)

    status = post(signed_in(cast.bob), "tag_delete", tags["beide"])

    assert status == 302
    assert "beide" not in filed(cast.alice)
    with entered(cast.bob):
        undo(Operation.objects.get(verb="delete_tag").id)
    assert filed(cast.alice) == before


def test_a_guest_changes_nothing_and_a_stranger_finds_nothing(
    cast: Cast, tags: dict[str, UUID], signed_in: SignIn
) -> None:
    before = filed(cast.alice)

    guest = [
        post(signed_in(cast.gina), "tag_delete", tags["beide"]),
        post(signed_in(cast.gina), "tag_merge", ids=[tags["klanten"], tags["klant"]], into=tags["klant"]),
    ]
    stranger = [
        post(signed_in(cast.charlie), "tag_delete", tags["beide"]),
        post(signed_in(cast.charlie), "tag_merge", ids=[tags["klanten"], tags["klant"]], into=tags["klant"]),
    ]

    assert guest == [403, 403]
    assert stranger == [404, 422]
    assert filed(cast.alice) == before


def test_nothing_ticked_is_a_sentence(cast: Cast, tags: dict[str, UUID], signed_in: SignIn) -> None:
    assert post(signed_in(cast.bob), "tag_merge", into=tags["klant"]) == 422
    assert post(signed_in(cast.bob), "tag_merge", ids=[tags["klant"]], into="nonsense") == 422


def test_a_moment_is_filed_under_the_same_tags(cast: Cast, tags: dict[str, UUID], signed_in: SignIn) -> None:
    with entered(cast.bob):
        moment = MomentTagging.objects.get().moment_id
    client = signed_in(cast.bob)
    with no_workspace("test"):
        added = client.post(reverse("moments:tag_add", args=[moment]), {"name": "klant"})
        wrong = client.post(reverse("moments:tag_add", args=[moment]), {"name": "x" * 61})
        page = client.get(reverse("moments:moment", args=[moment])).content.decode()
        hidden = signed_in(cast.charlie).post(reverse("moments:tag_add", args=[moment]), {"name": "klant"})
        client.post(reverse("moments:tag_remove", args=[moment, tags["klanten"]]))

    assert (added.status_code, wrong.status_code, hidden.status_code) == (302, 422, 404)
    assert "Take off klanten" in page
    with entered(cast.bob):
        assert [one.tag_id for one in MomentTagging.objects.all()] == [tags["klant"]]
