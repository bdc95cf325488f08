# SPDX-License-Identifier: AGPL-3.0-or-later
"""Collects the rows of the example company and writes them in big batches, parents first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models

from plein.consent.models import (
    Decision,
    InForce,
    NeverContact,
    Purpose,
    PurposeText,
    Restriction,
    RetentionRule,
    Subject,
)
from plein.core.ids import new_id, now
from plein.example.world import Somebody
from plein.lists.models import PinnedView, SavedView
from plein.metadata.models import Field, FieldGroup
from plein.moments.models import Attachment, Moment, MomentSubject, MomentText, Participant, ToDo
from plein.mypage.models import PageRequest
from plein.outbox.models import Identity, Template
from plein.relations.contact import Contact
from plein.relations.models import (
    ContactPoint,
    ContactPointLink,
    Favourite,
    ImportantDate,
    Interest,
    Membership,
    Relation,
    RelationValues,
    Tag,
    Tagging,
    Tie,
)
from plein.relations.vocabulary import Source

ORDER: tuple[type[models.Model], ...] = (
    Relation,
    ContactPoint,
    ContactPointLink,
    Membership,
    Tie,
    Tag,
    Tagging,
    Favourite,
    ImportantDate,
    Interest,
    Moment,
    MomentSubject,
    MomentText,
    Participant,
    Attachment,
    ToDo,
    FieldGroup,
    Field,
    RelationValues,
    SavedView,
    PinnedView,
    Identity,
    Template,
    Purpose,
    PurposeText,
    Subject,
    Decision,
    InForce,
    Restriction,
    NeverContact,
    RetentionRule,
    PageRequest,
)
BATCH = 5000
REACH = {"post": "many"}


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in a moment: whom we believe it was, and the contact point and the name as heard."""

    role: str
    relation_id: UUID | None = None
    point_id: UUID | None = None
    heard: str = ""
    is_ours: bool = False


def part_of(somebody: Somebody, role: str, channel: str, *, is_ours: bool = False, point: UUID | None = None) -> Part:
    """The part of somebody we know, heard on the channel's own kind of contact point."""
    heard_on = {
        "email": "email",
        "call": "phone",
        "voicemail": "phone",
        "text": "phone",
        "chat": "phone",
        "post": "handle",
    }
    wanted = heard_on.get(channel, "")
    return Part(
        role, somebody.relation_id, point or somebody.points.get(wanted), somebody.name if wanted else "", is_ours
    )


class Rows:
    """Everything that will be written."""

    def __init__(self) -> None:
        self.by_model: dict[type[models.Model], list[Any]] = {model: [] for model in ORDER}

    def add[M: models.Model](self, record: M) -> M:
        """Keep a row until `save`."""
        self.by_model[type(record)].append(record)
        return record

    def count(self, model: type[models.Model]) -> int:
        """How many rows of this kind there will be."""
        return len(self.by_model[model])

    def save(self) -> None:
        """Write all of it."""
        for model, records in self.by_model.items():
            model._base_manager.bulk_create(records, batch_size=BATCH)

    def contact_point(
        self,
        relation_id: UUID,
        contact: Contact,
        label: str = "",
        *,
        primary: bool = False,
        circle: int | None = None,
        reasons: Iterable[str] = (),
    ) -> UUID:
        """A contact point and the assertion that it belongs to a relation."""
        point = self.add(
            ContactPoint(
                kind=contact.kind,
                network=contact.network,
                value=contact.value,
                display=contact.display,
                detail=contact.detail,
                **_in(circle),
            )
        )
        self.add(
            ContactPointLink(
                contact_point_id=point.id,
                relation_id=relation_id,
                label=label,
                is_primary=primary,
                source=Source.EXAMPLE,
                reasons=list(reasons),
                **_in(circle),
            )
        )
        return point.id

    def moment(
        self,
        kind: str,
        direction: str,
        at: datetime,
        parts: Iterable[Part],
        *,
        text: str = "",
        subject: str = "",
        facts: dict[str, str] | None = None,
        circle: int | None = None,
        text_circle: int | None = None,
        thread_id: UUID | None = None,
        recorded_by: UUID | None = None,
        minutes: int = 0,
        state: str = "done",
        location: str = "",
        quote_from: int | None = None,
        signature_from: int | None = None,
    ) -> tuple[Moment, MomentText]:
        """A moment with its subject, its text and its participants."""
        moment = self.add(
            Moment(
                kind=kind,
                direction=direction,
                state=state,
                occurred_at=at,
                recorded_by_id=recorded_by,
                thread_id=thread_id or new_id(),
                reach=REACH.get(kind, "one"),
                ends_at=at + timedelta(minutes=minutes) if minutes else None,
                source=Source.EXAMPLE,
                **_written(at),
                **_in(circle),
            )
        )
        self.add(MomentSubject(moment_id=moment.id, title=subject, location=location, **_in(circle)))
        told = self.add(
            MomentText(
                moment_id=moment.id,
                text=text,
                quote_from=quote_from,
                signature_from=signature_from,
                own_circle_id=text_circle,
                **(facts or {}),
                **_in(text_circle or circle),
            )
        )
        self._take_part(moment, parts, circle)
        return moment, told

    def _take_part(self, moment: Moment, parts: Iterable[Part], circle: int | None) -> None:
        for part in parts:
            self.add(
                Participant(
                    moment_id=moment.id,
                    role=part.role,
                    relation_id=part.relation_id,
                    contact_point_id=part.point_id,
                    heard_name=part.heard,
                    is_ours=part.is_ours,
                    occurred_at=moment.occurred_at,
                    **_in(circle),
                )
            )


def _written(at: datetime) -> dict[str, datetime]:
    """A moment was written down when it took place; what is planned, just now."""
    return dict.fromkeys(("created_at", "updated_at"), min(at, now()))


def _in(circle: int | None) -> dict[str, Any]:
    """The circle of a row, when it is not everybody's."""
    return {} if circle is None else {"circle_id": circle}
