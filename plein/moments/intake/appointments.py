# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes appointments of the invitations in mail, and moves or cancels them when a later message says so."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from plein.channels.base import Invitation, sender_of
from plein.core.ids import new_id, now
from plein.core.isolation import current
from plein.moments.intake.book import AddressBook, stub
from plein.moments.intake.drafts import Draft, plausible
from plein.moments.models import (
    Gives,
    Guest,
    Moment,
    MomentSource,
    MomentSubject,
    MomentText,
    Participant,
    Planning,
    Series,
)
from plein.moments.queries.sharing import Rule
from plein.moments.vocabulary import APPOINTMENTS, Answer, Direction, MomentKind, State
from plein.trust.circles import only_me

_KNOWN_METHODS = ("", "REQUEST", "PUBLISH", "ADD", "CANCEL")
_ANSWERS = {"ACCEPTED": Answer.ACCEPTED, "TENTATIVE": Answer.TENTATIVE, "DECLINED": Answer.DECLINED}
_VERSION = re.compile(r"calendar:(\d+):(\d+)\Z")


def write_appointments(drafts: Sequence[Draft], book: AddressBook, import_id: UUID, rule: Rule | None = None) -> int:
    """Make or change the appointment of each invitation; returns how many were made."""
    made = 0
    for draft in sorted(drafts, key=lambda one: one.at):
        for invitation in draft.message.invitations:
            if invitation.method == "REPLY" and invitation.uid:
                _take_answer(draft, invitation, book)
            elif invitation.method in _KNOWN_METHODS and invitation.uid and not _is_planned_here(invitation.uid):
                made += _write(draft, invitation, book, import_id, rule)
    return made


def _write(draft: Draft, invitation: Invitation, book: AddressBook, import_id: UUID, rule: Rule | None) -> bool:
    version = (invitation.sequence, int(draft.at.timestamp()))
    present = Moment.objects.filter(
        calendar_uid=invitation.uid[:300], kind=MomentKind.MEETING, circle_id__in=book.wide
    ).first()
    if present is None:
        if invitation.starts_at is None or _is_cancelled(invitation):
            return False
        _create(draft, invitation, version, book, import_id, rule)
        return True
    known = MomentSource.objects.filter(moment=present, external_id__startswith="calendar:")
    if version > max((_version(source.external_id) for source in known), default=(-1, 0)):
        _change(present, draft, invitation)
        _remember(present.id, version, book, import_id)
    return False


def _take_answer(draft: Draft, invitation: Invitation, book: AddressBook) -> None:
    """Note what somebody who was invited answers; only they themselves, and of two answers the latest."""
    writer = sender_of(draft.message)
    for address, said in zip(invitation.attendees, invitation.answers, strict=False):
        if writer is None or address != writer.address.lower() or said not in _ANSWERS:
            continue
        parts = Participant.objects.filter(
            _answered_moments(invitation),
            moment__kind__in=APPOINTMENTS,
            moment__circle_id__in=book.wide,
            contact_point__kind="email",
            contact_point__value=address,
        )
        is_later = Q(answered_at__isnull=True) | Q(answered_at__lt=draft.at)
        parts.filter(is_later).update(answer=_ANSWERS[said], answered_at=draft.at)


def _is_planned_here(uid: str) -> bool:
    """Whether that is an appointment of ours: nobody's mail changes it, nor the copy of our own in the sent mail."""
    ours = _id_of(uid)
    if ours is not None and (Moment.objects.filter(id=ours).exists() or Series.objects.filter(id=ours).exists()):
        return True
    return Guest.objects.filter(moment__calendar_uid=uid[:300]).exists()


def _id_of(uid: str) -> UUID | None:
    try:
        return UUID(uid)
    except ValueError:
        return None


def _answered_moments(invitation: Invitation) -> Q:
    """The appointment that is answered: that of somebody else, one of ours, or those of a series of ours."""
    about = Q(moment__calendar_uid=invitation.uid[:300])
    ours = _id_of(invitation.uid)
    if ours is None:
        return about
    rows = Planning.objects.filter(series_id=ours)
    if invitation.occurrence is not None:
        zone = ZoneInfo(Series.objects.filter(id=ours).values_list("time_zone", flat=True).first() or "UTC")
        day = invitation.occurrence if invitation.is_all_day else invitation.occurrence.astimezone(zone)
        rows = rows.filter(slot=day.date())
    return about | Q(moment_id=ours) | Q(moment_id__in=rows.values("moment_id"))


def _is_cancelled(invitation: Invitation) -> bool:
    return invitation.method == "CANCEL" or invitation.status == "CANCELLED"


def _state(invitation: Invitation) -> str:
    if _is_cancelled(invitation):
        return State.CANCELLED
    ends_at = invitation.ends_at or invitation.starts_at
    return State.DONE if ends_at is None or ends_at < now() else State.PLANNED


def own_parts(rule: Rule | None) -> tuple[int | None, int | None]:
    """The circles of the subject and of the text that the owner of the mailbox chose, where they are narrower."""
    if rule is None or rule.gives == Gives.EVERYTHING:
        return None, None
    mine = only_me()
    return rule.own("subject", mine), rule.own("text", mine)


def _times(invitation: Invitation, starts_at: datetime) -> tuple[datetime, datetime | None]:
    starts_at = plausible(starts_at)
    ends_at = plausible(invitation.ends_at) if invitation.ends_at and invitation.ends_at >= starts_at else None
    if ends_at == starts_at and not invitation.is_all_day:
        # A calendar that names no end says when it begins, and nothing of how long.
        ends_at = None
    if ends_at and invitation.is_all_day and ends_at > starts_at:
        # The end of a whole day is exclusive in a calendar.
        ends_at -= timedelta(days=1)
    return starts_at, ends_at


def _create(
    draft: Draft,
    invitation: Invitation,
    version: tuple[int, int],
    book: AddressBook,
    import_id: UUID,
    rule: Rule | None,
) -> None:
    starts_at, ends_at = _times(invitation, invitation.starts_at or draft.at)
    organizer = invitation.organizer.lower()
    attendees = [address for address in dict.fromkeys(a.lower() for a in invitation.attendees) if "@" in address]
    people = [*([organizer] if "@" in organizer else []), *(address for address in attendees if address != organizer)]
    book.learn(people)
    is_theirs = organizer in book.gone or (organizer in book.known and not book.known[organizer].is_ours)
    moment = Moment.objects.create(
        circle_id=book.circle_id,
        kind=MomentKind.MEETING,
        direction=Direction.INBOUND if is_theirs else Direction.OUTBOUND,
        state=_state(invitation),
        occurred_at=starts_at,
        ends_at=ends_at,
        is_all_day=invitation.is_all_day,
        thread_id=draft.thread,
        recorded_by_id=current().seat_id,
        source="mail",
        calendar_uid=invitation.uid[:300],
    )
    circle = {"circle_id": book.circle_id, "moment": moment}
    subject, text = own_parts(rule)
    MomentSubject.objects.create(
        title=invitation.summary[:1000], location=invitation.location[:300], own_circle_id=subject, **circle
    )
    MomentText.objects.create(text=invitation.description, own_circle_id=text, **circle)
    _add_people(people, organizer, starts_at, book, circle)
    _remember(moment.id, version, book, import_id)


def _add_people(
    people: Sequence[str], organizer: str, starts_at: datetime, book: AddressBook, circle: dict[str, Any]
) -> None:
    """Who is invited, and for whom they work; who was erased has no more than a stub."""
    organizations: dict[UUID, None] = {}
    for address in people:
        if address in book.gone:
            Participant.objects.create(
                role="from" if address == organizer else "with", heard_name=stub(), occurred_at=starts_at, **circle
            )
            continue
        entry = book.known[address]
        Participant.objects.create(
            role="from" if address == organizer else "with",
            contact_point_id=entry.point,
            relation_id=entry.relation,
            is_ours=entry.is_ours,
            occurred_at=starts_at,
            **circle,
        )
        if entry.organization:
            organizations[entry.organization] = None
    Participant.objects.bulk_create(
        Participant(role="for", relation_id=found, occurred_at=starts_at, **circle) for found in organizations
    )


def _change(present: Moment, draft: Draft, invitation: Invitation) -> None:
    changes: dict[str, object] = {"state": _state(invitation)}
    if invitation.starts_at is not None and not _is_cancelled(invitation):
        starts_at, ends_at = _times(invitation, invitation.starts_at)
        changes |= {"occurred_at": starts_at, "ends_at": ends_at, "is_all_day": invitation.is_all_day}
        Participant.objects.filter(moment=present).update(occurred_at=starts_at)
    Moment.objects.filter(id=present.id).update(**changes)
    if not _is_cancelled(invitation):
        subject = {"title": invitation.summary[:1000], "location": invitation.location[:300]}
        MomentSubject.objects.filter(moment=present).update(**subject)


def _remember(moment: UUID, version: tuple[int, int], book: AddressBook, import_id: UUID) -> None:
    """Keep which version of the invitation the appointment follows, so that an older one cannot undo a newer one."""
    MomentSource.objects.create(
        id=new_id(),
        circle_id=book.circle_id,
        moment_id=moment,
        external_id=f"calendar:{version[0]}:{max(version[1], 0)}",
        import_id=import_id,
    )


def _version(external_id: str) -> tuple[int, int]:
    found = _VERSION.match(external_id)
    return (int(found[1]), int(found[2])) if found else (-1, 0)
