# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inbox: a list, and beside it one message with everything one can do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import hexdigits
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.core.ids import now
from plein.core.isolation import default_circle_id
from plein.inbox.forms import CHOICES, LaterForm
from plein.inbox.queries import Line, MessagePage, Numbers, answering, message_of, messages, numbers_of, sender_of
from plein.inbox.vocabulary import CHANNELS, MOST_COUNTED, REASONS, Lane, State, Tab
from plein.inbox.wording import chip_of, sentence_of, trail_of
from plein.moments.heard import heard_page, named_in, pieces_of
from plein.moments.heard_topics import topic_lines
from plein.moments.queries import (
    BadCursor,
    Cursor,
    Heard,
    MomentDetail,
    PartLine,
    colleagues,
    heard_in,
    is_answerable,
    moment_detail,
    thread,
)
from plein.moments.wording import shown
from plein.trust.answers import Request, page
from plein.trust.circles import describe

TEMPLATE = "inbox/inbox.html"
#: The tabs one always sees; of the others only when something is in it, or one looks at it.
ALWAYS = (Tab.ME, Tab.UNSURE, Tab.HEARD, Tab.DONE)
MOST_EARLIER = 5
#: Letters of the id of a topic; and so many topics stand on a line of the list.
HEX, MOST_TOPICS = 32, 2
#: So many kinds of text are shown at once; the others fold away, and so does what is hardly likely, in per cent.
MOST_LOOKS, LEAST_LIKELY = 4, 2


@dataclass(frozen=True, slots=True)
class Row:
    """A message as the list shows it."""

    id: UUID
    href: str
    name: str
    kind: str
    key: UUID | None
    at: datetime
    style: str
    title: str
    text: str
    look: str
    mark: str
    tone: str
    note: str
    chip: str
    chip_tone: str
    topics: list[str]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A list, of all channels and topics or of one; its text is how addresses and forms name it: me, me-email,
    me--0f3c…, where a topic is its id.
    """

    name: Tab
    kind: str = ""
    topic: UUID | None = None

    def __str__(self) -> str:
        return "-".join([self.name.value, self.kind, self.topic.hex if self.topic else ""]).rstrip("-")


def tab_of(request: Request) -> Place:
    """The list that the address names; the first one for a name that is none."""
    parts = (request.GET.get("tab") or request.POST.get("tab") or "").split("-")
    named, kind, topic = (*parts, "", "")[:3]
    is_topic = len(topic) == HEX and all(one in hexdigits for one in topic)
    return Place(
        Tab(named) if named in Tab.values else Tab.ME,
        kind if kind in CHANNELS else "",
        UUID(topic) if is_topic else None,
    )


def address(tab: Place, moment_id: UUID | None = None) -> str:
    """Where a list, or a message in it, is."""
    path = reverse("inbox:message", args=[moment_id]) if moment_id else reverse("inbox:inbox")
    return path if tab == Place(Tab.ME) else f"{path}?tab={tab}"


def _cursor(request: Request) -> Cursor | None:
    try:
        return Cursor.read(request.GET.get("before", ""))
    except BadCursor:
        return None


@require_safe
def inbox(request: Request) -> HttpResponse:
    """What came in."""
    return inbox_page(request, tab_of(request))


@require_safe
def message(request: Request, moment_id: UUID) -> HttpResponse:
    """One message, with the list it stands in."""
    return inbox_page(request, tab_of(request), moment_id=moment_id)


def inbox_page(
    request: Request, tab: Place, *, moment_id: UUID | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    names = {one.seat_id: one.name for one in colleagues()}
    found = messages(tab.name, kind=tab.kind, topic=tab.topic, before=_cursor(request))
    numbers = numbers_of()
    about = numbers.topics
    opened = moment_id or request.GET.get("open", "")
    heard = heard_in([*(line.moment.id for line in found.lines), *([moment_id] if moment_id else [])])
    context: dict[str, Any] = {
        "tab": tab,
        "tabs": _tabs(tab, numbers),
        "channels": _channels(tab),
        "channel": CHANNELS.get(tab.kind, ""),
        "topics": _topics(tab, about),
        "topic": about.get(str(tab.topic), ""),
        "all_url": address(Place(tab.name)),
        "rows": [_row(line, tab, names, heard.get(line.moment.id), str(opened), about) for line in found.lines],
        "next_url": _next(found, tab),
        "sentence": sentence_of(numbers),
        "filed_url": address(Place(Tab.FILED)),
        "fresh_url": f"{reverse('inbox:inbox')}?tab={tab}" + (f"&open={moment_id}" if moment_id else ""),
        "numbers": numbers,
        "choices": CHOICES.items(),
        "later_form": LaterForm(),
    }
    if moment_id is not None:
        context |= _opened(request, tab, moment_id, names, heard.get(moment_id))
        context["subjects"] = topic_lines(heard.get(moment_id), about, request.seat.seat_id)
    part = ("list" if moment_id is None else "notice") if request.htmx and request.method == "GET" else ""
    return page(request, TEMPLATE, context | more, part=part, status=status)


def _next(found: MessagePage, tab: Place) -> str:
    if found.next is None:
        return ""
    return f"{reverse('inbox:inbox')}?tab={tab}&before={found.next}"


def _tabs(current: Place, numbers: Numbers) -> list[tuple[str, str, bool]]:
    counts = {Tab.ME: numbers.me, Tab.UNSURE: numbers.unsure}
    wanted = [*ALWAYS, *([current.name] if current.name not in ALWAYS else [])]
    return [
        (
            _with_count(str(tab.label), counts.get(tab, 0)),
            address(Place(tab, current.kind, current.topic)),
            tab == current.name,
        )
        for tab in wanted
    ]


def _channels(current: Place) -> list[tuple[str, str, str, bool]]:
    """The channels one may choose from: kind, words, address, whether it is chosen."""
    wanted = {"": _("All channels"), **CHANNELS}
    return [
        (kind, str(words), address(Place(current.name, kind, current.topic)), kind == current.kind)
        for kind, words in wanted.items()
    ]


def _topics(current: Place, about: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """The topics one may choose from: words, address, whether it is chosen. None where a company has none."""
    if not about:
        return []
    found = [(_("All topics"), address(Place(current.name, current.kind)), current.topic is None)]
    for id, name in about.items():
        found.append((name, address(Place(current.name, current.kind, UUID(id))), str(current.topic) == id))
    return found


def _with_count(words: str, count: int) -> str:
    if not count:
        return words
    return f"{words} {count}" if count <= MOST_COUNTED else f"{words} {MOST_COUNTED}+"


def _row(
    line: Line, tab: Place, names: dict[UUID, str], heard: Heard | None, current: str, about: Mapping[str, str]
) -> Row:
    sender = sender_of(line.moment.parts)
    mark, tone = mark_of(line)
    chip, chip_tone = chip_of(heard)
    at = line.done_at if tab.name == Tab.DONE and line.done_at else line.at
    return Row(
        id=line.moment.id,
        href=address(tab, line.moment.id),
        name=(sender.name or sender.heard) if sender else _("Somebody"),
        kind=sender.kind if sender else "",
        key=sender.relation_id if sender else None,
        at=at,
        style="clock" if timezone.localtime(at).date() == timezone.localdate(now()) else "when",
        title=line.moment.title,
        text=line.moment.text,
        look=line.moment.kind,
        mark=mark,
        tone=tone,
        note=_note_of(line, tab.name, names),
        chip=chip,
        chip_tone=chip_tone,
        topics=[about[one] for one in (heard.topics if heard else []) if one in about][:MOST_TOPICS],
        is_current=str(line.moment.id) == current,
    )


def mark_of(line: Line) -> tuple[str, str]:
    """The small coloured word on a message, and its colour."""
    if line.lane == Lane.FILED and not line.is_kept:
        return str(REASONS.get(line.filed_as, "")), "grey"
    if not line.is_known:
        return _("Nobody we know"), "orange"
    return "", ""


def _note_of(line: Line, tab: Tab, names: dict[UUID, str]) -> str:
    if tab == Tab.DONE:
        return names.get(line.done_by_id, "") if line.done_by_id else ""
    return names.get(line.assignee_id, "") if line.assignee_id else ""


def _opened(
    request: Request, tab: Place, moment_id: UUID, names: dict[UUID, str], heard: Heard | None
) -> dict[str, Any]:
    detail, kept = moment_detail(moment_id), message_of(moment_id)
    if detail is None or kept is None:
        raise Http404
    line, everyone = detail.line, default_circle_id()
    conversation = [one for one in thread(line.thread_id) if one.id != moment_id]
    sender = sender_of(line.parts)
    return {
        **_read(request, detail, heard),
        "trail": trail_of(kept.trail),
        "detail": detail,
        "line": line,
        "answerable": is_answerable(line, request.seat.seat_id),
        "message": kept,
        "sender": sender,
        "heading": line.title or shown(line, everyone).title,
        "to": ", ".join(dict.fromkeys(part.name or part.heard for part in line.parts if part.role == "to")),
        "people": _people(detail),
        "conversation": [shown(one, everyone) for one in conversation[-MOST_EARLIER:]],
        "is_open": kept.state == State.OPEN,
        "is_put_off": kept.state == State.OPEN and kept.at > now(),
        "is_filed": kept.lane == Lane.FILED and not kept.is_kept,
        "reason": REASONS.get(kept.filed_as, ""),
        "colleagues": list(names.items()),
        "assignee_name": names.get(kept.assignee_id, "") if kept.assignee_id else "",
        "done_by_name": names.get(kept.done_by_id, "") if kept.done_by_id else "",
        "me": request.seat.seat_id,
        "answering": answering(moment_id) if kept.state == State.OPEN else [],
        "seen_by": describe(line.circle_id) if line.circle_id != everyone else _("Everyone here sees this"),
        "list_url": address(tab),
        "message_url": address(tab, moment_id),
    }


def _read(request: Request, detail: MomentDetail, heard: Heard | None) -> dict[str, Any]:
    """The text as Plein read it: marked, with what it looks like and what it names."""
    line = detail.line
    if heard is None or not line.text_id or not detail.said:
        return {"pieces": pieces_of(detail.said, detail.said_from, None)}
    looks = heard_page(heard, request.seat.seat_id)
    likely = [one for one in looks.others if one.percent >= LEAST_LIKELY][: max(0, MOST_LOOKS - len(looks.holding))]
    return {
        "heard": looks,
        "looks": [*looks.holding, *likely],
        "unlikely": [one for one in looks.others if one not in likely],
        "pieces": pieces_of(detail.said, detail.said_from, heard),
        "signed": pieces_of(detail.signature, line.text.find(detail.signature), heard) if detail.signature else [],
        "named": named_in(line.text[: line.quote_from], heard),
        "has_talk": bool(heard.small_talk),
    }


def _people(detail: MomentDetail) -> list[PartLine]:
    theirs = [part for part in detail.line.parts if not part.is_ours and part.relation_id]
    return list({part.relation_id: part for part in theirs}.values())
