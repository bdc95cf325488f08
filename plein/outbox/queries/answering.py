# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a reply begins with: to whom, about what, under which mail, and what it quotes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plein.channels.letters import Mailbox, NoAddress
from plein.moments.models import MessageReference
from plein.moments.queries import PartLine, moment_detail
from plein.outbox.queries.senders import company_domains, is_of_company
from plein.relations.models import Relation

LONGEST_QUOTE = 50_000
_MARKS = ("re:", "antw:", "aw:", "sv:")


@dataclass(frozen=True, slots=True)
class Answer:
    """The beginning of a reply to a moment."""

    moment_id: UUID
    thread_id: UUID
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    subject: str
    quoted: str
    message_id: str
    references: tuple[str, ...]
    relation: Relation | None


def answer_to(moment_id: UUID, *, to_all: bool = False) -> Answer | None:
    """What a reply to a moment begins with; None for a moment that may not be seen."""
    detail = moment_detail(moment_id)
    if detail is None:
        return None
    line = detail.line
    people = line.parts
    writers = [one for role in ("reply_to", "from") for one in people if one.role == role]
    to = _mailboxes(writers[:1] if line.direction == "inbound" else [one for one in people if one.role == "to"])
    others = _mailboxes([one for one in people if one.role in ("to", "cc")]) if to_all else ()
    domains = company_domains() if others else []
    known = next((one.external_id for one in line.sources if not one.external_id.startswith("sha256:")), "")
    earlier = MessageReference.objects.filter(moment_id=moment_id).order_by("id").values_list("external_id", flat=True)
    subject = line.title
    if subject and not subject.lower().startswith(_MARKS):
        subject = f"Re: {subject}"
    theirs = next(
        (one.relation_id for one in people if one.relation_id and not one.is_ours and one.role != "for"), None
    )
    return Answer(
        moment_id=line.id,
        thread_id=line.thread_id,
        to=to,
        cc=tuple(box for box in others if box not in to and not is_of_company(box.address, domains)),
        subject=subject[:300],
        quoted=_quoted(detail.said, line.occurred_at, writers[0].name if writers else ""),
        message_id=known,
        references=tuple(dict.fromkeys([*earlier, *([known] if known else [])])),
        relation=Relation.objects.filter(id=theirs).first() if theirs else None,
    )


def _mailboxes(people: Iterable[PartLine]) -> tuple[Mailbox, ...]:
    found = []
    for one in people:
        try:
            found.append(Mailbox(one.heard, one.name if one.name != one.heard else ""))
        except NoAddress:
            continue
    return tuple(dict.fromkeys(found))


def _quoted(said: str, at: datetime, name: str) -> str:
    if not said.strip():
        return ""
    local = timezone.localtime(at)
    facts = {"day": date_format(local, "j F Y"), "time": date_format(local, "H:i"), "name": name or _("you")}
    head = _("On %(day)s at %(time)s %(name)s wrote:") % facts
    lines = "\n".join(f"> {line}".rstrip() for line in said[:LONGEST_QUOTE].splitlines())
    return f"{head}\n{lines}"
