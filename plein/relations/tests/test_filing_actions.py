# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date

import pytest

from plein.core.operations import undo
from plein.relations import actions
from plein.relations.models import Favourite, ImportantDate, Interest, Relation, Tag, Tagging
from plein.relations.refusals import Refused
from plein.testing.factories import make_person
from plein.trust.models import Seat, User
from plein.trust.seats import entered


def test_a_tag_is_one_word_whatever_its_capitals(alice: User) -> None:
    with entered(alice) as actor:
        henk, rik = make_person("Henk"), make_person("Rik")
        actions.tag(actor=actor, relation=henk, name="Installer")
        actions.tag(actor=actor, relation=henk, name="installer")
        actions.tag(actor=actor, relation=rik, name=" installer ")

        assert Tag.objects.get().name == "Installer"
        assert Tagging.objects.count() == 2

        undo(actions.untag(actor=actor, relation=henk, tag_id=Tag.objects.get().id).id)
        assert Tagging.objects.count() == 2
        with pytest.raises(Refused):
            actions.tag(actor=actor, relation=henk, name="x" * 61)


def test_favourites_are_ones_own(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        henk = make_person("Henk")
        actions.set_favourite(actor=actor, relation=henk, is_favourite=True)
        actions.set_favourite(actor=actor, relation=henk, is_favourite=True)
        assert Favourite.objects.count() == 1

    with entered(bob) as colleague:
        actions.set_favourite(actor=colleague, relation=henk, is_favourite=False)
    with entered(alice) as actor:
        assert Favourite.objects.filter(seat_id=actor.seat_id).exists()
        actions.set_favourite(actor=actor, relation=henk, is_favourite=False)
        assert not Favourite.objects.exists()


def test_interests_and_days_are_noted_and_forgotten(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person("Henk")
        interest = actions.add_interest(actor=actor, relation=henk, text=" vissen ")
        birthday = actions.add_important_date(actor=actor, relation=henk, kind="birthday", on=date(1960, 2, 29))
        assert (interest.text, birthday.on) == ("vissen", date(1960, 2, 29))

        done = actions.remove_interest(actor=actor, interest=interest)
        actions.remove_important_date(actor=actor, important_date=birthday)
        assert not Interest.objects.exists()
        assert not ImportantDate.objects.exists()
        undo(done.id)
        assert Interest.objects.get().text == "vissen"
        with pytest.raises(Refused):
            actions.add_interest(actor=actor, relation=henk, text=" ")


def test_many_are_tagged_given_and_deleted_in_one_operation_each(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        people = [make_person(f"Henk {number}") for number in range(4)]
        ids = [person.id for person in people]
        colleague = Seat.objects.get(user=bob).id
        actions.tag(actor=actor, relation=people[0], name="fair")

        tagged = actions.tag_relations(actor=actor, ids=ids, name="fair")
        given = actions.assign_relations(actor=actor, ids=ids, owner_id=colleague)
        deleted = actions.delete_relations(actor=actor, ids=ids[:3])
        assert (tagged.count, given.count, deleted.count) == (3, 4, 3)
        assert Relation.objects.get().owner_id == colleague

        undo(deleted.operation_id)
        assert Relation.objects.count() == 4
        undo(tagged.operation_id)
        assert Tagging.objects.get().relation_id == people[0].id
        assert actions.untag_relations(actor=actor, ids=ids, tag_id=Tag.objects.get().id).count == 1


def test_a_bulk_act_touches_only_what_is_seen(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        hidden = actions.create_person(actor=actor, name="Geheim", circle_key="me")
        known = make_person("Bekend")
    with entered(bob) as colleague:
        result = actions.delete_relations(actor=colleague, ids=[hidden.id, known.id])
        assert result.count == 1
        with pytest.raises(Refused, match="Choose"):
            actions.delete_relations(actor=colleague, ids=[])
    with entered(alice):
        assert Relation.objects.get().id == hidden.id
