# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date

import pytest

from plein.core.operations import undo
from plein.relations import actions
from plein.relations.models import Favourite, ImportantDate, Interest, Tag, Tagging
from plein.relations.refusals import Refused
from plein.testing.factories import make_person
from plein.trust.models import User
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
