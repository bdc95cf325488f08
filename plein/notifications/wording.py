# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a line of notifications reads: who did what that concerns you, and where it leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.text import Truncator, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.moments.vocabulary import MomentKind
from plein.notifications.models import Notification
from plein.notifications.queries.lines import MOST_COUNTED, Line
from plein.notifications.vocabulary import Kind
from plein.relations.models import Relation

EXCERPT, AROUND, MOST_NAMES = 160, 60, 3
ICONS = {
    Kind.MENTION: "at",
    Kind.ASSIGNED: "checkbox",
    Kind.REMINDER: "clock",
    Kind.MAIL: "mail",
    Kind.CONNECTION: "plug",
    Kind.FOLLOWED: "eye",
}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line ready to be shown, in a list, in a mail or on a device."""

    id: UUID
    kind: str
    icon: str
    sentence: str
    excerpt: str
    href: str
    at: datetime
    is_unread: bool
    by_name: str
    by_key: str


def unread_words(count: int) -> str:
    """How much is unread, in words; nothing when all is read."""
    if count == 0:
        return ""
    if count > MOST_COUNTED:
        return _("more than %(count)s new") % {"count": MOST_COUNTED}
    return ngettext("%(count)s new", "%(count)s new", count) % {"count": count}


def shown(line: Line) -> ShownLine:
    """A line in the words of the reader's language."""
    sentence, excerpt, href = WRITERS[Kind(line.kind)](line)
    by = line.first.by if line.by_name else None
    return ShownLine(
        id=line.id,
        kind=line.kind,
        icon=ICONS[Kind(line.kind)],
        sentence=sentence,
        excerpt=Truncator(" ".join(excerpt.split())).chars(EXCERPT),
        href=href,
        at=line.at,
        is_unread=line.is_unread,
        by_name=line.by_name,
        by_key=str(by.user_id) if by is not None else "",
    )


def _by(line: Line) -> str:
    return line.by_name or _("Somebody")


def _names(relations: Sequence[Relation]) -> str:
    names = [one.name for one in relations]
    if len(names) > MOST_NAMES:
        rest = len(names) - MOST_NAMES + 1
        names = [*names[: MOST_NAMES - 1], ngettext("%(count)s other", "%(count)s others", rest) % {"count": rest}]
    return str(get_text_list(names, _("and")))


def _moment(row: Notification) -> str:
    return reverse("moments:moment", args=[row.moment_id])


def _todo(row: Notification) -> str:
    return reverse("moments:todo", args=[row.todo_id])


def _relation(row: Notification) -> str:
    return reverse("relations:relation", args=[row.relation_id])


def _mention(line: Line) -> tuple[str, str, str]:
    row = line.first
    facts = {"name": _by(line), "whom": _names(line.whom)}
    if row.todo is not None:
        return _("%(name)s names you in a to-do") % facts, f"{row.todo.title} {row.todo.note}", _todo(row)
    words = (
        _("%(name)s names you in what was written about %(whom)s")
        if line.whom
        else _("%(name)s names you in what was written")
    )
    return words % facts, _around_the_name(row.text.text if row.text is not None else ""), _moment(row)


def _around_the_name(text: str) -> str:
    """The part of a text where the first @ stands."""
    place = max(text.find("@") - AROUND, 0)
    begin = text.rfind(" ", 0, place) + 1 if place else 0
    return f"…{text[begin:]}" if begin else text


def _assigned(line: Line) -> tuple[str, str, str]:
    row, facts = line.first, {"name": _by(line)}
    if row.todo is not None:
        return _("%(name)s put something on your list") % facts, row.todo.title, _todo(row)
    if row.what == "message":
        return _("%(name)s gave you a message") % facts, line.subject, reverse("inbox:message", args=[row.moment_id])
    if line.count == 1 and row.relation is not None:
        return _("%(name)s gave you %(whom)s") % (facts | {"whom": row.relation.name}), "", _relation(row)
    words = ngettext("%(name)s gave you %(count)s relation", "%(name)s gave you %(count)s relations", line.count)
    return words % (facts | {"count": line.count}), "", _own_relations(row)


def _own_relations(row: Notification) -> str:
    try:
        return f"{reverse('relations:person_list')}?owner={row.seat_id}"
    except NoReverseMatch:
        return "/"


def _reminder(line: Line) -> tuple[str, str, str]:
    row = line.first
    if row.todo is not None:
        return _("You wanted to be reminded"), row.todo.title, _todo(row)
    return _("An appointment is coming"), line.subject or _names(line.whom), _moment(row)


def _mail(line: Line) -> tuple[str, str, str]:
    row = line.first
    words = _("A mail was refused") if row.what == "refused" else _("Nobody can know whether a mail left")
    return words, line.subject or _names(line.whom), _moment(row)


def _connection(line: Line) -> tuple[str, str, str]:
    row = line.first
    if not line.subject:
        return _("A connection stopped"), "", reverse("moments:connections")
    words = _("%(name)s is no longer listened to: it needs you") % {"name": line.subject}
    return words, "", reverse("moments:connection", args=[row.about])


def _followed(line: Line) -> tuple[str, str, str]:
    row = line.first
    whom = row.relation.name if row.relation is not None else ""
    facts = {"name": _by(line), "whom": whom}
    if len(line.rows) > 1:
        words = ngettext("%(count)s piece of news of %(whom)s", "%(count)s pieces of news of %(whom)s", len(line.rows))
        return words % (facts | {"count": len(line.rows)}), _kinds_of_news(line), _relation(row)
    if row.what == "moment" and row.moment is not None:
        facts["kind"] = str(MomentKind(row.moment.kind).label)
        return _("%(name)s wrote down a %(kind)s with %(whom)s") % facts, line.subject, _moment(row)
    if row.what == "introduction":
        return _("There is news of your request to be introduced to %(whom)s") % facts, "", reverse("asking:list")
    if row.what == "answer":
        return _("%(name)s answered your question") % facts, line.subject, _moment(row)
    if row.what == "owner":
        return _("%(whom)s has another owner") % facts, _owner(row.relation), _relation(row)
    words = _("Somebody's role at %(whom)s changed") if _is_company(row) else _("The work of %(whom)s changed")
    return words % facts, "", _relation(row)


def _is_company(row: Notification) -> bool:
    return row.relation is not None and not row.relation.is_person


def _owner(relation: Relation | None) -> str:
    return str(relation.owner) if relation is not None and relation.owner is not None else _("Nobody")


def _kinds_of_news(line: Line) -> str:
    """What came, kind by kind: "3 contact moments, another owner"."""
    counts = {what: sum(row.what == what for row in line.rows) for what in ("moment", "owner", "job")}
    words = []
    if counts["moment"]:
        words.append(
            ngettext("%(count)s contact moment", "%(count)s contact moments", counts["moment"])
            % {"count": counts["moment"]}
        )
    if counts["owner"]:
        words.append(_("another owner"))
    if counts["job"]:
        words.append(_("other work"))
    return ", ".join(words)


WRITERS = {
    Kind.MENTION: _mention,
    Kind.ASSIGNED: _assigned,
    Kind.REMINDER: _reminder,
    Kind.MAIL: _mail,
    Kind.CONNECTION: _connection,
    Kind.FOLLOWED: _followed,
}
