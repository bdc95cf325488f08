# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outbox: what waits, what left, what did not, and what somebody has to decide about."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from plein.core.html import clean_html
from plein.core.ids import now
from plein.core.operations import CannotUndo
from plein.outbox import actions
from plein.outbox.forms import TimeForm, line_of
from plein.outbox.marks import as_html
from plein.outbox.models import Mail, MailState
from plein.outbox.queries import as_seen, files_seen, mails
from plein.outbox.refusals import CannotSend
from plein.outbox.views.answers import found_mail
from plein.trust.actions import undo_operation
from plein.trust.answers import Request, allow, go, page

SHOWN = 100
LATE_MINUTES = 5


@dataclass(frozen=True)
class Shelf:
    """One part of the outbox: its name in the address, its words, and which mails lie there."""

    key: str
    words: str | Promise
    states: tuple[str, ...]
    is_scheduled: bool | None = None


SHELVES = (
    Shelf("", gettext_lazy("To look at"), (MailState.UNCERTAIN, MailState.REFUSED)),
    Shelf("waiting", gettext_lazy("Waiting"), (MailState.WAITING, MailState.SENDING), is_scheduled=False),
    Shelf("scheduled", gettext_lazy("Scheduled"), (MailState.WAITING,), is_scheduled=True),
    Shelf("sent", gettext_lazy("Sent"), (MailState.SENT,)),
    Shelf("drafts", gettext_lazy("Not sent yet"), (MailState.DRAFT,)),
)


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail as a line of the outbox."""

    mail: Mail
    receivers: str
    words: str
    is_late: bool


def words_of(mail: Mail) -> str:
    """Where a mail stands, in words."""
    if mail.state == MailState.SENT and mail.is_sunk:
        return _("not really sent: there is no mail server yet")
    if mail.state == MailState.WAITING:
        if mail.is_scheduled and not mail.tries:
            return _("scheduled")
        return _("waiting for another try") if mail.tries else _("on its way")
    return str(MailState(mail.state).label)


def shown_mail(mail: Mail) -> ShownMail:
    """A mail ready to be shown."""
    late = mail.state == MailState.WAITING and mail.send_at is not None
    minutes = (now() - mail.send_at).total_seconds() / 60 if late and mail.send_at else 0
    receivers = ", ".join(name or address for name, address in [*mail.to, *mail.cc, *mail.bcc][:4])
    return ShownMail(mail, receivers, words_of(mail), minutes > LATE_MINUTES)


@require_safe
def outbox(request: Request) -> HttpResponse:
    """The mails of one shelf, one's own or all that one may see."""
    allow(request)
    wanted = request.GET.get("show", "")
    shelf = next((one for one in SHELVES if one.key == wanted), SHELVES[0])
    everybody = request.GET.get("who") == "all"
    found = mails(shelf.states, seat_id=None if everybody else request.seat.seat_id)
    if shelf.is_scheduled is not None:
        found = found.filter(is_scheduled=shelf.is_scheduled)
    order = "send_at" if shelf.key in ("waiting", "scheduled") else "-changed_at"
    who = "&who=all" if everybody else ""
    context = {
        "lines": [shown_mail(one) for one in as_seen(found.order_by(order, "-id")[:SHOWN])],
        "shelf": shelf,
        "shelves": [(one.words, f"?show={one.key}{who}", one is shelf) for one in SHELVES],
        "everybody": everybody,
        "who_href": f"?show={shelf.key}{'' if everybody else '&who=all'}",
    }
    return page(request, "outbox/outbox.html", context)


@require_safe
def mail(request: Request, mail_id: UUID) -> HttpResponse:
    """One mail: what it says, where it stands, and what one may do."""
    allow(request)
    return _mail_page(request, found_mail(mail_id))


def _mail_page(request: Request, one: Mail, *, status: int = 200, **more: Any) -> HttpResponse:
    is_mine = one.seat_id == request.seat.seat_id
    [one] = as_seen([one])
    context = {
        "line": shown_mail(one),
        "mail": one,
        "to": line_of(one.to),
        "cc": line_of(one.cc),
        "bcc": line_of(one.bcc),
        "files": files_seen(one),
        "body": format_html("{}", clean_html(as_html(one.text))),
        "refused": list(one.refused.items()),
        "is_mine": is_mine,
        "may_decide": is_mine or request.seat.is_administrator,
        "form": TimeForm(initial={"send_at": one.send_at}),
        **more,
    }
    return page(request, "outbox/mail.html", context, status=status)


@require_safe
def of_moment(request: Request, moment_id: UUID) -> HttpResponse:
    """The mail that a moment shows."""
    allow(request)
    found = Mail.objects.filter(moment_id=moment_id).values_list("id", flat=True).first()
    if found is None:
        raise Http404
    return redirect("outbox:mail", found)


@require_POST
def decide(request: Request, mail_id: UUID, act: str) -> HttpResponse:
    """What somebody decides about a mail."""
    one = found_mail(mail_id)
    allow(request)
    here = reverse("outbox:mail", args=[one.id])
    try:
        match act:
            case "back":
                return _take_back(request, one)
            case "time":
                return _another_time(request, one)
            case "now":
                actions.reschedule(actor=request.seat, mail=one, at=None)
                return go(request, here, _("It leaves now."))
            case "again":
                actions.send_again(actor=request.seat, mail=one)
                return go(request, here, _("It leaves once more."))
            case "arrived":
                actions.say_it_arrived(actor=request.seat, mail=one)
                return go(request, here, _("Noted that it arrived."))
            case "discard":
                actions.discard_mail(actor=request.seat, mail=one)
                return go(request, reverse("outbox:outbox") + "?show=drafts", _("Thrown away."))
    except CannotSend as refusal:
        return _mail_page(request, found_mail(mail_id), status=409, refusal=str(refusal))
    raise BadRequest


def _take_back(request: Request, one: Mail) -> HttpResponse:
    """A draft again: by turning back the sending, or by calling off what was only scheduled."""
    if one.moment_id is not None and one.operation_id is not None:
        try:
            undo_operation(actor=request.seat, operation_id=one.operation_id)
        except CannotUndo as refusal:
            raise CannotSend(_("It has left already, or is not yours to take back.")) from refusal
    else:
        actions.call_off(actor=request.seat, mail=one)
    return go(request, reverse("outbox:edit", args=[one.id]), _("It does not leave. Here it is again."))


def _another_time(request: Request, one: Mail) -> HttpResponse:
    form = TimeForm(request.POST)
    if form.is_valid():
        try:
            actions.reschedule(actor=request.seat, mail=one, at=form.cleaned_data["send_at"])
        except CannotSend as refusal:
            form.add_error("send_at", str(refusal))
        else:
            return go(request, reverse("outbox:mail", args=[one.id]), _("It leaves at another time."))
    return _mail_page(request, one, status=422, form=form)
