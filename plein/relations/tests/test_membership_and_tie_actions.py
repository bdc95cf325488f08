# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date

import pytest

from plein.core.operations import undo
from plein.relations import actions
from plein.relations.models import Membership, Tie
from plein.relations.queries import picture_of, relation_of
from plein.relations.refusals import Refused
from plein.testing.factories import make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered


def test_somebody_may_have_several_roles_and_keeps_the_old_ones(alice: User) -> None:
    with entered(alice) as actor:
        rik, now_at, once_at = make_person("Rik van Dijk"), make_organization("Van Dijk"), make_organization("Reitsma")
        actions.add_membership(actor=actor, person=rik, organization=now_at, role="bedrijfsleider")
        actions.add_membership(
            actor=actor, person=rik, organization=now_at, role="directeur", starts_on=date(2999, 1, 1)
        )
        old = actions.add_membership(actor=actor, person=rik, organization=once_at, role="monteur")
        actions.end_membership(actor=actor, membership=old, ends_on=date(2020, 1, 1))

        picture = picture_of(relation_of(rik.id))
        assert [role.role for role in picture.roles] == ["bedrijfsleider", "directeur"]
        assert [role.role for role in picture.past_roles] == ["monteur"]
        assert picture.main_role is not None
        assert picture.main_role.role == "bedrijfsleider"
        assert [role.other.name for role in picture_of(relation_of(once_at.id)).past_roles] == ["Rik van Dijk"]


def test_a_role_is_changed_and_taken_away(alice: User) -> None:
    with entered(alice) as actor:
        role = actions.add_membership(
            actor=actor, person=make_person(), organization=make_organization(), role="inkoper"
        )

        changed = actions.edit_membership(actor=actor, membership=role, changes={"role": "planner", "person": "x"})
        assert changed.role == "planner"

        done = actions.remove_membership(actor=actor, membership=role)
        assert not Membership.objects.exists()
        undo(done.id)
        assert Membership.objects.get().role == "planner"


def test_a_role_cannot_end_before_it_begins(alice: User) -> None:
    with entered(alice) as actor, pytest.raises(Refused, match="before it begins"):
        actions.add_membership(
            actor=actor,
            person=make_person(),
            organization=make_organization(),
            starts_on=date(2020, 1, 2),
            ends_on=date(2020, 1, 1),
        )


def test_a_person_works_for_an_organization_and_not_the_other_way_round(alice: User) -> None:
    with entered(alice) as actor, pytest.raises(Refused):
        actions.add_membership(actor=actor, person=make_organization(), organization=make_person())


def test_a_directed_tie_reads_from_both_its_ends(alice: User) -> None:
    with entered(alice) as actor:
        henk, rik, holding = make_person("Henk"), make_person("Rik"), make_organization("Holding")
        actions.add_tie(actor=actor, one=rik, other=henk, kind="referred_by", note="fair")
        actions.add_tie(actor=actor, one=henk, other=holding, kind="knows")

        assert [(tie.words, tie.other.name) for tie in picture_of(relation_of(rik.id)).ties] == [
            ("referred by", "Henk")
        ]
        assert [(tie.words, tie.other.name) for tie in picture_of(relation_of(henk.id)).ties] == [
            ("referred", "Rik"),
            ("knows", "Holding"),
        ]


def test_a_tie_is_known_once_and_never_with_oneself(alice: User) -> None:
    with entered(alice) as actor:
        henk, rik = make_person("Henk"), make_person("Rik")
        actions.add_tie(actor=actor, one=henk, other=rik, kind="family")

        with pytest.raises(Refused, match="already"):
            actions.add_tie(actor=actor, one=rik, other=henk, kind="family")
        with pytest.raises(Refused, match="themselves"):
            actions.add_tie(actor=actor, one=rik, other=rik, kind="family")
        actions.add_tie(actor=actor, one=rik, other=henk, kind="advised")
        actions.add_tie(actor=actor, one=henk, other=rik, kind="advised")
        assert Tie.objects.count() == 3


def test_a_tie_is_changed_and_taken_away(alice: User) -> None:
    with entered(alice) as actor:
        tie = actions.add_tie(actor=actor, one=make_person("Henk"), other=make_person("Rik"), kind="family")

        assert actions.edit_tie(actor=actor, tie=tie, changes={"note": "son"}).note == "son"
        undo(actions.remove_tie(actor=actor, tie=tie).id)
        assert Tie.objects.get().note == "son"
