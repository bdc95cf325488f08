# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the planned people and organizations, or finds that they are here already."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from plein.channels.models import Connection, MailImport
from plein.core.ids import new_id
from plein.core.isolation import workspace_id
from plein.identity.queries import Candidate
from plein.moments.intake.book import AddressBook, web_page_of
from plein.moments.intake.job_news import find_job_news
from plein.moments.intake.known import Known, known_people, write_doubts
from plein.moments.intake.names import join_key, organization_name
from plein.moments.intake.plan import PlannedPerson, Waiting
from plein.moments.intake.rows import fetch, insert_rows
from plein.moments.models import Proposal
from plein.relations.domains import company_domain, domain_of
from plein.relations.models import ContactPoint, ContactPointLink, Membership, Relation
from plein.relations.names import parse_name, sort_name

REASONS = {
    "same full name in the list of roles": "same_name_in_roles",
    "same display name at the same domain": "same_name_at_domain",
}
_RELATION = (
    "id", "kind", "name", "sort_name", "given_name", "infix", "family_name", "is_ours",
)  # fmt: skip
_NAMESAKES = """
    SELECT r.id, r.name, p.value
      FROM relations_relation r
      JOIN relations_contact_point_link l ON l.workspace_id = r.workspace_id AND l.relation_id = r.id
           AND l.revoked_at IS NULL AND l.circle_id = ANY(%s)
      JOIN relations_contact_point p ON p.workspace_id = l.workspace_id AND p.id = l.contact_point_id
           AND p.kind = 'email'
     WHERE r.workspace_id = %s AND r.kind = 'person' AND r.sort_name = ANY(%s) AND r.circle_id = ANY(%s)
     ORDER BY r.id
"""

_WORKING = """
    SELECT DISTINCT m.person_id FROM relations_membership m
     WHERE m.workspace_id = %s AND m.person_id = ANY(%s) AND m.circle_id = ANY(%s)
       AND (m.ends_on IS NULL OR m.ends_on >= current_date)
"""


@dataclass
class Made:
    """How many came of it."""

    people: int = 0
    organizations: int = 0


@dataclass
class _Rows:
    relations: list[tuple[object, ...]] = field(default_factory=list)
    points: list[tuple[object, ...]] = field(default_factory=list)
    links: list[tuple[object, ...]] = field(default_factory=list)
    memberships: list[tuple[object, ...]] = field(default_factory=list)
    doubts: list[tuple[UUID, Candidate]] = field(default_factory=list)


class PeopleMaker:
    """Makes people in pieces; each piece may run twice and makes everybody once."""

    def __init__(self, book: AddressBook, own_name: str = "", brought_by: UUID | None = None) -> None:
        self.book = book
        self.made = Made()
        self._own_name = own_name
        self._brought_by = brought_by or new_id()
        self._own: UUID | None = None

    def make(self, people: Sequence[PlannedPerson]) -> None:
        """Make these people, their organizations and their memberships."""
        rows = _Rows()
        self.book.learn(address for person in people for address in person.addresses)
        people = [one for one in people if not self._was_erased(one)]
        self._organizations({p.domain for p in people if p.domain and not p.is_ours}, rows)
        own = self._our_organization(rows) if any(person.is_ours for person in people) else None
        namesakes, seats = self._namesakes(people), self._seats(people)
        known = known_people(self._strangers(people, namesakes), self.book.wide, self.book.organizations)
        members: list[tuple[UUID, UUID, str]] = []
        for person in people:
            relation = self._relation(person, namesakes, seats, known, rows)
            organization = own if person.is_ours else self.book.organizations.get(person.domain)
            if organization is not None:
                members.append((relation, organization, person.title))
        self._memberships(members, rows)
        self._write(rows)

    def make_desks(self, addresses: Iterable[str]) -> None:
        """Give the address of a desk to its organization."""
        rows = _Rows()
        asked = list(addresses)
        self.book.learn(asked)
        desks = [desk for desk in asked if desk not in self.book.gone]
        self._organizations({company_domain(desk) for desk in desks}, rows)
        for desk in desks:
            organization = self.book.organizations.get(company_domain(desk))
            if organization is not None and self.book.known[desk].relation is None:
                self._link(desk, organization, rows, reason="desk_of_domain", is_primary=False)
        self._write(rows)

    def give(self, address: str, relation: UUID) -> None:
        """Give an address in the book to somebody whom we know."""
        rows = _Rows()
        self._link(address, relation, rows, reason="heard_on_network", is_primary=False)
        self._write(rows)

    def propose(self, waiting: Sequence[Waiting], import_id: UUID) -> int:
        """Let these addresses wait for somebody's decision; those decided upon before do not wait again."""
        self.book.learn(one.address for one in waiting)
        waiting = [one for one in waiting if one.address not in self.book.gone]
        points = {one.address: self.book.known[one.address] for one in waiting}
        decided = set(
            Proposal.objects.filter(contact_point_id__in=[entry.point for entry in points.values()])
            .values_list("contact_point_id", flat=True)
        )  # fmt: skip
        fresh = [
            one for one in waiting if points[one.address].relation is None and points[one.address].point not in decided
        ]
        insert_rows(
            Proposal,
            ("id", "contact_point_id", "name", "wrote", "received"),
            [(new_id(), points[one.address].point, one.name[:300], one.wrote, one.got) for one in fresh],
            {"circle_id": self.book.circle_id, "import_id": import_id, "decision": "open"},
        )
        return len(fresh)

    def ask_about_jobs(self, mail_import: MailImport | Connection, points: Collection[UUID] | None = None) -> int:
        """Ask about whoever seems to work elsewhere; of these addresses only, or of all in the import."""
        begun = mail_import.started_at if isinstance(mail_import, MailImport) else None
        return find_job_news(mail_import.id, begun or mail_import.created_at, self.book, points)

    def _was_erased(self, person: PlannedPerson) -> bool:
        """Whether one of their addresses is of somebody who was erased: then none of them makes a person."""
        gone = [self.book.gone[address] for address in person.addresses if address in self.book.gone]
        if gone:
            self.book.gone |= dict.fromkeys(person.addresses, max(gone))
            for address in person.addresses:
                self.book.known.pop(address, None)
        return bool(gone)

    def _strangers(
        self, people: Sequence[PlannedPerson], namesakes: Mapping[tuple[str, str], UUID]
    ) -> list[PlannedPerson]:
        """Those who are nobody yet by an address or a name at a domain."""
        return [
            one for one in people
            if not any(self.book.known[address].relation for address in one.addresses)
            and not (one.is_named and (join_key(one.name), one.domain) in namesakes)
        ]  # fmt: skip

    def _relation(
        self,
        person: PlannedPerson,
        namesakes: Mapping[tuple[str, str], UUID],
        seats: Mapping[str, UUID],
        known: Known,
        rows: _Rows,
    ) -> UUID:
        entries = [self.book.known[address] for address in person.addresses]
        found = next((entry.relation for entry in entries if entry.relation), None)
        found = found or next((seats[address] for address in person.addresses if address in seats), None)
        if person.is_named:
            found = found or namesakes.get((join_key(person.name), person.domain))
        is_recognised = found is None and person.addresses[0] in known.sure
        found = found or known.sure.get(person.addresses[0])
        if found is None:
            found = new_id()
            if person.addresses[0] in known.doubt:
                rows.doubts.append((found, known.doubt[person.addresses[0]]))
            parts = parse_name(person.name)
            rows.relations.append(
                (found, "person", person.name, sort_name(person.name, is_person=True, parts=parts),
                 parts.given, parts.infix, parts.family, person.is_ours)
            )  # fmt: skip
            self.made.people += 1
        for place, address in enumerate(person.addresses):
            if self.book.known[address].relation is None:
                heard = "heard_on_network" if "\t" in address else "mail_address"
                reason = REASONS.get(person.rule, heard) if place else "recognised" if is_recognised else heard
                self._link(address, found, rows, reason=reason, is_primary=place == 0)
        return found

    def _link(self, address: str, relation: UUID, rows: _Rows, *, reason: str, is_primary: bool) -> None:
        rows.links.append((new_id(), self.book.known[address].point, relation, is_primary, json.dumps([reason])))
        self.book.bind(address, relation)

    def _organizations(self, domains: Iterable[str], rows: _Rows) -> None:
        wanted = sorted(domain for domain in domains if domain)
        self.book.learn_domains(wanted)
        for domain in wanted:
            if self.book.organizations.get(domain) is None:
                self.book.organizations[domain] = self._organization(domain, organization_name(domain), rows)

    def _organization(self, domain: str, name: str, rows: _Rows, *, ours: bool = False) -> UUID:
        made, point = new_id(), new_id()
        rows.relations.append((made, "organization", name, sort_name(name, is_person=False), "", "", "", ours))
        if domain:
            rows.points.append((point, "url", web_page_of(domain), domain))
            rows.links.append((new_id(), point, made, True, json.dumps(["mail_domain"])))
        self.made.organizations += 1
        return made

    def _our_organization(self, rows: _Rows) -> UUID:
        """Our own organization: the one that is here, else one made from our first domain."""
        if self._own is None:
            own = Relation.objects.filter(kind="organization", is_ours=True, circle_id__in=self.book.wide)
            self._own = own.order_by("id").values_list("id", flat=True).first()
        if self._own is None:
            domains = [company_domain(f"x@{domain_of(own)}") for own in self.book.ours]
            domain = next((domain for domain in domains if domain), "")
            name = organization_name(domain) if domain else self._own_name
            self._own = self._organization(domain, name, rows, ours=True)
        return self._own

    def _namesakes(self, people: Sequence[PlannedPerson]) -> dict[tuple[str, str], UUID]:
        """People who are here already under the same full name at the same domain."""
        names = {
            sort_name(person.name, is_person=True)
            for person in people
            if person.is_named and person.domain and join_key(person.name)
            and not any(self.book.known[address].relation for address in person.addresses)
        }  # fmt: skip
        if not names:
            return {}
        found = fetch(_NAMESAKES, [self.book.wide, workspace_id(), list(names), self.book.wide])
        return {(join_key(name), company_domain(address)): relation for relation, name, address in reversed(found)}

    def _seats(self, people: Sequence[PlannedPerson]) -> dict[str, UUID]:
        """Colleagues who can sign in are persons already, whatever address they write from."""
        if not any(person.is_ours for person in people):
            return {}
        seats = Relation.objects.filter(kind="person", seat__isnull=False, circle_id__in=self.book.wide)
        return dict(seats.values_list("seat__user__email", "id"))

    def _memberships(self, members: list[tuple[UUID, UUID, str]], rows: _Rows) -> None:
        """Whoever works nowhere else works here; of the others somebody is asked, once their mail is in."""
        people = [person for person, _organization, _title in members]
        present = set(Membership.objects.filter(person_id__in=people).values_list("person_id", "organization_id"))
        working = {person for (person,) in fetch(_WORKING, [workspace_id(), people, self.book.wide])}
        for person, organization, title in members:
            if (person, organization) not in present and (organization == self._own or person not in working):
                present.add((person, organization))
                working.add(person)
                rows.memberships.append((new_id(), person, organization, title))

    def _write(self, rows: _Rows) -> None:
        circle = self.book.circle_id
        made = {"circle_id": circle, "source": "mail"}
        insert_rows(Relation, _RELATION, rows.relations, made)
        insert_rows(ContactPoint, ("id", "kind", "value", "display"), rows.points, {"circle_id": circle})
        insert_rows(
            ContactPointLink, ("id", "contact_point_id", "relation_id", "is_primary", "reasons"), rows.links, made
        )
        insert_rows(Membership, ("id", "person_id", "organization_id", "role"), rows.memberships, made)
        if rows.doubts:
            write_doubts(rows.doubts, circle, self._brought_by)
