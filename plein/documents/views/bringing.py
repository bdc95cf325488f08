# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plein.documents.bringing import Brought, Wishes
from plein.documents.forms import MOST_FILES, DocumentsForm
from plein.documents.reader_words import told
from plein.documents.receiving import bring_sent
from plein.documents.wording import BECOMES, KINDS
from plein.trust.answers import Request, act, allow, page
from plein.trust.views.frame import UNPROCESSABLE


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: Request) -> HttpResponse:
    """Invoices and statements come in, and what became of each is told at once; the same ones again change nothing."""
    allow(request, "import")
    if request.method != "POST":
        return _page(request, DocumentsForm())
    form = DocumentsForm(request.POST)
    files = [file for file in request.FILES.getlist("files") if file and file.name]
    if not form.is_valid() or not files or len(files) > MOST_FILES:
        return _page(request, form, problem=_problem(len(files)), status=UNPROCESSABLE)
    wishes = Wishes(form.cleaned_data["circle"], form.cleaned_data["way"])
    with act("import_documents"):
        brought = bring_sent(request.seat, files, wishes)
    return _page(request, DocumentsForm(), brought=[_line(one) for one in brought])


def _problem(count: int) -> str:
    if count > MOST_FILES:
        return ngettext(
            "At most %(count)s file at once; “plein import documents” takes any number.",
            "At most %(count)s files at once; “plein import documents” takes any number.",
            MOST_FILES,
        ) % {"count": MOST_FILES}
    return "" if count else _("Choose one or more files.")


def _line(one: Brought) -> dict[str, Any]:
    return {
        "name": one.name,
        "becomes": BECOMES[one.becomes],
        "what": " ".join(filter(None, (str(KINDS.get(one.kind, "")), one.number))),
        "relation": one.relation,
        "reason": told(one.reason),
        "flaws": one.flaws,
        "moment_id": one.moment_id,
    }


def _page(request: Request, form: DocumentsForm, *, status: int = 200, **more: Any) -> HttpResponse:
    return page(request, "documents/bring_in.html", {"form": form, "most": MOST_FILES, **more}, status=status)
