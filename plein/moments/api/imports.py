# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to bringing mail in: choose a store, see what is in it, decide, follow, and look at what was left."""

import errno
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.channels import actions
from plein.channels.connectors.archives import Kind
from plein.channels.models import ImportProblem, MailImport, Upload
from plein.channels.uploads import RefusedUpload, WrongPlace, begin_upload, drop_upload, file_of, take_piece
from plein.core import blobs
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Impossible, Invalid, Payload, checked, needs, of_form, sent
from plein.moments.actions import begin_import
from plein.moments.actions.proposals import accept_proposals, ignore_proposals
from plein.moments.import_forms import PathForm, WishesForm
from plein.moments.models import Proposal
from plein.trust.circles import describe
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, seat_of

router = Router(tags=["imports"])
PAGE = 50
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})\Z")


class ImportOut(BaseModel):
    """One import: what was seen in it, what was chosen, how far it is.

    `preview` and `counts` are whole for who brought it; to others they tell how far it is.
    """

    id: UUID
    name: str
    source: str
    state: str
    problem: str
    policy: str
    ours: list[str]
    seen_by: str
    preview: dict[str, Any]
    counts: dict[str, Any]
    operation: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class ImportList(BaseModel):
    """A page of imports, and where the next one starts."""

    items: list[ImportOut]
    next: str | None


class UploadOut(BaseModel):
    """A file on its way in: how much of it is there, and the import once all of it is."""

    id: UUID
    offset: int
    size: int
    import_id: UUID | None


class ProblemOut(BaseModel):
    """Something in a store that could not be read."""

    id: UUID
    folder: str
    position: int
    reason: str
    size: int


class ProblemList(BaseModel):
    """A page of what could not be read."""

    items: list[ProblemOut]
    next: str | None


class ProposalOut(BaseModel):
    """An address that is nobody yet."""

    id: UUID
    address: str
    name: str
    wrote: int
    received: int


class ProposalList(BaseModel):
    """Addresses that are nobody yet, those that wrote most first."""

    items: list[ProposalOut]
    next: str | None


class Decided(BaseModel):
    """How many addresses were decided about."""

    count: int


@of_form(PathForm)
class NewImport(Payload):
    """A store of mail, or an archive of a network, that stands on the server already.

    `kind` is what it is: `mail` or a network; found out when it is left out.
    """

    kind: Kind | Literal["mail", ""] = ""


class NewUpload(Payload):
    """A file that is about to be sent in pieces."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    size: Annotated[int, Field(ge=1, le=2**50)]


@of_form(WishesForm, without="ours")
class Wishes(Payload):
    """What to do with a store that was looked through."""

    ours: Annotated[list[Annotated[str, Field(max_length=320)]], Field(max_length=500)] = []


class ImportEnding(Payload):
    """Whether what is in already stays."""

    keep: bool


class Addresses(Payload):
    """Proposals to decide about."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]


@router.get("/imports", response=ImportList, summary="List the imports of mail and archives")
@needs("import")
def list_imports(request: HttpRequest, limit: Limit = PAGE, cursor: CursorText = "") -> ImportList:
    """The newest first."""
    start = _start(cursor)
    found = list(MailImport.objects.order_by("-created_at", "-id")[start : start + limit + 1])
    following = str(start + limit) if len(found) > limit else None
    return ImportList(items=[_import(request, one) for one in found[:limit]], next=following)


@router.post("/imports", response={201: ImportOut}, summary="Look into a store or an archive on the server")
@needs("manage", "import")
def create_import(request: HttpRequest, payload: NewImport) -> Status[ImportOut]:
    """Nothing is written until it is started."""
    path = Path(checked(PathForm(sent(payload))).cleaned_data["path"])
    return Status(201, _import(request, actions.plan_import(actor=seat_of(request), path=path, source=payload.kind)))


@router.post("/imports/uploads", response={201: UploadOut}, summary="Begin to send a store or an archive")
@needs("import")
def start_upload(request: HttpRequest, payload: NewUpload) -> Status[UploadOut]:
    """Or go on with the same file that was broken off: `offset` says from where."""
    try:
        upload = begin_upload(actor=seat_of(request), name=payload.name, size=payload.size)
    except RefusedUpload as refusal:
        raise Impossible(str(refusal)) from refusal
    return Status(201, _upload(upload))


@router.put("/imports/uploads/{upload_id}", response=UploadOut, summary="Send the next piece of a store or an archive")
@needs("import")
def send_piece(request: HttpRequest, upload_id: UUID, kind: Kind | Literal["mail", ""] = "") -> UploadOut:
    """As `application/octet-stream` with `Content-Range`, 8 MB at most; the last piece begins the import.

    `kind` says with the last piece what it is: `mail` or the network of an archive; otherwise that is found out.
    """
    actor = seat_of(request)
    if not Upload.objects.filter(id=upload_id, seat_id=actor.seat_id).exists():
        raise Http404
    place = _RANGE.match(request.headers.get("Content-Range", ""))
    if place is None:
        raise Invalid({"Content-Range": _("This piece does not say where it belongs.")})
    try:
        upload = take_piece(actor=actor, upload_id=upload_id, start=int(place[1]), data=request.body)
    except WrongPlace as wrong:
        raise Impossible(_("The next piece begins at %(offset)s.") % {"offset": wrong.offset}) from wrong
    except OSError as trouble:
        if trouble.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Impossible(_("The server could not keep this piece.")) from trouble
    if upload.received < upload.size:
        return _upload(upload)
    planned = actions.plan_import(actor=actor, path=file_of(upload), name=upload.name, is_upload=True, source=kind)
    done = _upload(upload, planned.id)
    upload.delete()
    return done


@router.delete("/imports/uploads/{upload_id}", response={204: None}, summary="Forget a store that is being sent")
@needs("import")
def delete_upload(request: HttpRequest, upload_id: UUID) -> None:
    """What came in already is thrown away."""
    actor = seat_of(request)
    if not Upload.objects.filter(id=upload_id, seat_id=actor.seat_id).exists():
        raise Http404
    drop_upload(actor=actor, upload_id=upload_id)


@router.get("/imports/{import_id}", response=ImportOut, summary="Read how far an import is")
@needs("import")
def read_import(request: HttpRequest, import_id: UUID) -> ImportOut:
    """Ask again while its state is `scanning` or `running`."""
    return _import(request, _found(import_id))


@router.post("/imports/{import_id}/start", response=ImportOut, summary="Start an import")
@needs("import")
def start_import(request: HttpRequest, import_id: UUID, payload: Wishes) -> ImportOut:
    """With who becomes a person, who is on our side, and who sees this mail."""
    planned = _found(import_id)
    data = sent(payload) | {"ours": "\n".join(payload.ours)}
    if planned.is_archive and not data.get("circle"):
        # What somebody said in private is theirs, unless they say who else may read it.
        data["circle"] = "me"
    values = checked(WishesForm(data, is_archive=planned.is_archive)).cleaned_data
    wishes = actions.Wishes(values["policy"], values["ours"], values["circle"])
    started = begin_import(actor=seat_of(request), mail_import=planned, wishes=wishes, gives=values["gives"])
    return _import(request, started)


@router.post("/imports/{import_id}/pause", response=ImportOut, summary="Let an import rest")
@needs("import")
def pause_import(request: HttpRequest, import_id: UUID) -> ImportOut:
    """What is in stays in."""
    actor, planned = seat_of(request), _found(import_id)
    _permit_owner(actor, planned)
    return _import(request, actions.pause_import(actor=actor, mail_import=planned))


@router.post("/imports/{import_id}/resume", response=ImportOut, summary="Let an import go on")
@needs("import")
def resume_import(request: HttpRequest, import_id: UUID) -> ImportOut:
    """From where it stopped."""
    actor, planned = seat_of(request), _found(import_id)
    _permit_owner(actor, planned)
    return _import(request, actions.resume_import(actor=actor, mail_import=planned))


@router.post("/imports/{import_id}/cancel", response=ImportOut, summary="End an import for good")
@needs("import")
def cancel_import(request: HttpRequest, import_id: UUID, payload: ImportEnding) -> ImportOut:
    """Keep what is in already, or turn that back."""
    actor, planned = seat_of(request), _found(import_id)
    _permit_owner(actor, planned)
    return _import(request, actions.cancel_import(actor=actor, mail_import=planned, keep=payload.keep))


@router.post("/imports/{import_id}/undo", response=ImportOut, summary="Turn back all that an import brought")
@needs("import")
def undo_import(request: HttpRequest, import_id: UUID) -> ImportOut:
    """A worker does it; `counts.undo` says how far it is."""
    return _import(request, actions.undo_import(actor=seat_of(request), mail_import=_found(import_id)))


@router.get("/imports/{import_id}/problems", response=ProblemList, summary="List what could not be read")
@needs("import")
def list_problems(request: HttpRequest, import_id: UUID, limit: Limit = PAGE, cursor: CursorText = "") -> ProblemList:
    """And why."""
    del request
    planned, start = _found(import_id), _start(cursor)
    rows = ImportProblem.objects.filter(mail_import=planned).order_by("position", "id")
    found = list(rows[start : start + limit + 1])
    items = [
        ProblemOut(id=one.id, folder=one.folder, position=one.position, reason=one.reason, size=one.size)
        for one in found[:limit]
    ]
    return ProblemList(items=items, next=str(start + limit) if len(found) > limit else None)


@router.get(
    "/imports/{import_id}/problems/{problem_id}/file", response={200: None}, summary="Fetch what could not be read"
)
@needs("import")
def read_problem_file(request: HttpRequest, import_id: UUID, problem_id: UUID) -> FileResponse:
    """Its bytes, as they were found."""
    del request
    problem = ImportProblem.objects.filter(id=problem_id, mail_import_id=import_id).first()
    if problem is None or not problem.sha256 or not blobs.exists(problem.sha256):
        raise Http404
    return FileResponse(
        blobs.path_of(problem.sha256).open("rb"),
        as_attachment=True,
        filename=f"unreadable-{problem.position}.eml",
        content_type="application/octet-stream",
    )


@router.get("/imports/{import_id}/proposals", response=ProposalList, summary="List addresses that are nobody yet")
@needs("import")
def list_proposals(request: HttpRequest, import_id: UUID, limit: Limit = PAGE, cursor: CursorText = "") -> ProposalList:
    """Those that wrote most first."""
    del request
    planned, start = _found(import_id), _start(cursor)
    waiting = Proposal.objects.filter(import_id=planned.id, decision="open").select_related("contact_point")
    found = list(waiting.order_by("-wrote", "id")[start : start + limit + 1])
    items = [
        ProposalOut(id=one.id, address=str(one.contact_point), name=one.name, wrote=one.wrote, received=one.received)
        for one in found[:limit]
    ]
    return ProposalList(items=items, next=str(start + limit) if len(found) > limit else None)


@router.post("/imports/{import_id}/proposals/accepted", response=Decided, summary="Make persons of addresses")
@needs("import")
def accept(request: HttpRequest, import_id: UUID, payload: Addresses) -> Decided:
    """What they wrote and got is theirs from then on."""
    actor, planned = seat_of(request), _found(import_id)
    return Decided(count=accept_proposals(actor=actor, mail_import=planned, ids=payload.ids))


@router.post("/imports/{import_id}/proposals/ignored", response=Decided, summary="Let addresses be nobody")
@needs("import")
def ignore(request: HttpRequest, import_id: UUID, payload: Addresses) -> Decided:
    """For later imports too."""
    actor, planned = seat_of(request), _found(import_id)
    return Decided(count=ignore_proposals(actor=actor, mail_import=planned, ids=payload.ids))


def _found(import_id: UUID) -> MailImport:
    planned: MailImport | None = MailImport.objects.filter(id=import_id).first()
    if planned is None:
        raise Http404
    return planned


def _permit_owner(actor: Entrance, planned: MailImport) -> None:
    if planned.seat_id != actor.seat_id:
        permit(actor, "undo_others")


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 7:
        return int(cursor)
    raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))


def _upload(upload: Upload, import_id: UUID | None = None) -> UploadOut:
    return UploadOut(id=upload.id, offset=upload.received, size=upload.size, import_id=import_id)


def _import(request: HttpRequest, planned: MailImport) -> ImportOut:
    preview, counts = planned.heard_by(seat_of(request).seat_id)
    return ImportOut(
        id=planned.id,
        name=planned.name,
        source=planned.source,
        state=planned.state,
        problem=planned.problem,
        policy=planned.policy,
        ours=planned.ours,
        seen_by=describe(planned.circle_id),
        preview=preview,
        counts=counts,
        operation=planned.operation_id,
        created_at=planned.created_at,
        started_at=planned.started_at,
        finished_at=planned.finished_at,
    )
