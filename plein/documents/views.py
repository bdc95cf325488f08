# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.documents.queries import words_of_file
from plein.moments.models import Attachment
from plein.trust.answers import Request, page


@require_safe
def file_words(request: Request, file_id: UUID) -> HttpResponse:
    """The words of a file, to read without opening it."""
    file = Attachment.objects.filter(id=file_id).first()
    if file is None:
        raise Http404
    audit_look("attachment", [file], how="words")
    return page(request, "documents/words.html", {"file": file, "words": words_of_file(file)}, part="words")
