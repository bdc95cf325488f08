# SPDX-License-Identifier: AGPL-3.0-or-later
"""Entries that may be somebody we know: they come in as they stand, and who they are is decided afterwards."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from plein.identity.actions import Doubt, ask_who
from plein.identity.queries import Candidate, match
from plein.identity.queries.duplicates import newcomers
from plein.imports.finding import Found, profile_of
from plein.imports.models import OWN_KEY, ContactImport, Mode
from plein.imports.wanted import Wanted
from plein.relations.names import fold_name
from plein.trust.seats import Entrance

type Asked = tuple[UUID, Wanted, Found]


def may_be_asked_later(one: Wanted, planned: ContactImport) -> bool:
    """Whether somebody comes in of whom it is not sure who they are: a person, where people are added at all.

    Two who bear one number of the company's own are a mistake there, which nobody is made to make larger.
    """
    return one.is_person and planned.mode != Mode.UPDATE and not planned.match.startswith(OWN_KEY)


def without_known_newcomers(batch: Sequence[Wanted], found: Sequence[Found]) -> list[Found]:
    """Who came in doubtful before is no new doubt: of the same name, they are that newcomer."""
    doubted = {one_id for one in found for one_id, _name in one.doubt}
    before = newcomers(doubted) if doubted else set()
    return [_settled(one, of_one, before) if of_one.doubt else of_one for one, of_one in zip(batch, found, strict=True)]


def _settled(one: Wanted, found: Found, before: set[UUID]) -> Found:
    name = fold_name(str(one.fields["name"]))
    same = [one_id for one_id, called in found.doubt if one_id in before and fold_name(called) == name]
    return Found(same[0]) if len(same) == 1 else found


def ask_later(actor: Entrance, planned: ContactImport, asked: Sequence[Asked]) -> None:
    """Put whoever came in so beside those who they may be."""
    if asked:
        ask_who(actor=actor, brought_by=planned.id, doubts=list(_doubts(asked)))


def _doubts(asked: Sequence[Asked]) -> Iterator[Doubt]:
    for newcomer, one, found in asked:
        weighed = found.weighed or match(profile_of(one)).candidates
        by_id = {candidate.id: candidate for candidate in weighed}
        some = (by_id.get(one_id, Candidate(one_id, name, 0, 0.0, ())) for one_id, name in found.doubt)
        yield Doubt(newcomer, tuple(some))
