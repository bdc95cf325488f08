# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts reports of mail that was not delivered with the mail they are about, when they do not name it themselves."""

from collections.abc import Sequence
from datetime import timedelta

from plein.core.isolation import workspace_id
from plein.moments.intake.book import AddressBook
from plein.moments.intake.drafts import Draft
from plein.moments.intake.rows import fetch
from plein.moments.intake.threads import Letter, Threads

#: How long mail servers try before they give up.
PATIENCE = timedelta(days=6)
_LATEST = """
    SELECT m.thread_id FROM moments_participant p
      JOIN moments_moment m ON m.workspace_id = p.workspace_id AND m.id = p.moment_id AND m.kind = 'email'
           AND m.direction <> 'inbound' AND m.circle_id = ANY(%s)
     WHERE p.workspace_id = %s AND p.contact_point_id = ANY(%s) AND p.role IN ('to', 'cc', 'bcc')
       AND p.occurred_at BETWEEN %s AND %s
     ORDER BY p.occurred_at DESC LIMIT 1
"""


def join_reports(drafts: Sequence[Draft], letters: Sequence[Letter], book: AddressBook, threads: Threads) -> None:
    """Join each report with the latest mail that went to the address it is about."""
    for draft, letter in zip(drafts, letters, strict=True):
        reports = draft.message.bounces
        if draft.message.nature != "bounce" or letter.has_references or not reports:
            continue
        recipients = [report.recipient.lower() for report in reports if report.recipient][:20]
        book.learn(address for address in recipients if "@" in address)
        points = [book.known[address].point for address in recipients if address in book.known]
        among = [
            other for other in letters
            if other is not letter and other.people & set(points) and letter.at - PATIENCE <= other.at <= letter.at
        ]  # fmt: skip
        if among:
            threads.join(max(among, key=lambda other: other.at).thread, letter.thread)
            continue
        found = fetch(_LATEST, [book.wide, workspace_id(), points, letter.at - PATIENCE, letter.at]) if points else []
        for (stored,) in found:
            threads.stored(stored)
            threads.join(stored, letter.thread)
