# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a user does with an import: plan it, start it, pause it, resume it, cancel it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.events import ImportPlanned, ImportResumed, ImportTurnedBack
from plein.channels.models import MAIL, ImportState, MailImport, Policy
from plein.core.events import publish
from plein.core.ids import now
from plein.core.operations import begin
from plein.trust.circles import circle_for_new, only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


class CannotImport(ValueError):
    """Why an import cannot do what was asked; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user chose in the preview."""

    policy: str
    ours: tuple[str, ...]
    circle: str = ""


def plan_import(
    *,
    actor: Entrance,
    path: Path,
    name: str = "",
    is_upload: bool = False,
    roles: Path | None = None,
    source: str = MAIL,
    in_background: bool = True,
) -> MailImport:
    """Look what is in a store of mail, or in the archive of a network. Only who brings it sees it until they chose.

    `source` is MAIL, a kind of archive, or "" to find out.
    In the background a worker does it; otherwise the caller does.
    """
    permit(actor, "import")
    planned: MailImport = MailImport.objects.create(
        seat_id=actor.seat_id,
        circle_id=only_me(),
        name=(name or path.name)[:300],
        source=source,
        path=str(path),
        is_upload=is_upload,
        roles_path=str(roles) if roles else "",
    )
    if in_background:
        publish(ImportPlanned(planned.id))
    return planned


def start_import(*, actor: Entrance, mail_import: MailImport, wishes: Wishes, in_background: bool = True) -> MailImport:
    """Begin to write what was previewed, under one operation."""
    permit(actor, "import")
    locked = _locked(mail_import.id)
    if locked.state != ImportState.PREVIEW:
        raise CannotImport(_("This import has begun already."))
    if wishes.policy not in Policy.values:
        raise CannotImport(_("Choose who becomes a person."))
    locked.circle_id = circle_for_new(wishes.circle)
    locked.policy = wishes.policy
    locked.ours = list(wishes.ours)
    verb = "import_mail" if locked.source == MAIL else "import_archive"
    locked.operation_id = begin(verb, import_id=str(locked.id), messages=locked.preview.get("messages")).id
    locked.state = ImportState.RUNNING
    locked.started_at = now()
    locked.counts = {}
    locked.save()
    if in_background:
        publish(ImportResumed(locked.id))
    return locked


def pause_import(*, actor: Entrance, mail_import: MailImport) -> MailImport:
    """Let it rest; what is in stays in."""
    permit(actor, "import")
    return _move(mail_import.id, (ImportState.RUNNING,), ImportState.PAUSED)


def resume_import(*, actor: Entrance, mail_import: MailImport, in_background: bool = True) -> MailImport:
    """Go on where it stopped."""
    permit(actor, "import")
    planned = _locked(mail_import.id)
    stopped = (ImportState.PAUSED, ImportState.FAILED, ImportState.RUNNING, ImportState.SCANNING)
    state = ImportState.RUNNING if planned.operation_id else ImportState.SCANNING
    resumed = _move(mail_import.id, stopped, state)
    if in_background:
        publish(ImportResumed(resumed.id) if resumed.operation_id else ImportPlanned(resumed.id))
    return resumed


def cancel_import(*, actor: Entrance, mail_import: MailImport, keep: bool) -> MailImport:
    """End it for good: keep what is in already, or turn that back."""
    permit(actor, "import")
    unfinished = (
        ImportState.SCANNING,
        ImportState.PREVIEW,
        ImportState.RUNNING,
        ImportState.PAUSED,
        ImportState.FAILED,
    )
    cancelled = _move(mail_import.id, unfinished, ImportState.CANCELLED, finished=True)
    if not keep and cancelled.operation_id:
        _turn_back(cancelled)
    return cancelled


def undo_import(*, actor: Entrance, mail_import: MailImport) -> MailImport:
    """Turn back everything that an import brought."""
    permit(actor, "import")
    if mail_import.seat_id != actor.seat_id:
        permit(actor, "undo_others")
    locked = _locked(mail_import.id)
    if locked.state not in (ImportState.DONE, ImportState.CANCELLED) or not locked.operation_id:
        raise CannotImport(_("There is nothing to undo."))
    if locked.counts.get("undo"):
        raise CannotImport(_("This import is being undone already, or was."))
    _turn_back(locked)
    return locked


def _turn_back(locked: MailImport) -> None:
    locked.counts = {**locked.counts, "undo": "busy"}
    locked.save(update_fields=["counts"])
    publish(ImportTurnedBack(locked.id))


def _locked(import_id: UUID) -> MailImport:
    locked: MailImport = MailImport.objects.select_for_update().get(id=import_id)
    return locked


def _move(import_id: UUID, before: Iterable[str], after: str, *, finished: bool = False) -> MailImport:
    locked = _locked(import_id)
    if locked.state not in tuple(before):
        raise CannotImport(
            _("That is not possible now: the import is %(state)s.") % {"state": locked.get_state_display()}
        )
    locked.state = after
    locked.problem = ""
    if finished:
        locked.finished_at = now()
    locked.save(update_fields=["state", "problem", "finished_at"])
    return locked
