# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a program is told of a record: made when it leaves, of what whoever looks after the hook may see then."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings

from plein.consent.models import Decision, InForce, Purpose, Subject
from plein.core.isolation import default_circle_id
from plein.core.records import Record
from plein.hooks.models import OutHook, Telling
from plein.hooks.vocabulary import Happening
from plein.moments.models import Moment, MomentSubject, Participant, ToDo
from plein.relations.models import Relation
from plein.webforms.models import Confirmed

type Data = dict[str, Any]


def said(hook: OutHook, telling: Telling) -> bytes | None:
    """The body of a message; None when what it is about is gone, or not for this hook."""
    if telling.happening == Happening.RELATION_REMOVED:
        data: Data | None = {"id": str(telling.record_id)}
    else:
        data = _DATA[telling.happening.partition(".")[0]](telling.record_id, hook)
    if data is None:
        return None
    body = {"type": telling.happening, "timestamp": telling.happened_at.isoformat(), "data": data}
    return json.dumps(body, ensure_ascii=False).encode()


def trial() -> bytes:
    """A message that says nothing, to see whether it arrives."""
    return b'{"type": "trial", "data": {}}'


def _shown(hook: OutHook, record: Record | None) -> bool:
    return record is not None and not (hook.is_wide_only and record.circle_id != default_circle_id())


def _address(path: str) -> str:
    return f"{settings.PLEIN_URL.rstrip('/')}{path}"


def _relation(id: UUID, hook: OutHook) -> Data | None:
    found: Relation | None = Relation.objects.filter(id=id).first()
    if found is None or not _shown(hook, found):
        return None
    return _named(found)


def _named(found: Relation) -> Data:
    return {
        "id": str(found.id),
        "kind": found.kind,
        "name": found.name,
        "version": found.version,
        "api": _address(f"/api/v1/relations/{found.id}"),
        "page": _address(f"/relations/{found.id}/"),
    }


def _moment(id: UUID, hook: OutHook) -> Data | None:
    found: Moment | None = Moment.objects.filter(id=id).first()
    if found is None or not _shown(hook, found):
        return None
    subject = MomentSubject.objects.filter(moment_id=id).order_by("id").first()
    parts = Participant.objects.filter(moment_id=id, relation_id__isnull=False).select_related("relation")
    present = {str(one.relation_id) for one in parts if _shown(hook, one) and _shown(hook, one.relation)}
    return {
        "id": str(found.id),
        "kind": found.kind,
        "direction": found.direction,
        "state": found.state,
        "occurred_at": found.occurred_at.isoformat(),
        "subject": subject.title if subject is not None and _shown(hook, subject) else "",
        "relations": sorted(present),
        "api": _address(f"/api/v1/moments/{found.id}"),
        "page": _address(f"/moments/{found.id}/"),
    }


def _todo(id: UUID, hook: OutHook) -> Data | None:
    found: ToDo | None = ToDo.objects.filter(id=id).first()
    if found is None or not _shown(hook, found):
        return None
    return {
        "id": str(found.id),
        "title": found.title,
        "relation": str(found.relation_id) if found.relation_id else None,
        "due_on": found.due_on.isoformat() if found.due_on else None,
        "done_at": found.done_at.isoformat() if found.done_at else None,
        "api": _address(f"/api/v1/todos/{found.id}"),
    }


def _consent(id: UUID, hook: OutHook) -> Data | None:
    counts: InForce | None = InForce.objects.filter(id=id).first()
    found = Decision.objects.filter(id=counts.decision_id).first() if counts is not None else None
    subject = Subject.objects.filter(id=found.subject_id).first() if found is not None else None
    whom = subject.relation_id if subject is not None else None
    relation = Relation.objects.filter(id=whom).first() if whom is not None else None
    purpose = Purpose.objects.filter(id=found.purpose_id).first() if found is not None else None
    if found is None or relation is None or not _shown(hook, found) or not _shown(hook, relation):
        return None
    return {"relation": _named(relation), "purpose": purpose.key if purpose is not None else "", "state": found.state}


def _form(id: UUID, hook: OutHook) -> Data | None:
    found: Confirmed | None = Confirmed.objects.filter(id=id).select_related("form", "text").first()
    moment = _moment(found.moment_id, hook) if found is not None and _shown(hook, found) else None
    if found is None or moment is None:
        return None
    return {
        "form": {"id": str(found.form_id), "name": found.form.name if found.form is not None else ""},
        "version": found.text.number if found.text is not None else None,
        "language": found.language,
        "filled_in_at": found.came_at.isoformat(),
        "confirmed_at": found.confirmed_at.isoformat(),
        "moment": moment,
    }


_DATA = {"relation": _relation, "moment": _moment, "todo": _todo, "consent": _consent, "form": _form}
