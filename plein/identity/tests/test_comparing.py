# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from plein.identity.comparing import FIELDS, Census, compare, name_level, weights
from plein.identity.profiles import Handle, Profile, company_core, name_core, parts_of, place_core, same_given_name

NOBODY = Census(people=1_000, bearers={})


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Henk van der Dijk", "H. Dijk", "initial"),
        ("Henk van der Dijk", "Dijk, Henk van der", "full"),
        ("Dijk Henk", "Henk Dijk", "swapped"),
        ("Willem de Vries", "Wim de Vries", "nickname"),
        ("Henk Jansen", "Henk Janssen", "family_alike"),
        ("Wim Jansen", "Willem Janssen", "both_alike"),
        ("Marjolein Bos", "Marjolijn Bos", "given_alike"),
        ("Piet Bos", "Klaasje Bos", "family"),
        ("José García", "Jose Garcia", "full"),
        ("Piet Bos", "Anna Smit", "other"),
        ("Piet", "Piet Bos", ""),
    ],
)
def test_two_names_are_alike_to_a_level(one: str, other: str, level: str) -> None:
    assert name_level(name_core(one), name_core(other)) == level
    assert name_level(name_core(other), name_core(one)) == level


def test_what_people_write_is_brought_to_what_is_compared() -> None:
    parts = parts_of(
        Profile(
            names=("dr. Henk van der Dijk",),
            emails=("Henk.Dijk@Voorbeeld.NL", "no address"),
            phones=("06-12345678", "12"),
            handles=("https://www.linkedin.com/in/henk-dijk", "@henk_dijk"),
            organization="Dijk & Zonen B.V.",
            place="8011 AB Zwolle",
        )
    )

    assert parts.names == (name_core("Henk Dijk"),)
    assert parts.emails == ("henk.dijk@voorbeeld.nl",)
    assert parts.phones == ("+31612345678",)
    assert parts.handles == (Handle("henkdijk", "linkedin"), Handle("henkdijk"))
    assert parts.organizations == ("dijk zonen",)
    assert (parts.place, parts.postcodes) == ("zwolle", ("8011ab",))


def test_an_organization_is_known_without_what_it_is_legally() -> None:
    assert company_core("Bakkerij Smit B.V.") == company_core("bakkerij smit bv") == "bakkerij smit"
    assert company_core("Groep") == "groep"
    assert place_core("Den Haag") == place_core("'s-Gravenhage")
    assert same_given_name("kees", "cornelis")
    assert not same_given_name("kees", "piet")


def test_a_name_that_many_bear_weighs_less() -> None:
    one = parts_of(Profile(names=("Jan de Vries",)))
    common = Census(people=100_000, bearers={"vries jan": 300})
    rare = Census(people=100_000, bearers={"vries jan": 1})

    [many], [few] = compare(one, one, common), compare(one, one, rare)

    assert many.bits < few.bits - 5
    assert many.rarity < 0 < few.rarity


def test_a_field_that_one_of_both_lacks_says_nothing() -> None:
    one = parts_of(Profile(names=("Jan Bos",), emails=("jan@bos.nl",)))
    other = parts_of(Profile(names=("Jan Bos",), phones=("0612345678",)))

    assert [found.field for found in compare(one, other, NOBODY)] == ["name"]


def test_the_best_of_several_addresses_counts() -> None:
    one = parts_of(Profile(emails=("jan@bos.nl", "jan.bos@gmail.com")))
    other = parts_of(Profile(emails=("verkoop@bos.nl", "jan.bos@gmail.com")))

    [found] = compare(one, other, NOBODY)

    assert (found.level, found.ours) == ("same", "jan.bos@gmail.com")


def test_the_address_of_a_desk_is_nobody_at_another_company() -> None:
    one, other = (parts_of(Profile(emails=(address,))) for address in ("info@bos.nl", "info@smit.nl"))

    [found] = compare(one, other, NOBODY)

    assert found.level == "other"


def test_every_level_has_its_weight() -> None:
    model = weights()
    for field in FIELDS:
        for level in field.levels:
            assert 0 < model.m[field.key][level.key] <= 1, (field.key, level.key)
            assert 0 < model.u[field.key][level.key] <= 1, (field.key, level.key)
        assert model.bits(field.key, field.levels[0].key) > 0 > model.bits(field.key, "other")
        assert sum(model.u[field.key].values()) == pytest.approx(1, abs=0.02)
    assert model.prior(1_000_000) < model.prior(100) < 0
