# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who seems to work elsewhere by now, as the mail says that an import brought.

It only asks. Somebody is known at one organization, and no other, and writes from the address of another one; or the
import made a person of that address, and exactly one other person has the same full name. The mail must be newer than
what we know: the last mail from the old address, the first day of the old work, and the day on which somebody noted it.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.utils.timezone import make_aware

from plein.core.ids import new_id
from plein.core.isolation import workspace_id
from plein.moments.intake.book import AddressBook
from plein.moments.intake.names import join_key
from plein.moments.intake.rows import fetch, insert_rows
from plein.moments.models import JobNews
from plein.relations.domains import company_domain, is_desk, is_nobody
from plein.relations.vocabulary import Source

_HEARD = """
    SELECT DISTINCT p.contact_point_id, c.value, p.relation_id
      FROM moments_source s
      JOIN moments_participant p ON p.workspace_id = s.workspace_id AND p.moment_id = s.moment_id AND p.role = 'from'
           AND NOT p.is_ours AND p.circle_id = ANY(%(wide)s)
      JOIN relations_contact_point c ON c.workspace_id = p.workspace_id AND c.id = p.contact_point_id
     WHERE s.workspace_id = %(workspace)s AND s.import_id = %(import)s AND p.relation_id IS NOT NULL
"""
_PEOPLE = """
    SELECT r.id, r.name, r.source = 'mail' AND r.created_at >= %(since)s FROM relations_relation r
     WHERE r.workspace_id = %(workspace)s AND r.id = ANY(%(people)s) AND r.kind = 'person' AND NOT r.is_ours
       AND r.seat_id IS NULL AND r.circle_id = ANY(%(wide)s)
"""
_NAMESAKES = """
    SELECT r.id, o.id FROM relations_relation r
      JOIN relations_relation o ON o.workspace_id = r.workspace_id AND o.kind = r.kind AND o.sort_name = r.sort_name
           AND o.id <> r.id AND NOT o.is_ours AND o.seat_id IS NULL AND o.circle_id = ANY(%(wide)s)
     WHERE r.workspace_id = %(workspace)s AND r.id = ANY(%(people)s)
"""
_WORK = """
    SELECT m.person_id, m.id, m.organization_id, m.starts_on, m.created_at, m.source, o.is_ours
      FROM relations_membership m
      JOIN relations_relation o ON o.workspace_id = m.workspace_id AND o.id = m.organization_id
     WHERE m.workspace_id = %(workspace)s AND m.person_id = ANY(%(people)s) AND m.circle_id = ANY(%(wide)s)
       AND (m.ends_on IS NULL OR m.ends_on >= current_date)
"""
_WROTE = """
    SELECT p.relation_id, c.value, min(p.occurred_at), max(p.occurred_at),
           (array_agg(p.moment_id ORDER BY p.occurred_at, p.moment_id))[1]
      FROM moments_participant p
      JOIN relations_contact_point c ON c.workspace_id = p.workspace_id AND c.id = p.contact_point_id
      JOIN moments_moment m ON m.workspace_id = p.workspace_id AND m.id = p.moment_id AND m.nature = 'personal'
     WHERE p.workspace_id = %(workspace)s AND p.relation_id = ANY(%(people)s) AND p.role = 'from'
       AND p.circle_id = ANY(%(wide)s)
     GROUP BY 1, 2
"""
_ASKED = """
    SELECT n.contact_point_id, n.work_id FROM moments_job_news n
     WHERE n.workspace_id = %(workspace)s AND n.contact_point_id = ANY(%(points)s)
"""


@dataclass(frozen=True, slots=True)
class _Work:
    id: UUID
    organization: UUID
    known_at: datetime | None
    is_ours: bool


@dataclass(frozen=True, slots=True)
class _Guess:
    """A person, where we know them, and the address of another organization, of theirs or of a namesake."""

    person: UUID
    work: _Work
    organization: UUID
    point: UUID
    address: str
    writer: UUID


@dataclass
class _Asking:
    """What the database is asked, of one import."""

    import_id: UUID
    since: datetime
    book: AddressBook

    def rows(self, statement: str, **more: object) -> list[tuple[Any, ...]]:
        fixed = {"workspace": workspace_id(), "wide": self.book.wide, "import": self.import_id}
        return fetch(statement, {**fixed, **more})

    def work(self, people: Collection[UUID]) -> dict[UUID, list[_Work]]:
        """What everybody does today."""
        found: dict[UUID, list[_Work]] = defaultdict(list)
        for person, work, organization, starts_on, noted_at, source, is_ours in self.rows(_WORK, people=list(people)):
            begun = make_aware(datetime.combine(starts_on, time())) if starts_on else None
            # What an import made of an address says nothing about when it was so.
            times = [one for one in (begun, None if source == Source.MAIL else noted_at) if one]
            found[person].append(_Work(work, organization, max(times, default=None), is_ours))
        return found


def find_job_news(import_id: UUID, since: datetime, book: AddressBook, points: Collection[UUID] | None = None) -> int:
    """Ask about everybody who seems to work elsewhere; of these addresses only, or of all in the import. How many."""
    asking = _Asking(import_id, since, book)
    heard = [row for row in asking.rows(_HEARD) if points is None or row[0] in points]
    book.learn_domains(company_domain(address) for _point, address, _writer in heard)
    places = {}
    for point, address, writer in heard:
        organization = book.organizations.get(company_domain(address))
        if organization is not None and not is_desk(address) and not is_nobody(address):
            places[point] = (address, writer, organization)
    guesses = _newer(asking, _guesses(asking, places))
    asked = set(asking.rows(_ASKED, points=[guess.point for guess, _moment, _at in guesses]))
    fresh = [one for one in guesses if (one[0].point, one[0].work.id) not in asked]
    insert_rows(
        JobNews,
        ("id", "person_id", "work_id", "organization_id", "contact_point_id", "moment_id", "other_id", "heard_on"),
        [
            (new_id(), guess.person, guess.work.id, guess.organization, guess.point, moment,
             guess.writer if guess.writer != guess.person else None, at.date())
            for guess, moment, at in fresh
        ],
        {"circle_id": book.circle_id, "import_id": import_id, "decision": "open"},
    )  # fmt: skip
    return len(fresh)


def _guesses(asking: _Asking, places: dict[UUID, tuple[str, UUID, UUID]]) -> list[_Guess]:
    people = {writer for _address, writer, _organization in places.values()}
    known = {row[0]: row[1:] for row in asking.rows(_PEOPLE, people=list(people), since=asking.since)}
    made = [one for one, (name, is_fresh) in known.items() if is_fresh and join_key(name)]
    namesakes: dict[UUID, list[UUID]] = defaultdict(list)
    for one, other in asking.rows(_NAMESAKES, people=made):
        namesakes[one].append(other)
    work = asking.work({*known, *(one for found in namesakes.values() for one in found)})
    guesses = []
    for point, (address, writer, organization) in places.items():
        if writer not in known:
            continue
        here = [one.organization for one in work[writer]]
        person = writer
        if here == [organization] and len(namesakes[writer]) == 1:
            person = namesakes[writer][0]
        jobs = work[person]
        if len(jobs) == 1 and jobs[0].organization != organization and not jobs[0].is_ours:
            guesses.append(_Guess(person, jobs[0], organization, point, address, writer))
    return guesses


def _newer(asking: _Asking, guesses: Sequence[_Guess]) -> list[tuple[_Guess, UUID, datetime]]:
    """Those that are newer than what we know, each with the first mail from the new address and when that was."""
    people = {one for guess in guesses for one in (guess.person, guess.writer)}
    wrote: dict[UUID, dict[str, tuple[datetime, datetime, UUID]]] = defaultdict(dict)
    for person, address, first, last, moment in asking.rows(_WROTE, people=list(people)):
        wrote[person][address] = (first, last, moment)
    asking.book.learn_domains(company_domain(address) for addresses in wrote.values() for address in addresses)
    found = []
    for guess in guesses:
        new = wrote[guess.writer].get(guess.address)
        if new is None:
            continue
        organizations = asking.book.organizations
        old = [
            times
            for address, times in wrote[guess.person].items()
            if organizations.get(company_domain(address)) == guess.work.organization
        ]
        known_at = [guess.work.known_at] if guess.work.known_at else []
        is_later = all(first < new[0] and last < new[1] for first, last, _moment in old)
        if is_later and all(at < new[1] for at in known_at):
            found.append((guess, new[2], new[0]))
    return found
