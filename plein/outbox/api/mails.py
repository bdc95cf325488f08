# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to mail: write it, let it leave now or later, take it back, decide about what is uncertain."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import File
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.consent.vocabulary import PERSONAL
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Invalid, Payload, Time, checked, of_form, sent
from plein.moments.actions import IncomingFile
from plein.outbox import actions
from plein.outbox.api.door import router
from plein.outbox.fields import without
from plein.outbox.forms import LetterForm
from plein.outbox.models import Mail, MailFile, MailState
from plein.outbox.queries import (
    as_seen,
    files_seen,
    mail_of,
    mails,
    purposes_for_mail,
    relation_behind,
    sender_named,
    senders_of,
    values_for,
)
from plein.relations.models import Relation
from plein.trust.seats import Entrance, seat_of

PAGE = 50
State = Literal["draft", "waiting", "sending", "sent", "refused", "uncertain"]


class MailFileOut(BaseModel):
    """A file that goes along."""

    id: UUID
    name: str
    mime: str
    size: int


class MailOut(BaseModel):
    """A mail of one's own, from draft to what became of it.

    With a `network` it is something said there, as the account of a `connection`; `to` holds names there.
    """

    id: UUID
    state: str
    network: str
    connection: UUID | None
    is_public: bool
    identity: UUID | None
    to: list[list[str]]
    cc: list[list[str]]
    bcc: list[list[str]]
    subject: str
    text: str
    purpose: str
    relation: UUID | None
    answers: UUID | None
    moment: UUID | None
    send_at: datetime | None
    sent_at: datetime | None
    reason: str
    files: list[MailFileOut]
    changed_at: datetime


class MailList(BaseModel):
    """A page of one's own mail, the latest first."""

    items: list[MailOut]
    next: str | None


class MailFiles(BaseModel):
    """Files that go along."""

    items: list[MailFileOut]


@of_form(LetterForm, without="identity send_at template")
class Letter(Payload):
    """A mail as it is written. `{{field}}` in subject and text is filled in for whom it goes to."""

    identity: UUID | None = None
    relation: UUID | None = None
    answers: UUID | None = None
    leave_out: bool = Field(default=False, description="Leave out the fields that have no value, instead of refusing.")


class Leaving(Payload):
    """When a mail leaves; without a time in ten seconds."""

    send_at: Time | None = None


@router.get("/mails", response=MailList, summary="List one's own mail")
def list_mails(
    request: HttpRequest, state: State | None = None, limit: Limit = PAGE, cursor: CursorText = ""
) -> MailList:
    """In one state, or in any."""
    start = _start(cursor)
    states = [state] if state else [str(one) for one in MailState.values]
    found = list(mails(states, seat_id=seat_of(request).seat_id)[start : start + limit + 1])
    items = [_shown(one) for one in as_seen(found[:limit])]
    return MailList(items=items, next=str(start + limit) if len(found) > limit else None)


@router.post("/mails", response={201: MailOut}, summary="Write a mail")
def write_mail(request: HttpRequest, payload: Letter) -> Status[MailOut]:
    """It is a draft until it is sent, and nobody else sees it."""
    return Status(201, shown_mail(_kept(seat_of(request), payload)))


@router.get("/mails/{mail_id}", response=MailOut, summary="Read a mail of one's own")
def read_mail(request: HttpRequest, mail_id: UUID) -> MailOut:
    """And what became of it."""
    return shown_mail(_found(request, mail_id))


@router.put("/mails/{mail_id}", response=MailOut, summary="Write a draft anew")
def rewrite_mail(request: HttpRequest, mail_id: UUID, payload: Letter) -> MailOut:
    """In place of what was written."""
    return shown_mail(_kept(seat_of(request), payload, _found(request, mail_id)))


@router.delete("/mails/{mail_id}", response={204: None}, summary="Throw a draft away")
def discard_mail(request: HttpRequest, mail_id: UUID) -> None:
    """One that was not sent."""
    actions.discard_mail(actor=seat_of(request), mail=_found(request, mail_id))


@router.post("/mails/{mail_id}/files", response={201: MailFiles}, summary="Let files go along with a mail")
def add_mail_files(request: HttpRequest, mail_id: UUID, files: File[list[UploadedFile]]) -> Status[MailFiles]:
    """As `multipart/form-data`, together no more than mail servers take."""
    incoming = [IncomingFile(file.name or "", file.size or 0, file) for file in files]
    kept = actions.add_files(actor=seat_of(request), mail=_found(request, mail_id), files=incoming)
    return Status(201, MailFiles(items=[_file(one) for one in kept]))


@router.delete("/mails/{mail_id}/files/{file_id}", response={204: None}, summary="Leave a file out of a mail")
def remove_mail_file(request: HttpRequest, mail_id: UUID, file_id: UUID) -> None:
    """One that is not there is no error."""
    actions.remove_file(actor=seat_of(request), mail=_found(request, mail_id), file_id=file_id)


@router.post("/mails/{mail_id}/send", response=MailOut, summary="Send a mail")
def send_mail(request: HttpRequest, mail_id: UUID, payload: Leaving) -> MailOut:
    """In ten seconds, in which turning the operation back takes it back; or at a time."""
    done = actions.send_mail(actor=seat_of(request), mail=_found(request, mail_id), at=payload.send_at)
    if done is not None:
        request.operation_id = done.id  # type: ignore[attr-defined]
    return shown_mail(_found(request, mail_id))


@router.post("/mails/{mail_id}/call-off", response=MailOut, summary="Do not send a scheduled mail")
def call_off(request: HttpRequest, mail_id: UUID) -> MailOut:
    """It is a draft again."""
    return shown_mail(actions.call_off(actor=seat_of(request), mail=_found(request, mail_id)))


@router.post("/mails/{mail_id}/reschedule", response=MailOut, summary="Let a waiting mail leave at another time")
def reschedule(request: HttpRequest, mail_id: UUID, payload: Leaving) -> MailOut:
    """Or now."""
    return shown_mail(actions.reschedule(actor=seat_of(request), mail=_found(request, mail_id), at=payload.send_at))


@router.post("/mails/{mail_id}/arrived", response=MailOut, summary="Decide that an uncertain mail did leave")
def say_it_arrived(request: HttpRequest, mail_id: UUID) -> MailOut:
    """Somebody asked, or saw it."""
    return shown_mail(actions.say_it_arrived(actor=seat_of(request), mail=_visible(mail_id)))


@router.post("/mails/{mail_id}/again", response=MailOut, summary="Send an uncertain or refused mail once more")
def send_again(request: HttpRequest, mail_id: UUID) -> MailOut:
    """An uncertain one may then arrive twice."""
    return shown_mail(actions.send_again(actor=seat_of(request), mail=_visible(mail_id)))


def _kept(actor: Entrance, payload: Letter, mail: Mail | None = None) -> Mail:
    relation = Relation.objects.filter(id=payload.relation).first() if payload.relation else None
    if payload.relation and relation is None:
        raise Invalid({"relation": _("There is nobody here with this id.")})
    senders = senders_of(actor)
    usual = senders[0].key if senders else ""
    values: dict[str, Any] = {"identity": str(payload.identity or usual)} | sent(payload)
    known = [(one.key, one.name) for one in purposes_for_mail()]
    form = checked(LetterForm(values, senders=senders, templates=[], initial={}, purposes=known))
    _fill(actor, form, relation, leave_out=payload.leave_out)
    return actions.keep_mail(actor=actor, content=form.content(payload.relation, payload.answers), mail=mail)


def _fill(actor: Entrance, form: LetterForm, relation: Relation | None, *, leave_out: bool) -> None:
    """Fill the fields in the text, for the first receiver we know; raises Invalid for those without a value."""
    addresses = [box.address.lower() for box in form.cleaned_data["to"]]
    known = relation_behind(addresses, relation.id if relation else None)
    whom = next((known[one] for one in addresses if one in known), relation)
    values = values_for(actor, sender_named(actor, form.cleaned_data["identity"]), whom)
    for name in ("subject", "text"):
        filled = values.fill(form.cleaned_data[name])
        missing = [one.name for one in filled.missing]
        if missing and not leave_out:
            words = _("These fields have no value: %(names)s.") % {"names": ", ".join(missing)}
            raise Invalid({name: words})
        form.cleaned_data[name] = without(filled.text, missing) if missing else filled.text


def _found(request: HttpRequest, mail_id: UUID) -> Mail:
    """A mail of one's own."""
    mail = mail_of(mail_id)
    if mail is None or mail.seat_id != seat_of(request).seat_id:
        raise Http404
    return mail


def _visible(mail_id: UUID) -> Mail:
    mail = mail_of(mail_id)
    if mail is None:
        raise Http404
    return mail


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 7:
        return int(cursor)
    raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))


def _file(file: MailFile) -> MailFileOut:
    return MailFileOut(id=file.id, name=file.name, mime=file.mime, size=file.size)


def shown_mail(mail: Mail) -> MailOut:
    return _shown(as_seen([mail])[0])


def _shown(mail: Mail) -> MailOut:
    return MailOut(
        id=mail.id,
        state=mail.state,
        network=mail.network,
        connection=mail.connection_id,
        is_public=mail.is_public,
        identity=mail.identity_id,
        to=mail.to,
        cc=mail.cc,
        bcc=mail.bcc,
        subject=mail.subject,
        text=mail.text,
        purpose=mail.purpose_key or PERSONAL,
        relation=mail.relation_id,
        answers=mail.answers_id,
        moment=mail.moment_id,
        send_at=mail.send_at,
        sent_at=mail.sent_at,
        reason=mail.reason,
        files=[_file(one) for one in files_seen(mail)],
        changed_at=mail.changed_at,
    )
