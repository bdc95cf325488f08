# SPDX-License-Identifier: AGPL-3.0-or-later
from pathlib import Path

import pytest
from pydantic import ValidationError

from plein.channels.connectors.mail.connector import Settings
from plein.channels.connectors.mail.roles import JobRole, NotRoles, read_roles


def test_our_side_is_a_domain_with_what_is_below_it_or_an_address() -> None:
    settings = Settings(ours=("@Noorderlicht.example", "Sanne@thuis.example"))

    assert settings.is_ours("joris@noorderlicht.example")
    assert settings.is_ours("joris@post.noorderlicht.example")
    assert settings.is_ours("sanne@thuis.example")
    assert not settings.is_ours("piet@thuis.example")
    assert not settings.is_ours("x@nietnoorderlicht.example")
    assert settings.domain() == "noorderlicht.example"


def test_what_is_neither_domain_nor_address_is_refused() -> None:
    with pytest.raises(ValidationError, match="neither a domain nor an address"):
        Settings(ours=("twee woorden",))


def test_roles_get_our_domain_and_unknown_stays_empty(tmp_path: Path) -> None:
    path = tmp_path / "roles.csv"
    path.write_text('email_local,name,note\nsanne.wit,Sanne de Wit,"Hoofd, verkoop"\njoris,NA,NA\n', encoding="utf-8")

    assert read_roles(path, "noorderlicht.example") == [
        JobRole("sanne.wit@noorderlicht.example", "Sanne de Wit", "Hoofd, verkoop"),
        JobRole("joris@noorderlicht.example", "", ""),
    ]


def test_roles_may_come_from_a_dutch_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "rollen.csv"
    path.write_bytes("E-mail;Naam;Functie\nREN@x.example;Ren\xe9;Monteur\n".encode("cp1252"))

    assert read_roles(path) == [JobRole("ren@x.example", "René", "Monteur")]


def test_a_csv_without_addresses_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(NotRoles, match="no column called email"):
        read_roles(path)
