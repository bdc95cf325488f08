# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chooses from the parts of a message what is read, what is shown and what is a file."""

import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from plein.channels.base import AttachmentPart, Invitation
from plein.channels.connectors.mail.charsets import clean
from plein.channels.connectors.mail.headers import first, parse_headers, squeezed
from plein.channels.connectors.mail.html_text import html_to_text
from plein.channels.connectors.mail.invitations import read_invitations
from plein.channels.connectors.mail.limits import Limits, in_words
from plein.channels.connectors.mail.mime import Part
from plein.channels.connectors.mail.spool import keep

_BODY_TYPES = ("text/plain", "text/html", "text/enriched", "text/richtext")
_AT_MOST_NAMES = 255


@dataclass(slots=True)
class Bodies:
    """What the parts of one message came to."""

    text: str = ""
    html: str = ""
    attachments: list[AttachmentPart] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def read_bodies(root: Part, spool: Path | None, limits: Limits) -> Bodies:
    """Read every leaf part; files go to the spool (None: they are described but not kept)."""
    result = Bodies()
    texts: list[str] = []
    htmls: list[str] = []
    for part in root.walk():
        if part.type.startswith("multipart/"):
            if part.children and not part.closed:
                result.defects.append("A multipart message ends before its last boundary.")
            continue
        if _is_body(part):
            _take_body(part, texts, htmls)
        else:
            _take_file(part, result, spool, limits)
    result.text = _joined(texts)
    result.html = clean("\n".join(htmls))
    if not result.text.strip() and result.html:
        result.text = html_to_text(result.html[: limits.html], limits.text)
    _cut(result, limits)
    result.defects = list(dict.fromkeys(result.defects))
    return result


def _is_body(part: Part) -> bool:
    if part.type not in _BODY_TYPES:
        return False
    disposition, _ = part.disposition()
    if disposition == "attachment":
        return False
    return not part.file_name() or (part.type == "text/html" and not disposition)


def _take_body(part: Part, texts: list[str], htmls: list[str]) -> None:
    text = part.text()
    if not text.strip():
        return
    if part.type == "text/html":
        htmls.append(text)
    elif part.type == "text/plain":
        is_flowed = part.parameters.get("format", "").lower() == "flowed"
        texts.append(_unflowed(text, part.parameters) if is_flowed else text)
    else:
        texts.append(html_to_text(text))


def _unflowed(text: str, parameters: dict[str, str]) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676)."""
    glue = "" if parameters.get("delsp", "").lower() == "yes" else " "
    lines: list[str] = []
    open_depth = -1
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        soft = line.endswith(" ") and line != "-- "
        if open_depth == depth and line != "-- ":
            lines[-1] += line.rstrip(" ") + glue if soft else line
        else:
            body = line.rstrip(" ") + glue if soft else line
            lines.append((">" * depth + " " if depth else "") + body)
        open_depth = depth if soft else -1
    return "\n".join(lines)


def _joined(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else "\n\n".join(text.strip("\n") for text in texts)


def _cut(result: Bodies, limits: Limits) -> None:
    if len(result.text) > limits.text:
        result.defects.append(f"The text is longer than {limits.text:,} characters: the rest was left out.")
        result.text = result.text[: limits.text]
    if len(result.html) > limits.html:
        result.defects.append(f"The HTML is longer than {limits.html:,} characters: the rest was left out.")
        result.html = result.html[: limits.html]


def _take_file(part: Part, result: Bodies, spool: Path | None, limits: Limits) -> None:
    name = _name(part, limits)
    is_base64 = first(part.headers, "content-transfer-encoding").lower().startswith("base64")
    estimate = (part.end - part.start) * 3 // 4 if is_base64 else part.end - part.start
    if estimate > limits.attachment:
        result.defects.append(f"Too large, not stored: {name}, {in_words(estimate)}.")
        return
    if part.type == "text/calendar":
        invitations, defect = read_invitations(part.text(), part.parameters.get("method", ""))
        result.invitations.extend(invitations)
        if defect:
            result.defects.append(defect)
    body = part.body()
    if not body and not part.file_name():
        return
    disposition, _ = part.disposition()
    content_id = clean(first(part.headers, "content-id")).strip().strip("<>")[:300]
    is_inline = disposition == "inline" or (bool(content_id) and disposition != "attachment")
    digest = keep(spool, body) if spool is not None else ""
    result.attachments.append(AttachmentPart(name, part.type[:150], len(body), digest, content_id, is_inline))


def _name(part: Part, limits: Limits) -> str:
    """Return a harmless file name: no folders, no control characters, at most 255 characters with its ending."""
    given = "".join(c if c.isprintable() else " " for c in clean(part.file_name()))
    given = " ".join(given.replace("\\", "/").rpartition("/")[2].split()).strip(". ") if given else ""
    if not given and part.type == "message/rfc822":
        inner, _ = parse_headers(part.data[part.start : min(part.end, part.start + 20_000)].partition(b"\n\n")[0])
        subject = "".join(c for c in squeezed(inner, "subject") if c.isprintable() and c not in '/\\:*?"<>|')
        given = f"{subject[:100].strip('. ') or 'message'}.eml"
    if not given:
        given = "attachment" + (mimetypes.guess_extension(part.type) or "")
    at_most = min(limits.name, _AT_MOST_NAMES)
    if len(given) <= at_most:
        return given
    stem, dot, ending = given.rpartition(".")
    return f"{stem[: at_most - len(ending) - 1]}.{ending}" if dot and len(ending) <= 20 else given[:at_most]
