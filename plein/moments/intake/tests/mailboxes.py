# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small stores of mail for tests, and the shortest way to bring one in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from plein.channels.actions import Wishes, plan_import, start_import
from plein.channels.models import MailImport
from plein.core.isolation.registry import guarded_tables
from plein.moments.intake.runner import Runner
from plein.trust.models import User
from plein.trust.seats import entered

OURS = "plein.example"
ALICE = "Alice <alice@plein.example>"
HENK = '"Dijk, Henk van" <henk@dijk.example.org>'
RIK = "Rik van Dijk <rik@mail.dijk.example.org>"
#: Tables in which an import leaves its own traces, undone or not.
TRACES = {
    "core_operation", "core_change", "channels_mail_import", "channels_import_problem", "trust_circle",
    "trust_circle_seat", "channels_upload", "core_search_word",
    "network_feed",
}  # fmt: skip


@dataclass
class Mail:
    """One message to be."""

    sender: str = HENK
    to: str = ALICE
    subject: str = "The offer"
    text: str = "Good morning, here it is."
    day: int = 1
    id: str = ""
    headers: Sequence[str] = field(default_factory=tuple)
    cc: str = ""

    def lines(self) -> str:
        """The message as it is sent."""
        head = [
            f"From: {self.sender}",
            f"To: {self.to}",
            *([f"Cc: {self.cc}"] if self.cc else []),
            f"Subject: {self.subject}",
            f"Date: {self.day:02d} Mar 2026 09:30:00 +0100" if self.day else "X-No-Date: 1",
            *([f"Message-ID: <{self.id}>"] if self.id else []),
            *self.headers,
        ]
        return "\n".join(head) + f"\n\n{self.text}\n"


def mbox(path: Path, mails: Sequence[Mail]) -> Path:
    """Write messages as an mbox."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"From x@y Mon Mar  2 09:30:00 2026\n{mail.lines()}\n" for mail in mails))
    return path


def correspondence(count: int = 6) -> list[Mail]:
    """Henk and Alice write to each other, Rik once, and a newsletter comes in."""
    mails = [
        Mail(
            sender=ALICE if place % 2 else HENK,
            to=HENK if place % 2 else ALICE,
            subject="The offer" if place == 0 else "Re: The offer",
            text=f"Message {place}",
            day=place + 1,
            id=f"m{place}@dijk.example.org",
        )
        for place in range(count)
    ]
    mails.append(Mail(sender=RIK, subject="Hello", text="I am new here", day=20, id="rik@dijk.example.org"))
    news = ("List-Unsubscribe: <https://news.example.net/off>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    mails.append(Mail(sender="News <news@news.example.net>", subject="March", day=21, id="n1@x", headers=news))
    return mails


def planned_by(user: User, path: Path, **more: Any) -> MailImport:
    """An import that waits for the user's choices."""
    with entered(user) as actor:
        planned = plan_import(actor=actor, path=path, in_background=False, **more)
    runner_of(user, planned).scan()
    return again(user, planned)


def started_by(user: User, path: Path, policy: str = "everyone", circle: str = "", **more: Any) -> MailImport:
    """An import that is to be written."""
    planned = planned_by(user, path, **more)
    with entered(user) as actor:
        return start_import(
            actor=actor, mail_import=planned, wishes=Wishes(policy, (OURS,), circle), in_background=False
        )


def brought_in(user: User, path: Path, policy: str = "everyone", circle: str = "", **more: Any) -> MailImport:
    """An import that is done."""
    planned = started_by(user, path, policy, circle, **more)
    runner_of(user, planned).run()
    return again(user, planned)


def runner_of(user: User, planned: MailImport, **more: Any) -> Runner:
    """A worker for an import."""
    return Runner(user, planned.workspace_id, planned.id, **more)


def again(user: User, planned: MailImport) -> MailImport:
    """The import as it is now."""
    with entered(user):
        fresh: MailImport = MailImport.objects.get(id=planned.id)
        return fresh


def row_counts(user: User) -> dict[str, int]:
    """How many rows every table has that this user may see, without traces of imports and the log."""
    with entered(user), connection.cursor() as cursor:
        counts: dict[str, int] = {}
        for table in guarded_tables():
            if table.name not in TRACES and not table.isolation.is_log:
                cursor.execute(f"SELECT count(*) FROM {table.name}")  # noqa: S608 — names of our own tables
                counts[table.name] = cursor.fetchone()[0]
        return counts
