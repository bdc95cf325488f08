# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that come in by pieces over the web, and resume where they stopped."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from plein.channels.models import Upload
from plein.core.isolation import workspace_id
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: The largest piece that is taken, and what the disk must keep free.
PIECE = 8 * 1024 * 1024
KEPT_FREE = 512 * 1024 * 1024
_UNSAFE = re.compile(r"[^\w.@+ -]+")


class RefusedUpload(ValueError):
    """Why a file is not taken; the message is for the user."""


@dataclass(frozen=True, slots=True)
class WrongPlace(Exception):
    """A piece does not follow what is there; `offset` is where to go on."""

    offset: int


def folder_of(upload: Upload) -> Path:
    """Where the file of an upload stands."""
    return Path(settings.PLEIN_FILES) / str(workspace_id()) / "uploads" / str(upload.id)


def file_of(upload: Upload) -> Path:
    """The file of an upload; its name keeps the ending by which the kind of store is known."""
    name = _UNSAFE.sub("_", Path(upload.name.replace("\\", "/")).name).strip(". ")[-120:]
    return folder_of(upload) / (name or "mail")


def begin_upload(*, actor: Entrance, name: str, size: int) -> Upload:
    """Start a file, or go on with the same one of the same user that was broken off."""
    permit(actor, "import")
    if size <= 0:
        raise RefusedUpload(_("This file is empty."))
    if size > settings.PLEIN_UPLOAD_LIMIT:
        limit = settings.PLEIN_UPLOAD_LIMIT // (1024 * 1024)
        raise RefusedUpload(
            _("This file is larger than %(limit)s MB. Put it on the server and bring it in from there.")
            % {"limit": limit}
        )
    broken_off: Upload | None = Upload.objects.filter(
        seat_id=actor.seat_id, name=name[:300], size=size, received__lt=size
    ).first()
    if broken_off is not None:
        return broken_off
    free = shutil.disk_usage(settings.PLEIN_FILES).free
    if free < size + KEPT_FREE:
        raise RefusedUpload(_("The disk of the server has no room for this file."))
    begun: Upload = Upload.objects.create(seat_id=actor.seat_id, name=name[:300], size=size)
    folder_of(begun).mkdir(parents=True, exist_ok=True)
    return begun


def take_piece(*, actor: Entrance, upload_id: UUID, start: int, data: bytes) -> Upload:
    """Add a piece; raises WrongPlace when it does not follow what is there."""
    permit(actor, "import")
    upload: Upload = Upload.objects.select_for_update().get(id=upload_id, seat_id=actor.seat_id)
    if start != upload.received or len(data) > PIECE or start + len(data) > upload.size:
        raise WrongPlace(upload.received)
    target = file_of(upload)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("r+b" if target.exists() else "wb") as file:
        # A piece that was written but not counted is written again.
        file.seek(start)
        file.write(data)
        file.truncate()
    upload.received = start + len(data)
    upload.save(update_fields=["received"])
    return upload


def drop_upload(*, actor: Entrance, upload_id: UUID) -> None:
    """Forget a file that is not wanted any more."""
    permit(actor, "import")
    for upload in Upload.objects.filter(id=upload_id, seat_id=actor.seat_id):
        shutil.rmtree(folder_of(upload), ignore_errors=True)
        upload.delete()
