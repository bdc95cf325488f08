# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way of a request: whom it asks in turn, as the network found it just now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from plein.asking.wording import ready_text
from plein.network.queries import COLLEAGUES, ME, Path, Question, Step, introductions, way_along
from plein.relations.models import Relation
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class Way:
    """A path, and whom of it one asks: oneself not, and not whom it is about."""

    path: Path
    asked: tuple[Relation, ...]

    @property
    def target(self) -> Relation:
        return self.path.people[-1]

    @property
    def first_step(self) -> Step:
        """The tie of the first who is asked."""
        return self.path.steps[len(self.path.steps) - len(self.asked)]

    @property
    def key(self) -> str:
        """The way as an address names it."""
        return ",".join(str(one.id) for one in self.path.people)


def way_of(path: Path, actor: Entrance) -> Way:
    """Whom one asks on a path: nobody before oneself."""
    people = path.people
    mine = [place for place, one in enumerate(people) if one.seat_id is not None and one.seat_id == actor.seat_id]
    return Way(path, people[mine[-1] + 1 if mine else 0 : -1])


def find_way(actor: Entrance, to: Relation, people: Sequence[UUID] = ()) -> Way | None:
    """The way through exactly these, or the best: from oneself, else from any of us. None when there is none now."""
    if people:
        path = way_along(to, people, seat_id=actor.seat_id)
        return way_of(path, actor) if path is not None else None
    for origin in (ME, COLLEAGUES):
        found = introductions(Question(to, origin, 1), seat_id=actor.seat_id, count_unused=False)
        if found.paths:
            return way_of(found.paths[0], actor)
    return None


def language_of(person: Relation) -> str:
    """In which language we write to somebody; with a colleague of whom nothing is noted in that of who asks."""
    return str(person.language or (get_language() if person.seat_id else "") or "")


def text_for(actor: Entrance, way: Way, language: str, purpose: str) -> str:
    """The ready text to the first person on a way."""
    return ready_text(
        person=way.asked[0],
        target=way.target,
        step=way.first_step,
        asker=actor.user.name,
        purpose=purpose,
        language=language,
    )
