# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.channels.actions import CannotUse, remove_mail_server, set_mail_server, try_mail_server
from plein.channels.forms import MailServerForm
from plein.channels.models import MailServer, SunkLetter
from plein.channels.post import PostRefused, PostUncertain, has_password
from plein.core.toasts import toast_later
from plein.trust.permissions import permit
from plein.trust.seats import seat_of
from plein.trust.secret_box import Unopenable
from plein.trust.views.frame import UNPROCESSABLE, settings_page

SHOWN = 100


def _present() -> MailServer | None:
    found: MailServer | None = MailServer.objects.order_by("created_at", "id").first()
    return found


def _page(request: HttpRequest, form: MailServerForm, *, status: int = 200, **more: Any) -> HttpResponse:
    row = _present()
    try:
        is_known = row is not None and (not row.user_name or has_password(row))
    except Unopenable:
        is_known = False
    context = {"form": form, "server": row, "needs_password": row is not None and not is_known, **more}
    return settings_page(request, "channels/mail.html", context, status)


def _form(data: Any = None) -> MailServerForm:
    row = _present()
    names = [name for name in MailServerForm.base_fields if name != "password"]
    known = {name: getattr(row, name) for name in names} if row else {}
    return MailServerForm(data, initial=known)


@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """Through which server our mail goes out."""
    actor = seat_of(request)
    permit(actor, "manage")
    if request.method != "POST":
        return _page(request, _form())
    form = _form(request.POST)
    if form.is_valid():
        try:
            set_mail_server(actor=actor, facts=form.facts(), password=form.cleaned_data["password"])
        except CannotUse as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            toast_later(request, _("Saved. Send yourself a trial letter to see that it works."))
            return redirect("channels:mail")
    return _page(request, form, status=UNPROCESSABLE)


@require_POST
def mail_try(request: HttpRequest) -> HttpResponse:
    """A trial letter to the administrator."""
    actor = seat_of(request)
    permit(actor, "manage")
    try:
        address = try_mail_server(actor=actor)
    except (PostRefused, PostUncertain) as refusal:
        return _page(request, _form(), status=UNPROCESSABLE, refusal=refusal.words)
    except Unopenable:
        words = _("The password of this server cannot be opened any more. Write it again.")
        return _page(request, _form(), status=UNPROCESSABLE, refusal=words)
    toast_later(request, _("A trial letter is on its way to %(address)s.") % {"address": address})
    return redirect("channels:mail" if _present() else "channels:sink")


@require_POST
def mail_remove(request: HttpRequest) -> HttpResponse:
    """No server any more: letters go to the sink."""
    actor = seat_of(request)
    permit(actor, "manage")
    done = remove_mail_server(actor=actor)
    toast_later(request, _("From now on mail stays here. The password was forgotten."), done.id)
    return redirect("channels:mail")


@require_safe
def sink(request: HttpRequest) -> HttpResponse:
    """Mail that would have been sent, the newest first."""
    permit(seat_of(request), "manage")
    letters = SunkLetter.objects.defer("source").order_by("-at", "-id")[:SHOWN]
    return settings_page(request, "channels/sink.html", {"letters": letters, "server": _present()})


@require_safe
def sink_source(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """One such letter as it would have gone over the line."""
    permit(seat_of(request), "manage")
    letter = get_object_or_404(SunkLetter.objects, id=letter_id)
    answer = HttpResponse(letter.source, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="letter.eml"'
    return answer
