# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saying something on a network: an answer to what was heard there, or a post of one's own."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.channels.models import Connection
from plein.channels.speaking import ONLY_ANSWERS, longest, may_speak
from plein.core.audit import audit_look
from plein.core.ids import new_id
from plein.core.toasts import toast_later
from plein.outbox import actions
from plein.outbox.actions import Said
from plein.outbox.forms import PostForm
from plein.outbox.models import Mail, MailState
from plein.outbox.queries import PostAnswer, post_answer_to
from plein.outbox.refusals import CannotSend
from plein.outbox.views.answers import uuid_or_none
from plein.outbox.views.desk import own_draft
from plein.trust.answers import Request, allow, page
from plein.trust.circles import circle_key

TEMPLATE = "outbox/say.html"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is being said: as which accounts one may, in answer to what, and the draft taken up again."""

    request: Request
    here: str
    accounts: tuple[tuple[Connection, str], ...]
    answer: PostAnswer | None = None
    mail: Mail | None = None

    def form(self, data: Any = None) -> PostForm:
        """The form, empty or as it was left."""
        return PostForm(data, accounts=self._choices(), initial=self._initial())

    def _choices(self) -> list[tuple[str, str]]:
        return [(str(one.id), f"{one.account or one.name} ({one.name})") for one, _heard in self.accounts]

    def _initial(self) -> dict[str, Any]:
        if self.mail is not None:
            return {"account": str(self.mail.connection_id), "text": self.mail.text, "circle": self.mail.circle_key}
        circle = self.answer.moment.circle_id if self.answer else self.accounts[0][0].circle_id
        return {"circle": circle_key(circle) or "me"}

    def said(self, form: PostForm) -> Said:
        """What was written, as the action wants it."""
        values = form.cleaned_data
        account, heard = next(one for one in self.accounts if str(one[0].id) == values["account"])
        words = {"account": account, "text": values["text"], "circle": values["circle"] or "me"}
        if self.answer is None:
            return Said(**words)
        return Said(
            **words,
            to=self.answer.to,
            is_public=self.answer.is_public,
            answered=heard,
            answers_id=self.answer.moment.id,
            relation_id=self.answer.relation.id if self.answer.relation else None,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def post(request: Request, connection_id: UUID) -> HttpResponse:
    """Post as the account of a connection."""
    found = may_speak(request.seat.seat_id).exclude(connector__in=ONLY_ANSWERS).filter(id=connection_id).first()
    if found is None:
        raise Http404
    allow(request)
    return say_at(Place(request, reverse("outbox:post", args=[found.id]), ((found, ""),)))


def place_of_answer(request: Request, moment_id: UUID, mail: Mail | None = None) -> Place | None:
    """Where a moment is answered that was said on a network; None for every other moment."""
    answer = post_answer_to(moment_id, request.seat.seat_id)
    if answer is None:
        return None
    audit_look("relation", [answer.relation])
    here = reverse("outbox:edit", args=[mail.id]) if mail else reverse("outbox:reply", args=[moment_id])
    return Place(request, here, answer.accounts, answer, mail)


def place_of_draft(request: Request, mail_id: UUID) -> Place | None:
    """Where one goes on with what was to be said on a network; None for every other draft."""
    mail = own_draft(request, mail_id)
    if mail is None or not mail.network:
        return None
    if mail.answered:
        return (
            place_of_answer(request, mail.answers_id, mail) if mail.answers_id else Place(request, "", (), None, mail)
        )
    mine = may_speak(request.seat.seat_id)
    accounts = tuple((one, "") for one in mine.filter(id=mail.connection_id)) if mail.connection_id else ()
    return Place(request, reverse("outbox:edit", args=[mail.id]), accounts, None, mail)


def say_at(place: Place) -> HttpResponse:
    """The form, or what came of it."""
    request = place.request
    allow(request)
    if not place.accounts:
        return page(request, TEMPLATE, {"place": place}, part="said", status=409 if request.method == "POST" else 200)
    if request.method != "POST":
        return _page(place, place.form(), str(place.mail.id if place.mail else new_id()))
    form, brought = place.form(request.POST), uuid_or_none(request.POST.get("mail"))
    done = _said(place, form, brought) if form.is_valid() else None
    return done or _page(place, form, str(brought or new_id()), status=422)


def _page(place: Place, form: PostForm, mail_id: str, *, status: int = 200) -> HttpResponse:
    came_from = place.request.POST.get("back") or (place.request.htmx.current_url_abs_path or "")
    context = {
        "place": place,
        "form": form,
        "mail_id": mail_id,
        "most": min(longest(one) for one, _heard in place.accounts),
        "back": came_from if came_from.startswith("/inbox/") else "",
    }
    return page(place.request, TEMPLATE, context, part="said", status=status)


def _said(place: Place, form: PostForm, brought: UUID | None) -> HttpResponse | None:
    """Say it; a refusal ends up beside its field. A second click says nothing twice."""
    request = place.request
    said = place.said(form)
    if _was_said(request, brought, said):
        return _after(place, None)
    try:
        with transaction.atomic():
            kept = own_draft(request, brought)
            mail = actions.keep_post(actor=request.seat, said=said, mail=kept, mail_id=None if kept else brought)
            done = actions.send_mail(actor=request.seat, mail=mail)
    except CannotSend as refusal:
        if _was_said(request, brought, said):
            return _after(place, None)
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None
    return _after(place, done.id if done else None)


def _was_said(request: Request, mail_id: UUID | None, said: Said) -> bool:
    if mail_id is None:
        return False
    mine = Mail.objects.filter(id=mail_id, seat_id=request.seat.seat_id, text=said.text)
    return mine.exclude(state=MailState.DRAFT).exists()


def _after(place: Place, operation_id: UUID | None) -> HttpResponse:
    words = _("Said in %(seconds)s seconds.") % {"seconds": actions.BACK_SECONDS}
    toast_later(place.request, words, operation_id)
    back = place.request.POST.get("back", "")
    if back.startswith("/inbox/"):
        return HttpResponseRedirect(back)
    if place.answer is not None:
        return HttpResponseRedirect(reverse("moments:moment", args=[place.answer.moment.id]))
    return HttpResponseRedirect(reverse("outbox:outbox") + "?show=waiting")
