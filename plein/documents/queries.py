# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files whose words were not read yet, and words that were."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.documents.models import FileText
from plein.moments.models import Attachment

#: Which reader reads the files now: a better one reads them again. What is left blind, for want of a program that
#: recognises letters in pictures, is as it should be until there is one.
READER, BLIND = 4, 3
#: Before and after every moment there is.
START, END = UUID(int=0), UUID(int=2**128 - 1)
_WAITING = """
SELECT a.id, a.moment_id, a.circle_id, a.name, a.sha256 FROM moments_attachment a
 WHERE {a} AND a.moment_id BETWEEN %(after)s::uuid AND %(until)s::uuid AND a.id > %(past)s::uuid AND NOT a.is_inline
   AND NOT EXISTS (SELECT FROM documents_file_text t WHERE {t} AND t.attachment_id = a.id
                    AND t.made_by IN (%(reader)s::int, %(enough)s::int))
 ORDER BY a.id LIMIT %(limit)s::int
"""


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that waits to be read, and where it belongs."""

    id: UUID
    moment_id: UUID
    circle_id: int
    name: str
    sha256: str


def waiting_files(*, after: UUID, until: UUID, past: UUID, limit: int, sees: bool) -> list[WaitingFile]:
    """Files of the moments between two, both included, that nobody read yet; those with a later id than `past`.

    Whoever `sees` letters in pictures reads again what was left for want of that.
    """
    asked = {"after": str(after), "until": str(until), "past": str(past), "limit": str(limit), "reader": str(READER)}
    asked["enough"] = str(READER if sees else BLIND)
    with connection.cursor() as cursor:
        cursor.execute(scoped(_WAITING), asked)
        return [WaitingFile(*row) for row in cursor.fetchall()]


def words_of_file(file: Attachment) -> FileText | None:
    """The words of a file, or nothing when nobody read it yet."""
    found: FileText | None = FileText.objects.filter(attachment=file).order_by("-made_by").first()
    return found
