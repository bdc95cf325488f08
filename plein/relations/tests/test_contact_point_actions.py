# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from plein.core.finding import search
from plein.core.models import Operation
from plein.core.operations import undo
from plein.relations import actions
from plein.relations.contact import ContactError
from plein.relations.models import ContactPoint, ContactPointLink
from plein.relations.refusals import Refused
from plein.testing.factories import make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered


def test_a_contact_point_says_from_where_and_by_whom(alice: User) -> None:
    with entered(alice) as actor:
        link = actions.add_contact_point(actor=actor, relation=make_person(), text="Henk@Example.com", label="work")

        assert link.contact_point.value == "henk@example.com"
        assert (link.source, link.decided_by_id, link.is_primary) == ("hand", actor.seat_id, True)
        assert search("henk@example").relations == [link.relation_id]


def test_one_address_may_be_of_two_but_only_once_of_each(alice: User) -> None:
    with entered(alice) as actor:
        henk, company = make_person(), make_organization()
        actions.add_contact_point(actor=actor, relation=henk, text="info@example.com")
        actions.add_contact_point(actor=actor, relation=company, text="INFO@example.com")

        with pytest.raises(Refused, match="already"):
            actions.add_contact_point(actor=actor, relation=henk, text="info@example.com")
        assert ContactPoint.objects.count() == 1


def test_what_is_no_contact_point_leaves_nothing_behind(alice: User) -> None:
    with entered(alice) as actor:
        with pytest.raises(ContactError):
            actions.add_contact_point(actor=actor, relation=make_person(), text="0384", kind="phone")

        assert not ContactPoint.objects.exists()


def test_another_address_is_a_new_assertion(alice: User) -> None:
    with entered(alice) as actor:
        first = actions.add_contact_point(actor=actor, relation=make_person(), text="henk@example.com")
        same = actions.edit_contact_point(actor=actor, link=first, text="henk@example.com", label="home")
        second = actions.edit_contact_point(actor=actor, link=same, text="rik@example.com", label="home")

        assert same.id == first.id
        assert second.id != first.id
        assert second.is_primary
        assert ContactPointLink.objects.get(id=first.id).revoked_at is not None


def test_a_revoked_contact_point_is_not_found_and_can_come_back(alice: User) -> None:
    with entered(alice) as actor:
        link = actions.add_contact_point(actor=actor, relation=make_person(), text="06 28417093")

        done = actions.revoke_contact_point(actor=actor, link=link)
        assert search("28417093").relations == []

        undo(done.id)
        assert search("28417093").relations == [link.relation_id]
        actions.revoke_contact_point(actor=actor, link=link)
        assert actions.restore_contact_point(actor=actor, link=link).revoked_at is None
        undo(Operation.objects.get(verb="restore_contact_point").id)
        assert ContactPointLink.objects.get(id=link.id).revoked_at is not None


def test_one_of_a_kind_comes_first(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        first = actions.add_contact_point(actor=actor, relation=henk, text="henk@example.com")
        phone = actions.add_contact_point(actor=actor, relation=henk, text="06 28417093")
        second = actions.add_contact_point(actor=actor, relation=henk, text="rik@example.com")
        assert (first.is_primary, second.is_primary, phone.is_primary) == (True, False, True)

        actions.make_primary(actor=actor, link=second)

        primary = ContactPointLink.objects.filter(is_primary=True).values_list("id", flat=True)
        assert set(primary) == {second.id, phone.id}
