# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from plein.identity.profiles import Profile, core_of
from plein.identity.queries import Verdict, differences, match
from plein.relations.names import parse_name
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db


def test_a_name_alone_is_never_more_than_a_suggestion(alice: User) -> None:
    with entered(alice):
        henk = make_person("Henk Jansen")
        make_person("Piet Bos")

        found = match(Profile(names=("Henk Janssen",), place="Zwolle"))

        assert [one.id for one in found.candidates] == [henk.id]
        assert found.verdict == Verdict.SUGGESTION


def test_the_same_address_is_certain_unless_the_name_speaks_against_it(alice: User) -> None:
    with entered(alice):
        henk = make_person("Henk Jansen")
        make_contact_point(henk, "email", "henk@jansen.nl")

        assert match(Profile(emails=("Henk@Jansen.nl",))).verdict == Verdict.AUTOMATIC
        assert match(Profile(names=("H. Jansen",), emails=("henk@jansen.nl",))).verdict == Verdict.AUTOMATIC
        assert match(Profile(names=("Anna Smit",), emails=("henk@jansen.nl",))).verdict != Verdict.AUTOMATIC


def test_what_two_people_share_makes_neither_certain(alice: User) -> None:
    with entered(alice):
        for name in ("Henk Jansen", "Anna Jansen"):
            make_contact_point(make_person(name), "phone", "+31612345678")

        found = match(Profile(phones=("06 12345678",)))

        assert found.verdict == Verdict.REVIEW
        assert not any(one.is_certain for one in found.candidates)


def test_people_are_found_by_each_of_their_keys(alice: User) -> None:
    with entered(alice):
        henk = make_person("Willem van der Dijk", given_name="Willem", infix="van der", family_name="Dijk")
        make_membership(henk, make_organization("Dijk & Zonen B.V."))

        for profile in (
            Profile(names=("W. Dijk",)),
            Profile(names=("Dijk Willem",)),
            Profile(names=("Willem van Dyk",)),
            Profile(names=("Wim Dijk",)),
            Profile(names=("Willem Bakker",), organization="Dijk Zonen"),
        ):
            assert [one.id for one in match(profile).candidates] == [henk.id], profile


def test_whom_one_does_not_see_is_no_candidate_and_no_reason(alice: User, bob: User) -> None:
    with entered(alice):
        henk, firm = make_person("Henk Jansen"), make_organization("Geheim BV", circle_id=only_me())
        make_membership(henk, firm)
        secret = make_person("Anna Smit", circle_id=only_me())
        make_contact_point(secret, "email", "anna@smit.nl")
        profile = Profile(names=("Henk Jansen",), organization="Geheim")
        seen = match(profile).candidates[0]

    with entered(bob):
        other = match(profile).candidates[0]
        assert match(Profile(names=("Anna Smit",), emails=("anna@smit.nl",))).candidates == ()

    assert [one.field for one in seen.reasons] == ["name", "organization"]
    assert [one.field for one in other.reasons] == ["name"]


def test_people_elsewhere_are_no_candidates(alice: User, charlie: User) -> None:
    with entered(charlie):
        make_contact_point(make_person("Henk Jansen"), "email", "henk@jansen.nl")

    with entered(alice):
        assert match(Profile(names=("Henk Jansen",), emails=("henk@jansen.nl",))).candidates == ()


@pytest.mark.parametrize(
    "name",
    ["Henk van der Dijk", "José García-Márquez", "H. 't Hart", "Øyvind Łuczak", "Jansen", "Anna-Maria de Vries-Bakker",
     "O’Neill Shaun", "Dr. J.W. Schröder", "Мария Иванова"],
)  # fmt: skip
def test_the_database_compares_a_name_as_we_do(alice: User, name: str) -> None:
    parts = parse_name(name)
    with entered(alice):
        person = make_person(name, given_name=parts.given, infix=parts.infix, family_name=parts.family)

        from_database = match(Profile(names=(name, "Zzz Yyy"))).candidates

        if parts.given and parts.family:
            assert [one.id for one in from_database] == [person.id]
            assert from_database[0].reasons[0].level == "full"
            assert from_database[0].reasons[0].ours == core_of(parts).full
        assert differences() == 0
