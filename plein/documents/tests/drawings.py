# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters in pictures of every kind, and in a scan."""

from io import BytesIO
from typing import Any

from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont
from PIL.TiffImagePlugin import AppendingTiffWriter


def drawn(words: str) -> Image.Image:
    picture = Image.new("RGB", (900, 160), "white")
    ImageDraw.Draw(picture).text((30, 50), words, font=ImageFont.load_default(36), fill="black")
    return picture


def saved(kind: str, *pictures: Image.Image, **how: Any) -> bytes:
    made = BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if pictures[1:] else {}
    pictures[0].save(made, kind, **more, **how)
    return made.getvalue()


def faxed(*pictures: Image.Image) -> bytes:
    made = BytesIO()
    with AppendingTiffWriter(made) as pages:
        for picture in pictures:
            picture.save(pages, "TIFF")
            pages.newFrame()
        return made.getvalue()


def scanned(*pictures: Image.Image) -> bytes:
    paper = FPDF()
    for picture in pictures:
        paper.add_page()
        paper.image(picture, w=180)
    return bytes(paper.output())


LETTER = drawn("Offerte voor het hekwerk")
ASIDE = LETTER.rotate(-90, expand=True)
TURNED = Image.Exif()
TURNED[0x0112] = 8
PICTURES = {
    "brief.png": saved("PNG", LETTER),
    "brief.jpg": saved("JPEG", ASIDE, exif=TURNED),
    "fax.tiff": faxed(drawn("Eerste blad"), LETTER),
    "brief.webp": saved("WEBP", LETTER),
    "brief.gif": saved("GIF", LETTER, drawn("Later in beeld")),
    "scan.pdf": scanned(LETTER),
}
