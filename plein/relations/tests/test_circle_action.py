# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.core.finding import suggest
from plein.relations import actions
from plein.relations.models import ContactPoint, ContactPointLink, Membership, Relation
from plein.relations.queries import RelationFilter, count_relations, list_relations
from plein.trust.models import User
from plein.trust.seats import entered


def test_a_relation_moves_to_another_circle_with_all_that_belongs_to_it(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        henk = actions.create_person(actor=actor, name="Henk Dijk")
        company = actions.create_organization(actor=actor, name="Van Dijk")
        actions.add_membership(actor=actor, person=henk, organization=company, role="directeur")
        actions.add_contact_point(actor=actor, relation=henk, text="henk@example.com")
        actions.add_contact_point(actor=actor, relation=henk, text="info@example.com")
        actions.add_contact_point(actor=actor, relation=company, text="info@example.com")

        actions.change_circle(actor=actor, relation=henk, circle_key="me")
        assert Relation.objects.filter(id=henk.id).exists()

    with entered(bob):
        assert not Relation.objects.filter(id=henk.id).exists()
        assert not Membership.objects.exists()
        assert not ContactPointLink.objects.filter(relation_id=henk.id).exists()
        assert list(ContactPoint.objects.values_list("value", flat=True)) == ["info@example.com"]
        assert suggest("henk") == []
        assert count_relations(RelationFilter()) == 0
        assert list_relations(RelationFilter()).rows == []

    with entered(alice) as actor:
        actions.change_circle(actor=actor, relation=henk, circle_key="everyone")
    with entered(bob):
        assert Membership.objects.count() == 1
        assert ContactPointLink.objects.filter(relation_id=henk.id).count() == 2


def test_a_contact_point_of_a_hidden_relation_is_as_hidden_as_that(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        hidden = actions.create_person(actor=actor, name="Geheime Relatie", circle_key="me")
        actions.add_contact_point(actor=actor, relation=hidden, text="06 12345678")

    with entered(bob) as colleague:
        assert not ContactPoint.objects.exists()
        known = actions.create_person(actor=colleague, name="Bekende Relatie")
        actions.add_contact_point(actor=colleague, relation=known, text="06 12345678")
        assert ContactPointLink.objects.get().relation_id == known.id

    with entered(alice):
        assert ContactPoint.objects.filter(value="+31612345678").count() == 2
