# SPDX-License-Identifier: AGPL-3.0-or-later
"""What programs send about contact moments and to-dos: the fields of the forms on the pages."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from plein.core.payloads import Day, Own, Payload, Time, of_form
from plein.moments.actions import Plan
from plein.moments.api.shapes import Kind
from plein.moments.forms import EditForm, MomentForm, ToDoForm
from plein.trust.audience import Circle

Version = Annotated[int, Field(ge=1, lt=2**31, description="The version the change is based on.")]
People = Annotated[list[UUID], Field(max_length=200, description="Who else took part.")]
_HOW = "call_how visit_how message_how appointment_how other_how"


@of_form(MomentForm, without=_HOW)
class NewMoment(Payload):
    """A contact moment that took place. `relation` is the one whose timeline it is told on."""

    kind: Kind
    relation: UUID
    people: People = []
    circle: Circle = ""
    custom: Own = Field(default_factory=dict)


Invite = Annotated[
    bool,
    Field(description="Whether guests get a mail: an invitation, or how it is by now. Who has no address is left out."),
]


class PlanIn(Payload):
    """How many minutes before it reminds its colleagues, and by which rule (RFC 5545) it repeats."""

    remind_before: Annotated[int, Field(ge=0, le=60 * 24 * 60)] | None = None
    repeat: Annotated[str, Field(max_length=200, examples=["FREQ=WEEKLY"])] = ""

    def wanted(self) -> Plan:
        """As the action takes it."""
        return Plan(self.remind_before, self.repeat)


@of_form(MomentForm, without=f"{_HOW} direction outcome follow_up means_needed make_todo due_on due_at")
class NewAppointment(Payload):
    """A visit, a meeting or a call that is still to come; with `plan`, the whole series of it."""

    kind: Literal["visit", "meeting", "call"]
    relation: UUID
    occurred_at: Time
    people: People = []
    circle: Circle = ""
    plan: PlanIn | None = None
    invite: Invite = False


@of_form(EditForm, without="version", partial=True)
class MomentChanges(Payload):
    """What to change of a moment; what is left out stays."""

    version: Version
    circle: Circle | None = Field(default_factory=lambda: None)
    custom: Own = Field(default_factory=dict)
    custom_versions: dict[UUID, int] | None = Field(
        default=None, description="The versions the own fields were read with, by group; without it nobody is asked."
    )


class Outcome(Payload):
    """What came of an appointment."""

    version: Version
    outcome: Annotated[str, Field(max_length=500)] = ""
    follow_up: Annotated[str, Field(max_length=500)] = ""
    means_needed: Annotated[str, Field(max_length=500)] = ""


class Seen(Payload):
    """The version the change is based on."""

    version: Version


class MomentAudience(Payload):
    """Who sees a moment, its subject, and its text with the files; what is left out stays.

    `moment` for the subject or the text means: whoever sees the moment.
    """

    moment: Circle | None = None
    subject: Circle | None = None
    text: Circle | None = None


class Bound(Payload):
    """Who a participant really was; null means nobody we know."""

    relation: UUID | None


@of_form(ToDoForm, without="version")
class NewToDo(Payload):
    """Something to do; without `assignee` it is for oneself."""

    assignee: UUID | None = None
    relation: UUID | None = None
    circle: Circle = ""


@of_form(ToDoForm, without="version", partial=True)
class ToDoChanges(Payload):
    """What to change of a to-do; what is left out stays."""

    version: Version
    circle: Circle | None = Field(default_factory=lambda: None)
    assignee: UUID | None = Field(default_factory=lambda: None)
    relation: UUID | None = Field(default_factory=lambda: None)


class DueOn(Payload):
    """By when the follow-up is due, if by some day."""

    due_on: Day | None = None


@of_form(MomentForm, without="kind", partial=True)
class Writing(Payload):
    """What somebody is writing about a relation and has not recorded yet."""

    kind: Annotated[str, Field(max_length=20)] = "note"
    people: People = []
