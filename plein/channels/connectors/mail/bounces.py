# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads who was not reached, and why, from a delivery report."""

import re

from plein.channels.base import BounceReport
from plein.channels.connectors.mail.addresses import normal_address
from plein.channels.connectors.mail.headers import Headers, first, parse_headers
from plein.channels.connectors.mail.mime import Part

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ANGLE = re.compile(r"<([^<>\s@]{1,100}@[^<>\s@]{1,200})>")
_AT_MOST = 100


def bounce_reports(root: Part, text: str) -> tuple[BounceReport, ...]:
    """Return one report per recipient; from the machine-readable part if there is one, else a guess from the text."""
    reports: list[BounceReport] = []
    for part in root.walk():
        if part.type in ("message/delivery-status", "message/global-delivery-status", "message/feedback-report"):
            reports.extend(_machine_reports(part))
    if not reports:
        reports.extend(_guessed_reports(root.headers, text))
    return tuple(dict.fromkeys(reports))[:_AT_MOST]


def _machine_reports(part: Part) -> list[BounceReport]:
    found: list[BounceReport] = []
    body = part.body()[:200_000].replace(b"\r\n", b"\n")
    for block in body.split(b"\n\n"):
        fields, _ = parse_headers(block.strip(b"\n"))
        recipient = _recipient(fields)
        if recipient:
            found.append(BounceReport(recipient, _status(fields), first(fields, "diagnostic-code")[:1000]))
    return found


def _recipient(fields: Headers) -> str:
    for name in ("final-recipient", "original-recipient", "original-rcpt-to", "removal-recipient"):
        value = first(fields, name)
        if value:
            return normal_address(value.rpartition(";")[2])
    return ""


def _status(fields: Headers) -> str:
    found = _STATUS.search(first(fields, "status")) or _STATUS.search(first(fields, "diagnostic-code"))
    return found[1] if found else ""


def _guessed_reports(headers: Headers, text: str) -> list[BounceReport]:
    head = text[:20_000]
    status = _STATUS.search(head)
    code = status[1] if status else ""
    named = [normal_address(part) for value in headers.get("x-failed-recipients", []) for part in value.split(",")]
    if not any(named):
        found = _ANGLE.search(head)
        named = [normal_address(found[1])] if found else []
    return [BounceReport(address, code, "") for address in named if address]
