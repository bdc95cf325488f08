# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody's own page. All it shows comes from one function of the database, which is given the hash of the visit."""

import hmac
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.mypage import actions
from plein.mypage.actions.ways import VISIT
from plein.mypage.models import Way
from plein.mypage.paper import as_paper
from plein.mypage.picture import Picture, language_of, picture_of
from plein.mypage.places import root
from plein.mypage.queries import read_page, read_told
from plein.mypage.taking import as_card, as_json
from plein.mypage.vocabulary import Wish
from plein.trust.actions.links import digest_of
from plein.trust.addresses import remote_address
from plein.trust.attempts import Attempted

GONE, UNPROCESSABLE, TOO_MANY, FORBIDDEN = 410, 422, 429, 403
_PREFIX = "" if not settings.IS_SECURE else "__Host-" if settings.PLEIN_MY_PAGE_URL else "__Secure-"
COOKIE = f"{_PREFIX}plein-my-page"


#: What one may take along: its kind, and how its name ends.
TAKEN = {
    "json": ("application/json; charset=utf-8", "json"),
    "vcard": ("text/vcard; charset=utf-8", "vcf"),
    "pdf": ("application/pdf", "pdf"),
}
#: What the visitor may ask, as they would say it.
WISHES = (
    (Wish.CORRECT, _("Something is wrong: please correct it")),
    (Wish.COPY, _("I want to know more, or a copy")),
    (Wish.RESTRICT, _("Do not use my data for now")),
    (Wish.OBJECT, _("I object to something")),
    (Wish.ERASE, _("Please erase me")),
)


class AddressForm(forms.Form):
    """Where a link goes."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


def _visit(request: HttpRequest) -> str:
    """The hash of the visit that the cookie names, if it names any."""
    secret = request.COOKIES.get(COOKIE, "")
    return digest_of(secret) if secret else ""


def _token(visit: str) -> str:
    """What a form of this visit carries, so that no other page can send one."""
    return hmac.new(settings.SECRET_KEY.encode(), f"my page {visit}".encode(), "sha256").hexdigest()


type Shown = Callable[[HttpRequest, str, Picture], HttpResponse]


def _theirs(request: HttpRequest, shown: Shown) -> HttpResponse:
    """The answer to whoever's page it is, in their language; anybody else may ask for a link."""
    visit = _visit(request)
    picture = read_page(visit) if visit else None
    if picture is None:
        return _show(request, "mypage/ask.html", {"form": AddressForm(), "was_open": bool(visit)})
    language = picture.language[:2]
    if language in dict(settings.LANGUAGES) and language != translation.get_language():
        translation.activate(language)
        picture = read_page(visit) or picture
    if request.method == "POST" and not hmac.compare_digest(request.POST.get("token", ""), _token(visit)):
        return _show(request, "mypage/refusal.html", {"status": FORBIDDEN}, FORBIDDEN)
    return shown(request, visit, picture)


def _show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"root": root(), **context}, status=status)


def _page(request: HttpRequest, visit: str, picture: Picture, **more: Any) -> HttpResponse:
    said, asked = request.GET.get("said") == "1", request.GET.get("asked") == "1"
    about = request.GET.get("about", "")[:300]
    wish = more.pop("wish", None) or WishForm(initial={"kind": Wish.CORRECT, "about": about})
    context = {"page": picture, "token": _token(visit), "said": said, "asked": asked, "wish": wish, **more}
    return _show(request, "mypage/page.html", context, more.get("status", 200))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the company has of the visitor, from where, why, who sees it and what they get for it."""
    return _theirs(request, _page)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Note what the visitor says to a purpose."""
    return _theirs(request, _decide)


def _decide(request: HttpRequest, visit: str, picture: Picture) -> HttpResponse:
    kind, _space, value = request.POST.get("point", "").partition(" ")
    try:
        use = picture.use(UUID(request.POST.get("purpose", "")))
    except ValueError:
        use = None
    wanted = request.POST.get("answer", "")
    if use is None or wanted not in ("yes", "no"):
        return _page(request, visit, picture, trouble=True, status=UNPROCESSABLE)
    state = "given" if wanted == "yes" else str(use.says_no)
    if not actions.decide(visit=visit, picture=picture, purpose=use.id, state=state, kind=kind, value=value):
        return _page(request, visit, picture, trouble=True, status=UNPROCESSABLE)
    return HttpResponseRedirect(f"{root()}?said=1#use-{use.id}")


class WishForm(forms.Form):
    """What the visitor asks."""

    kind = forms.ChoiceField(label=_("What do you ask?"), choices=[(one.value, words) for one, words in WISHES])
    about = forms.CharField(widget=forms.HiddenInput, max_length=300, required=False)
    words = forms.CharField(
        label=_("In your own words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """To correct something, one has to say what it should be."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == Wish.CORRECT and not cleaned.get("words", "").strip():
            self.add_error("words", _("Write what is wrong, and what it should be."))
        return cleaned


@require_POST
def ask_for(request: HttpRequest) -> HttpResponse:
    """Ask for something; it becomes work for somebody, with the time that the law gives."""
    return _theirs(request, _ask_for)


def _ask_for(request: HttpRequest, visit: str, picture: Picture) -> HttpResponse:
    form = WishForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, picture, wish=form, status=UNPROCESSABLE)
    if actions.ask(visit=visit, picture=picture, **form.cleaned_data) is None:
        form.add_error(None, _("Twenty of your requests wait already. We answer those first."))
        return _page(request, visit, picture, wish=form, status=UNPROCESSABLE)
    return HttpResponseRedirect(f"{root()}?asked=1#asked")


@require_safe
def download(request: HttpRequest, form: str) -> HttpResponse:
    """Take everything on the page along, or one's card."""
    told = read_told(_visit(request)) if form in TAKEN else None
    if told is None:
        raise Http404
    kind, ending = TAKEN[form]
    answer = HttpResponse(_taken(form, told), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="my-page.{ending}"'
    return answer


def _taken(form: str, told: dict[str, Any]) -> str | bytes:
    if form == "vcard":
        return as_card(told)
    if form == "json":
        return json.dumps(as_json(told), ensure_ascii=False, indent=2)
    with translation.override(language_of(told)):
        return as_paper(picture_of(told))


@sensitive_post_parameters("email")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link. Whether the address is known changes neither the answer nor the work."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else UNPROCESSABLE
        return _show(request, "mypage/ask.html", {"form": form}, status)
    address = form.cleaned_data["email"].lower()
    attempt = Attempted(f"my page of {address}", remote_address(request))
    if attempt.wait:
        form.add_error(None, attempt.words())
        answer = _show(request, "mypage/ask.html", {"form": form}, TOO_MANY)
        answer["Retry-After"] = str(attempt.wait)
        return answer
    actions.want_page(email=address)
    return _show(request, "mypage/ask.html", {"is_sent": True})


@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button that spends the link. Looking spends nothing: mail scanners look at them all."""
    if request.method != "POST":
        return _show(request, "mypage/open.html", {})
    visit = actions.take_link(secret)
    if visit is None:
        return _show(request, "mypage/ask.html", {"form": AddressForm(), "is_spent": True}, GONE)
    answer = HttpResponseRedirect(root())
    answer.set_cookie(
        COOKIE,
        visit,
        max_age=int(VISIT.total_seconds()),
        path=root(),
        secure=settings.IS_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return answer


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page: its visit is over, also for whoever has the cookie."""
    if visit := _visit(request):
        Way.objects.filter(digest=visit, kind="visit").delete()
    answer = _show(request, "mypage/ask.html", {"form": AddressForm(), "has_left": True})
    answer.delete_cookie(COOKIE, path=root(), samesite="Strict")
    return answer
