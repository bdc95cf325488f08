# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody asks on their own page, and what they are answered."""

from calendar import monthrange
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plein.consent.actions import restrict
from plein.core.audit import audit, audit_apart
from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.moments.actions import tick_todo
from plein.moments.models import ToDo
from plein.mypage.events import RequestAnswered, RequestMade
from plein.mypage.models import PageRequest
from plein.mypage.picture import Picture
from plein.mypage.queries import verb_to_answer
from plein.mypage.vocabulary import Standing, Wish
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: The law allows two further months where a request is hard, if the person hears why within the first.
FURTHER_MONTHS = 2


class CannotAnswer(ValueError):
    """Why a request cannot be answered so; `field` is what to change."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


def ask(*, visit: str, picture: Picture, kind: str, about: str, words: str) -> UUID | None:
    """Ask for something on one's own page; None when that cannot be asked, or twenty wait already."""
    with no_workspace("my page"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT plein_page_ask(%s, %s, %s, %s)", [visit, kind, about, words])
        row = cursor.fetchone()
        made: UUID | None = row[0] if row else None
        if made is not None:
            audit_apart(
                "ask_on_my_page",
                workspace=picture.workspace,
                door="my-page",
                kind="subject",
                about=picture.subject,
                wish=kind,
            )
            publish(RequestMade(picture.workspace, made))
    return made


def _open(request: PageRequest) -> PageRequest:
    locked = PageRequest.objects.select_for_update(of=("self",)).select_related("subject__relation").get(id=request.id)
    if not locked.is_open:
        raise CannotAnswer(_("This was answered already."))
    return locked


def answer_request(*, actor: Entrance, request: PageRequest, state: str, answer: str) -> PageRequest:
    """Say that it was done, or why not; they read it on their page and get a letter. Raises CannotAnswer.

    That somebody's data are not used for now begins with the answer. Who is to be erased is answered by erasing them.
    """
    permit(actor, verb_to_answer(actor, request))
    if state not in (Standing.DONE, Standing.REFUSED):
        raise CannotAnswer(_("Choose whether it was done or refused."), "state")
    if not answer.strip():
        raise CannotAnswer(_("Write what they are to read: what you did, or why not."), "answer")
    with operation("answer_request"):
        locked = _open(request)
        if state == Standing.DONE:
            _carry_out(actor, locked)
        locked.state, locked.answer = state, answer.strip()[:2000]
        locked.answered_at, locked.seat_id = now(), actor.seat_id
        locked.save(update_fields=["state", "answer", "answered_at", "seat"])
        audit("answer_request", kind="subject", about=locked.subject_id, state=str(state))
        _tick(actor, locked)
        publish(RequestAnswered(locked.id))
    return locked


def _tick(actor: Entrance, request: PageRequest) -> None:
    """What stood on somebody's list until then is done."""
    todo: ToDo | None = ToDo.objects.filter(id=request.id, done_at__isnull=True).first()
    if todo is not None:
        tick_todo(actor=actor, todo=todo)


def _carry_out(actor: Entrance, request: PageRequest) -> None:
    """What a yes does by itself."""
    relation = request.subject.relation
    if relation is None:
        return
    if request.kind == Wish.ERASE:
        raise CannotAnswer(_("Erase them: that answers this by itself, and they get a letter."), "state")
    if request.kind == Wish.RESTRICT:
        day = date_format(request.asked_at, "j F Y")
        restrict(actor=actor, relation=relation, reason=_("asked on their own page on %(day)s") % {"day": day})


def extend_request(*, actor: Entrance, request: PageRequest, reason: str) -> PageRequest:
    """Take two months more, once, within the first; they read why. Raises CannotAnswer."""
    permit(actor, verb_to_answer(actor, request))
    if not reason.strip():
        raise CannotAnswer(_("Write why it takes longer; the law wants them to know."), "reason")
    with operation("extend_request"):
        locked = _open(request)
        if locked.extended_at is not None:
            raise CannotAnswer(_("It was put off once; the law allows no more."), "reason")
        if locked.is_late:
            raise CannotAnswer(_("Its month is over, so it can no longer be put off. Answer it now."), "reason")
        locked.due_on, locked.extended_at = _later(locked.due_on), now()
        locked.why_later = reason.strip()[:500]
        locked.save(update_fields=["due_on", "extended_at", "why_later"])
        audit("extend_request", kind="subject", about=locked.subject_id)
        publish(RequestAnswered(locked.id))
    return locked


def _later(day: date) -> date:
    month = day.month - 1 + FURTHER_MONTHS
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
