# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for a colleague's decision, each with why it is shown and the acts that settle it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.core.ids import now
from plein.moments.models import ToDo
from plein.moments.queries import Agenda, Around, LeftDraft, MomentLine, open_follow_ups
from plein.moments.queries.briefing import MOST_PROPOSALS
from plein.moments.wording import names_of, title_of
from plein.web.guests import in_sentence
from plein.web.human_dates import due
from plein.web.navigation import address_of

MOST_NEEDED, MOST_LATE = 6, 2
PATIENCE = timedelta(days=2)


@dataclass(frozen=True)
class Need:
    """Something that waits for a decision: what, why it is shown, and the acts that settle it."""

    glyph: str
    tone: str
    title: str
    why: str
    href: str
    text: str = ""
    acts: list[dict[str, Any]] = field(default_factory=list)


def needs_of(seat_id: UUID, agenda: Agenda, todos: Sequence[ToDo], around: Around, *, can_write: bool) -> list[Need]:
    """What waits for this colleague, what is most pressing first."""
    if not can_write:
        return []
    late = [todo for todo in todos if not todo.done_at and todo.due_on and todo.due_on < (now() - PATIENCE).date()]
    found = [_unsettled(line) for line in agenda.unsettled[-MOST_LATE:]]
    found += [_late(todo) for todo in late[:MOST_LATE]]
    found += [_draft(one) for one in around.drafts]
    found += [_follow_up(line) for line in open_follow_ups(seat_id)]
    if around.proposals and (href := address_of("moments:import_list")):
        found.append(_proposals(around.proposals, href))
    return found[:MOST_NEEDED]


def _post(words: str, icon: str, url_name: str, record_id: UUID, look: str = "", **values: Any) -> dict[str, Any]:
    return {"words": words, "icon": icon, "look": look, "url": reverse(url_name, args=[record_id]), "values": values}


def _unsettled(line: MomentLine) -> Need:
    return Need(
        glyph="calendar-event",
        tone="yellow",
        title=_("Did “%(title)s” take place?") % {"title": title_of(line)},
        why=_("It was planned for %(when)s, and nobody wrote down what came of it.")
        % {"when": in_sentence(line.occurred_at)},
        href=reverse("moments:moment", args=[line.id]),
        text=names_of([part for part in line.parts if not part.is_ours]),
        acts=[
            _post(_("Yes, it did"), "check", "moments:complete", line.id, "primary", version=line.version),
            _post(_("No, it did not"), "x", "moments:cancel", line.id, version=line.version),
            {
                "words": _("It was moved"),
                "icon": "calendar-event",
                "href": reverse("moments:appointment", args=[line.id]),
            },
        ],
    )


def _late(todo: ToDo) -> Need:
    return Need(
        glyph="clock",
        tone="rose",
        title=todo.title,
        why=_("This was due %(when)s.") % {"when": due(todo.due_on)} if todo.due_on else "",
        href=reverse("moments:todo", args=[todo.id]),
        text=todo.relation.name if todo.relation else "",
        acts=[
            _post(_("It is done"), "check", "moments:todo_tick", todo.id, done="1"),
            _post(_("Tomorrow"), "clock", "moments:todo_later", todo.id, when="tomorrow"),
        ],
    )


def _draft(one: LeftDraft) -> Need:
    return Need(
        glyph="pencil",
        tone="blue",
        title=_("You were writing about %(name)s") % {"name": one.name},
        why=_("It is not recorded yet; you left it %(when)s.") % {"when": in_sentence(one.changed_at)},
        href=f"/relations/{one.relation_id}/",
        text=one.text,
        acts=[{"words": _("Go on writing"), "icon": "pencil", "href": f"/relations/{one.relation_id}/"}],
    )


def _follow_up(line: MomentLine) -> Need:
    return Need(
        glyph="arrow-right",
        tone="mint",
        title=line.follow_up,
        why=_("You wrote this down as a follow-up, and it is on nobody’s list yet."),
        href=reverse("moments:moment", args=[line.id]),
        text=_("%(moment)s, %(when)s") % {"moment": title_of(line), "when": in_sentence(line.occurred_at)},
        acts=[_post(_("Put it on my list"), "checkbox", "moments:follow_up", line.id)],
    )


def _proposals(waiting: int, href: str) -> Need:
    count = _("%(count)s or more") % {"count": waiting} if waiting >= MOST_PROPOSALS else str(waiting)
    return Need(
        glyph="user-plus",
        tone="lilac",
        title=ngettext(
            "%(count)s sender from your mail is nobody yet", "%(count)s senders from your mail are nobody yet", waiting
        )
        % {"count": count},
        why=_("Your import left them for you to decide."),
        href=href,
    )
