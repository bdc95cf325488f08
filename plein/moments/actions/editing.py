# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from plein.core.audit import audit
from plein.core.events import publish
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import EditConflict, operation
from plein.moments.actions.mentions import note_mentions
from plein.moments.actions.outgoing import refuse_while_leaving
from plein.moments.events import AppointmentChanged, TextChanged
from plein.moments.models import Moment, MomentSubject, MomentText
from plein.moments.vocabulary import State
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

ENVELOPE = ("kind", "direction", "reach", "state", "occurred_at", "ends_at", "is_all_day")
SUBJECT = ("title", "location")
TEXT = ("text", "purpose", "outcome", "follow_up", "means_needed")


def edit_moment(
    *, actor: Entrance, moment: Moment, changes: dict[str, Any], based_on: int, mentions: Iterable[UUID] = ()
) -> Moment:
    """Change the envelope, the subject or the text of a moment; the version of the moment counts for all three.

    Raises EditConflict when somebody was first; its `current` then carries the fields of subject and text as well.
    """
    permit(actor, "write")
    unknown = set(changes) - {*ENVELOPE, *SUBJECT, *TEXT}
    if unknown:
        raise ValueError(f"not fields of a moment: {sorted(unknown)}")
    with operation("edit_moment"):
        envelope = {name: changes[name] for name in ENVELOPE if name in changes}
        # A change of the text alone must count as a version of the moment, so the envelope is touched either way.
        counted = Moment.objects.filter(id=moment.id, version=based_on).update(**envelope, updated_at=now())
        if counted != 1:
            _refuse_if_different(moment, changes)
            return Moment.objects.get(id=moment.id)
        _change_part(MomentSubject, moment, {name: changes[name] for name in SUBJECT if name in changes})
        _change_part(MomentText, moment, _text_changes(moment, changes))
        if "text" in changes:
            publish(TextChanged(moment.id))
            for part in MomentText.objects.filter(moment=moment).order_by("id")[:1]:
                note_mentions(part, chosen=mentions)
        if moment.state == State.PLANNED:
            publish(AppointmentChanged(moment.id))
    return Moment.objects.get(id=moment.id)


def _text_changes(moment: Moment, changes: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: changes[name] for name in TEXT if name in changes}
    present = MomentText.objects.filter(moment=moment).order_by("id").first()
    if "text" in wanted and present is not None and present.text != wanted["text"]:
        # The offsets of quotes and signature belonged to the old text.
        wanted |= {"quote_from": None, "signature_from": None}
    return wanted


def _change_part(model: type[MomentSubject] | type[MomentText], moment: Moment, wanted: dict[str, Any]) -> None:
    if not wanted:
        return
    present = model.objects.filter(moment=moment).order_by("id").first()
    if present is None:
        if any(wanted.values()):
            model.objects.create(moment=moment, **wanted)
    elif any(getattr(present, name) != value for name, value in wanted.items()):
        model.objects.filter(id=present.id).update(**wanted)


def _refuse_if_different(moment: Moment, changes: dict[str, Any]) -> None:
    latest = Moment.objects.get(id=moment.id)
    subject = MomentSubject.objects.filter(moment=moment).order_by("id").first()
    text = MomentText.objects.filter(moment=moment).order_by("id").first()
    for names, part in ((SUBJECT, subject), (TEXT, text)):
        for name in names:
            setattr(latest, name, getattr(part, name, ""))
    if any(getattr(latest, name) != value for name, value in changes.items()):
        raise EditConflict(latest, changes)


def delete_moment(*, actor: Entrance, moment: Moment) -> Operation:
    """Remove a moment with its texts and files; returns the operation that brings them back. Raises StillLeaving."""
    permit(actor, "delete")
    refuse_while_leaving(moment)
    with operation("delete_moment", kind=moment.kind) as removal:
        audit("delete", kind="moment", about=moment.id, operation=removal.id)
        Moment.objects.filter(id=moment.id).delete()
    return removal
