# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from django.db import connection

from plein.core.isolation import no_workspace
from plein.relations.names import PersonName, fold_name, initials, parse_name, sort_name, tidy


@pytest.mark.parametrize(
    ("full", "given", "infix", "family", "sorting"),
    [
        ("Henk van Dijk", "Henk", "van", "Dijk", "dijk henk van"),
        ("Henk van der Dijk", "Henk", "van der", "Dijk", "dijk henk van der"),
        ("Dijk, Henk van", "Henk", "van", "Dijk", "dijk henk van"),
        ("van Dijk, Henk", "Henk", "van", "Dijk", "dijk henk van"),
        ("Anna Maria in 't Veld", "Anna Maria", "in 't", "Veld", "veld anna maria in 't"),
        ("Piet 't Hart", "Piet", "'t", "Hart", "hart piet 't"),
        ("Karin ten Hoor-de Vries", "Karin", "ten", "Hoor-de Vries", "hoor-de vries karin ten"),
        ("drs. P. de Boer", "P.", "de", "Boer", "boer p. de"),
        ("de Vries", "", "de", "Vries", "vries de"),
        ("Ben Jansen", "Ben", "", "Jansen", "jansen ben"),
        ("Łukasz Żak", "Łukasz", "", "Żak", "zak lukasz"),
        ("Jan", "Jan", "", "", "jan"),
        ("", "", "", "", ""),
        (",", ",", "", "", ","),
    ],
)
def test_a_name_is_taken_apart(full: str, given: str, infix: str, family: str, sorting: str) -> None:
    name = parse_name(full)

    assert (name.given, name.infix, name.family) == (given, infix, family)
    assert name.sorting == sorting


def test_the_parts_make_the_name_again() -> None:
    assert PersonName("Henk", "van der", "Dijk").full == "Henk van der Dijk"


def test_a_name_keeps_to_one_line() -> None:
    assert tidy("  Henk\n van\x00\tDijk ") == "Henk van Dijk"


def test_parts_fit_their_columns_however_long_the_name() -> None:
    name = parse_name("a" * 5000 + " van " + "b" * 5000)

    assert (len(name.given), len(name.family)) == (120, 160)
    assert len(sort_name("c" * 5000, is_person=False)) == 300


def test_initials_leave_the_infix_out() -> None:
    assert initials("Henk van der Dijk") == "HD"
    assert initials("Jan") == "J"
    assert initials("Dijk, Henk van") == "HD"


def test_an_organization_sorts_as_it_is_written() -> None:
    assert sort_name("Van Dijk Installatie", is_person=False) == "van dijk installatie"


def test_names_fold_as_in_the_database(db: None) -> None:
    names = ["Renée", "Søren Ørsted", "Łukasz Żak", "Đặng", "Größe", "Œuvre", "Æsir", "Ís þú", "İnci Işık"]
    with no_workspace("test"):
        from_database = [_folded(name) for name in names]

    assert [fold_name(name) for name in names] == from_database


def _folded(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT plein_fold(%s)", [name])
        row = cursor.fetchone()
    return str(row[0]) if row else ""
