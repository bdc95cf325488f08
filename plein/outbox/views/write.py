# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing a mail: on a relation's page, as a reply, or taking a draft up again."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.toasts import toast_later, toast_now
from plein.moments.actions import IncomingFile, discard_draft, save_draft
from plein.moments.forms import MomentForm, chosen_ids, uploaded
from plein.moments.views.composing import composer_context, timeline_context
from plein.outbox import actions
from plein.outbox.fields import Missing, without
from plein.outbox.forms import DRAFTED, LetterForm
from plein.outbox.models import Mail, Template
from plein.outbox.queries import reachable, relation_behind, snippet_called, values_for
from plein.outbox.refusals import CannotSend
from plein.outbox.views.answers import uuid_or_none
from plein.outbox.views.desk import (
    Desk,
    desk_of_mail,
    desk_of_moment,
    desk_of_relation,
    own_draft,
    preview_of,
    sent_before,
)
from plein.outbox.views.say import place_of_answer, place_of_draft, say_at
from plein.trust.answers import Request, allow, page
from plein.trust.audience import audience_sent

TEMPLATE = "outbox/letter.html"


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, relation_id: UUID) -> HttpResponse:
    """Write to a relation."""
    desk = desk_of_relation(request, relation_id)
    allow(request)
    return _at(desk)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: Request, moment_id: UUID) -> HttpResponse:
    """Answer a mail, or what was said on a network."""
    if at := place_of_answer(request, moment_id):
        return say_at(at)
    desk = desk_of_moment(request, moment_id)
    allow(request)
    return _at(desk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, mail_id: UUID) -> HttpResponse:
    """Go on with a mail that was not sent."""
    if at := place_of_draft(request, mail_id):
        return say_at(at)
    desk = desk_of_mail(request, mail_id)
    allow(request)
    return _at(desk)


def _at(desk: Desk) -> HttpResponse:
    request = desk.request
    if request.method != "POST":
        part = "ready" if desk.is_ready else "what_for" if desk.asks_what_for else "letter"
        return page(request, TEMPLATE, desk.context(desk.form()), part=part)
    brought = uuid_or_none(request.POST.get("mail"))
    desk.mail = desk.mail or own_draft(request, brought)
    if desk.mail is None and brought is not None and not Mail.objects.filter(id=brought).exists():
        desk.new_mail = brought
    act, _colon, what = request.POST.get("act", "send").partition(":")
    if act == "template":
        return _with_template(desk)
    form = desk.form(request.POST)
    is_valid = form.is_valid()
    if act == "without":
        return _without_file(desk, form, what)
    if act == "preview" and is_valid:
        return _kept(desk, form, preview=preview_of(desk, form))
    if act == "keep" and is_valid:
        return _for_later(desk, form)
    if is_valid and act == "send" and (done := _sent(desk, form, brought)):
        return done
    return _kept(desk, form, status=422)


def _kept(desk: Desk, form: LetterForm, *, status: int = 200, **more: Any) -> HttpResponse:
    """The form as it was sent; files that came along are kept, for a browser cannot send them again by itself."""
    keeps = bool(uploaded(desk.request.FILES) or chosen_ids(desk.request.POST, "known"))
    if keeps:
        try:
            _keep(desk, form)
        except CannotSend as refusal:
            keeps, status = False, 422
            if str(refusal) not in form.non_field_errors():
                form.add_error(None, str(refusal))
    answer = page(desk.request, TEMPLATE, desk.context(form, **more), part="letter", status=status)
    answer.keeps_what_came = keeps  # type: ignore[attr-defined]
    return answer


def _keep(desk: Desk, form: LetterForm) -> Mail:
    """Keep what is written as a draft, with its files."""
    actor = desk.request.seat
    values = form.cleaned_data
    for name in ("to", "cc", "bcc"):
        values.setdefault(name, ())
    for name in ("subject", "text", "quoted", "circle", "identity", "purpose"):
        values.setdefault(name, "")
    content = form.content(desk.relation_id, desk.answers_id)
    with transaction.atomic():
        mail = actions.keep_mail(actor=actor, content=content, mail=desk.mail, mail_id=desk.new_mail)
        files = [IncomingFile(one.name or "", one.size or 0, one) for one in uploaded(desk.request.FILES)]
        actions.add_files(actor=actor, mail=mail, files=files, known=chosen_ids(desk.request.POST, "known"))
    desk.mail = mail
    return mail


def _sent(desk: Desk, form: LetterForm, brought: UUID | None) -> HttpResponse | None:
    """Send it; a refusal ends up beside its field, and what was written is kept. A second click sends nothing."""
    missing = _fill(desk, form)
    if missing:
        desk.missing = missing
        form.add_error(None, _("Some fields have no value."))
        return None
    content = form.content(desk.relation_id, desk.answers_id)
    if twin := sent_before(desk.request, brought, content):
        return _after(desk, twin, twin.operation_id)
    try:
        with transaction.atomic():
            mail = _keep(desk, form)
            done = actions.send_mail(actor=desk.request.seat, mail=mail, at=form.cleaned_data["send_at"])
    except CannotSend as refusal:
        if twin := sent_before(desk.request, brought, content):
            return _after(desk, twin, twin.operation_id)
        desk.mail = own_draft(desk.request, desk.mail.id) if desk.mail else None
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None
    discard_draft(actor=desk.request.seat, key=desk.key)
    return _after(desk, mail, done.id if done else None)


def _fill(desk: Desk, form: LetterForm) -> list[Missing]:
    """Fill the fields that stand in the text; what has no value comes back, unless it is to be left out."""
    values = values_for(desk.request.seat, desk.sender(form.cleaned_data["identity"]), _whom(desk, form))
    missing: dict[str, Missing] = {}
    for name in ("subject", "text"):
        filled = values.fill(form.cleaned_data[name])
        missing |= {one.name: one for one in filled.missing}
        form.cleaned_data[name] = filled.text
    if missing and desk.request.POST.get("leave_out"):
        for name in ("subject", "text"):
            form.cleaned_data[name] = without(form.cleaned_data[name], list(missing))
        return []
    return list(missing.values())


def _whom(desk: Desk, form: LetterForm) -> Any:
    """Whom the fields are about: the first receiver we know, else whom the page is about."""
    boxes = form.cleaned_data.get("to") or ()
    known = relation_behind((box.address.lower() for box in boxes), desk.relation_id)
    return next((known[box.address.lower()] for box in boxes if box.address.lower() in known), desk.relation)


def _after(desk: Desk, mail: Mail, operation_id: UUID | None) -> HttpResponse:
    request, relation = desk.request, desk.relation
    words = _("Sent in %(seconds)s seconds.") % {"seconds": actions.BACK_SECONDS}
    if operation_id is None and mail.send_at:
        words = _("It leaves on %(when)s.") % {"when": date_format(localtime(mail.send_at), "j F Y H:i")}
    here = (request.htmx.current_url_abs_path or "").partition("?")[0]
    if request.htmx and relation is not None and here == reverse("relations:relation", args=[relation.id]):
        fresh = MomentForm(initial={"kind": "note"})
        context = composer_context(request.seat, relation, fresh) | timeline_context(relation, here=here)
        return toast_now(page(request, "moments/compose.html", context, part="recorded"), words, operation_id)
    toast_later(request, words, operation_id)
    target = reverse("relations:relation", args=[relation.id]) if relation else reverse("outbox:outbox")
    if here.startswith("/inbox/"):
        target = request.htmx.current_url_abs_path or here
    if request.htmx:
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)


def _for_later(desk: Desk, form: LetterForm) -> HttpResponse:
    try:
        mail = _keep(desk, form)
    except CannotSend as refusal:
        form.add_error(None, str(refusal))
        return _kept(desk, form, status=422)
    discard_draft(actor=desk.request.seat, key=desk.key)
    toast_later(desk.request, _("Kept in the outbox. Go on with it there."))
    return HttpResponseRedirect(reverse("outbox:mail", args=[mail.id]))


def _without_file(desk: Desk, form: LetterForm, what: str) -> HttpResponse:
    wanted = uuid_or_none(what)
    if desk.mail is not None and wanted is not None:
        actions.remove_file(actor=desk.request.seat, mail=desk.mail, file_id=wanted)
    form.errors.clear()
    return _kept(desk, form)


def _with_template(desk: Desk) -> HttpResponse:
    """Put a template into what is written: its text behind it, its subject where there is none yet."""
    sent = desk.request.POST.copy()
    wanted = uuid_or_none(sent.get("template"))
    template: Template | None = Template.objects.filter(id=wanted).first() if wanted else None
    form = desk.form(desk.request.POST)
    form.is_valid()
    if template is None:
        form.add_error("template", _("Choose one first."))
        return _kept(desk, form, status=422)
    values = values_for(desk.request.seat, desk.sender(sent.get("identity", "")), _whom(desk, form))
    text, subject = values.fill(template.text), values.fill(template.subject)
    written = sent.get("text", "").rstrip()
    sent["text"] = f"{written}\n\n{text.text}" if written else text.text
    sent["subject"] = sent.get("subject", "").strip() or subject.text
    sent["template"] = ""
    form = desk.form(sent)
    form.is_valid()
    form.errors.clear()
    desk.missing = [*subject.missing, *text.missing]
    return _kept(desk, form)


@require_POST
def draft(request: Request, relation_id: UUID) -> HttpResponse:
    """Keep what somebody is writing to a relation."""
    return _save_draft(desk_of_relation(request, relation_id))


@require_POST
def reply_draft(request: Request, moment_id: UUID) -> HttpResponse:
    """Keep what somebody is answering."""
    return _save_draft(desk_of_moment(request, moment_id))


def _save_draft(desk: Desk) -> HttpResponse:
    allow(desk.request)
    content = {name: desk.request.POST.get(name, "") for name in DRAFTED}
    content["circle"] = audience_sent(desk.request.POST, "circle") or ""
    save_draft(actor=desk.request.seat, key=desk.key, content={"kind": "email", **content})
    return HttpResponse(status=204)


@require_safe
def people(request: Request) -> HttpResponse:
    """Whom one may mean: the last name in a line of addresses, looked up while one types."""
    allow(request)
    line = next((request.GET[name] for name in ("to", "cc", "bcc") if request.GET.get(name)), "")
    typed = line.rpartition(",")[2].strip()[:100]
    found = reachable(None, typed) if len(typed) > 1 and "@" not in typed else []
    return page(request, "outbox/people.html", {"people": found, "typed": typed}, part="people")


@require_safe
def snippet(request: Request) -> HttpResponse:
    """The text of a snippet, filled for whom one writes to."""
    allow(request)
    found = snippet_called(request.GET.get("name", "")[:60])
    if found is None:
        return HttpResponse(status=404, content_type="text/plain; charset=utf-8")
    wanted = uuid_or_none(request.GET.get("relation"))
    relation = desk_of_relation(request, wanted).relation if wanted else None
    values = values_for(request.seat, None, relation)
    return HttpResponse(values.fill(found.text).text, content_type="text/plain; charset=utf-8")
