# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.relations.models import ContactPointLink, Relation
from plein.testing.factories import make_contact_point, make_person
from plein.trust.actions import give_seat, invite, make_user, make_workspace, welcome_user
from plein.trust.models import User
from plein.trust.seats import entered


def test_a_colleague_is_a_person_from_the_first_moment_on(db: None) -> None:
    workspace = make_workspace(name="Noorderlicht")
    sanne = make_user(email="sanne@noorderlicht.example", name="Sanne de Wit")
    seat = give_seat(workspace=workspace.id, user=sanne, role="owner")

    with entered(sanne):
        person = Relation.objects.get(seat_id=seat.id)
        assert (person.name, person.infix, person.is_ours) == ("Sanne de Wit", "de", True)
        assert ContactPointLink.objects.get(relation=person).contact_point.value == "sanne@noorderlicht.example"


def test_somebody_we_knew_already_gets_the_seat_and_no_double(alice: User) -> None:
    with entered(alice) as actor:
        known = make_person("Joost Bakker")
        make_contact_point(known, "email", "joost@noorderlicht.example")
        seat, _link = invite(actor=actor, email="Joost@Noorderlicht.example", name="Joost Bakker", role="member")

        assert [person.id for person in Relation.objects.filter(seat_id=seat.id)] == [known.id]
        assert Relation.objects.filter(name="Joost Bakker").count() == 1


def test_who_tells_their_name_is_called_by_it(alice: User) -> None:
    with entered(alice) as actor:
        welcome_user(actor=actor, name="Alice van den Berg")

        person = Relation.objects.get(seat_id=actor.seat_id)
        assert (person.name, person.sort_name) == ("Alice van den Berg", "berg alice van den")
