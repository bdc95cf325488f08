# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing a person: first the line in the list, then every row in one transaction, then the files."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from plein.consent.digests import digest_of
from plein.consent.models import Subject
from plein.core import blobs
from plein.core.audit import audit
from plein.core.events import publish
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation
from plein.erasure import ledger
from plein.erasure.actions.remembering import hashes_of, keep_silent, know_again
from plein.erasure.events import LAST_WORD, PersonErased
from plein.erasure.models import Erasure
from plein.erasure.refusals import Refused
from plein.erasure.spool import clear_waiting, pattern_of, unread_with
from plein.relations.vocabulary import ContactKind
from plein.trust import secret_box
from plein.trust.models import Workspace
from plein.trust.permissions import permit, require_proof
from plein.trust.seats import Entrance

#: What may be kept of an address for ever, so that nothing goes there again.
SILENT = (ContactKind.EMAIL, ContactKind.PHONE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What has to be known of somebody before they are erased; nothing of it is kept but hashes."""

    subjects: list[UUID]
    relations: list[UUID]
    points: list[tuple[str, str]]
    decided: list[tuple[str, str]]
    unread: list[str]
    is_there: bool
    is_person: bool
    is_colleague: bool
    wants_silence: bool
    last_word: str


def facts_of(subject_id: UUID) -> Facts:
    """What there is of a subject, in every circle; only an administrator may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT plein_erasure_facts(%s)", [subject_id])
        found: dict[str, Any] = json.loads((cursor.fetchone() or ["{}"])[0])
    return Facts(
        subjects=[UUID(one) for one in found.pop("subjects")],
        relations=[UUID(one) for one in found.pop("relations")],
        points=[(kind, value) for kind, value in found.pop("points")],
        decided=[(kind, value) for kind, value in found.pop("decided")],
        **found,
    )


def subject_of(*, actor: Entrance, relation_id: UUID) -> UUID | None:
    """The subject of a person, begun when there is none; also of one who is in the bin. None when there is nobody."""
    permit(actor, "manage")
    with operation("begin_subject"), connection.cursor() as cursor:
        cursor.execute("SELECT plein_subject_of(%s)", [relation_id])
        found: UUID | None = (cursor.fetchone() or [None])[0]
    return found


def erase_subject(*, actor: Entrance, subject_id: UUID, never_contact: bool | None = None) -> Erasure:
    """Erase a person from every row there is, in circles that the actor is not in too. It is not turned back.

    `never_contact` keeps keyed hashes of their addresses, so that nothing goes there again; unless said, it is as they
    wanted. Raises Subject.DoesNotExist and Refused. Whoever is erased already stays so: the erasure there is, is
    returned. The files go afterwards, by `finish_erasure`.
    """
    permit(actor, "manage")
    require_proof(actor)
    facts = facts_of(subject_id)
    if not facts.is_there:
        raise Subject.DoesNotExist
    before: Erasure | None = Erasure.objects.filter(subject_id=subject_id).order_by("-asked_at").first()
    if before is not None and not facts.relations:
        return before
    _require_erasable(facts)
    is_silent = facts.wants_silence if never_contact is None else never_contact
    never = {(kind, digest_of(kind, value)) for kind, value in facts.points if is_silent and kind in SILENT}
    gone = hashes_of(facts.points)
    workspace = Workspace.objects.get(id=actor.workspace_id)
    ledger.append(ledger.line_of(workspace.public_id, [*facts.subjects, *facts.relations], never, gone))
    return _erase(actor, subject_id, facts, never, gone)


def erased_before(*, actor: Entrance, person_id: UUID) -> Erasure | None:
    """The erasure of somebody by the id they had as a person: nothing but the list of erasures knows it any more."""
    permit(actor, "manage")
    workspace = Workspace.objects.get(id=actor.workspace_id).public_id
    lines = ledger.read(ledger.path()) if ledger.path().exists() else []
    keys = ledger.keys()
    for line in lines:
        if line.key in keys and ledger.hashed(keys[line.key], workspace, person_id) in line.people:
            for one in Erasure.objects.order_by("-asked_at"):
                if ledger.hashed(keys[line.key], workspace, one.subject_id) in line.people:
                    found: Erasure = one
                    return found
    return None


def _require_erasable(facts: Facts) -> None:
    if not facts.is_person:
        raise Refused(_("Only a person can be erased. An organization is deleted."))
    if facts.is_colleague:
        raise Refused(_("This is a colleague with a place in this company. Take that away first."))


def _erase(actor: Entrance, subject_id: UUID, facts: Facts, never: set[tuple[str, str]], gone: set[str]) -> Erasure:
    digests = {f"{kind}:{value}": digest_of(kind, value) for kind, value in facts.decided}
    pattern = pattern_of(value for kind, value in facts.points if kind == ContactKind.EMAIL)
    unread = unread_with(pattern, facts.unread)
    clear_waiting(pattern)
    with operation("erase_subject") as done:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT plein_erase(%s, %s, %s::jsonb, %s::text[])",
                [subject_id, _("removed on request"), json.dumps(digests), unread],
            )
            files = list((cursor.fetchone() or [[]])[0])
        keep_silent(actor, never)
        know_again(gone)
        made: Erasure = Erasure.objects.create(subject_id=subject_id, files=files, seat_id=actor.seat_id)
        audit("erase_subject", kind="subject", about=facts.subjects, operation=done.id)
        told = secret_box.seal(LAST_WORD, facts.last_word).decode() if facts.last_word else ""
        publish(PersonErased(made.id, told))
    return made


def never_back(operation: Operation) -> None:
    """What happens when somebody wants to turn an erasure back: it does not."""
    del operation
    raise CannotUndo("erased")


def unfinished() -> list[Erasure]:
    """Erasures of which the files are still to go."""
    return list(Erasure.objects.filter(done_at__isnull=True).order_by("asked_at"))


def finish_erasure(*, actor: Entrance, erasure: Erasure) -> Erasure:
    """Remove the files that nothing points at any more, and what the planner remembers. It may run twice."""
    permit(actor, "manage")
    locked: Erasure = Erasure.objects.select_for_update().get(id=erasure.id)
    if locked.done_at is not None:
        return locked
    for sha256 in locked.files:
        _remove(locked, sha256)
    with connection.cursor() as cursor:
        # Samples of values, kept to plan queries, are made anew of what is there now.
        cursor.execute("SELECT plein_gather_statistics()")
    locked.files, locked.done_at = [], now()
    locked.save(update_fields=["files", "done_at"])
    return locked


def _remove(erasure: Erasure, sha256: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT plein_is_unused(%s)", [sha256])
        is_unused = bool((cursor.fetchone() or [False])[0])
    file = blobs.path_of(sha256)
    # A file of the same bytes that came since is about to be somebody's.
    if is_unused and file.exists() and file.stat().st_mtime < erasure.asked_at.timestamp():
        file.unlink(missing_ok=True)
