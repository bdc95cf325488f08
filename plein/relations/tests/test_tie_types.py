# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kinds of tie of the company's own, and whether one asks for an introduction over a tie."""

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from plein.core.models import Operation
from plein.core.operations import undo
from plein.network.models import Half
from plein.network.queries.keeping import Differences, differences
from plein.relations import actions
from plein.relations.models import Relation, Tie, TieType
from plein.relations.refusals import Refused
from plein.relations.tests.crowd import SignIn
from plein.testing.factories import make_organization, make_person, make_tie_type
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

pytestmark = pytest.mark.django_db
MENTOR = {
    "name_nl": "is mentor van",
    "name_en": "is mentor of",
    "inverse_nl": "heeft als mentor",
    "inverse_en": "is mentored by",
    "one_kind": "person",
    "other_kind": "person",
    "strength": "strong",
    "may_introduce": "on",
}


def mentor(actor: Entrance, **changes: Any) -> TieType:
    """A kind that reads differently from its two ends."""
    return make_tie_type(
        actor, inverse_en="is mentored by", is_directed=True, one_kind="person", other_kind="person", **changes
    )


def last() -> UUID:
    found: UUID = Operation.objects.order_by("-id").values_list("id", flat=True)[0]
    return found


def halves(tie: Tie) -> list[tuple[float, bool]]:
    """What the network makes of a tie, in both directions."""
    return sorted(Half.objects.filter(origin_id=tie.id).values_list("weight", "is_shared"))


def test_an_administrator_makes_a_kind_that_stands_in_the_picker_like_any_other(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    with entered(alice):
        henk, firm = make_person("Henk"), make_organization("Firm")

    assert client.post("/settings/ties/new/", MENTOR).status_code == 302
    page = client.get("/settings/ties/").text
    assert "is mentor of" in page and "is mentored by" in page and "Noted" not in page
    picker = client.get(f"/relations/{henk.id}/ties/new/").text
    assert 'value="is_mentor_of:out"' in picker and 'value="is_mentor_of:in"' in picker and "friend:out" in picker
    assert "is_mentor_of" not in client.get(f"/relations/{firm.id}/ties/new/").text
    assert client.get("/people/?f=some.tie(kind:is:is_mentor_of)").status_code == 200


def test_a_tie_of_an_own_kind_reads_from_both_its_ends_in_both_languages(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    with entered(alice) as actor:
        mentor(actor, name_nl="is mentor van", inverse_nl="heeft als mentor")
        henk, rik = make_person("Henk"), make_person("Rik")
    path = f"/relations/{henk.id}/ties/new/"
    assert client.post(path, {"kind": "is_mentor_of:out", "other": str(rik.id), "other_name": "Rik"}).status_code == 302

    assert "is mentored by" in client.get(f"/relations/{rik.id}/", headers={"accept-language": "en"}).text
    with entered(alice):
        tie = Tie.objects.select_related("type").get()
        assert (tie.words(is_outgoing=True), tie.words(is_outgoing=False)) == ("is mentor of", "is mentored by")


def test_only_administrators_make_kinds(bob: User, charlie: User, alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        type = mentor(actor)
    for path in ("", "new/", f"{type.id}/", f"{type.id}/retire/", f"{type.id}/back/", f"{type.id}/remove/"):
        answer = signed_in(bob).post(f"/settings/ties/{path}", {**MENTOR, "into": "friend"})
        assert answer.status_code in (403, 405), path
    assert signed_in(bob).get("/settings/ties/").status_code == 403
    assert signed_in(charlie).get(f"/settings/ties/{type.id}/").status_code in (403, 404)
    with entered(alice):
        assert TieType.objects.get().version == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name_nl": "", "name_en": ""}, "Give it a name"),
        ({"strength": "enormous"}, "Select a valid choice"),
        ({"one_kind": "horse"}, "Select a valid choice"),
    ],
)
def test_a_kind_that_makes_no_sense_is_refused_and_nothing_is_lost(
    alice: User, signed_in: SignIn, changes: dict[str, str], words: str
) -> None:
    answer = signed_in(alice).post("/settings/ties/new/", {**MENTOR, **changes})

    assert answer.status_code == 422 and words in answer.text and "heeft als mentor" in answer.text
    with entered(alice):
        assert not TieType.objects.exists()


def test_an_own_kind_is_only_between_its_ends(alice: User) -> None:
    with entered(alice) as actor:
        mentor(actor)
        make_tie_type(actor, "shares a workshop with", one_kind="organization", other_kind="person")
        henk, firm = make_person("Henk"), make_organization("Firm")
        with pytest.raises(Refused, match="is not between these two"):
            actions.add_tie(actor=actor, one=henk, other=firm, kind="is_mentor_of")
        tie = actions.add_tie(actor=actor, one=henk, other=firm, kind="shares_a_workshop_with")
        assert (tie.one_id, tie.other_id) == (firm.id, henk.id)
        with pytest.raises(Refused, match="no such kind"):
            actions.add_tie(actor=actor, one=henk, other=firm, kind="nothing")


def test_the_network_follows_what_a_kind_is_worth_and_back_again(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    with entered(alice) as actor:
        type = mentor(actor)
        tie = actions.add_tie(actor=actor, one=make_person("Henk"), other=make_person("Rik"), kind=type.key)
        assert halves(tie) == [(0.4, True)] * 2
    told = {**MENTOR, "version": "1", "strength": "strong"}
    del told["may_introduce"]
    assert client.post(f"/settings/ties/{type.id}/", told).status_code == 302
    with entered(alice):
        assert halves(tie) == [(0.6, False)] * 2
        undo(last())
        assert halves(tie) == [(0.4, True)] * 2
        assert differences() == Differences(0, 0)
    assert client.post(f"/settings/ties/{type.id}/", {**told, "version": "1"}).status_code == 409
    version = version_of(alice)
    assert (
        client.post(f"/settings/ties/{type.id}/", {**told, "strength": "none", "version": version}).status_code == 302
    )
    with entered(alice):
        assert halves(tie) == []


def version_of(user: User) -> int:
    with entered(user):
        return int(TieType.objects.get().version)


def test_a_retired_kind_is_offered_no_longer_and_its_ties_keep_it(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    with entered(alice) as actor:
        type = mentor(actor)
        henk, rik = make_person("Henk"), make_person("Rik")
        tie = actions.add_tie(actor=actor, one=henk, other=rik, kind=type.key)
    client.post(f"/settings/ties/{type.id}/retire/")

    assert "is_mentor_of" not in client.get(f"/relations/{henk.id}/ties/new/").text
    assert "is mentor of" in client.get(f"/relations/{henk.id}/").text
    with entered(alice) as actor:
        assert len(halves(tie)) == 2
        with pytest.raises(Refused):
            actions.add_tie(actor=actor, one=rik, other=henk, kind=type.key)
    client.post(f"/settings/ties/{type.id}/back/")
    assert "is_mentor_of" in client.get(f"/relations/{henk.id}/ties/new/").text


def test_a_kind_goes_only_by_becoming_another_also_where_nobody_sees_it(
    alice: User, bob: User, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        type = mentor(actor)
        henk, rik = make_person("Henk"), make_person("Rik")
        seen = actions.add_tie(actor=actor, one=henk, other=rik, kind=type.key)
    with entered(bob) as member:
        hidden = make_person("Hidden", circle_id=only_me())
        tie = actions.add_tie(actor=member, one=hidden, other=Relation.objects.get(name="Henk"), kind=type.key)
    client = signed_in(alice)
    path = f"/settings/ties/{type.id}/remove/"
    assert client.post(path, {"into": ""}).status_code == 422
    assert client.post(path, {"into": type.key}).status_code == 422
    assert client.post(path, {"into": "advised"}).status_code == 302

    with entered(bob):
        assert not TieType.objects.exists() and not Tie.objects.filter(type__isnull=False).exists()
        assert set(Tie.objects.values_list("kind", flat=True)) == {"advised"}
        assert Tie.objects.get(id=tie.id).words(is_outgoing=False) == "advised by"
    with entered(alice):
        assert differences() == Differences(0, 0) and len(halves(seen)) == 2
        undo(last())
        assert TieType.objects.get().id == type.id and Tie.objects.get(id=seen.id).type_id == type.id
        assert differences() == Differences(0, 0)
    with entered(bob):
        assert Tie.objects.get(id=tie.id).type_id == type.id


def test_a_kind_in_use_does_not_go_when_its_making_is_turned_back(alice: User) -> None:
    with entered(alice) as actor:
        type = mentor(actor)
        made = last()
        tie = actions.add_tie(actor=actor, one=make_person("Henk"), other=make_person("Rik"), kind=type.key)
        undo(made)
        assert Tie.objects.get(id=tie.id).type_id == type.id and TieType.objects.exists()


def test_when_two_become_one_a_tie_of_an_own_kind_stays_once(alice: User) -> None:
    with entered(alice) as actor:
        make_tie_type(actor, "sits on the board with")
        one, other, rik = make_person("Henk"), make_person("Henk V"), make_person("Rik")
        actions.add_tie(actor=actor, one=one, other=rik, kind="sits_on_the_board_with")
        actions.add_tie(actor=actor, one=rik, other=other, kind="sits_on_the_board_with")
        done = actions.merge_relations(actor=actor, into=one, other=other)
        assert Tie.objects.count() == 1 and differences() == Differences(0, 0)
        undo(done.id)
        assert Tie.objects.count() == 2 and differences() == Differences(0, 0)


def test_a_family_tie_is_used_for_asking_only_when_that_was_noted(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    with entered(alice):
        henk, ans = make_person("Henk"), make_person("Ans")
    form = client.get(f"/relations/{henk.id}/ties/new/").text
    assert "May we ask for an introduction over it?" in form and "not over family" in form
    client.post(f"/relations/{henk.id}/ties/new/", {"kind": "family:out", "other": str(ans.id), "other_name": "Ans"})
    with entered(alice):
        tie = Tie.objects.get()
        assert halves(tie) == [(0.7, False)] * 2
    path = f"/relations/{henk.id}/ties/{tie.id}/"
    assert "As usual for this kind: no" in client.get(path).text
    assert client.post(path, {"may_introduce": "yes"}).status_code == 302
    with entered(alice):
        assert halves(tie) == [(0.7, True)] * 2
        undo(last())
        assert halves(tie) == [(0.7, False)] * 2


def test_a_tie_noted_for_fewer_eyes_is_used_for_asking_only_where_that_was_noted(alice: User) -> None:
    with entered(alice) as actor:
        for number, (noted, is_used) in enumerate(((None, False), (False, False), (True, True))):
            one, other = make_person(f"Henk {number}"), make_person(f"Rik {number}")
            tie = actions.add_tie(actor=actor, one=one, other=other, kind="friend", may_introduce=noted)
            assert halves(tie) == [(0.6, noted is not False)] * 2
            actions.change_tie_circle(actor=actor, tie=tie, circle_key="me")
            tie.refresh_from_db()
            assert halves(tie) == [(0.6, is_used)] * 2 and tie.may_ask_over == is_used


def test_the_function_of_the_keeper_writes_only_within_an_operation(alice: User) -> None:
    with entered(alice) as actor:
        type = mentor(actor)
        actions.add_tie(actor=actor, one=make_person("Henk"), other=make_person("Rik"), kind=type.key)
    with entered(alice):
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT plein_retype_ties(%s, 'friend', NULL)", [type.id])
        assert getattr(refused.value.__cause__, "sqlstate", "") == "PL001"
        assert Tie.objects.get().type_id == type.id
