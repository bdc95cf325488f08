# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to erasing a person, and to what may be told to them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from plein.consent.models import Subject
from plein.core.payloads import Payload, act, needs
from plein.erasure import actions
from plein.erasure.queries import export_subject, vcard, weigh
from plein.relations.models import Relation
from plein.trust.permissions import permit
from plein.trust.seats import seat_of

router = Router(tags=["consent"])


class ErasureWish(Payload):
    """Whether keyed hashes of their addresses are kept, so that nothing goes there again; unless said, as they want."""

    never_contact: bool | None = None


class ErasureOut(BaseModel):
    """Since when they are erased, and when the last file was gone: null while files are still to go."""

    subject: UUID
    erased_at: datetime
    done_at: datetime | None


class ErasurePreview(BaseModel):
    """How much would go, as far as one may see it, how much keeps a stub, and what is kept as proof."""

    subject: UUID
    contact_points: int
    roles_and_ties: int
    todos: int
    moments_emptied: int
    files: int
    moments_shared: int
    decisions: int
    wants_silence: bool


class Told(BaseModel):
    """Everything about a person that may be told to them."""

    version: int
    subject: UUID
    since: datetime
    person: dict[str, Any] | None = None
    contact_points: list[dict[str, Any]] = []
    works_at: list[dict[str, Any]] = []
    dates: list[dict[str, Any]] = []
    interests: list[dict[str, Any]] = []
    contact: list[dict[str, Any]] = []
    decisions: list[dict[str, Any]] = []
    seen_by: str = ""


def _subject(subject_id: UUID) -> Subject:
    found: Subject | None = Subject.objects.filter(id=subject_id).first()
    if found is None:
        raise Http404
    return found


@router.get("/subjects/{subject_id}/export", response=Told, summary="Read all that may be told to somebody")
@needs("export")
def export_of_subject(request: HttpRequest, subject_id: UUID, format: Literal["json", "vcard"] = "json") -> Any:
    """Facts about them, what passed between us and what they decided; nothing that colleagues wrote for each other."""
    permit(seat_of(request), "export")
    told = export_subject(_subject(subject_id), how=format)
    if format == "vcard":
        response = HttpResponse(vcard(told), content_type="text/vcard; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{subject_id}.vcf"'
        return response
    return Told.model_validate(told)


@router.get("/subjects/{subject_id}/erase", response=ErasurePreview, summary="Look what erasing somebody takes")
@needs("manage")
def preview_erasure(request: HttpRequest, subject_id: UUID) -> ErasurePreview:
    """Counted as far as one may see it; the rest goes as well."""
    permit(seat_of(request), "manage")
    subject = _subject(subject_id)
    relation = Relation.objects.filter(id=subject.relation_id).first() if subject.relation_id else None
    if relation is None:
        raise Http404
    weight = weigh(relation)
    counts = {name: getattr(weight, name) for name in weight.__slots__}
    return ErasurePreview(subject=subject.id, **counts)


@router.post("/subjects/{subject_id}/erase", response=ErasureOut, summary="Erase somebody for good")
@needs("manage")
def erase_subject(request: HttpRequest, subject_id: UUID, payload: ErasureWish) -> ErasureOut:
    """Not to be turned back. Whoever is erased already stays so."""
    subject = _subject(subject_id)
    with act(request, "erase_subject"):
        made = actions.erase_subject(actor=seat_of(request), subject_id=subject.id, never_contact=payload.never_contact)
    return ErasureOut(subject=made.subject_id, erased_at=made.asked_at, done_at=made.done_at)
