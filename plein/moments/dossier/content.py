# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in the file of a relation, in which order."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from plein.core.audit import audit_taken
from plein.core.ids import now
from plein.core.isolation import default_circle_id
from plein.moments.dossier.paper import Paper
from plein.moments.models import ToDo
from plein.moments.queries import MomentLine, TimelinePage, timeline, todos_of_relation
from plein.moments.wording import shown
from plein.relations.models import Relation
from plein.relations.picture import details_of
from plein.relations.queries import RelationPicture, picture_of
from plein.relations.queries.record import Role, TieLine

#: So many contact moments are printed, the newest; the foot says so when there are more.
MOST_MOMENTS = 300


def write_dossier(relation: Relation, *, reader: str, workspace: str) -> bytes:
    """The file of one relation as a PDF: only what the reader may see is in it, and it says who printed it when."""
    made = date_format(timezone.localtime(now()), "j F Y, H.i")
    foot = _("%(workspace)s · printed by %(reader)s, %(made)s") % {
        "workspace": workspace, "reader": reader, "made": made}  # fmt: skip
    picture = picture_of(relation)
    paper = Paper(relation.name, foot, get_language() or "en")
    paper.name_on_top(relation.name, relation.headline)
    _about(paper, picture)
    _people(paper, picture)
    todos, page = todos_of_relation(relation.id, limit=50), timeline(relation.id, limit=MOST_MOMENTS, with_coming=True)
    _todos(paper, todos)
    _moments(paper, page)
    audit_taken("relation", [relation.id], format="pdf")
    audit_taken("todo", [one.id for one in todos], format="pdf")
    audit_taken("moment", [one.id for one in (*page.coming, *page.moments)], format="pdf")
    return bytes(paper.output())


def _about(paper: Paper, picture: RelationPicture) -> None:
    for _name, label, words in details_of(picture.relation):
        paper.pair(label, words)
    for point in picture.points:
        paper.pair(point.name, point.words)
    paper.pair(_("Tags"), ", ".join(str(tag["name"]) for tag in picture.tags))
    paper.pair(_("What moves them"), "; ".join(str(one["text"]) for one in picture.interests))
    for day in picture.dates:
        paper.pair(day.words, " · ".join(filter(None, (date_format(day.on, "j F Y"), day.note))))
    paper.pair(_("Who sees this"), picture.circle_words or _("Everyone here"))


def _people(paper: Paper, picture: RelationPicture) -> None:
    if picture.roles or picture.past_roles:
        paper.heading(_("Works at") if picture.relation.is_person else _("Who works here"))
        for role in (*picture.roles, *picture.past_roles):
            paper.line_of(role.other.name, _role(role))
    if picture.ties:
        paper.heading(_("Who knows whom"))
        for tie in picture.ties:
            paper.line_of(f"{tie.words} {tie.other.name}", _tie(tie))


def _role(role: Role) -> str:
    period = "–".join(date_format(day, "j M Y") if day else "" for day in (role.starts_on, role.ends_on))
    return " · ".join(filter(None, (role.role, role.department, period.strip("–") and period)))


def _tie(tie: TieLine) -> str:
    return tie.note


def _todos(paper: Paper, todos: list[ToDo]) -> None:
    if not todos:
        return
    paper.heading(_("To do"))
    for todo in todos:
        due = date_format(todo.due_on, "j F Y") if todo.due_on else ""
        who = str(todo.assignee.user) if todo.assignee else ""
        paper.line_of(todo.title, " · ".join(filter(None, (due, who))))


def _moments(paper: Paper, page: TimelinePage) -> None:
    if page.coming:
        paper.heading(_("Coming up"))
        for one in page.coming:
            _moment(paper, one)
    if page.moments:
        paper.heading(_("Contact moments"))
    for one in page.moments:
        _moment(paper, one)
    if page.next:
        words = ngettext(
            "The newest %(count)s contact moment is printed; there are more in Plein.",
            "The newest %(count)s contact moments are printed; there are more in Plein.",
            len(page.moments),
        )
        paper.text_block(words % {"count": len(page.moments)})


def _moment(paper: Paper, line: MomentLine) -> None:
    one = shown(line, default_circle_id())
    when = date_format(timezone.localtime(line.occurred_at), "j F Y, H.i")
    names = ", ".join(part.name for part in line.parts if part.name)
    what = one.title if line.title and line.title != one.title else ""
    paper.line_of(line.title or one.title, " · ".join(filter(None, (when, what, names, line.location))))
    paper.text_block(line.text)
    for label, value in (
        (_("Purpose"), line.purpose),
        (_("Outcome"), line.outcome),
        (_("Follow-up"), line.follow_up),
        (_("Files"), ", ".join(file.name for file in line.files)),
    ):
        paper.pair(label, value)
    paper.gap()
