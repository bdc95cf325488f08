# SPDX-License-Identifier: AGPL-3.0-or-later
"""The paper itself: A4, our letters, headings, pairs of label and value, paragraphs, and a foot with page numbers."""

import unicodedata
from pathlib import Path

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONTS = Path(__file__).parent / "fonts"
INK, SOFT, LINE = (27, 36, 31), (100, 108, 99), (230, 223, 208)
LABEL_WIDTH = 38


def printable(text: str) -> str:
    """Text without characters that have no shape: controls, direction marks, and halves of pairs."""
    kept = (char if char in "\n\t" or unicodedata.category(char)[0] != "C" else "" for char in text)
    return "".join(kept).replace("\t", "    ")


class Paper(FPDF):
    """A document in the making."""

    def __init__(self, title: str, foot: str, language: str) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.set_margins(20, 18, 20)
        self.set_auto_page_break(auto=True, margin=20)
        self.add_font("figtree", "", FONTS / "figtree-regular.ttf")
        self.add_font("figtree", "B", FONTS / "figtree-semibold.ttf")
        self.add_font("dejavu", "", FONTS / "dejavu-sans.ttf")
        self.set_fallback_fonts(["dejavu"], exact_match=False)
        self.set_title(title)
        self.set_lang(language)
        self.set_creator("Plein")
        self.add_page()

    def footer(self) -> None:
        """The foot of each page."""
        self.set_y(-14)
        self._look(8, SOFT)
        pages = _("page %(number)s of {nb}") % {"number": self.page_no()}
        self.cell(0, 4, f"{self.foot} · {pages}", align="C")

    def name_on_top(self, text: str, under: str) -> None:
        """The name on top, and a line below it."""
        self._look(20, INK, bold=True)
        self._write(text, 9)
        if under:
            self._look(10.5, SOFT)
            self._write(under, 5.5)
        self.ln(3)

    def heading(self, text: str) -> None:
        """A heading with a hairline, never alone at the foot of a page."""
        if self.will_page_break(24):
            self.add_page()
        self.ln(3)
        self._look(12.5, INK, bold=True)
        self._write(text, 7)
        self.set_draw_color(*LINE)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(2)

    def pair(self, label: str, value: str) -> None:
        """A label and its value beside it."""
        if not value:
            return
        self._look(9.5, SOFT)
        if self.will_page_break(6):
            self.add_page()
        top = self.get_y()
        self.cell(LABEL_WIDTH, 5, printable(label))
        self.set_xy(self.l_margin + LABEL_WIDTH, top)
        self._look(10, INK)
        self._write(value, 5)

    def line_of(self, strong: str, rest: str) -> None:
        """One line that begins with what it is about."""
        if self.will_page_break(12):
            self.add_page()
        self._look(10, INK, bold=True)
        self._write(strong, 5)
        if rest:
            self._look(9, SOFT)
            self._write(rest, 4.5)

    def text_block(self, text: str) -> None:
        """A paragraph."""
        if text:
            self._look(10, INK)
            self._write(text, 5)

    def gap(self) -> None:
        """A little air."""
        self.ln(2.5)

    def _look(self, size: float, colour: tuple[int, int, int], *, bold: bool = False) -> None:
        self.set_font("figtree", "B" if bold else "", size)
        self.set_text_color(*colour)

    def _write(self, text: str, height: float) -> None:
        self.multi_cell(0, height, printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
