# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from plein.api.tests.conftest import Calling, calling
from plein.core.audit.reading import Wanted, asked
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.core.operations import operation, save_edit
from plein.metadata.actions import set_values
from plein.relations import actions
from plein.relations.models import Relation, RelationValues
from plein.relations.placing import RELATIONS
from plein.relations.queries.merging import with_formers
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import (
    make_contact_point,
    make_field,
    make_membership,
    make_moment,
    make_organization,
    make_person,
)
from plein.trust.actions import place
from plein.trust.circles import circle_for, only_me
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]

type SignIn = Callable[[User], Client]


@pytest.fixture
def two(cast: Cast) -> tuple[UUID, UUID]:
    """The same person twice, with some of everything."""
    with entered(cast.alice) as actor:
        left, right = make_person("Rik van Dijk", place="Zwolle"), make_person("Rik van Dijk jr.", place="Ommen")
        for number in range(20):
            make_membership(right, make_organization(f"Firma {number}"))
        for one in (left, right):
            make_contact_point(one, "email", f"{one.name[0]}@x.example".lower())
            actions.tag(actor=actor, relation=one, name=f"tag {one.name}")
        make_moment(right)
        return left.id, right.id


def at(one: UUID) -> str:
    return reverse("relations:merge", args=[one])


def get(client: Client, address: str, **query: object) -> tuple[int, str]:
    with no_workspace("test"):
        answer = client.get(address, query)  # type: ignore[arg-type]
    return answer.status_code, answer.content.decode() if answer.status_code != 302 else answer.headers["Location"]


def post(client: Client, one: UUID, other: UUID, values: dict[str, str] | None = None) -> tuple[int, str]:
    sent = {"other": str(other), "version": "1", "other_version": "1", **(values or {})}
    with no_workspace("test"):
        answer = client.post(at(one), sent)
    return answer.status_code, answer.content.decode()


def test_one_chooses_with_whom_and_sees_both_side_by_side(
    cast: Cast, two: tuple[UUID, UUID], signed_in: SignIn
) -> None:
    client = signed_in(cast.alice)

    status, whom = get(client, at(two[0]))
    assert status == 200 and "Rik van Dijk jr." in whom
    status, both = get(client, at(two[0]), other_name="Rik van Dijk jr.")
    assert status == 200
    for words in ("Zwolle", "Ommen", "1 contact moment", 'value="both" checked', "the other way round"):
        assert words in both
    assert get(client, at(two[0]), other_name="Niemand")[0] == 422
    assert get(client, at(two[0]), other=two[0])[0] == 422


def test_the_page_with_both_asks_few_questions_of_the_database(
    cast: Cast, two: tuple[UUID, UUID], signed_in: SignIn
) -> None:
    client = signed_in(cast.alice)
    get(client, at(two[0]))

    with within_budget(__file__, "merge, with whom"):
        get(client, at(two[0]))
    with within_budget(__file__, "merge"):
        assert get(client, at(two[0]), other=two[1])[0] == 200


def test_the_old_address_leads_to_the_one_for_who_could_see_both(
    cast: Cast, two: tuple[UUID, UUID], signed_in: SignIn
) -> None:
    client = signed_in(cast.bob)

    assert post(client, *two, {"side.place": "right"})[0] == 302

    status, where = get(client, reverse("relations:relation", args=[two[1]]))
    assert (status, where) == (302, reverse("relations:relation", args=[two[0]]))
    status, page = get(client, where)
    assert "Ommen" in page and "are one now" in page
    assert get(signed_in(cast.charlie), reverse("relations:relation", args=[two[1]]))[0] == 404


def test_the_old_address_stays_hidden_when_the_one_is_shown_to_more(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.alice) as actor:
        left, right = make_person("Rik"), make_person("Geheim", circle_id=only_me())
        actions.merge_relations(actor=actor, into=left, other=right)
        actions.change_circle(actor=actor, relation=left, circle_key="everyone")

    assert get(signed_in(cast.bob), reverse("relations:relation", args=[left.id]))[0] == 200
    assert get(signed_in(cast.bob), reverse("relations:relation", args=[right.id]))[0] == 404
    assert get(signed_in(cast.alice), reverse("relations:relation", args=[right.id]))[0] == 302


def test_who_may_not_see_or_do_it_changes_nothing(cast: Cast, two: tuple[UUID, UUID], signed_in: SignIn) -> None:
    with entered(cast.alice):
        hidden = make_person("Geheim", circle_id=only_me()).id

    assert get(signed_in(cast.charlie), at(two[0]), other=two[1])[0] == 404
    assert post(signed_in(cast.charlie), *two)[0] == 404
    assert get(signed_in(cast.gina), at(two[0]))[0] == 403
    assert post(signed_in(cast.gina), *two)[0] == 403
    assert get(signed_in(cast.bob), at(two[0]), other=hidden)[0] == 422
    assert post(signed_in(cast.bob), two[0], hidden)[0] == 409
    with entered(cast.alice):
        assert Relation.objects.filter(id__in=[*two, hidden]).count() == 3
        assert not Operation.objects.filter(verb="merge_relations").exists()


def test_somebody_who_was_first_is_shown_and_nothing_is_lost(
    cast: Cast, two: tuple[UUID, UUID], signed_in: SignIn
) -> None:
    with entered(cast.alice), operation("edit"):
        save_edit(Relation.objects.get(id=two[1]), {"place": "Kampen"}, based_on=1)
    client = signed_in(cast.bob)

    status, page = post(client, *two, {"side.place": "right"})
    assert status == 409 and "Kampen" in page and "changed just before you" in page
    assert 'name="other_version" value="2"' in page
    assert post(client, *two, {"other_version": "2", "side.place": "right"})[0] == 302
    with entered(cast.alice):
        assert Relation.objects.get(id=two[0]).place == "Kampen"
    assert post(client, *two)[0] == 409


def test_different_circles_ask_who_sees_the_one(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.bob):
        left, right = make_person("Rik", circle_id=only_me()), make_person("R.", circle_id=circle_for("Sales"))
    client = signed_in(cast.bob)

    assert 'name="circle"' in get(client, at(left.id), other=right.id)[1]
    assert post(client, left.id, right.id)[0] == 422
    assert post(client, left.id, right.id, {"circle": "me"})[0] == 302


def test_two_chosen_in_a_list_lead_to_the_page(cast: Cast, two: tuple[UUID, UUID], signed_in: SignIn) -> None:
    client = signed_in(cast.bob)
    address = reverse("lists:bulk", args=["person", "merge"])
    with no_workspace("test"):
        led = client.post(address, {"ids": [str(one) for one in two]})
        alone = client.post(address, {"ids": [str(two[0])]}, headers={"HX-Request": "true"})

    assert led.status_code == 302 and led.headers["Location"].startswith("/relations/")
    assert "/merge/?other=" in led.headers["Location"]
    assert alone.status_code == 422 and "exactly two" in alone.content.decode()


def test_an_own_field_that_somebody_changed_meanwhile_is_shown_with_what_was_looked_at(
    cast: Cast, two: tuple[UUID, UUID], signed_in: SignIn, calling: Calling
) -> None:
    with entered(cast.alice) as actor:
        make_field("text", key="segment", kinds=["person"])
        for one, value in zip(two, ("goud", "zilver"), strict=True):
            person = Relation.objects.get(id=one)
            set_values(actor=actor, values_model=RelationValues, record=person, values={"segment": value})
    client, caller = signed_in(cast.bob), calling(cast.bob, "write")
    page = get(client, at(two[0]), other=two[1])[1]
    sent = dict(re.findall(r'name="((?:was[.]|values_mark)[^"]*)" value="([^"]*)"', page))
    told = caller.send("POST", "/relations/merge/preview", json={"into": str(two[0]), "other": str(two[1])}).json()
    with entered(cast.alice) as actor:
        person = Relation.objects.get(id=two[1])
        set_values(actor=actor, values_model=RelationValues, record=person, values={"segment": "brons"})

    status, page = post(client, *two, sent)
    assert status == 409 and "Rik van Dijk jr. was changed just before you" in page
    assert "brons" in page and "When you looked: zilver" in page and page.count("When you looked") == 1
    body = {"into": str(two[0]), "other": str(two[1]), "into_version": 1, "other_version": 1}
    late = caller.send("POST", "/relations/merge", json=body | {"values_mark": told["values_mark"]})
    assert late.status_code == 409
    with entered(cast.alice):
        assert not Operation.objects.filter(verb="merge_relations").exists()
    mark = dict(re.findall(r'name="(values_mark)" value="([^"]*)"', page))
    assert post(client, *two, mark)[0] == 302


def test_the_past_of_who_was_merged_is_told_with_the_one(cast: Cast, two: tuple[UUID, UUID], signed_in: SignIn) -> None:
    with entered(cast.bob) as actor:
        place(actor=actor, kind=RELATIONS, record=Relation.objects.get(id=two[1]), audience="Sales")
    with entered(cast.bob):
        version = Relation.objects.get(id=two[1]).version
    client = signed_in(cast.bob)
    for address in (f"/relations/{two[1]}/", f"/who-sees/relations/{two[1]}/"):
        assert get(client, address)[0] == 200
    assert post(client, *two, {"other_version": str(version)})[0] == 302

    page = get(client, f"/relations/{two[0]}/history")[1]
    assert "before the merge, of Rik van Dijk jr." in page
    for tail in ("history", "consent/", "merge/"):
        assert get(client, f"/relations/{two[1]}/{tail}") == (302, f"/relations/{two[0]}/{tail}")
        assert get(signed_in(cast.charlie), f"/relations/{two[1]}/{tail}")[0] == 404
        assert get(signed_in(cast.gina), f"/relations/{two[1]}/{tail}")[0] == 404
    assert get(client, f"/who-sees/relations/{two[1]}/")[1] == f"/who-sees/relations/{two[0]}/"
    assert client.post(f"/relations/{two[1]}/delete/").status_code == 404
    with entered(cast.bob):
        looked = asked(Wanted(events=("read",), record_ids=with_formers(two[0])))
        assert two[1] in {record for line in looked for record in line.records}
