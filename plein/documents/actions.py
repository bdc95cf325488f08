# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeping what stands in files."""

from collections.abc import Sequence
from dataclasses import dataclass

from plein.documents.files import Answer
from plein.documents.models import FileText
from plein.documents.queries import READER, WaitingFile
from plein.moments.models import Attachment
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file and what came of reading it."""

    file: WaitingFile
    answer: Answer


def keep_words(*, actor: Entrance, files: Sequence[ReadFile]) -> int:
    """Keep the words of files, in the place of what an earlier reader made of them; of how many they are kept.

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
            made_by=READER,
        )
        for one in files
        if one.file.id in present
    )
    return len(kept)
