# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every door does with an address book that comes in, and with what somebody chose for it."""

from collections.abc import Iterable, Mapping

from plein.channels.connectors.contacts.tables import Dialect
from plein.channels.models import Upload
from plein.channels.uploads import PIECE, begin_upload, file_of, take_piece
from plein.imports import actions
from plein.imports.actions import Wishes
from plein.imports.entries import Book, look_at
from plein.imports.models import ContactImport
from plein.imports.queries import earlier_of
from plein.trust.seats import Entrance


def keep_file(actor: Entrance, name: str, size: int, pieces: Iterable[bytes]) -> Upload:
    """Keep a file that was sent whole; raises RefusedUpload."""
    upload = begin_upload(actor=actor, name=name, size=size)
    if upload.received:
        # The same file was broken off before: all of it is here now, so it begins anew.
        Upload.objects.filter(id=upload.id).update(received=0)
        upload.received = 0
    for whole in pieces:
        for start in range(0, len(whole), PIECE):
            data = whole[start : start + PIECE]
            upload = take_piece(actor=actor, upload_id=upload.id, start=upload.received, data=data)
    return upload


def plan_upload(actor: Entrance, upload: Upload) -> ContactImport:
    """Take on an address book that was sent, with its columns as they were chosen before; raises NotATable."""
    book = look_at(file_of(upload))
    planned = actions.plan_import(actor=actor, book=_as_before(actor, book), name=upload.name, is_upload=True)
    upload.delete()
    return planned


def read_again(actor: Entrance, planned: ContactImport, dialect: Dialect, *, is_headed: bool | None) -> ContactImport:
    """Read the table anew, written otherwise; what is wished for it stays. Raises NotATable, OSError, CannotBring."""
    book = look_at(actions.kept_book(planned).path, dialect, is_headed=is_headed)
    wishes = actions.wishes_of(planned)
    return actions.choose(actor=actor, contact_import=planned, book=_as_before(actor, book), wishes=wishes)


def keep_choices(
    actor: Entrance, planned: ContactImport, book: Book, fields: Mapping[int, str], wishes: Wishes
) -> ContactImport:
    """Keep what was chosen, make fields of columns by place and type, and look what would become of each entry."""
    if fields:
        book = actions.make_fields(actor=actor, book=book, wanted=fields)
    actions.choose(actor=actor, contact_import=planned, book=book, wishes=wishes)
    return actions.look_ahead(actor=actor, contact_import=planned)


def _as_before(actor: Entrance, book: Book) -> Book:
    return actions.remembered(book, earlier_of(book.head, actor.seat_id))
