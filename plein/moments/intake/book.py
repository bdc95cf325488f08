# SPDX-License-Identifier: AGPL-3.0-or-later
"""The address book of an import: for each address its contact point, whom we believe it is, and for whom they work.

Only what everybody may see who may see the import is looked at: a moment for everyone never points to somebody who is
known in a narrower circle.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.base import Address
from plein.core.ids import new_id
from plein.core.isolation import current, workspace_id
from plein.moments.intake.rows import fetch, insert_rows
from plein.relations.contact import ContactError, email, normalise
from plein.relations.domains import company_domain, is_ours
from plein.relations.models import ContactPoint
from plein.relations.queries.erased import erased_at

_AT_MOST = 200_000
_POINTS = """
    SELECT DISTINCT ON (p.value) p.value, p.id, l.relation_id
      FROM relations_contact_point p
      LEFT JOIN relations_contact_point_link l ON l.workspace_id = p.workspace_id AND l.contact_point_id = p.id
           AND l.revoked_at IS NULL AND l.circle_id = ANY(%s)
     WHERE p.workspace_id = %s AND p.kind = 'email' AND p.value = ANY(%s) AND p.circle_id = ANY(%s)
     ORDER BY p.value, l.relation_id IS NULL, l.decided_at, p.id
"""
_OTHER_POINTS = """
    SELECT DISTINCT ON (p.kind, p.network, p.value) p.kind, p.network, p.value, p.id, l.relation_id,
           coalesce(r.is_ours, false)
      FROM relations_contact_point p
      LEFT JOIN relations_contact_point_link l ON l.workspace_id = p.workspace_id AND l.contact_point_id = p.id
           AND l.revoked_at IS NULL AND l.circle_id = ANY(%s)
      LEFT JOIN relations_relation r ON r.workspace_id = l.workspace_id AND r.id = l.relation_id
     WHERE p.workspace_id = %s AND p.kind = ANY(%s) AND p.value = ANY(%s) AND p.circle_id = ANY(%s)
     ORDER BY p.kind, p.network, p.value, l.relation_id IS NULL, l.decided_at, p.id
"""
_DOMAINS = """
    SELECT DISTINCT ON (p.value) p.value, l.relation_id, r.is_ours
      FROM relations_contact_point p
      JOIN relations_contact_point_link l ON l.workspace_id = p.workspace_id AND l.contact_point_id = p.id
           AND l.revoked_at IS NULL AND l.circle_id = ANY(%s)
      JOIN relations_relation r ON r.workspace_id = l.workspace_id AND r.id = l.relation_id AND r.kind = 'organization'
     WHERE p.workspace_id = %s AND p.kind = 'url' AND p.value = ANY(%s) AND p.circle_id = ANY(%s)
     ORDER BY p.value, l.decided_at, p.id
"""
_EMPLOYERS = """
    SELECT m.person_id, (array_agg(m.organization_id))[1]
      FROM relations_membership m
      JOIN relations_relation o ON o.workspace_id = m.workspace_id AND o.id = m.organization_id AND NOT o.is_ours
     WHERE m.workspace_id = %s AND m.person_id = ANY(%s) AND m.circle_id = ANY(%s)
       AND (m.ends_on IS NULL OR m.ends_on >= current_date)
     GROUP BY m.person_id HAVING count(*) = 1
"""
_CIRCLES = """
    SELECT c.id FROM trust_circle c
     WHERE c.workspace_id = %s AND c.id = ANY(%s)
       AND c.parts <@ (SELECT parts FROM trust_circle o WHERE o.workspace_id = %s AND o.id = %s)
"""


@dataclass(slots=True)
class Entry:
    """What is known of an address."""

    point: UUID
    relation: UUID | None
    organization: UUID | None
    is_ours: bool


def key_of(kind: str, network: str, value: str) -> str:
    """Under what a contact point stands in the book: an e-mail address as it is, others after their kind."""
    return value if kind == "email" else f"{kind}\t{network}\t{value}"


def key_of_address(address: Address) -> str:
    """Under what an address stands in the book; "" when there is none."""
    if not address.address or address.kind == "email":
        return address.address
    return f"{address.kind}\t{address.network}\t{address.address[:500]}"


def stub() -> str:
    """What stands in the place of somebody who was erased."""
    return _("removed on request")


def wide_circles(circle_id: int) -> list[int]:
    """The circles that everybody is in who is in this one."""
    found = fetch(_CIRCLES, [workspace_id(), list(current().circles), workspace_id(), circle_id])
    return [row[0] for row in found]


def web_page_of(domain: str) -> str:
    """The contact point by which an organization is known to have a domain."""
    return f"https://{domain}"


@dataclass
class AddressBook:
    """What an import knows of addresses so far; what the database knew is asked once."""

    circle_id: int
    ours: tuple[str, ...]
    wide: list[int]
    known: dict[str, Entry] = field(default_factory=dict)
    #: Addresses of people who were erased, and when: they become nobody again.
    gone: dict[str, datetime] = field(default_factory=dict)
    organizations: dict[str, UUID | None] = field(default_factory=dict)
    #: Names and numbers of our own side on networks, as they stand in the book.
    own: frozenset[str] = frozenset()

    def learn_all(self, addresses: Iterable[Address]) -> None:
        """Know these addresses, of whatever kind."""
        mail: dict[str, None] = {}
        others: dict[str, Address] = {}
        for one in addresses:
            if one.address and one.kind == "email":
                mail[one.address] = None
            elif one.address:
                others[key_of_address(one)] = one
        self.learn(mail)
        self._learn_others(others)

    def learn(self, addresses: Iterable[str]) -> None:
        """Know these addresses; those that are new become contact points of nobody, but for those that were erased."""
        if len(self.known) > _AT_MOST:
            self.known.clear()
            self.gone.clear()
        asked = [
            one for one in dict.fromkeys(addresses)
            if one not in self.known and one not in self.gone and "\t" not in one
        ]  # fmt: skip
        if not asked:
            return
        self.gone |= erased_at(asked)
        asked = [address for address in asked if address not in self.gone]
        if not asked:
            return
        found = {value: (point, relation) for value, point, relation in self._ask(_POINTS, asked)}
        missing = [address for address in asked if address not in found]
        made = {address: new_id() for address in missing}
        insert_rows(
            ContactPoint,
            ("id", "value", "display"),
            [(made[address], address, _display(address)) for address in missing],
            {"circle_id": self.circle_id, "kind": "email"},
        )
        self.learn_domains(company_domain(address) for address in asked)
        employers = self._employers([relation for _point, relation in found.values() if relation])
        for address in asked:
            point, relation = found.get(address) or (made[address], None)
            self.enter(address, point, relation, employers.get(relation) if relation else None)

    def _learn_others(self, addresses: dict[str, Address]) -> None:
        """Know names on networks and phone numbers; whose they are says also who is on our side."""
        asked = {key: one for key, one in addresses.items() if key not in self.known and key not in self.gone}
        for kind in {one.kind for one in asked.values()}:
            erased = erased_at([one.address for one in asked.values() if one.kind == kind], kind)
            self.gone |= {k: erased[o.address] for k, o in asked.items() if o.kind == kind and o.address in erased}
        asked = {key: one for key, one in asked.items() if key not in self.gone}
        if not asked:
            return
        kinds, values = {one.kind for one in asked.values()}, {one.address[:500] for one in asked.values()}
        parameters = [self.wide, workspace_id(), list(kinds), list(values), self.wide]
        found = {
            key_of(*row[:3]): (row[3], row[4], row[5]) for row in fetch(_OTHER_POINTS, parameters)
        }  # fmt: skip
        made = {key: new_id() for key in asked if key not in found}
        insert_rows(
            ContactPoint,
            ("id", "kind", "network", "value", "display"),
            [(made[key], asked[key].kind, asked[key].network[:40], asked[key].address[:500], _shown(asked[key]))
             for key in made],
            {"circle_id": self.circle_id},
        )  # fmt: skip
        employers = self._employers([row[1] for key, row in found.items() if key in asked and row[1]])
        for key in asked:
            point, relation, ours = found.get(key) or (made[key], None, False)
            is_own = ours or key in self.own
            employer = employers.get(relation) if relation and not is_own else None
            self.known[key] = Entry(point, relation, employer, is_own)

    def enter(self, address: str, point: UUID, relation: UUID | None, employer: UUID | None = None) -> None:
        """Put an address in the book."""
        if "\t" in address:
            was = self.known.get(address)
            self.known[address] = Entry(point, relation, employer, bool(was and was.is_ours))
            return
        ours = is_ours(address, self.ours)
        organization = None if ours else self.organizations.get(company_domain(address)) or employer
        self.known[address] = Entry(point, relation, organization, ours)

    def bind(self, address: str, relation: UUID) -> None:
        """From now on this address is believed to be this relation."""
        self.enter(address, self.known[address].point, relation)

    def learn_domains(self, domains: Iterable[str]) -> None:
        """Know to which organizations these domains belong, where there is one."""
        asked = [domain for domain in dict.fromkeys(domains) if domain and domain not in self.organizations]
        if not asked:
            return
        pages = {page: domain for domain in asked for page in _web_pages(domain)}
        self.organizations |= dict.fromkeys(asked)
        for page, relation, ours in self._ask(_DOMAINS, list(pages)):
            if not ours:
                self.organizations[pages[page]] = relation

    def _ask(self, statement: str, values: list[str]) -> list[tuple[Any, ...]]:
        return fetch(statement, [self.wide, workspace_id(), values, self.wide])

    def _employers(self, people: list[UUID]) -> dict[UUID, UUID]:
        return dict(fetch(_EMPLOYERS, [workspace_id(), people, self.wide])) if people else {}


def _web_pages(domain: str) -> list[str]:
    return [f"{scheme}://{www}{domain}" for scheme in ("https", "http") for www in ("", "www.")]


def _shown(address: Address) -> str:
    """A name or number as people write it."""
    try:
        return normalise(address.address, kind=address.kind, network=address.network).display[:500]
    except ContactError:
        return address.address[:500]


def _display(address: str) -> str:
    try:
        return email(address).display[:500]
    except ContactError:
        return address[:500]
