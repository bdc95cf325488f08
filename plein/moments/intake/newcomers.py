# SPDX-License-Identifier: AGPL-3.0-or-later
"""Decides who becomes a person of messages that come as they come, without a look ahead over all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from plein.channels.base import Address, Message, sender_of
from plein.core.isolation import workspace_id
from plein.moments.intake.book import AddressBook, Entry, key_of_address
from plein.moments.intake.names import clean_name
from plein.moments.intake.people import PeopleMaker
from plein.moments.intake.plan import Choices, PlannedPerson, Waiting, make_plan
from plein.moments.intake.rows import fetch
from plein.moments.intake.scan import RECIPIENTS, Scan
from plein.moments.vocabulary import ProposalDecision

#: What somebody wrote and got before we knew who it was is theirs from now on.
_BIND = """
    UPDATE moments_participant p SET relation_id = x.relation
      FROM unnest(%s::uuid[], %s::uuid[]) AS x (point, relation)
     WHERE p.workspace_id = %s AND p.contact_point_id = x.point AND p.contact_point_id = ANY(%s)
       AND p.relation_id IS NULL AND p.circle_id = ANY(%s) RETURNING 1
"""
_DECIDED = """
    UPDATE moments_proposal SET decision = %s
     WHERE workspace_id = %s AND contact_point_id = ANY(%s) AND decision = %s RETURNING 1
"""


@dataclass
class _Talkers:
    """Who said something on a network, or was spoken to there."""

    heard: dict[str, Address] = field(default_factory=dict)
    wrote: dict[str, int] = field(default_factory=dict)
    got: dict[str, int] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)


@dataclass
class Newcomers:
    """Makes people of who wrote, by the policy of whoever brings the messages in.

    `own_person` is the person of the owner: the names in `book.own` become theirs. Each batch may be welcomed twice and
    makes everybody once.
    """

    book: AddressBook
    policy: str
    import_id: UUID
    own_name: str = ""
    own_person: UUID | None = None

    def welcome(self, messages: Sequence[Message]) -> PeopleMaker:
        """Make the people of these messages, before the messages are written; returns who made them, with counts."""
        mail = Scan()
        for message in messages:
            if message.kind == "email":
                mail.add(message)
        others = self._talkers([message for message in messages if message.kind != "email"])
        plan = make_plan(mail, Choices(self.policy, self.book.ours))
        people, waiting = self._sorted(others)
        return self.settle([*plan.people, *people], [*plan.waiting, *waiting], plan.desks)

    def settle(
        self, people: Sequence[PlannedPerson], waiting: Sequence[Waiting], desks: Iterable[str] = ()
    ) -> PeopleMaker:
        """Make these people, with what they said before we knew who they were; let the others wait for a decision."""
        maker = PeopleMaker(self.book, self.own_name, self.import_id)
        nobody = self._nobody_yet([key for one in people for key in one.addresses])
        maker.make(people)
        maker.make_desks(desks)
        maker.propose(waiting, self.import_id)
        self._bind(nobody)
        return maker

    def _talkers(self, messages: Sequence[Message]) -> _Talkers:
        found = _Talkers()
        self.book.learn_all(address for message in messages for address in message.addresses)
        for message in messages:
            writer = sender_of(message)
            by = key_of_address(writer) if writer else ""
            is_by_us = by in self.book.known and self.book.known[by].is_ours
            for address in message.addresses:
                key = key_of_address(address)
                if not key or address.kind == "email":
                    continue
                if address.name or key not in found.heard:
                    found.heard[key] = address
                if key == by:
                    found.wrote[key] = found.wrote.get(key, 0) + 1
                elif address.role in RECIPIENTS:
                    found.got[key] = found.got.get(key, 0) + 1
                    found.answered |= {key} if is_by_us else set()
        return found

    def _sorted(self, found: _Talkers) -> tuple[list[PlannedPerson], list[Waiting]]:
        """Who becomes a person and who waits; our own names become the owner's."""
        people, waiting = [], []
        for key, address in found.heard.items():
            entry = self.book.known.get(key)
            if entry is None or (entry.is_ours and self.own_person is None):
                continue
            if entry.is_ours:
                self._own(key, entry)
            if entry.relation is not None or entry.is_ours:
                continue
            name = clean_name(address.name) or address.address[:300]
            if self.policy == "everyone" or (self.policy == "answered" and key in found.answered):
                people.append(PlannedPerson((key,), name, "", "", False, "", is_named=False))
            else:
                waiting.append(Waiting(key, name, found.wrote.get(key, 0), found.got.get(key, 0)))
        return people, waiting

    def _own(self, key: str, entry: Entry) -> None:
        if entry.relation is None and self.own_person is not None:
            PeopleMaker(self.book).give(key, self.own_person)

    def _nobody_yet(self, keys: Iterable[str]) -> dict[str, UUID]:
        self.book.learn(keys)
        known = self.book.known
        return {key: known[key].point for key in keys if key in known and known[key].relation is None}

    def _bind(self, nobody: dict[str, UUID]) -> None:
        known = {key: self.book.known[key] for key in nobody if key in self.book.known}
        bound = {entry.point: entry.relation for entry in known.values() if entry.relation is not None}
        if bound:
            points = list(bound)
            fetch(_BIND, [points, list(bound.values()), workspace_id(), points, self.book.wide])
            accepted, still_open = ProposalDecision.ACCEPTED, ProposalDecision.OPEN
            fetch(_DECIDED, [accepted, workspace_id(), points, still_open])
