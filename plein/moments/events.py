# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from plein.channels.base import Entry, Follow, Standing
from plein.core.events import Event
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class MomentRecorded(Event):
    """A contact moment was recorded by hand or planned."""

    moment_id: UUID
    kind: str
    relation_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class MomentsBroughtIn(Event):
    """An import wrote these moments, some hundreds at a time, inside its operation."""

    moment_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class FollowsHeard(Event):
    """An archive told who is connected with its owner, whom they follow and who follows them, inside its operation.

    The owner is the seat at work; some hundreds come at a time. What is `is_live` is heard as it happens: who followed
    before and stopped does so again. `ended` are those who follow no longer. `brought_by` is the import or the account
    that tells it.
    """

    circle_id: int
    makes_people: bool
    connected: tuple[Follow, ...] = ()
    followed: tuple[Follow, ...] = ()
    followers: tuple[Follow, ...] = ()
    ended: tuple[Follow, ...] = ()
    is_live: bool = False
    brought_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class EntriesHeard(Event):
    """A connection heard appointments and cards, and which are gone, inside its operation; some hundreds at a time."""

    actor: Entrance
    connection_id: UUID
    entries: tuple[Entry, ...] = ()
    gone: tuple[str, ...] = ()
    standing: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftBegun(Event):
    """Somebody began to write at a place where they had nothing yet; `key` names the place."""

    key: str


@dataclass(frozen=True, slots=True)
class ColleaguesMentioned(Event):
    """Colleagues were named with @ in the text of a moment or in a to-do, and may see it."""

    moment_id: UUID | None
    todo_id: UUID | None
    seat_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class TopicsChanged(Event):
    """What texts may be about changed."""


@dataclass(frozen=True, slots=True)
class AppointmentPlanned(Event):
    """An appointment was planned; of one that repeats, only the first is told."""

    moment_id: UUID


@dataclass(frozen=True, slots=True)
class GuestsWanted(Event):
    """Somebody wants the guests of an appointment invited, or told how it is by now, inside their operation."""

    actor: Entrance
    moment_id: UUID


@dataclass(frozen=True, slots=True)
class AppointmentChanged(Event):
    """An appointment was moved, changed, called off, or said to have taken place."""

    moment_id: UUID


@dataclass(frozen=True, slots=True)
class ToDoAssigned(Event):
    """A to-do came onto the list of a colleague by somebody else's hand; `by` is that somebody's seat."""

    todo_id: UUID
    seat_id: UUID
    by: UUID


@dataclass(frozen=True, slots=True)
class ToDoDone(Event):
    """Somebody ticked a to-do."""

    todo_id: UUID


@dataclass(frozen=True, slots=True)
class ReminderDue(Event):
    """The time of a reminder has come, for one colleague; each reminder is told once.

    It is published by a job that runs as that colleague: what they may not see is not told.
    """

    kind: Literal["todo", "appointment"]
    id: UUID
    seat_id: UUID


@dataclass(frozen=True, slots=True)
class FilesAttached(Event):
    """Somebody attached files to a moment that was there."""

    moment_id: UUID


@dataclass(frozen=True, slots=True)
class TextChanged(Event):
    """Somebody wrote the text of a moment anew."""

    moment_id: UUID


@dataclass(frozen=True, slots=True)
class TextsWritten(Event):
    """The texts of these moments came past the actions, as those of the example do: they wait to be read."""

    moment_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class MomentsRecognised(Event):
    """A model looked at the texts of these moments, some dozens at a time."""

    moment_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class OpinionsKept(Event):
    """A language model was asked about the texts of these moments, a few at a time."""

    moment_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class EnoughSaid(Event):
    """Colleagues corrected so many texts that there is something to learn."""


@dataclass(frozen=True, slots=True)
class ReadOtherwise(Event):
    """From now on texts are read with something else that was learned, or without it."""


@dataclass(frozen=True, slots=True)
class MailBroughtIn(Event):
    """An import of mail is done; whatever it brought has a later id than it has itself."""

    import_id: UUID
