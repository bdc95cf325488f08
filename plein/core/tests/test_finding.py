# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.core.finding import find_ids, search, suggest
from plein.core.finding.finder import Unscoped, is_scoped
from plein.core.isolation import default_circle_id
from plein.core.operations import operation
from plein.relations.models import Membership, Relation
from plein.testing.factories import make_contact_point, make_moment, make_organization, make_person, make_todo
from plein.trust.circles import only_me
from plein.trust.models import Seat, User
from plein.trust.seats import entered


def test_a_name_is_found_by_the_first_letters_of_any_of_its_words(alice: User) -> None:
    with entered(alice):
        henk = make_person("Henk van Dijk")
        make_person("Ingrid Postma")

        assert suggest("dij") == [henk.id]
        assert suggest("henk dijk") == [henk.id]
        assert suggest("dijk he") == [henk.id]


def test_accents_and_typos_are_forgiven(alice: User) -> None:
    with entered(alice):
        renee = make_person("Renée Hoekstra")

        assert suggest("renee") == [renee.id]
        assert suggest("hoekstrra") == [renee.id]
        assert suggest("hokstra") == [renee.id]


def test_a_slip_in_a_short_word_is_forgiven_too(alice: User) -> None:
    with entered(alice):
        henk = make_person("Henk van Dijk")
        make_person("Ingrid Postma")

        for typed in ("hekn dijk", "henk van dyk", "hemk dijk", "henk djik", "hnk"):
            assert suggest(typed) == [henk.id], typed


def test_a_fragment_of_a_phone_number_finds_whose_it_is(alice: User) -> None:
    with entered(alice):
        henk = make_person("Henk van Dijk")
        make_contact_point(henk, "phone", "+31628417093")

        assert search("06 2841").relations == [henk.id]
        assert search("7093").relations == [henk.id]
        assert search("41709").relations == [henk.id]


def test_a_part_of_an_address_finds_whose_it_is(alice: User) -> None:
    with entered(alice):
        henk = make_person("Henk van Dijk")
        make_contact_point(henk, "email", "h.vandijk@installatie-zwolle.example")

        assert search("h.vandijk@inst").relations == [henk.id]


def test_texts_are_found_by_dutch_and_english_stems(alice: User) -> None:
    with entered(alice):
        moment = make_moment(title="Storing in Hattem", text="De warmtepompen maakten geluiden; invoices were sent.")
        todo = make_todo("Offertes nakijken")

        assert search("warmtepomp").moments == [moment.id]
        assert search("invoice").moments == [moment.id]
        assert search("storingen").moments == [moment.id]
        assert search("offerte").todos == [todo.id]


def test_what_is_hidden_is_not_found(alice: User, bob: User) -> None:
    with entered(alice):
        circle = only_me()
        hidden = make_person("Geheime Relatie", circle_id=circle)
        make_contact_point(hidden, "phone", "+31612345678")
        make_moment(hidden, title="Vertrouwelijk", text="overname", circle_id=circle)

        assert suggest("geheime") == [hidden.id]
        assert len(search("overname").moments) == 1

    with entered(bob):
        assert suggest("geheime") == []
        assert suggest("geheimme") == []
        assert search("12345678").relations == []
        assert search("overname").moments == []


def test_a_mistyped_word_follows_whoever_bears_it_to_another_circle(alice: User, bob: User) -> None:
    with entered(alice):
        everyone, mine = default_circle_id(), only_me()
        moving = make_person("Wietske Boekhorst", circle_id=mine)
        crowd = [make_person(f"Boekhors{letter}", circle_id=mine) for letter in "abcdefgh"]

    with entered(bob):
        assert suggest("boekhorts") == []

    with entered(alice), operation("share"):
        Relation.objects.filter(id=moving.id).update(circle_id=everyone)

    with entered(bob):
        assert suggest("boekhorts") == [moving.id]

    with entered(alice), operation("share"):
        Relation.objects.filter(id=moving.id).update(circle_id=mine)
        Relation.objects.filter(id=crowd[-1].id).update(circle_id=everyone)

    with entered(bob):
        assert suggest("boekhorts") == [crowd[-1].id]


def test_another_workspace_is_not_found(alice: User, charlie: User) -> None:
    with entered(alice):
        make_organization("Van Dijk")

    with entered(charlie):
        assert suggest("dijk") == []


def test_a_search_follows_an_edit_and_a_delete(alice: User) -> None:
    with entered(alice):
        henk = make_person("Henk van Dijk")
        with operation("edit"):
            Relation.objects.filter(id=henk.id).update(name="Rik Tuinstra")
        assert suggest("tuin") == [henk.id]
        assert suggest("dijk") == []
        with operation("delete"):
            Relation.objects.filter(id=henk.id).delete()
        assert suggest("tuin") == []


def test_the_finder_refuses_a_look_without_scope(alice: User) -> None:
    with entered(alice):
        try:
            find_ids("SELECT id FROM relations_relation", {}, limit=5)
        except Unscoped:
            return
    raise AssertionError("an unscoped look was allowed")


def test_the_finder_takes_only_statements_that_ask_every_row_for_its_circle(alice: User) -> None:
    with entered(alice):
        asked = Membership.objects.filter(organization_id__in=Relation.objects.filter(place="Zwolle").values("id"))
        joined = Membership.objects.filter(organization__place="Zwolle")
        elsewhere = Relation.objects.filter(id__in=Seat.objects.values("id"))
        taken = {str(rows.query.sql_with_params()[0]): is_scoped(rows.query.sql_with_params()[0])
                 for rows in (asked, joined, elsewhere)}  # fmt: skip
    assert list(taken.values()) == [True, False, False], taken
