# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeping what stands in files."""

from collections.abc import Sequence
from dataclasses import dataclass

from plein.documents.files import Answer
from plein.documents.files.wire import from_json
from plein.documents.models import FileRecord, FileText
from plein.documents.queries import BLIND, READER, WaitingFile
from plein.documents.rows import rows_of
from plein.moments.models import Attachment
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file and what came of reading it."""

    file: WaitingFile
    answer: Answer


def keep_words(*, actor: Entrance, files: Sequence[ReadFile]) -> int:
    """Keep what stands in files, words and documents, in the place of what an earlier reader made; of how many.

    A file that went while it was being read, or that nobody at work may see any more, is passed by.
    """
    permit(actor, "read")
    ids = [one.file.id for one in files]
    present = dict(Attachment.objects.select_for_update().filter(id__in=ids).values_list("id", "circle_id"))
    FileText.objects.filter(attachment_id__in=present).delete()
    kept = FileText.objects.bulk_create(
        FileText(
            circle_id=present[one.file.id],
            moment_id=one.file.moment_id,
            attachment_id=one.file.id,
            name=one.file.name,
            text=one.answer.text,
            state=one.answer.state,
            reason=one.answer.reason[:300],
            made_by=BLIND if one.answer.is_blind else READER,
        )
        for one in files
        if one.file.id in present
    )
    FileRecord.objects.filter(attachment_id__in=present).delete()
    FileRecord.objects.bulk_create(
        FileRecord(circle_id=present[one.file.id], moment_id=one.file.moment_id, attachment_id=one.file.id, **fields)
        for one in files
        if one.file.id in present
        for fields in rows_of(from_json(record) for record in one.answer.records)
    )
    return len(kept)
