# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to contact moments: recording, planning, changing, removing."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import File
from ninja.files import UploadedFile
from ninja.responses import Status

from plein.core.payloads import Invalid, Payload, act, changed, checked, needs, sent
from plein.metadata.actions import set_values
from plein.moments import actions
from plein.moments.api.door import router
from plein.moments.api.payloads import (
    Bound,
    MomentAudience,
    MomentChanges,
    NewAppointment,
    NewMoment,
    Outcome,
    Seen,
)
from plein.moments.api.shapes import (
    FileList,
    MomentOut,
    attachment_of,
    found_moment,
    found_relation,
    read_again,
)
from plein.moments.forms import HOW, EditForm, MomentForm
from plein.moments.models import Attachment, Moment, MomentSubject, MomentText, MomentValues, Participant
from plein.moments.placing import MOMENTS
from plein.moments.vocabulary import Direction, MomentKind, Reach
from plein.relations.models import Relation
from plein.trust.actions import place
from plein.trust.seats import seat_of

#: Which tab of the composer a kind of moment stands on.
MODES = {kind: mode for mode, kinds in HOW.items() if mode != "appointment" for kind, _words in kinds}


def _form(payload: Payload, mode: str, kind: str) -> dict[str, Any]:
    """What was sent, judged by the composer's own form."""
    values = sent(payload) | {"kind": mode}
    if mode in HOW:
        values[f"{mode}_how"] = kind
    return dict(checked(MomentForm(values)).cleaned_data)


@router.post("/moments", response={201: MomentOut}, summary="Record a contact moment")
def record_moment(request: HttpRequest, payload: NewMoment) -> Status[MomentOut]:
    """What took place, of whatever kind; with `make_todo` its follow-up is put on one's list."""
    kind = MomentKind(payload.kind)
    relation = found_relation(payload.relation)
    values = _form(payload, MODES.get(kind, kind.value), kind.value)
    direction = values["direction"] or Direction.OUTBOUND
    to_do = actions.FollowUp(values["due_on"], values["due_at"]) if values["make_todo"] else None
    with act(request, "record_moment"):
        made = actions.record_moment(
            actor=seat_of(request),
            kind=kind.value,
            participants=actions.parts_with(relation.id, kind, direction, payload.people),
            direction=direction,
            reach=Reach.MANY if kind == MomentKind.POST else Reach.ONE,
            to_do=to_do,
            **{name: values[name] for name in ("subject", "location", "text", "purpose", "circle", "ends_at")},
            **{name: values[name] for name in ("occurred_at", "outcome", "follow_up", "means_needed")},
        )
        _own(request, made, payload.custom)
    return Status(201, read_again(made.id))


@router.post("/appointments", response={201: MomentOut}, summary="Plan an appointment")
def plan_appointment(request: HttpRequest, payload: NewAppointment) -> Status[MomentOut]:
    """A visit, a meeting or a call; the same record becomes the moment that took place."""
    relation = found_relation(payload.relation)
    values = _form(payload, "appointment", payload.kind)
    parts = actions.parts_with(relation.id, MomentKind(payload.kind), Direction.OUTBOUND, payload.people)
    names = ("subject", "location", "text", "purpose", "circle", "ends_at", "occurred_at")
    with act(request, "plan_appointment"):
        made = actions.plan_appointment(
            actor=seat_of(request),
            kind=payload.kind,
            participants=parts,
            plan=payload.plan.wanted() if payload.plan else None,
            **{name: values[name] for name in names},
        )
        if payload.invite:
            actions.want_guests(actor=seat_of(request), moment=made)
    return Status(201, read_again(made.id))


@router.patch("/moments/{moment_id}", response=MomentOut, summary="Change a contact moment")
def edit_moment(request: HttpRequest, moment_id: UUID, payload: MomentChanges) -> MomentOut:
    """Send the version you read: when somebody was first, the answer is 409 with both values."""
    moment = found_moment(moment_id)
    form = checked(EditForm(changed(payload, _present(moment), but="circle")))
    wanted = form.changes()
    changes = {name: wanted[name] for name in payload.model_fields_set if name in wanted}
    with act(request, "edit_moment"):
        actions.edit_moment(actor=seat_of(request), moment=moment, changes=changes, based_on=payload.version)
        if payload.circle is not None:
            version = None if changes else payload.version
            place(actor=seat_of(request), kind=MOMENTS, record=moment, audience=payload.circle, version=version)
        _own(request, moment, payload.custom, payload.custom_versions)
    return read_again(moment_id)


def _own(request: HttpRequest, moment: Moment, values: dict[str, Any], versions: dict[UUID, int] | None = None) -> None:
    """Write the company's own fields of a moment, if any were sent."""
    if values:
        set_values(actor=seat_of(request), values_model=MomentValues, record=moment, values=values, based_on=versions)


def _present(moment: Moment) -> dict[str, Any]:
    """The values of the form for changing a moment, as they are."""
    subject = MomentSubject.objects.filter(moment=moment).order_by("id").first()
    text = MomentText.objects.filter(moment=moment).order_by("id").first()
    names = ("version", "kind", "direction", "occurred_at", "ends_at")
    said = ("text", "purpose", "outcome", "follow_up", "means_needed")
    return (
        {name: getattr(moment, name) for name in names}
        | {name: getattr(subject, name, "") for name in ("title", "location")}
        | {name: getattr(text, name, "") for name in said}
    )


@router.delete("/moments/{moment_id}", response={204: None}, summary="Remove a contact moment")
@needs("delete")
def delete_moment(request: HttpRequest, moment_id: UUID) -> None:
    """With its texts and files; turning the operation back brings it all back."""
    moment = found_moment(moment_id)
    with act(request, "delete_moment"):
        actions.delete_moment(actor=seat_of(request), moment=moment)


@router.post("/moments/{moment_id}/complete", response=MomentOut, summary="Say that an appointment took place")
def complete_appointment(request: HttpRequest, moment_id: UUID, payload: Outcome) -> MomentOut:
    """And what came of it."""
    moment = found_moment(moment_id)
    said = payload.model_dump(exclude={"version"})
    with act(request, "complete_appointment"):
        actions.complete_appointment(actor=seat_of(request), moment=moment, based_on=payload.version, **said)
    return read_again(moment_id)


@router.post("/moments/{moment_id}/cancel", response=MomentOut, summary="Cancel an appointment")
def cancel_appointment(request: HttpRequest, moment_id: UUID, payload: Seen) -> MomentOut:
    """It does not take place, and stays on the timeline as cancelled."""
    moment = found_moment(moment_id)
    with act(request, "cancel_appointment"):
        actions.cancel_appointment(actor=seat_of(request), moment=moment, based_on=payload.version)
    return read_again(moment_id)


@router.put("/moments/{moment_id}/audience", response={204: None}, summary="Choose who sees a contact moment")
def change_moment_audience(request: HttpRequest, moment_id: UUID, payload: MomentAudience) -> None:
    """Its subject, and its text with the files, may be for fewer."""
    moment, actor = found_moment(moment_id), seat_of(request)
    with act(request, "change_moment_circle"):
        if payload.moment:
            actions.change_moment_circle(actor=actor, moment=moment, circle=payload.moment)
        if payload.subject:
            actions.change_subject_circle(actor=actor, moment=moment, circle=payload.subject)
        if payload.text:
            actions.change_text_circle(actor=actor, moment=moment, circle=payload.text)


@router.post("/moments/{moment_id}/files", response={201: FileList}, summary="Attach files to a contact moment")
def attach_files(request: HttpRequest, moment_id: UUID, files: File[list[UploadedFile]]) -> Status[FileList]:
    """As `multipart/form-data`, each of 100 MB at most."""
    moment = found_moment(moment_id)
    incoming = [actions.IncomingFile(file.name or "", file.size or 0, file) for file in files]
    with act(request, "attach_files"):
        kept = actions.attach_files(actor=seat_of(request), moment=moment, files=incoming)
    return Status(201, FileList(items=[attachment_of(file) for file in kept]))


@router.delete("/files/{file_id}", response={204: None}, summary="Take a file off a contact moment")
@needs("delete")
def remove_attachment(request: HttpRequest, file_id: UUID) -> None:
    """Turning the operation back brings it back."""
    file = Attachment.objects.filter(id=file_id).first()
    if file is None:
        raise Http404
    with act(request, "remove_attachment"):
        actions.remove_attachment(actor=seat_of(request), attachment=file)


@router.put("/moments/{moment_id}/participants/{participant_id}", response=MomentOut, summary="Say who took part")
def rebind_participant(request: HttpRequest, moment_id: UUID, participant_id: UUID, payload: Bound) -> MomentOut:
    """What was heard stays as it was heard; whom we believe it was is what changes."""
    found = Participant.objects.filter(id=participant_id, moment_id=moment_id).select_related("moment", "relation")
    participant = found.first()
    if participant is None:
        raise Http404
    relation = Relation.objects.filter(id=payload.relation).first() if payload.relation else None
    if payload.relation and relation is None:
        raise Invalid({"relation": _("There is nobody here with this id.")})
    with act(request, "rebind_participant"):
        actions.rebind_participant(actor=seat_of(request), participant=participant, relation=relation)
    return read_again(moment_id)
