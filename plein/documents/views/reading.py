# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from plein.core.audit import Shown, audit_look
from plein.documents.money import bills_of, totals_of
from plein.documents.queries import words_of_file
from plein.moments.models import Attachment
from plein.relations.models import Relation
from plein.trust.answers import Request, page


@require_safe
def bills(request: Request, relation_id: UUID) -> HttpResponse:
    """What a relation was sent and what we received from them, as a page or as a part of theirs."""
    relation = Relation.objects.filter(id=relation_id).first()
    if relation is None:
        raise Http404
    found = bills_of(relation.id)
    audit_look("relation", [relation], how="list")
    audit_look("moment", [Shown(one.moment_id, one.circle_id) for one in found], how="list")
    context = {"relation": relation, "bills": found, "totals": totals_of(found)}
    return page(request, "documents/bills.html", context, part="aside")


@require_safe
def file_words(request: Request, file_id: UUID) -> HttpResponse:
    """The words of a file, to read without opening it."""
    file = Attachment.objects.filter(id=file_id).first()
    if file is None:
        raise Http404
    audit_look("attachment", [file], how="words")
    return page(request, "documents/words.html", {"file": file, "words": words_of_file(file)}, part="words")
