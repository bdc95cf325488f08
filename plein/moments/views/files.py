# SPDX-License-Identifier: AGPL-3.0-or-later
import base64
import hashlib
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.csp import CSP
from django.utils.html import format_html
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from plein.core import blobs
from plein.core.audit import audit_look
from plein.core.file_types import PICTURES, UNKNOWN
from plein.core.html import clean_html
from plein.core.pdf_pages import MOST_PAGES, NotDrawn, draw
from plein.moments.models import Attachment, Moment, MomentText
from plein.trust.answers import Request, page
from plein.trust.rates import PAGES_DRAWN, slow_down

PDF = "application/pdf"
TEXTS = frozenset({"text/plain", "text/csv", "text/calendar", "text/markdown", "text/vcard"})
#: What a browser may be told about a file that it downloads; anything that could run is called unknown.
NAMED = PICTURES | TEXTS | {PDF, "application/zip", "application/gzip"}
MOST_TEXT = 100_000
#: Pictures of a mail that are shown inside it: each and all together at most.
INLINE_EACH, INLINE_ALL = 400_000, 2_000_000

#: A file on its own may do nothing at all.
STILL: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "img-src": [CSP.SELF, "data:"],
    "style-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
}
#: How a mail looks that says nothing of it itself; the policy knows it by its hash, and allows no other.
MAIL_LOOK = (
    "body{font:15px/1.5 Figtree,system-ui,sans-serif;margin:14px 16px;color:#1B241F;overflow-wrap:anywhere}"
    "img,table{max-width:100%}img{height:auto}a{color:#1F5F49}"
    "blockquote{margin-inline:0;padding-inline-start:12px;border-inline-start:2px solid #D3CAB7}"
)
_LOOK_HASH = base64.b64encode(hashlib.sha256(MAIL_LOOK.encode()).digest()).decode()
#: A mail in its frame: pictures that came along, our look, and nothing else.
MAIL: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "img-src": ["data:"],
    "style-src": [f"'sha256-{_LOOK_HASH}'"],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    # An origin of its own even when it is opened outside its frame (ADR 0011).
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


def found_file(file_id: UUID) -> Attachment:
    """A file of a moment the reader may see, bytes and all."""
    file = Attachment.objects.filter(id=file_id).first()
    if file is None or not blobs.exists(file.sha256):
        raise Http404
    audit_look("attachment", [file], how="file")
    return file


def _answer(file: Attachment, *, mime: str, as_attachment: bool) -> FileResponse:
    response = FileResponse(
        blobs.path_of(file.sha256).open("rb"), as_attachment=as_attachment, filename=file.name, content_type=mime
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@csp_override(STILL)
def download(request: Request, file_id: UUID) -> HttpResponseBase:
    """A file to keep: never shown by the browser itself."""
    file = found_file(file_id)
    return _answer(file, mime=file.mime if file.mime in NAMED else UNKNOWN, as_attachment=True)


@require_safe
@csp_override(STILL)
def inline(request: Request, file_id: UUID) -> HttpResponseBase:
    """A picture or a PDF that the browser shows; a drawing (SVG) never."""
    file = found_file(file_id)
    if file.mime not in PICTURES and file.mime != PDF:
        raise Http404
    return _answer(file, mime=file.mime, as_attachment=False)


@require_safe
def preview(request: Request, file_id: UUID) -> HttpResponse:
    """A look at a file, in a dialog or on a page of its own."""
    file = found_file(file_id)
    kind, text, pages = "other", "", range(0)
    if file.mime in PICTURES:
        kind = "picture"
    elif file.mime == PDF:
        kind, pages = "pdf", _pages(file)
    elif file.mime in TEXTS:
        kind = "text"
        with blobs.path_of(file.sha256).open("rb") as stream:
            text = stream.read(MOST_TEXT).decode(errors="replace")
    return page(
        request, "moments/preview.html", {"file": file, "kind": kind, "text": text, "pages": pages}, part="preview"
    )


def _pages(file: Attachment) -> range:
    """The numbers of the pages that can be shown; none of a PDF that cannot be drawn."""
    try:
        return range(1, min(draw(blobs.path_of(file.sha256), 1).pages, MOST_PAGES) + 1)
    except NotDrawn:
        return range(0)


@require_safe
@csp_override(STILL)
def pdf_page(request: Request, file_id: UUID, number: int) -> HttpResponse:
    """A picture of a page of a PDF, drawn here: the reader's browser never opens what a stranger made."""
    file = found_file(file_id)
    if file.mime != PDF:
        raise Http404
    slow_down("draw", request.seat.user.id, most=PAGES_DRAWN)
    try:
        drawing = draw(blobs.path_of(file.sha256), number)
    except NotDrawn as trouble:
        raise Http404 from trouble
    response = HttpResponse(drawing.png, content_type="image/png")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _pictures(moment_id: UUID) -> dict[str, str]:
    """The pictures that came along with a mail, as data, by the name under which its text calls them."""
    found: dict[str, str] = {}
    together = 0
    files = Attachment.objects.filter(moment_id=moment_id, size__lte=INLINE_EACH, mime__in=PICTURES).exclude(
        content_id=""
    )
    for file in files.order_by("id")[:50]:
        together += file.size
        if together > INLINE_ALL:
            break
        if blobs.exists(file.sha256):
            data = base64.b64encode(blobs.path_of(file.sha256).read_bytes()).decode()
            found[file.content_id.strip("<>")] = f"data:{file.mime};base64,{data}"
    return found


@require_safe
@xframe_options_sameorigin
@csp_override(MAIL)
def mail_html(request: Request, moment_id: UUID) -> HttpResponse:
    """A mail as it was sent, cleaned, for a frame that can do nothing."""
    moment = Moment.objects.filter(id=moment_id).first()
    text = MomentText.objects.filter(moment_id=moment_id).exclude(html="").order_by("id").first()
    if moment is None or text is None:
        raise Http404
    audit_look("moment", [moment])
    cleaned = clean_html(text.html, _pictures(moment_id))
    context = {
        "html": format_html("{}", cleaned),
        "language": get_language(),
        "look": format_html("<style>{}</style>", MAIL_LOOK),
        "title": "",
    }
    response = HttpResponse(render_to_string("moments/mail.html", context))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
