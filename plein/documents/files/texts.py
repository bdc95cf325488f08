# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a file, by what it is and not by what it is called."""

import re

from plein.core.file_types import HEAD, UNKNOWN, sniff
from plein.documents.files import office, paper, pictures
from plein.documents.files.letters import Eyes
from plein.documents.files.limits import Limits, NothingToRead
from plein.documents.files.markup import parse
from plein.documents.files.plain import decoded, mail_words, page_words, seems_text

_OFFICE = "application/vnd."
_DRAWN = {"application/pdf": paper.words_of} | dict.fromkeys(pictures.KINDS, pictures.words_of)
_MAIL = re.compile(rb"(?:[!-9;-~]{1,70}:[ \t][^\n]*\r?\n(?:[ \t][^\n]*\n)*){3}", re.ASCII)
_MAIL_NAMES = (".eml", ".emlx", ".mht")
_BLANKS, _EMPTY = re.compile(r"[ \t\xa0]+"), re.compile(r"\n{3,}")


def kind_of(data: bytes, name: str) -> str:
    """The media type of a file; a kept mail is told from other text."""
    found = sniff(data[:HEAD], name)
    if found == UNKNOWN and seems_text(data[:HEAD], name):
        found = "text/plain"
    is_mail = name.lower().endswith(_MAIL_NAMES) or (found == "text/plain" and _is_mail(data[:HEAD]))
    if is_mail and found.startswith(("text/", UNKNOWN)):
        return "message/rfc822"
    return found


def _is_mail(head: bytes) -> bool:
    return bool(_MAIL.match(head)) and b"\nfrom:" in b"\n" + head.lower()


def text_of(data: bytes, name: str, limits: Limits, eyes: Eyes) -> tuple[str, str]:
    """The media type of a file and its words; raises Refused, or NothingToRead when it holds none."""
    kind = kind_of(data, name)
    return kind, tidy(_read(data, kind, limits, eyes), limits.text)


def _read(data: bytes, kind: str, limits: Limits, eyes: Eyes) -> str:
    if kind in _DRAWN:
        return _DRAWN[kind](data, limits, eyes)
    if kind.startswith(_OFFICE):
        return office.words_of(data, limits)
    if kind == "text/html":
        return page_words(data, limits)
    if kind == "message/rfc822":
        return mail_words(data, limits)
    if kind == "application/xml":
        return "\n".join(text for one in parse(data).itertext() if (text := one.strip()))
    if kind.startswith("text/"):
        return decoded(data[: limits.text * 4])
    raise NothingToRead("A file of this kind holds no words.")


def tidy(text: str, most: int) -> str:
    """The text without what no reader sees, and no longer than is kept."""
    shown = "".join(sign if sign.isprintable() or sign in "\n\t" else " " for sign in text[: most * 2])
    lines = (_BLANKS.sub(" ", line).strip() for line in shown.split("\n"))
    return _EMPTY.sub("\n\n", "\n".join(lines)).strip()[:most]
