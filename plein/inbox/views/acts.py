# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one does with a message; afterwards the next one of the list is there."""

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plein.inbox import actions
from plein.inbox.forms import AssignForm, LaterForm
from plein.inbox.models import Message
from plein.inbox.queries import after, message_of
from plein.inbox.refusals import CannotDo
from plein.inbox.views.pages import address, inbox_page, tab_of
from plein.trust.answers import Request, act, allow, go


def found(moment_id: UUID) -> Message:
    """The message, or nothing at that address."""
    message = message_of(moment_id)
    if message is None:
        raise Http404
    return message


def _to_next(request: Request, message: Message, words: str, operation_id: UUID) -> HttpResponseBase:
    """On to the message below the one that left the list."""
    tab = tab_of(request)
    return go(request, address(tab, after(tab.name, message, tab.kind, tab.topic)), words, operation_id)


def _back(request: Request, moment_id: UUID, words: str, operation_id: UUID) -> HttpResponseBase:
    return go(request, address(tab_of(request), moment_id), words, operation_id)


@require_POST
def close(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Be done with it."""
    allow(request)
    message = found(moment_id)
    done = actions.close_message(actor=request.seat, message=message)
    return _to_next(request, message, _("Done."), done.id)


@require_POST
def reopen(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Take it up again."""
    allow(request)
    done = actions.reopen_message(actor=request.seat, message=found(moment_id))
    return _back(request, moment_id, _("Back in the inbox."), done.id)


@require_POST
def snooze(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Put it off until a time."""
    allow(request)
    message, form = found(moment_id), LaterForm(request.POST)
    if form.is_valid():
        try:
            done = actions.snooze_message(actor=request.seat, message=message, until=form.time)
            return _to_next(request, message, _("Put off. It comes back by itself."), done.id)
        except CannotDo as refusal:
            form.add_error("until", str(refusal))
    return inbox_page(request, tab_of(request), moment_id=moment_id, status=422, later_form=form)


@require_POST
def assign(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Give it to a colleague, or to nobody in particular."""
    allow(request)
    message, form = found(moment_id), AssignForm(request.POST)
    trouble = "" if form.is_valid() else " ".join(map(str, form.errors.get("seat", [])))
    if not trouble:
        try:
            seat = form.cleaned_data["seat"]
            done = actions.assign_message(actor=request.seat, message=message, seat_id=seat)
            return _back(request, moment_id, _("Given.") if seat else _("Nobody's in particular."), done.id)
        except CannotDo as refusal:
            trouble = str(refusal)
    return inbox_page(request, tab_of(request), moment_id=moment_id, status=422, assign_problem=trouble)


@require_POST
def keep(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Take what filed itself into the inbox."""
    allow(request)
    done = actions.keep_message(actor=request.seat, message=found(moment_id))
    return _back(request, moment_id, _("Now in the inbox."), done.id)


@require_POST
def note(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Write something for colleagues only."""
    allow(request)
    text = request.POST.get("text", "")
    try:
        with act("note_message") as done:
            actions.note_message(actor=request.seat, message=found(moment_id), text=text)
    except CannotDo as refusal:
        more = {"note_problem": str(refusal), "note_text": text}
        return inbox_page(request, tab_of(request), moment_id=moment_id, status=422, **more)
    return _back(request, moment_id, _("Noted for your colleagues."), done.id)
