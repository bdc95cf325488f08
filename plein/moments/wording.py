# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a moment reads in one line: who did what with whom, and about what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.moments.queries.reading import FileLine, MomentLine, PartLine
from plein.moments.vocabulary import DeliveryState, Direction, MomentKind, Nature, State

MOST_NAMES = 3
WRITTEN = frozenset({MomentKind.EMAIL, MomentKind.LETTER, MomentKind.TEXT, MomentKind.CHAT, MomentKind.VOICEMAIL})
_SENDERS, _RECEIVERS = frozenset({"from", "sender"}), frozenset({"to", "with", "about"})
PREVIEW = 240


@dataclass(frozen=True, slots=True)
class ShownMoment:
    """A moment ready for a list: its line, where it leads, and what hangs under it."""

    id: UUID
    kind: str
    look: str
    title: str
    who: str
    at: datetime
    href: str
    text: str
    outcome: str
    follow_up: str
    label: str
    state: str
    files: tuple[FileLine, ...]
    earlier: tuple["ShownMoment", ...]
    thread_href: str
    then: str = ""

    @property
    def fold_words(self) -> str:
        """The words on what is folded away behind the newest of a thread."""
        count = len(self.earlier)
        if self.kind == MomentKind.EMAIL:
            return ngettext("Show %(count)s earlier mail", "Show %(count)s earlier mails", count) % {"count": count}
        return ngettext("Show %(count)s earlier", "Show %(count)s earlier", count) % {"count": count}


def short_name(part: PartLine) -> str:
    """A person by their first name, as colleagues say it; an organization by all of its name."""
    first, _space, rest = part.name.partition(" ")
    if part.kind == "person" and rest and len(first) > 1 and not first.endswith("."):
        return first
    return part.name


def names_of(parts: Sequence[PartLine]) -> str:
    """A few names as a sentence names them, and how many more there are."""
    names = list(dict.fromkeys(short_name(part) for part in parts if part.name))
    if len(names) > MOST_NAMES:
        rest = len(names) - MOST_NAMES + 1
        return _("%(names)s and %(count)s others") % {"names": ", ".join(names[: MOST_NAMES - 1]), "count": rest}
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _sides(moment: MomentLine) -> tuple[list[PartLine], list[PartLine]]:
    people = [part for part in moment.parts if part.role not in ("for", "reply_to", "cc", "bcc")]
    return [part for part in people if part.is_ours], [part for part in people if not part.is_ours]


def title_of(moment: MomentLine) -> str:
    """The strong words of a line: what it was, or who wrote to whom."""
    if moment.kind in WRITTEN:
        return _written(moment)
    if moment.kind == MomentKind.CALL:
        return _call(moment)
    if moment.kind == MomentKind.POST:
        senders = names_of([part for part in moment.parts if part.role in _SENDERS])
        return _("%(name)s posted") % {"name": senders} if senders else str(MomentKind.POST.label).capitalize()
    if moment.title:
        return moment.title
    if moment.kind == MomentKind.NOTE:
        writer = names_of([part for part in moment.parts if part.role == "from"])
        return _("Note by %(name)s") % {"name": writer} if writer else _("Note")
    kind = _("Visit") if moment.kind == MomentKind.VISIT else _("Meeting")
    if moment.location:
        return _("%(kind)s in %(place)s") % {"kind": kind, "place": moment.location}
    return kind


def _written(moment: MomentLine) -> str:
    senders = names_of([part for part in moment.parts if part.role in _SENDERS][:1])
    receivers = names_of([part for part in moment.parts if part.role in _RECEIVERS])
    if senders and receivers:
        return _("%(sender)s to %(receivers)s") % {"sender": senders, "receivers": receivers}
    if receivers:
        return _("To %(receivers)s") % {"receivers": receivers}
    return senders or str(MomentKind(moment.kind).label).capitalize()


def _call(moment: MomentLine) -> str:
    ours, theirs = _sides(moment)
    caller, called = (theirs, ours) if moment.direction == Direction.INBOUND else (ours, theirs)
    if moment.state != State.DONE:
        return moment.title or _("Call with %(names)s") % {"names": names_of(theirs)}
    if caller and called:
        return _("%(caller)s called %(called)s") % {"caller": names_of(caller), "called": names_of(called)}
    return _("Call with %(names)s") % {"names": names_of(theirs or ours)} if theirs or ours else _("Phone call")


def who_of(moment: MomentLine) -> str:
    """The soft words after the title: the subject of what was written, else who was there."""
    if moment.kind in WRITTEN or moment.kind == MomentKind.POST:
        return moment.title
    ours, theirs = _sides(moment)
    if moment.kind == MomentKind.CALL:
        return moment.title if moment.state == State.DONE else ""
    if moment.kind == MomentKind.NOTE:
        return names_of(ours) if moment.title else ""
    if ours and theirs:
        return _("%(ours)s with %(theirs)s") % {"ours": names_of(ours), "theirs": names_of(theirs)}
    return names_of(theirs or ours)


def label_of(moment: MomentLine, everyone: int) -> str:
    """The small word beside a line, when it is not like the others."""
    if moment.delivery and moment.delivery != DeliveryState.SENT:
        return str(DeliveryState(moment.delivery).label)
    if moment.state == State.CANCELLED:
        return _("cancelled")
    if moment.state == State.PLANNED and moment.kind != MomentKind.NOTE:
        return ""
    if moment.nature != Nature.PERSONAL:
        return str(Nature(moment.nature).label)
    if moment.circle_id != everyone or moment.text_circle not in (None, everyone):
        return _("not for everyone")
    return ""


def then_at(moment: MomentLine, day: date) -> str:
    """Where those who took part worked then, as far as they left it."""
    told = []
    for part in moment.parts:
        names = [one.organization for one in part.past if one.covers(day)]
        if names:
            facts = {"name": short_name(part), "organization": listed(names)}
            told.append(_("%(name)s was then at %(organization)s.") % facts)
    return " ".join(dict.fromkeys(told))


def listed(names: Sequence[str]) -> str:
    """A few names, one after the other."""
    return ", ".join(dict.fromkeys(names))


def shown(moment: MomentLine, everyone: int, earlier: Sequence[MomentLine] = ()) -> ShownMoment:
    """Put a moment into words for a list."""
    text = moment.text[:PREVIEW].rstrip() + "…" if len(moment.text) > PREVIEW else moment.text
    is_planned = moment.state == State.PLANNED
    is_narrow = moment.circle_id != everyone or moment.text_circle not in (None, everyone)
    state = "planned" if is_planned else "gone" if moment.state == State.CANCELLED else "private" if is_narrow else ""
    return ShownMoment(
        id=moment.id,
        kind=moment.kind,
        look="appointment" if is_planned and moment.kind != MomentKind.CALL else look_of(moment.kind),
        title=title_of(moment),
        who=who_of(moment),
        at=moment.occurred_at,
        href=reverse("moments:moment", args=[moment.id]),
        text=text,
        outcome=moment.outcome,
        follow_up=moment.follow_up,
        label=label_of(moment, everyone),
        state=state,
        files=tuple(file for file in moment.files if not file.is_inline),
        earlier=tuple(shown(one, everyone) for one in earlier),
        thread_href=reverse("moments:thread", args=[moment.thread_id]) if earlier else "",
    )


def look_of(kind: str) -> str:
    """The name under which the design system knows a kind."""
    return "social" if kind == MomentKind.POST else kind
