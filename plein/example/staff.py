# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our own side: accounts that cannot sign in, their seats and teams, the colleagues as people, and who may see what."""

from datetime import date, timedelta
from typing import Any

from plein.core.ids import new_id
from plein.core.isolation import workspace_id
from plein.example.days import Days
from plein.example.library import read
from plein.example.rows import Rows
from plein.example.world import Colleague, World
from plein.relations.contact import Contact, email, phone, postal, web_page
from plein.relations.models import Interest, Membership, Relation
from plein.relations.names import parse_name, sort_name
from plein.relations.vocabulary import Source
from plein.trust.circles import circle_of_people, circle_of_team, everyone
from plein.trust.models import Circle, Role, Seat, Team, TeamMember, User

NAME = "Noorderlicht Techniek"
DOMAIN = "noorderlicht-techniek.example"
TEAMS = {"sales": "Verkoop", "service": "Service", "accounts": "Administratie", "marketing": "Marketing"}
ROLES = {"roelof": Role.ADMINISTRATOR, "daan": Role.MANAGER, "fatima": Role.MANAGER}
#: No number in the Netherlands starts with a zero after its area code, nor is 06-00 handed out.
FRONT_DESK, MOBILE = "038 001 {0:04d}", "06 0010 {0:04d}"
START = date(2001, 4, 2)


def seat_colleagues(world: World, owner_seat: Seat) -> None:
    """Accounts, seats, teams and circles. The one who signs in joins sales."""
    told = read("texts/stories")["colleague"]
    women = read("names/people")["known"]["f"]
    present = {user.email: user for user in User.objects.filter(email__in=[person["email"] for person in told])}
    missing = [
        User(email=person["email"], name=person["name"], language=person["language"], password="!")  # noqa: S106
        for person in told
        if person["email"] not in present
    ]
    users = present | {user.email: user for user in User.objects.bulk_create(missing)}
    for person in told:
        seat = Seat(user=users[person["email"]], role=ROLES.get(person["key"], Role.MEMBER), title=person["role"]["nl"])
        first = person["name"].split()[0]
        world.colleagues[person["key"]] = Colleague(
            person["key"],
            person["name"],
            "f" if first in women else "m",
            person["language"],
            new_id(),
            seat_id=seat.id,
            team=person["team"],
            title=person["role"]["nl"],
        )
        seat.save(force_insert=True)
    user = owner_seat.user
    world.colleagues["owner"] = Colleague(
        "owner",
        user.name or user.email,
        "m",
        "nl",
        new_id(),
        seat_id=owner_seat.id,
        team="sales",
        title=owner_seat.title or "Accountmanager",
        is_signing_in=True,
    )
    _make_circles(world)


def _make_circles(world: World) -> None:
    world.circles["everyone"] = everyone()
    for key, name in TEAMS.items():
        team = Team.objects.create(name=name)
        members = [colleague for colleague in world.colleagues.values() if colleague.team == key]
        TeamMember.objects.bulk_create([TeamMember(team=team, seat_id=member.seat_id) for member in members])
        world.circles[f"team:{key}"] = circle_of_team(team)
    for key in ("hanneke", "sanne", "owner"):
        world.circles[f"me:{key}"] = circle_of_people([world.colleagues[key].seat_id])


def write_colleagues(rows: Rows, world: World, days: Days) -> None:
    """Our own company, and the colleagues as people who work there."""
    ours = rows.add(
        Relation(
            kind="organization",
            name=NAME,
            sort_name=sort_name(NAME, is_person=False),
            place="Zwolle",
            country="NL",
            headline="Warmtepompen, ventilatie en klimaat tussen IJssel en Vecht",
            is_ours=True,
            language="nl",
            about="Wijzelf: zestien collega's in verkoop, service, administratie en marketing.",
            source=Source.EXAMPLE,
        )
    )
    world.ours = ours.id
    contacts = (
        (email(f"info@{DOMAIN}"), "algemeen"),
        (email(f"service@{DOMAIN}"), "service"),
        (phone(FRONT_DESK.format(2000)), "balie"),
        (web_page(f"www.{DOMAIN}"), ""),
        (postal("Hanzelaan 118, 8017 JK Zwolle"), "bezoek"),
    )
    for place, (contact, label) in enumerate(contacts):
        rows.contact_point(ours.id, contact, label, primary=place == 0)
    told = {person["key"]: person for person in read("texts/stories")["colleague"]}
    existing = Relation.objects.filter(seat_id=world.owner.seat_id).first()
    for number, colleague in enumerate(world.colleagues.values()):
        person = told.get(colleague.key, {})
        if colleague.is_signing_in and existing is not None:
            colleague.relation_id = existing.id
            continue
        _write_colleague(rows, colleague, number, person, days)
        rows.add(
            Membership(
                person_id=colleague.relation_id,
                organization_id=ours.id,
                role=colleague.title,
                source=Source.EXAMPLE,
                department=TEAMS[colleague.team],
                starts_on=START + timedelta(days=311 * number),
            )
        )


def _write_colleague(rows: Rows, colleague: Colleague, number: int, told: dict[str, Any], days: Days) -> None:
    name = parse_name(colleague.name)
    rows.add(
        Relation(
            id=colleague.relation_id,
            kind="person",
            name=colleague.name,
            given_name=name.given,
            infix=name.infix,
            sort_name=name.sorting or colleague.name.lower(),
            family_name=name.family,
            headline=colleague.title,
            place="Zwolle",
            country="NL",
            language=colleague.language,
            seat_id=colleague.seat_id,
            is_ours=True,
            source=Source.EXAMPLE,
            created_at=days.now - timedelta(days=800),
            updated_at=days.now - timedelta(days=90),
        )
    )
    addresses: list[Contact] = [phone(MOBILE.format(3000 + number))]
    if "email" in told:
        addresses.insert(0, email(told["email"]))
    for contact in addresses:
        point = rows.contact_point(colleague.relation_id, contact, "werk", primary=True)
        colleague.points[contact.kind] = point
        colleague.addresses[contact.kind] = contact.display
    for text in told.get("interests", ()):
        rows.add(Interest(relation_id=colleague.relation_id, text=text, source=Source.EXAMPLE))


def eyes_of_everybody() -> tuple[int, ...]:
    """The circles of this workspace, "everyone here" first: loading and removing pass by nobody's records."""
    here = Circle.objects.filter(workspace_id=workspace_id()).values_list("id", flat=True)
    return tuple(dict.fromkeys([everyone(), *here]))
