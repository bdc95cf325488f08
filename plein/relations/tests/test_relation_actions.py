# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from django.core.exceptions import PermissionDenied

from plein.core.operations import EditConflict, changes_about, undo
from plein.relations import actions
from plein.relations.models import ContactPointLink, Relation
from plein.relations.refusals import Refused
from plein.trust.models import Seat, User
from plein.trust.seats import entered


def test_a_person_is_filed_under_the_surname(alice: User) -> None:
    with entered(alice) as actor:
        henk = actions.create_person(actor=actor, name="  Henk  van der Dijk ", place="Zwolle")

        assert (henk.name, henk.sort_name) == ("Henk van der Dijk", "dijk henk van der")
        assert (henk.given_name, henk.infix, henk.family_name) == ("Henk", "van der", "Dijk")
        assert [line.verb for line in changes_about(henk.id)] == ["create_person"]


def test_a_name_that_is_missing_or_endless_is_refused_in_words(alice: User) -> None:
    with entered(alice) as actor:
        with pytest.raises(Refused, match="10000"):
            actions.create_person(actor=actor, name="x" * 10_000)
        with pytest.raises(Refused, match="needed"):
            actions.create_organization(actor=actor, name=" \n ")

        assert not Relation.objects.exists()


def test_an_edit_keeps_the_name_and_its_parts_in_step(alice: User) -> None:
    with entered(alice) as actor:
        henk = actions.create_person(actor=actor, name="Henk Dijk")

        by_part = actions.edit_relation(actor=actor, relation=henk, changes={"infix": "van"}, based_on=1)
        by_name = actions.edit_relation(actor=actor, relation=by_part, changes={"name": "Rik de Boer"}, based_on=2)

        assert (by_part.name, by_part.sort_name) == ("Henk van Dijk", "dijk henk van")
        assert (by_name.given_name, by_name.infix, by_name.family_name) == ("Rik", "de", "Boer")
        assert by_name.version == 3


def test_an_edit_based_on_an_older_version_tramples_nothing(alice: User) -> None:
    with entered(alice) as actor:
        henk = actions.create_person(actor=actor, name="Henk Dijk", place="Zwolle")
        actions.edit_relation(actor=actor, relation=henk, changes={"place": "Hattem"}, based_on=1)

        with pytest.raises(EditConflict) as caught:
            actions.edit_relation(actor=actor, relation=henk, changes={"place": "Kampen"}, based_on=1)

        assert caught.value.differing == ["place"]
        assert Relation.objects.get(id=henk.id).place == "Hattem"


def test_a_detail_that_is_none_is_refused(alice: User) -> None:
    with entered(alice) as actor:
        henk = actions.create_person(actor=actor, name="Henk Dijk")

        with pytest.raises(Refused, match="circle_id"):
            actions.edit_relation(actor=actor, relation=henk, changes={"circle_id": 1}, based_on=1)


def test_an_owner_has_a_seat_here(alice: User, charlie: User) -> None:
    with entered(charlie):
        stranger = Seat.objects.get(user=charlie).id
    with entered(alice) as actor:
        with pytest.raises(Refused, match="seat"):
            actions.create_person(actor=actor, name="Henk Dijk", owner_id=stranger)

        mine = actions.create_person(actor=actor, name="Henk Dijk", owner_id=actor.seat_id)
        assert mine.owner_id == actor.seat_id


def test_a_deleted_relation_comes_back_with_all_that_was_its(alice: User) -> None:
    with entered(alice) as actor:
        henk = actions.create_person(actor=actor, name="Henk Dijk")
        actions.add_contact_point(actor=actor, relation=henk, text="henk@example.com")

        done = actions.delete_relation(actor=actor, relation=henk)
        assert not Relation.objects.filter(id=henk.id).exists()
        assert not ContactPointLink.objects.filter(relation_id=henk.id).exists()

        undo(done.id)
        assert Relation.objects.get(id=henk.id).name == "Henk Dijk"
        assert ContactPointLink.objects.filter(relation_id=henk.id).count() == 1


def test_a_guest_changes_nothing(alice: User, gina: User) -> None:
    with entered(alice) as actor:
        henk = actions.create_person(actor=actor, name="Henk Dijk")
    with entered(gina) as guest:
        for refused in (
            lambda: actions.create_person(actor=guest, name="Iemand"),
            lambda: actions.edit_relation(actor=guest, relation=henk, changes={"place": "Zwolle"}, based_on=1),
            lambda: actions.delete_relation(actor=guest, relation=henk),
            lambda: actions.change_circle(actor=guest, relation=henk, circle_key="me"),
            lambda: actions.set_favourite(actor=guest, relation=henk, is_favourite=True),
        ):
            with pytest.raises(PermissionDenied):
                refused()

        assert list(Relation.objects.values_list("name", "place", "version")) == [("Henk Dijk", "", 1)]
