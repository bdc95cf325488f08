# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small honest files of every kind that is read, each with the word "hekwerk" in it."""

import zipfile
from io import BytesIO

from fpdf import FPDF

WORD = "hekwerk"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_O = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def packed(**members: str | bytes) -> bytes:
    """A packed file; `__` in a name stands for a slash, `_dot_` for a dot."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return made.getvalue()


def paper(text: str, attached: bytes = b"") -> bytes:
    """A PDF with a text, and an invoice for machines inside it."""
    made = FPDF()
    made.add_page()
    made.set_font("helvetica")
    made.multi_cell(0, text=text)
    if attached:
        made.embed_file(basename="factur-x.xml", bytes=attached)
    return bytes(made.output())


FILES: dict[str, bytes] = {
    "offerte.pdf": paper("Offerte voor een hekwerk van 40 meter"),
    "brief.docx": packed(
        word__document_dot_xml=f"<w:document {_W}><w:body><w:p><w:r><w:t>Beste </w:t></w:r><w:r><w:t>Henk,</w:t></w:r>"
        "</w:p><w:p><w:r><w:t>het hekwerk</w:t><w:tab/><w:delText>weg</w:delText></w:r></w:p></w:body></w:document>"
    ),
    "lijst.xlsx": packed(
        xl__sharedStrings_dot_xml=f"<sst {_X}><si><t>hekwerk</t></si><si><r><t>me</t></r><r><t>ter</t></r></si></sst>",
        xl__worksheets__sheet1_dot_xml=f'<worksheet {_X}><sheetData><row><c t="s"><v>0</v></c><c><v>40</v></c>'
        '<c t="s"><v>1</v></c></row></sheetData></worksheet>',
    ),
    "praatje.pptx": packed(
        ppt__slides__slide1_dot_xml=f"<p:sld {_A} xmlns:p='p'><a:p><a:r><a:t>Ons hekwerk</a:t></a:r></a:p></p:sld>"
    ),
    "brief.odt": packed(
        content_dot_xml=f"<office:document-content {_O}><office:body><text:h>Offerte</text:h><text:p>een<text:s/>"
        "hekwerk</text:p></office:body></office:document-content>"
    ),
    "lijst.ods": packed(
        content_dot_xml=f"<office:document-content {_O}><office:body><table:table><table:table-row><table:table-cell>"
        "<text:p>hekwerk</text:p></table:table-cell></table:table-row></table:table></office:body>"
        "</office:document-content>"
    ),
    "pagina.html": b"<html><body><script>weg()</script><p>Ons <b>hekwerk</b></p></body></html>",
    "tekst.txt": "Het hekwerk kost \u20ac 900".encode("utf-16"),
    "bericht.eml": b"From: a@b.example\r\nTo: c@d.example\r\nSubject: hekwerk\r\n\r\nDag\r\n",
    "order.xml": b"<?xml version='1.0'?><order><what>hekwerk</what></order>",
}
