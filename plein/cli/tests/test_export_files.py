# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein export … --format vcard|ical`: an address book and a calendar, with the eyes of a user, that come in again."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from plein.channels.cards import Card, Event
from plein.channels.connectors.calendar.icalendar import read_events
from plein.channels.connectors.contacts.vcard import read_cards
from plein.cli.main import main
from plein.core.models import AuditEntry
from plein.lists.actions import save_view
from plein.lists.kinds import kind_of
from plein.lists.query import ViewQuery
from plein.moments.actions import Part, cancel_appointment, plan_appointment
from plein.relations.actions import (
    add_contact_point,
    add_important_date,
    add_membership,
    create_organization,
    create_person,
    make_primary,
    tag,
)
from plein.relations.models import ContactPointLink, ImportantDate, Membership, Relation, Tagging
from plein.testing.cast import Cast
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is up already."""
    monkeypatch.setattr("plein.cli.main._needs_database", lambda arguments: False)


def exported(file: Path, *words: str, user: str = "alice") -> bytes:
    assert main(["export", *words[:1], str(file), *words[1:], "--user", f"{user}@plein.example", "--json"]) == 0
    return file.read_bytes()


def names(content: bytes) -> list[str]:
    return [one.name for one in read_cards(BytesIO(content)) if isinstance(one, Card)]


def company(actor: Entrance) -> None:
    """People and organizations with all that a card can hold, and texts that mean something in one."""
    dijk = create_organization(
        actor=actor, name="Van Dijk; Hekwerken, en zo", about="First line\nsecond; line", place="Zwolle"
    )
    add_contact_point(actor=actor, relation=dijk, text="https://vandijk.example/")
    add_contact_point(actor=actor, relation=dijk, text="Kade 1\n8011 AB Zwolle", kind="postal", label="work")
    bos = create_organization(actor=actor, name="Bos \\ Zonen")
    henk = create_person(
        actor=actor, name="Henk van Dijk", about="Likes fences, and football; \\o/.\n=1+1", place="Hattem"
    )
    for text, label in (("henk@vandijk.example", "work"), ("06 12345678", "mobile"), ("h@thuis.example", "boat")):
        add_contact_point(actor=actor, relation=henk, text=text, label=label)
    add_contact_point(actor=actor, relation=henk, text="Dorpsstraat 1\n8011 AB Zwolle", kind="postal", label="home")
    add_contact_point(actor=actor, relation=henk, text="@henk@mastodon.example", kind="handle", network="mastodon")
    make_primary(actor=actor, link=ContactPointLink.objects.get(contact_point__value="h@thuis.example"))
    add_membership(actor=actor, person=henk, organization=bos)
    add_membership(actor=actor, person=henk, organization=dijk, role="Directeur, verkoop", department="Sales")
    add_important_date(actor=actor, relation=henk, kind="birthday", on=date(1980, 4, 12))
    for name in ("Customer", "Fences, gates"):
        tag(actor=actor, relation=henk, name=name)
    create_person(actor=actor, name="Anna-Sofie de la Cruz y Pérez", place="Ommen")
    create_person(actor=actor, name="漢字 Émile")


def told(user: User) -> dict[str, Any]:
    """All that a workspace knows of its people and organizations, by name."""
    found: dict[str, Any] = {}
    with entered(user):
        for one in Relation.objects.all():
            points = ContactPointLink.objects.filter(relation=one, revoked_at__isnull=True)
            columns = ("contact_point__kind", "contact_point__network", "contact_point__value", "label", "is_primary")
            works = Membership.objects.filter(person=one).values_list("organization__name", "department", "role")
            found[one.name] = {
                "parts": (one.kind, one.given_name, one.infix, one.family_name, one.place, one.about),
                "points": set(points.values_list(*columns)),
                "works": set(works),
                "days": set(ImportantDate.objects.filter(relation=one).values_list("kind", "on")),
                "tags": set(Tagging.objects.filter(relation=one).values_list("tag__name", flat=True)),
            }
    return found


def test_an_address_book_taken_along_comes_in_elsewhere_as_it_was(cast: Cast, tmp_path: Path) -> None:
    with entered(cast.alice) as actor:
        company(actor)
    for words in ("organizations", "people"):
        exported(tmp_path / words, words, "--format", "vcard")
        path = (tmp_path / words).rename(tmp_path / f"{words}.vcf")
        assert main(["import", "contacts", str(path), "--as", "charlie@plein.example", "--json"]) == 0

    here, there = told(cast.alice), told(cast.charlie)
    assert len(here) == 5 and here.keys() == there.keys()
    for name, facts in here.items():
        assert there[name] == facts, name


def test_cards_are_of_those_whom_the_user_and_the_view_show_and_it_is_noted(cast: Cast, tmp_path: Path) -> None:
    with entered(cast.alice) as actor:
        create_person(actor=actor, name="Henk Bos", place="Zwolle")
        create_person(actor=actor, name="Rik Vos", place="Ommen")
        secret = create_person(actor=actor, name="Geheim", place="Zwolle", circle_key="me")
        query = ViewQuery.read(kind_of("person"), {"f": "place:is:Zwolle"})
        save_view(actor=actor, name="In Zwolle", query=query, audience="everyone")

    file = tmp_path / "book.vcf"
    assert sorted(names(exported(file, "people", "--format", "vcard", user="bob"))) == ["Henk Bos", "Rik Vos"]
    assert names(exported(file, "people", "--view", "in zwolle", "--format", "vcard", user="bob")) == ["Henk Bos"]
    assert "Geheim" in names(exported(file, "In Zwolle", "--format", "vcard"))
    with entered(cast.alice):
        assert secret.circle_id == only_me()
        noted = AuditEntry.objects.filter(event="export", kind="person").order_by("-seq")
        assert [json.loads(one.facts)["format"] for one in noted] == ["vcard"] * 3
        assert secret.id in noted[0].records and secret.id not in noted[1].records


def test_an_agenda_is_ones_own_and_a_view_of_it_what_the_view_shows(cast: Cast, tmp_path: Path) -> None:
    meets = partial(plan_appointment, occurred_at=NINE, ends_at=NINE + timedelta(hours=1))
    text = "Bring:\n=1+1, the offer; signed"
    with entered(cast.alice) as actor:
        ada = create_person(actor=actor, name="Ada; Bos")
        hidden = create_person(actor=actor, name="Geheim", circle_key="me")
        meets(actor=actor, participants=[Part(ada.id), Part(hidden.id)], subject="Opname, dak", text=text)
        gone = meets(actor=actor, participants=[Part(ada.id)], subject="Vervalt")
        cancel_appointment(actor=actor, moment=gone, based_on=gone.version)
        query = ViewQuery.read(kind_of("moment"), {"f": "subject:has:opname"})
        save_view(actor=actor, name="Roofs", query=query, audience="everyone")
    with entered(cast.bob) as actor:
        meets(actor=actor, participants=[Part(ada.id)], subject="Bob alone")

    file = tmp_path / "agenda.ics"
    mine = [one for one in read_events(BytesIO(exported(file, "calendar"))) if isinstance(one, Event)]
    bobs = exported(file, "calendar", "--format", "ics", user="bob")
    roofs = exported(file, "calendar", "--view", "Roofs", user="bob")

    assert [(one.summary, one.description, one.starts_at, one.ends_at) for one in mine] == [
        ("Opname, dak", text, NINE, NINE + timedelta(hours=1))
    ]
    assert [one.summary for one in read_events(BytesIO(bobs)) if isinstance(one, Event)] == ["Bob alone"]
    assert [one.summary for one in read_events(BytesIO(roofs)) if isinstance(one, Event)] == ["Opname, dak"]
    assert b"CONTACT:Ada\\; Bos" in roofs and b"Geheim" not in roofs


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["moments", "--format", "vcard"], "Only people and organizations"),
        (["people", "--format", "ical"], "Only appointments"),
        (["calendar", "--format", "vcard"], "Only people and organizations"),
        (["people", "--view", "Nowhere"], "no view Nowhere of people"),
        (["Nowhere", "--view", "Nowhere"], "--view narrows a list"),
    ],
)
def test_what_cannot_be_is_told_in_words(
    alice: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    file = tmp_path / "none"
    assert main(["export", words[0], str(file), *words[1:], "--user", alice.email]) == 1
    assert sentence in capsys.readouterr().err and not file.exists()


def test_without_a_file_it_goes_to_standard_output(alice: User, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    with entered(alice) as actor:
        create_person(actor=actor, name="Ada Bos")

    assert main(["export", "people", "--format", "json", "--user", alice.email]) == 0
    assert [one["name"]["name"] for one in json.loads(capsysbinary.readouterr().out)] == ["Ada Bos"]
