# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of plain text, web pages and kept mail."""

import codecs

from plein.channels.connectors.mail.html_text import html_to_text
from plein.channels.connectors.mail.limits import Limits as MailLimits
from plein.channels.connectors.mail.parse import parse_message
from plein.channels.connectors.mail.raw import Raw
from plein.documents.files.limits import Limits

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = (".txt", ".csv", ".md", ".log", ".sta", ".940", ".swi", ".cod", ".coda")


def seems_text(head: bytes, name: str) -> bool:
    """Whether bytes that are no UTF-8 are text all the same: marked as such, or called so and free of zeros."""
    if any(head.startswith(mark) for mark, _encoding in _MARKS):
        return True
    return b"\x00" not in head and name.lower().endswith(_NAMES)


def decoded(data: bytes) -> str:
    """Text in whatever character set it seems to be written."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def page_words(data: bytes, limits: Limits) -> str:
    """What a reader of a web page sees."""
    return html_to_text(decoded(data[: limits.text * 20]), limits.text)


def mail_words(data: bytes, limits: Limits) -> str:
    """Subject, people and text of a mail that was kept as a file."""
    message = parse_message(Raw("", "", 1, data, len(data), ""), None, MailLimits())
    people = [" ".join(filter(None, (one.name, one.address))) for one in message.addresses]
    head = [message.subject, ", ".join(people)]
    names = [one.name for one in message.attachments if one.name]
    return "\n".join(filter(None, [*head, "", message.text or html_to_text(message.html, limits.text), *names]))
