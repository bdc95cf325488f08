# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from plein.core import blobs
from plein.core.audit import audit
from plein.core.events import publish
from plein.core.file_types import HEAD, sniff
from plein.core.models import Operation
from plein.core.operations import operation
from plein.moments.events import FilesAttached
from plein.moments.models import Attachment, Moment, MomentText
from plein.trust.permissions import permit
from plein.trust.rates import UPLOADS, slow_down
from plein.trust.seats import Entrance

#: The most one attached file may weigh.
LARGEST_FILE = 100 * 1024 * 1024


class FileTooLarge(ValueError):
    """A file weighs more than one may attach; the message says which and how much is allowed."""


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file on its way in: its name, its size, and the binary stream of its bytes."""

    name: str
    size: int
    stream: Any


def clean_name(name: str) -> str:
    """A file name without folders, control characters or direction marks, short enough to keep."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(
        char for char in last if char.isprintable() and char not in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
    )
    return shown.strip()[:300] or _("file")


def keep_files(text: MomentText, files: Iterable[IncomingFile]) -> list[Attachment]:
    """Keep files with the text they came with. Runs inside the operation of whoever calls."""
    kept = []
    for file in files:
        if file.size > LARGEST_FILE:
            raise FileTooLarge(
                _("%(name)s is larger than 100 MB. Bring it in as an import, or send a link to it.")
                % {"name": clean_name(file.name)}
            )
        name = clean_name(file.name)
        mime = sniff(file.stream.read(HEAD), name)
        file.stream.seek(0)
        kept.append(
            Attachment(
                moment_id=text.moment_id,
                text=text,
                name=name,
                mime=mime,
                size=file.size,
                sha256=blobs.store(file.stream),
            )
        )
    return list(Attachment.objects.bulk_create(kept))


def attach_files(*, actor: Entrance, moment: Moment, files: Iterable[IncomingFile]) -> list[Attachment]:
    """Attach files to a moment that was recorded before."""
    permit(actor, "write")
    slow_down("upload", actor.user.id, most=UPLOADS)
    with operation("attach_files"):
        text = MomentText.objects.filter(moment=moment).order_by("id").first() or MomentText.objects.create(
            moment=moment
        )
        kept = keep_files(text, files)
        publish(FilesAttached(moment.id))
        return kept


def remove_attachment(*, actor: Entrance, attachment: Attachment) -> Operation:
    """Take a file off a moment; its bytes stay, so that undo brings it back."""
    permit(actor, "delete")
    with operation("remove_attachment") as removal:
        audit("delete", kind="attachment", about=attachment.id, operation=removal.id)
        Attachment.objects.filter(id=attachment.id).delete()
    return removal
