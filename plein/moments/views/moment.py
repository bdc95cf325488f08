# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.isolation import default_circle_id, seat_id
from plein.moments import actions
from plein.moments.forms import uploaded
from plein.moments.heard import heard_page, pieces_of
from plein.moments.heard_topics import topic_lines
from plein.moments.models import Participant, Planning
from plein.moments.queries import (
    MomentDetail,
    MomentLine,
    PartLine,
    has_guests,
    heard_in,
    is_answerable,
    moment_detail,
    names_of_topics,
    people_to_choose,
    tags_of_moment,
    thread,
    todos_of_moment,
)
from plein.moments.repeats import in_words, read_rule
from plein.moments.views.answers import address_of, found_moment, found_relation
from plein.moments.views.values import own_groups
from plein.moments.vocabulary import APPOINTMENTS, Answer, Direction, MomentKind, ParticipantRole, State
from plein.moments.wording import WRITTEN, shown
from plein.relations.queries import tag_choices
from plein.trust.answers import Request, act, allow, go, page
from plein.trust.circles import describe

MOST_OTHERS = 20


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A participant as the moment's page shows it."""

    id: UUID
    role: str
    name: str
    kind: str
    heard: str
    relation_id: UUID | None
    href: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class PartGroup:
    """The participants that had the same part."""

    words: str
    parts: list[ShownPart]


def _shown_part(part: PartLine) -> ShownPart:
    href = address_of(part.relation_id) if part.relation_id else ""
    answer = str(Answer(part.answer).label) if part.answer else ""
    return ShownPart(part.id, part.role, part.name, part.kind, part.heard, part.relation_id, href, answer)


def groups_of(parts: tuple[PartLine, ...]) -> list[PartGroup]:
    """Participants under the part they had, in the order of the roles."""
    groups: dict[str, list[ShownPart]] = {}
    for part in parts:
        groups.setdefault(part.role, []).append(_shown_part(part))
    return [PartGroup(str(ParticipantRole(role).label).capitalize(), members) for role, members in groups.items()]


def _context(detail: MomentDetail) -> dict[str, Any]:
    line = detail.line
    everyone = default_circle_id()
    one = shown(line, everyone)
    conversation = [other for other in thread(line.thread_id) if other.id != line.id]
    narrower = line.text_circle if line.text_circle not in (None, line.circle_id) else None
    heard = heard_in([line.id]).get(line.id) if line.text_id else None
    is_ours = line.direction == Direction.OUTBOUND and line.kind in WRITTEN
    theirs = [_shown_part(part) for part in line.parts if not part.is_ours and part.relation_id]
    return {
        "detail": detail,
        "heard": heard_page(heard, seat_id(), is_ours=is_ours) if heard and detail.said else None,
        "subjects": topic_lines(heard, names_of_topics(), seat_id()) if heard and detail.said else [],
        "pieces": pieces_of(detail.said, detail.said_from, heard),
        "line": line,
        "answerable": is_answerable(line, seat_id()),
        "shown": one,
        "heading": line.title or one.title,
        "kind_words": str(MomentKind(line.kind).label).capitalize(),
        "theirs": list({part.relation_id: part for part in theirs}.values()),
        "parts": groups_of(line.parts),
        "others": [shown(other, everyone) for other in conversation[-MOST_OTHERS:]],
        "todos": todos_of_moment(line.id),
        "tags": tags_of_moment(line.id),
        "seen_by": describe(line.circle_id) if line.circle_id != everyone else _("Everyone here sees this"),
        "text_seen_by": describe(narrower) if narrower else "",
        "history_url": _history_address(line.id),
        "repeats": _repeats(line),
        "is_invitation": _is_invitation(line),
        "answered": next((str(Answer(one.answer).label) for one in line.parts if one.is_ours and one.answer), ""),
        "custom": own_groups(line.id),
        "is_invitable": _is_invitable(line),
        "has_guests": line.kind in APPOINTMENTS and has_guests(line.id),
    }


def _is_invitation(line: MomentLine) -> bool:
    """Whether somebody else invited us, and it is still to come."""
    came_by_mail = any(one.external_id.startswith("calendar:") for one in line.sources)
    return came_by_mail and line.state == State.PLANNED and line.direction == Direction.INBOUND


def _is_invitable(line: MomentLine) -> bool:
    """Whether we may invite guests to this by mail: it is planned, by us."""
    came_by_mail = any(one.external_id.startswith("calendar:") for one in line.sources)
    return (
        line.kind in APPOINTMENTS
        and line.state == State.PLANNED
        and line.direction != Direction.INBOUND
        and not came_by_mail
    )


def _repeats(line: MomentLine) -> str:
    """How an appointment repeats, in words."""
    if line.state != State.PLANNED:
        return ""
    planning = Planning.objects.select_related("series").filter(moment_id=line.id, series__isnull=False).first()
    return in_words(read_rule(planning.series.rule)) if planning is not None and planning.series is not None else ""


def _history_address(moment_id: UUID) -> str:
    try:
        return f"{reverse('web:history')}?about={moment_id}"
    except NoReverseMatch:
        return ""


@require_safe
def moment(request: Request, moment_id: UUID) -> HttpResponse:
    """One contact moment: who, when, what was said, what came with it."""
    return moment_page(request, moment_id)


def moment_page(request: Request, moment_id: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    detail = moment_detail(moment_id)
    if detail is None:
        raise Http404
    context = _context(detail)
    if request.seat.can_write:
        context["tag_names"] = [name for _id, name in tag_choices()]
    return page(request, "moments/moment.html", context | more, status=status)


@require_POST
def delete(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Remove a moment; the toast brings it back."""
    allow(request, "delete")
    one = found_moment(moment_id)
    found = Participant.objects.filter(moment=one, is_ours=False, relation_id__isnull=False).order_by("id").first()
    try:
        removal = actions.delete_moment(actor=request.seat, moment=one)
    except actions.StillLeaving as refusal:
        return go(request, reverse("moments:moment", args=[moment_id]), str(refusal))
    return go(request, address_of(found.relation_id if found else None), _("Removed."), removal.id)


@require_POST
def attach(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Attach files to a moment that is there already."""
    allow(request)
    one = found_moment(moment_id)
    files = [actions.IncomingFile(file.name or "", file.size or 0, file) for file in uploaded(request.FILES)]
    if not files:
        return moment_page(request, moment_id, status=422, file_problem=_("Choose a file first."))
    try:
        with act("attach_files") as done:
            actions.attach_files(actor=request.seat, moment=one, files=files)
    except actions.FileTooLarge as refusal:
        return moment_page(request, moment_id, status=422, file_problem=str(refusal))
    return go(request, reverse("moments:moment", args=[moment_id]), _("Attached."), done.id)


@require_POST
def follow_up(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Put the follow-up of a moment on one's list."""
    allow(request)
    one = found_moment(moment_id)
    with act("create_todo") as done:
        todo = actions.make_todo_of_follow_up(actor=request.seat, moment=one)
    words = _("On your list.") if todo else _("This moment names no follow-up.")
    back = "/" if request.POST.get("from") == "today" else reverse("moments:moment", args=[moment_id])
    return go(request, back, words, done.id if todo else None)


@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: Request, moment_id: UUID, participant_id: UUID) -> HttpResponseBase:
    """Say who a participant really was."""
    allow(request)
    participant = get_object_or_404(
        Participant.objects.select_related("moment", "relation"), id=participant_id, moment_id=moment_id
    )
    back = reverse("moments:moment", args=[moment_id])
    if request.method == "POST":
        wanted = request.POST.get("relation", "")
        try:
            relation = found_relation(UUID(wanted)) if wanted else None
        except ValueError as error:
            raise Http404 from error
        with act("rebind_participant") as done:
            actions.rebind_participant(actor=request.seat, participant=participant, relation=relation)
        return go(request, back, _("Noted who this was."), done.id)
    who = request.GET.get("who", "")[:200]
    chosen = [participant.relation_id] if participant.relation_id else []
    context = {
        "heard": participant.heard_name or str(participant.relation or _("this")),
        "who": who,
        "choices": people_to_choose(None, chosen=chosen, query=who or participant.heard_name),
        "bound": participant.relation_id,
        "back_url": back,
    }
    return page(request, "moments/bind.html", context)
