# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door for visitors: a form, the mail that follows, and the button that confirms. Nobody's session is asked here.

Whether somebody is known here changes neither an answer nor the work behind it.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from plein.trust import letters
from plein.trust.actions.links import digest_of
from plein.webforms import actions
from plein.webforms.actions.making import origin_of
from plein.webforms.agreeing import agreed_in
from plein.webforms.answering import lines_of
from plein.webforms.counting import sent_too_often, tried_too_often
from plein.webforms.middleware import refusal
from plein.webforms.models import Submission
from plein.webforms.places import UNDER
from plein.webforms.queries import LONGEST_KEY, Sheet, opened, own_of, submission_at
from plein.webforms.stamps import read_stamp, stamp_of
from plein.webforms.views.filling import TRAP, FillingForm

GONE, UNPROCESSABLE, TOO_MANY = 410, 422, 429


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, key: str) -> HttpResponseBase:
    """The form, and what comes back of it."""
    wait = sent_too_often(request, key) if request.method == "POST" else 0
    with opened(key) as sheet:
        if not sheet.form.is_open or not letters.can_send():
            # Without a mail server nobody could prove their address.
            return _show(request, sheet, "webforms/closed.html", {}, GONE)
        if request.method != "POST":
            return _sheet(request, sheet, FillingForm(sheet=sheet))
        return _sent(request, sheet, FillingForm(request.POST, sheet=sheet), wait)


def _sent(request: HttpRequest, sheet: Sheet, filled: FillingForm, wait: int) -> HttpResponseBase:
    """Keep what was filled in, or say what is to be mended; nothing typed is lost."""
    if wait:
        filled.add_error(None, _("This form was sent very often just now. Wait some minutes, and send it again."))
        answer = _sheet(request, sheet, filled, TOO_MANY)
        answer.headers["Retry-After"] = str(wait)
        answer.keeps_what_was_counted = True  # type: ignore[attr-defined]
        return answer
    stamp = read_stamp(sheet, request.POST.get("stamp", ""))
    if stamp is None:
        filled.add_error(None, _("This form stood open for long. Look it over, and send it once more."))
    elif not stamp.is_current:
        filled.add_error(None, _("The words of this form changed meanwhile. Read them, and send it once more."))
    elif stamp.is_early:
        filled.add_error(None, _("That was very quick. Look it over, and send it once more."))
    if not filled.is_valid():
        # Whoever mends something quickly is no machine: the time counts from when the form was opened first.
        same = request.POST["stamp"] if stamp is not None and stamp.is_current else ""
        return _sheet(request, sheet, filled, UNPROCESSABLE, stamp=same)
    if not filled.is_trapped:
        language = (translation.get_language() or "en")[:2]
        actions.keep_submission(actor=sheet.actor, form=sheet.form, filled=filled.filled(language))
    return HttpResponseRedirect(f"{UNDER}{sheet.form.key}/sent/?lang={translation.get_language()}")


@require_safe
def sent(request: HttpRequest, key: str) -> HttpResponseBase:
    """What follows, the same for everybody."""
    with opened(key) as sheet:
        return _show(request, sheet, "webforms/sent.html", {})


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str, secret: str) -> HttpResponseBase:
    """Show what was filled in, with a button. Looking confirms nothing: mail scanners look at every link."""
    if wait := tried_too_often(request):
        return refusal(request, TOO_MANY, wait)
    with opened(key) as sheet:
        found = submission_at(sheet.form, digest_of(secret)) if len(secret) <= LONGEST_KEY else None
        if found is None:
            return _show(request, sheet, "webforms/over.html", {}, GONE, is_framed=False)
        if request.method == "POST":
            found = actions.confirm_submission(actor=sheet.actor, submission=found).submission
            if found.text.thanks_url:
                return HttpResponseRedirect(found.text.thanks_url)
        return _confirmation(request, sheet, found)


def _confirmation(request: HttpRequest, sheet: Sheet, found: Submission) -> HttpResponseBase:
    context: dict[str, Any] = {"submission": found, "text": found.text}
    # A browser leads on after a button only to where its page says that it may.
    onward = [origin_of(found.text.thanks_url)] if found.text.thanks_url else []
    if found.confirmed_at is None:
        agreed = [one.name for one in agreed_in(found)]
        context |= {"lines": lines_of(found, own_of(found.text)), "agreed": agreed}
    return _show(request, sheet, "webforms/confirm.html", context, is_framed=False, onward=onward)


def _sheet(
    request: HttpRequest, sheet: Sheet, filled: FillingForm, status: int = 200, *, stamp: str = ""
) -> HttpResponseBase:
    context = {"form": filled, "stamp": stamp or stamp_of(sheet), "trap": TRAP}
    return _show(request, sheet, "webforms/fill.html", context, status)


def _show(
    request: HttpRequest,
    sheet: Sheet,
    template: str,
    context: dict[str, Any],
    status: int = 200,
    *,
    is_framed: bool = True,
    onward: Sequence[str] = (),
) -> HttpResponseBase:
    """A page of a form: it may stand in a frame on the websites that the form names, and nowhere else."""
    origins = sheet.form.origins if is_framed else []
    whole = {"company": sheet.actor.workspace_name, "text": sheet.text, "languages": settings.LANGUAGES, **context}

    policy = {"frame-ancestors": origins or [CSP.NONE], "form-action": [CSP.SELF, *onward]}

    @csp_override(settings.SECURE_CSP | policy)
    def shown(request: HttpRequest) -> HttpResponse:
        answer = render(request, template, whole, status=status)
        answer.xframe_options_exempt = bool(origins)
        return answer

    return shown(request)
