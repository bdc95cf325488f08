# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of PDF files, and the files that travel inside them: an invoice for machines, for instance."""

from collections.abc import Iterator
from contextlib import closing

import pypdfium2 as pdfium

from plein.documents.files.limits import Limits, Refused

#: An invoice for machines is one file of a few; a container of hundreds is something else.
MOST_INSIDE = 50
#: Where Factur-X, ZUGFeRD and their relatives put the invoice.
_INVOICE = (".xml",)


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as trouble:
        if "password" in str(trouble).lower():
            raise Refused("This PDF is closed with a password.") from trouble
        raise Refused("This PDF is damaged: it cannot be opened.") from trouble


def words_of(data: bytes, limits: Limits) -> str:
    """The text of a PDF, page after page."""
    parts: list[str] = []
    size = 0
    with closing(_opened(data)) as document:
        for number in range(min(len(document), limits.pages)):
            try:
                text = _page(document, number)
            except pdfium.PdfiumError:
                # One page that is damaged takes nothing away from the others.
                continue
            parts.append(text)
            size += len(text)
            if size > limits.text:
                break
    return "\n\n".join(parts).replace("\r\n", "\n")


def _page(document: pdfium.PdfDocument, number: int) -> str:
    with closing(document[number]) as page, closing(page.get_textpage()) as text:
        return str(text.get_text_bounded())


def inside(data: bytes, limits: Limits) -> Iterator[bytes]:
    """The XML files that travel inside a PDF."""
    with closing(_opened(data)) as document:
        for number in range(min(document.count_attachments(), MOST_INSIDE)):
            try:
                attached = document.get_attachment(number)
                name, content = str(attached.get_name()), attached.get_data()
            except pdfium.PdfiumError:
                continue
            if name.lower().endswith(_INVOICE) and content is not None and len(content) <= limits.unpacked:
                yield bytes(content)
