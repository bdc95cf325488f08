# SPDX-License-Identifier: AGPL-3.0-or-later
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plein.documents.bringing import Brought, Wishes, bring_in
from plein.documents.files import Limits, read_files
from plein.documents.forms import MOST_FILES, DocumentsForm
from plein.documents.reader_words import told
from plein.documents.wording import BECOMES, KINDS
from plein.trust.answers import Request, act, allow, page
from plein.trust.rates import UPLOADS, slow_down
from plein.trust.views.frame import UNPROCESSABLE

#: Somebody waits for the answer: what takes longer is for the command.
_QUICK = Limits(seconds=5.0)
_NAME = 300


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
    slow_down("upload", request.seat.user.id, most=UPLOADS)
    wishes = Wishes(form.cleaned_data["circle"], form.cleaned_data["way"])
    with TemporaryDirectory() as folder:
        waiting = [_kept(file, Path(folder) / str(place)) for place, file in enumerate(files)]
        names = [str(file.name)[:_NAME] for file in files]
        answers = list(read_files(list(zip(waiting, names, strict=True)), limits=_QUICK))
        with act("import_documents"):
            brought = [
                bring_in(actor=request.seat, path=path, answer=answer, wishes=wishes, name=name)
                for path, answer, name in zip(waiting, answers, names, strict=True)
            ]
    return _page(request, DocumentsForm(), brought=[_line(one) for one in brought])


def _problem(count: int) -> str:
    if count > MOST_FILES:
        return ngettext(
            "At most %(count)s file at once; “plein import documents” takes any number.",
            "At most %(count)s files at once; “plein import documents” takes any number.",
            MOST_FILES,
        ) % {"count": MOST_FILES}
    return "" if count else _("Choose one or more files.")


def _kept(file: Any, path: Path) -> Path:
    with path.open("wb") as kept:
        for piece in file.chunks():
            kept.write(piece)
    return path


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
