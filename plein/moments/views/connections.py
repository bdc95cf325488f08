# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of connections: add an account, choose before anything is fetched, see how it goes, let it rest, end it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.channels import actions
from plein.channels.account_form import AccountForm
from plein.channels.connecting import NotUsable, connector_of
from plein.channels.live import Trouble
from plein.channels.models import Connection, ConnectionProblem, ConnectionState
from plein.channels.setting_words import said
from plein.core.toasts import toast_later
from plein.moments.actions import begin_hearing
from plein.moments.connection_forms import HearingForm
from plein.moments.queries.connections import how_many_refused, how_many_wait, owners_of
from plein.moments.views.connection_faces import face_of, facts_of, found_at, kinds
from plein.moments.views.imports import allowed
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance
from plein.trust.secret_box import Unopenable
from plein.trust.views.frame import UNPROCESSABLE, settings_page

ON_A_PAGE = 100


@require_safe
def connections(request: HttpRequest) -> HttpResponse:
    """All connections one may see, and what one may connect."""
    actor = allowed(request)
    found = list(Connection.objects.order_by("name", "id")[:ON_A_PAGE])
    ids = [one.id for one in found]
    waiting, refused, owners = how_many_wait(ids), how_many_refused(ids), owners_of(found)
    faces = [
        face_of(
            one, actor, waiting.get(one.id, 0), refused.get(one.id, 0), owners.get(one.seat_id, "")
        )
        for one in found
    ]  # fmt: skip
    return settings_page(request, "moments/connections.html", {"faces": faces, "kinds": kinds()})


@require_http_methods(["GET", "HEAD", "POST"])
def connection_new(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The account to listen to; it is looked at before anything of it is kept."""
    actor = allowed(request)
    try:
        connector = connector_of(kind)
    except NotUsable as unknown:
        raise Http404 from unknown
    form = AccountForm(connector, request.POST or None, may_be_inside=may(actor, "manage"))
    if request.method == "POST" and form.is_valid():
        account: dict[str, Any] = {
            "connector": connector.key,
            "settings": form.settings(),
            "is_inside": form.is_inside,
        }
        try:
            seen = actions.look_first(actor=actor, **account)
            made = actions.add_connection(actor=actor, name=form.cleaned_data["name"], seen=seen, **account)
        except NotUsable as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except Trouble as trouble:
            form.add_error(None, str(trouble))
        else:
            return _to(made)
    context = {"form": form, "title": said(connector.label), "icon": connector.icon}
    return settings_page(request, "moments/connection_new.html", context, UNPROCESSABLE if form.errors else 200)


@require_safe
def connection(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """One connection: the choices as long as it waits for them, and then how it goes."""
    actor = allowed(request)
    found = _seen(connection_id)
    form = HearingForm(found) if found.state == ConnectionState.PREVIEW and found.seat_id == actor.seat_id else None
    return _page(request, actor, found, form=form)


def _page(request: HttpRequest, actor: Entrance, found: Connection, *, status: int = 200, **more: Any) -> HttpResponse:
    problems = list(ConnectionProblem.objects.filter(connection=found).order_by("-heard_at", "-id")[:ON_A_PAGE])
    waiting = how_many_wait([found.id]).get(found.id, 0)
    face = face_of(found, actor, waiting, len(problems), owners_of([found]).get(found.seat_id, ""))
    context = {
        "connection": found,
        "face": face,
        "facts": facts_of(found),
        "problems": problems,
        "found": found_at(found),
        **more,
    }
    return settings_page(request, "moments/connection.html", context, status)


@require_POST
def connection_start(request: HttpRequest, connection_id: UUID) -> HttpResponseBase:
    """Begin to listen, with what was chosen."""
    actor = allowed(request)
    found = _own(actor, connection_id)
    if found.state != ConnectionState.PREVIEW:
        return _to(found)
    form = HearingForm(found, request.POST)
    if not form.is_valid():
        return _page(request, actor, found, form=form, status=UNPROCESSABLE)
    begin_hearing(actor=actor, connection=found, wishes=form.wishes(), gives=form.given)
    toast_later(request, _("From now on Plein listens to %(name)s.") % {"name": found.name})
    return _to(found)


@require_POST
def connection_test(request: HttpRequest, connection_id: UUID) -> HttpResponseBase:
    """Look whether the account can be heard."""
    actor = allowed(request)
    found = _own(actor, connection_id)
    try:
        seen = actions.look_into(actor=actor, connection=found)
    except (Trouble, NotUsable) as trouble:
        return _page(request, actor, found, refusal=str(trouble), status=UNPROCESSABLE)
    except Unopenable:
        words = _("The password of this account cannot be opened any more. Write it again.")
        return _page(request, actor, found, refusal=words, status=UNPROCESSABLE)
    number = sum(seen.counts.values())
    words = ngettext(
        "It can be heard: %(count)s thing is there.", "It can be heard: %(count)s things are there.", number
    )
    toast_later(request, words % {"count": number})
    return _to(found)


@require_POST
def connection_now(request: HttpRequest, connection_id: UUID) -> HttpResponseBase:
    """Hear at once what is new."""
    actor = allowed(request)
    found = _own(actor, connection_id)
    words = _("Plein goes and hears what is new.")
    return _do(request, found, lambda: actions.visit_now(actor=actor, connection=found), words)


@require_POST
def connection_pause(request: HttpRequest, connection_id: UUID) -> HttpResponseBase:
    """Let it rest."""
    actor = allowed(request)
    found = _own(actor, connection_id)
    back = reverse("moments:connection_resume", args=[found.id])
    words = _("%(name)s is paused. Nothing is lost.") % {"name": found.name}
    return _do(request, found, lambda: actions.pause_connection(actor=actor, connection=found), words, back)


@require_POST
def connection_resume(request: HttpRequest, connection_id: UUID) -> HttpResponseBase:
    """Go on from where it stopped."""
    actor = allowed(request)
    found = _own(actor, connection_id)
    words = _("Plein listens to %(name)s again, from where it stopped.") % {"name": found.name}
    return _do(request, found, lambda: actions.resume_connection(actor=actor, connection=found), words)


@require_http_methods(["GET", "HEAD", "POST"])
def connection_account(request: HttpRequest, connection_id: UUID) -> HttpResponseBase:
    """The account anew, such as with another password; then it goes on by itself."""
    actor = allowed(request)
    found = _own(actor, connection_id)
    form = AccountForm(connector_of(found.connector), request.POST or None, kept=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_connection(
                actor=actor, connection=found, settings=form.settings(), name=form.cleaned_data["name"]
            )
            if found.state == ConnectionState.STOPPED:
                actions.resume_connection(actor=actor, connection=found)
        except NotUsable as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except Unopenable:
            form.add_error(None, _("The password of this account cannot be opened any more. Write it again."))
        else:
            toast_later(request, _("Kept."))
            return _to(found)
    context = {"form": form, "connection": found, "title": found.name}
    return settings_page(request, "moments/connection_new.html", context, UNPROCESSABLE if form.errors else 200)


@require_POST
def connection_remove(request: HttpRequest, connection_id: UUID) -> HttpResponseBase:
    """Listen no more; its owner, or who manages."""
    actor = allowed(request)
    found = _seen(connection_id)
    if found.seat_id != actor.seat_id:
        permit(actor, "manage")
    actions.remove_connection(actor=actor, connection=found)
    words = _("%(name)s is no longer listened to, and its password is forgotten. People, addresses and history stay.")
    toast_later(request, words % {"name": found.name})
    return HttpResponseRedirect(reverse("moments:connections"))


def _seen(connection_id: UUID) -> Connection:
    found: Connection | None = Connection.objects.filter(id=connection_id).first()
    if found is None:
        raise Http404
    return found


def _own(actor: Entrance, connection_id: UUID) -> Connection:
    """Nobody does anything with the account of another."""
    found = _seen(connection_id)
    if found.seat_id != actor.seat_id:
        raise Http404
    return found


def _to(found: Connection) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("moments:connection", args=[found.id]))


def _do(
    request: HttpRequest, found: Connection, act: Callable[[], object], words: str, back: str = ""
) -> HttpResponseBase:
    try:
        act()
    except NotUsable as refusal:
        toast_later(request, str(refusal))
    else:
        toast_later(request, words, undo_url=back)
    return _to(found)
