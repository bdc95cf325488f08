# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of this domain's pages for one relation with something of everything, and how tests ask for them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plein.relations import actions
from plein.relations.models import ContactPointLink, ImportantDate, Interest, Membership, Relation, Tag, Tagging, Tie
from plein.trust.models import User
from plein.trust.seats import entered

HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Full:
    """A person of whom everything is known, the company, and the parts between them."""

    person: UUID
    organization: UUID
    link: UUID
    membership: UUID
    tie: UUID
    tag: UUID
    interest: UUID
    day: UUID


def fill(user: User, circle_key: str = "") -> Full:
    """Make a person with something of everything."""
    with entered(user) as actor:
        person = actions.create_person(
            actor=actor, name="Rik van Dijk", place="Zwolle", circle_key=circle_key, owner_id=actor.seat_id
        )
        organization = actions.create_organization(actor=actor, name="Van Dijk", circle_key=circle_key)
        actions.add_membership(actor=actor, person=person, organization=organization, role="directeur")
        actions.add_contact_point(actor=actor, relation=person, text="rik@example.com")
        actions.add_tie(actor=actor, one=person, other=organization, kind="knows")
        actions.tag(actor=actor, relation=person, name="fair")
        actions.add_interest(actor=actor, relation=person, text="sailing")
        actions.add_important_date(actor=actor, relation=person, kind="birthday", on=date(1986, 12, 14))
        return Full(
            person.id,
            organization.id,
            ContactPointLink.objects.get().id,
            Membership.objects.get().id,
            Tie.objects.get().id,
            Tag.objects.get().id,
            Interest.objects.get().id,
            ImportantDate.objects.get().id,
        )


def at(name: str, *arguments: object) -> str:
    """The address of a page."""
    return reverse(f"relations:{name}", args=arguments)


def readable(full: Full) -> list[str]:
    """Pages of one relation that whoever sees it may read."""
    parts = ("details", "points", "roles", "ties", "tags", "interests", "dates", "seen")
    return [
        at("relation", full.person),
        at("relation", full.organization),
        at("card", full.person),
        reverse("trust:seen", args=["relations", full.person]),
        reverse("trust:seen", args=["ties", full.tie]),
        *(at("section", full.person, part) for part in parts),
        *(at("field", full.person, name) for name in ("place", "owner_id", "country", "language", "about")),
    ]


def forms(full: Full) -> list[str]:
    """Forms about one relation, for who may write."""
    return [
        at("edit", full.person),
        at("edit", full.organization),
        at("delete", full.person),
        at("photo_change", full.person),
        at("contact_point_add", full.person),
        at("contact_point_edit", full.person, full.link),
        at("membership_add", full.person),
        at("membership_add", full.organization),
        at("membership_edit", full.person, full.membership),
        at("membership_edit", full.organization, full.membership),
        at("tie_add", full.person),
        at("tie_edit", full.person, full.tie),
        at("tag_add", full.person),
        at("interest_add", full.person),
        at("date_add", full.person),
    ]


def acts(full: Full) -> list[tuple[str, dict[str, str]]]:
    """Acts on one relation: where they are sent, and what is sent along."""
    return [
        (at("edit", full.person), {"version": "1", "given_name": "Tom"}),
        (at("field", full.person, "place"), {"version": "1", "place": "Hattem"}),
        (at("favourite", full.person), {"favourite": "1"}),
        (reverse("trust:seen", args=["relations", full.person]), {"audience": "me"}),
        (reverse("trust:seen", args=["ties", full.tie]), {"audience": "me"}),
        (at("photo_change", full.person), {"remove": "1"}),
        (at("contact_point_add", full.person), {"text": "tom@example.com"}),
        (at("contact_point_edit", full.person, full.link), {"text": "tom@example.com"}),
        (at("contact_point_mark", full.person, full.link, "revoke"), {}),
        (at("membership_add", full.person), {"other_name": "Nieuw", "change": "also"}),
        (at("membership_edit", full.person, full.membership), {"role": "inkoper"}),
        (at("membership_remove", full.person, full.membership), {"end": "1"}),
        (at("membership_remove", full.person, full.membership), {}),
        (at("tie_add", full.person), {"other": str(full.organization), "kind": "advised:out"}),
        (at("tie_edit", full.person, full.tie), {"note": "since school"}),
        (at("tie_remove", full.person, full.tie), {}),
        (at("tag_add", full.person), {"name": "new"}),
        (at("tag_remove", full.person, full.tag), {}),
        (at("interest_add", full.person), {"text": "chess"}),
        (at("interest_remove", full.person, full.interest), {}),
        (at("date_add", full.person), {"kind": "other", "on": "2026-01-01"}),
        (at("date_remove", full.person, full.day), {}),
        (at("delete", full.person), {}),
    ]


def state(user: User) -> list[list[dict[str, Any]]]:
    """Everything there is, to see that nothing changed."""
    models: list[type[Model]] = [
        Relation, ContactPointLink, Membership, Tie, Tag, Tagging, Interest, ImportantDate
    ]  # fmt: skip
    with entered(user):
        return [list(model._base_manager.order_by("id").values()) for model in models]


def statements(client: Client, address: str, **headers: str) -> list[str]:
    """The statements a page takes, without those of the test's own transaction."""
    client.get(address, headers=headers)  # the first page of a session writes when it was seen
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    found = [str(query["sql"]) for query in captured.captured_queries]
    return [sql for sql in found if not sql.startswith(("SAVEPOINT", "RELEASE", "SELECT set_config('plein.workspace'"))]
