# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes one Message of the raw bytes of one mail, or its Header when that is enough."""

import hashlib
from pathlib import Path

from plein.channels.base import Header, Message
from plein.channels.connectors.mail.addresses import read_addresses
from plein.channels.connectors.mail.bodies import Bodies, read_bodies
from plein.channels.connectors.mail.bounces import bounce_reports
from plein.channels.connectors.mail.charsets import clean
from plein.channels.connectors.mail.headers import (
    Headers,
    first,
    header_end,
    message_id,
    message_ids,
    parse_date,
    parse_headers,
    squeezed,
)
from plein.channels.connectors.mail.limits import Limits
from plein.channels.connectors.mail.mime import take_apart
from plein.channels.connectors.mail.natures import list_of, nature_of
from plein.channels.connectors.mail.quoting import find_quote, find_signature
from plein.channels.connectors.mail.raw import Raw
from plein.channels.connectors.mail.subjects import subject_key

_AT_MOST_REFERENCES = 200


def parse_message(raw: Raw, spool: Path | None, limits: Limits) -> Message:
    """Read one mail completely; its files go to the spool (None: they are described but not kept)."""
    data, defects = _prepared(raw, limits)
    root, mime_defects = take_apart(data, limits)
    headers = root.headers
    bodies = read_bodies(root, spool, limits)
    subject = _subject(headers, limits, defects)
    addresses, address_defect = read_addresses(headers, limits)
    sent_at, date_defect = parse_date(clean(first(headers, "date")))
    defects.extend(defect for defect in (*mime_defects, address_defect, date_defect, *bodies.defects) if defect)
    if not headers:
        defects.append("The message has no headers.")
    nature = nature_of(headers)
    list_id, list_name = list_of(headers)
    fingerprint = _fingerprint(headers, addresses[0].address if addresses else "", subject, bodies)
    quote_from = find_quote(bodies.text)
    return Message(
        external_id=message_id(first(headers, "message-id")) or f"sha256:{fingerprint}",
        fingerprint=fingerprint,
        sent_at=sent_at,
        subject=subject,
        subject_key=subject_key(subject),
        text=bodies.text,
        html=bodies.html,
        quote_from=quote_from,
        signature_from=find_signature(bodies.text, quote_from),
        addresses=addresses,
        in_reply_to=message_ids(first(headers, "in-reply-to"))[:_AT_MOST_REFERENCES],
        references=message_ids(first(headers, "references")[:400_000])[-_AT_MOST_REFERENCES:],
        nature=nature,
        list_id=list_id,
        list_name=list_name,
        bounces=bounce_reports(root, bodies.text) if nature == "bounce" else (),
        attachments=tuple(bodies.attachments),
        invitations=tuple(bodies.invitations),
        folder=raw.folder,
        mailbox=raw.mailbox,
        position=raw.position,
        size=raw.size,
        defects=tuple(dict.fromkeys(defects)),
    )


def parse_header(raw: Raw, limits: Limits) -> Header:
    """Read only the headers of one mail: enough for a preview, several times faster."""
    end, _ = header_end(raw.data, 0, len(raw.data))
    headers, _ = parse_headers(raw.data[: min(end, limits.header_block)])
    addresses, _ = read_addresses(headers, limits)
    sent_at, _ = parse_date(clean(first(headers, "date")))
    list_id, list_name = list_of(headers)
    return Header(
        external_id=message_id(first(headers, "message-id")),
        sent_at=sent_at,
        subject=squeezed(headers, "subject")[: limits.subject],
        addresses=addresses,
        nature=nature_of(headers),
        list_id=list_id,
        list_name=list_name,
        folder=raw.folder,
        mailbox=raw.mailbox,
        position=raw.position,
        size=raw.size,
    )


def _prepared(raw: Raw, limits: Limits) -> tuple[bytes, list[str]]:
    data = raw.data
    defects: list[str] = []
    if raw.is_truncated:
        defects.append("The file ends in the middle of this message.")
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
    end, body = header_end(data, 0, len(data))
    if end > limits.header_block:
        defects.append("The headers are too long: the rest of them was left out.")
        data = data[: limits.header_block].rpartition(b"\n")[0] + b"\n\n" + data[body:]
    return data, defects


def _subject(headers: Headers, limits: Limits, defects: list[str]) -> str:
    subject = squeezed(headers, "subject")
    if len(subject) > limits.subject:
        defects.append(f"The subject is longer than {limits.subject:,} characters: the rest was left out.")
    return subject[: limits.subject].rstrip()


def _fingerprint(headers: Headers, sender: str, subject: str, bodies: Bodies) -> str:
    """Hash what copies of one message have in common, whatever each server did to its packing."""
    seal = hashlib.sha256()
    body = bodies.text.strip() or bodies.html.strip()
    date = clean(first(headers, "date")).strip()
    for piece in (sender, date, subject, body, *(f"{a.sha256 or a.name}:{a.size}" for a in bodies.attachments)):
        seal.update(piece.encode("utf-8", "replace"))
        seal.update(b"\0")
    return seal.hexdigest()
