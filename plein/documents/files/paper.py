# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of PDF files, and the files that travel inside them: an invoice for machines, for instance."""

import math
from collections.abc import Iterator
from contextlib import closing

import pypdfium2 as pdfium

from plein.documents.files.letters import Eyes
from plein.documents.files.limits import Limits, Refused

#: An invoice for machines is one file of a few; a container of hundreds is something else.
MOST_INSIDE = 50
#: Where Factur-X, ZUGFeRD and their relatives put the invoice.
_INVOICE = (".xml",)
#: A page without text is drawn at 300 dots to the inch, and with no more of them than a sheet of A4 has so.
SHARP, MOST_DOTS = 300 / 72, 9_000_000


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as trouble:
        if "password" in str(trouble).lower():
            raise Refused("This PDF is closed with a password.") from trouble
        raise Refused("This PDF is damaged: it cannot be opened.") from trouble


def words_of(data: bytes, limits: Limits, eyes: Eyes) -> str:
    """The text of a PDF, page after page; of a page that is a picture the letters in it."""
    parts: list[str] = []
    size = 0
    with closing(_opened(data)) as document:
        for number in range(min(len(document), limits.pages)):
            try:
                text = _page(document, number, eyes)
            except pdfium.PdfiumError:
                # One page that is damaged takes nothing away from the others.
                continue
            parts.append(text)
            size += len(text)
            if size > limits.text:
                break
    return "\n\n".join(parts).replace("\r\n", "\n")


def _page(document: pdfium.PdfDocument, number: int, eyes: Eyes) -> str:
    with closing(document[number]) as page:
        with closing(page.get_textpage()) as text:
            words = str(text.get_text_bounded())
        return words if words.strip() or not _shows_anything(page) else _seen(page, eyes)


def _shows_anything(page: pdfium.PdfPage) -> bool:
    return next(iter(page.get_objects(max_depth=1)), None) is not None


def _seen(page: pdfium.PdfPage, eyes: Eyes) -> str:
    """The letters of a page without any text, drawn as it would be printed."""
    width, height = page.get_size()
    if not eyes.are_open or width * height <= 0:
        return ""
    scale = min(SHARP, math.sqrt(MOST_DOTS / (width * height)))
    with closing(page.render(scale=scale, grayscale=True)) as drawn:
        return eyes.letters_of(drawn.to_pil().convert("L"))


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
