# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning, changing and calling off appointments, one by one or a whole series."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.ids import now
from plein.core.operations import EditConflict
from plein.moments import actions
from plein.moments.actions.appointments import Scope
from plein.moments.forms import AppointmentForm, chosen_ids, repeat_initial
from plein.moments.models import Moment, MomentSubject, MomentText, Participant, Planning
from plein.moments.queries import people_to_choose
from plein.moments.repeats import BadRule, in_words, read_rule
from plein.moments.views.answers import found_moment
from plein.moments.views.editing import based_anew, differences
from plein.moments.views.guests import guests_page, guests_to_tell
from plein.moments.views.overlaps import clash_words, clashes_of, moment_of, seats_among
from plein.moments.vocabulary import ParticipantRole
from plein.trust.answers import Request, act, allow, go, page
from plein.trust.circles import UnknownCircle

SCOPES: dict[str, Scope] = {"following": "following", "all": "all"}


def _context(request: Request, form: AppointmentForm, chosen: Sequence[UUID], **more: Any) -> dict[str, Any]:
    people = people_to_choose(None, chosen=chosen)
    return {"form": form, "choices": people, "chosen": chosen, "back_url": reverse("moments:agenda"), **more}


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_new(request: Request) -> HttpResponseBase:
    """Plan an appointment."""
    allow(request)
    save = {"heading": _("New appointment"), "save_url": reverse("moments:appointment_new")}
    if request.method != "POST":
        form = AppointmentForm(initial=_asked(request))
        return page(request, "moments/appointment.html", _context(request, form, chosen_ids(request.GET)) | save)
    form, chosen = AppointmentForm(request.POST), chosen_ids(request.POST)
    planned = _planned(request, form, chosen) if form.is_valid() else None
    if planned is None:
        return page(request, "moments/appointment.html", _context(request, form, chosen) | save, status=422)
    moment, operation_id = planned
    words = _("Planned.") + clash_words(
        clashes_of(moment.id, moment.occurred_at, moment.ends_at, seats_among(request, chosen))
    )
    there = guests_page(moment.id) if form.cleaned_data["invites"] else ""
    return go(request, there or _agenda_on(moment.occurred_at), words, operation_id)


def _asked(request: Request) -> dict[str, Any]:
    """What an address asks for: a time that was clicked in the agenda, else the next whole hour."""
    start = moment_of(request.GET.get("at", ""))
    end = moment_of(request.GET.get("until", ""))
    if start is None:
        start = (timezone.localtime(now()) + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    is_all_day = request.GET.get("day") == "1"
    last = end or (start if is_all_day else start + timedelta(hours=1))
    title = request.GET.get("title", "")[:300]
    return {"occurred_at": start, "ends_at": last, "is_all_day": is_all_day, "kind": "meeting", "title": title}


def _planned(request: Request, form: AppointmentForm, chosen: Sequence[UUID]) -> tuple[Moment, UUID] | None:
    changes = form.changes()
    try:
        with act("plan_appointment") as done:
            moment = actions.plan_appointment(
                actor=request.seat,
                participants=[actions.Part(one) for one in chosen],
                subject=changes.pop("title"),
                circle=form.cleaned_data["circle"],
                plan=actions.Plan(form.remind_before, form.cleaned_data["rule"]),
                **changes,
            )
            return moment, done.id
    except UnknownCircle:
        form.add_error("circle", _("Choose one of the circles you are in."))
    except BadRule as refusal:
        form.add_error("repeat", str(refusal))
    except ValueError:
        form.add_error(None, _("Somebody you named cannot be found. Choose them again."))
    return None


def _agenda_on(moment: datetime) -> str:
    return f"{reverse('moments:agenda')}?{urlencode({'on': timezone.localtime(moment).date().isoformat()})}"


@require_http_methods(["GET", "HEAD", "POST"])
def appointment(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Change an appointment: only this one, those that follow too, or all."""
    allow(request)
    moment = found_moment(moment_id)
    planning = Planning.objects.select_related("series").filter(moment=moment).order_by("id").first()
    series = planning.series if planning else None
    context = {
        "heading": _("Change this appointment"),
        "moment": moment,
        "series_words": in_words(read_rule(series.rule)) if series else "",
        "save_url": reverse("moments:appointment", args=[moment_id]),
        "cancel_url": reverse("moments:appointment_cancel", args=[moment_id]),
    }
    if request.method != "POST":
        present = _present(moment)
        form = AppointmentForm(initial=_initial(moment, planning))
        return page(request, "moments/appointment.html", _context(request, form, present) | context)
    form, chosen = AppointmentForm(request.POST), chosen_ids(request.POST)
    if not form.is_valid():
        return page(request, "moments/appointment.html", _context(request, form, chosen) | context, status=422)
    try:
        return _changed(request, moment, form, chosen, series.id if series else None)
    except EditConflict as conflict:
        again = AppointmentForm(based_anew(request, conflict))
        again.is_valid()
        context |= {"conflict": differences(again, conflict)}
        return page(request, "moments/appointment.html", _context(request, again, chosen) | context, status=409)
    except BadRule as refusal:
        form.add_error("scope" if series else "repeat", str(refusal))
    except ValueError:
        form.add_error(None, _("Somebody you named cannot be found. Choose them again."))
    return page(request, "moments/appointment.html", _context(request, form, chosen) | context, status=422)


def _changed(
    request: Request, moment: Moment, form: AppointmentForm, chosen: Sequence[UUID], series_id: UUID | None
) -> HttpResponseBase:
    changes = form.changes()
    changes["text"] = str(changes["text"]).replace("\r\n", "\n")
    scope = scope_of(form.cleaned_data["scope"])
    with act("change_appointment") as done:
        saved = actions.change_appointment(
            actor=request.seat,
            moment=moment,
            changes=changes,
            based_on=form.cleaned_data["version"] or 0,
            scope=scope,
            participants=chosen,
            plan=actions.Plan(form.remind_before, form.cleaned_data["rule"]),
        )
    clashes = clashes_of(saved.id, saved.occurred_at, saved.ends_at, seats_among(request, chosen))
    there = guests_to_tell(saved.id, series_id) or _agenda_on(saved.occurred_at)
    return go(request, there, _("Changed.") + clash_words(clashes), done.id)


def scope_of(text: str) -> Scope:
    """What a change is about: only this one, unless something else was said."""
    return SCOPES.get(text, "one")


def _present(moment: Moment) -> list[UUID]:
    rows = Participant.objects.filter(moment=moment, relation_id__isnull=False).exclude(role=ParticipantRole.FOR)
    return list(dict.fromkeys(rows.order_by("id").values_list("relation_id", flat=True)))


def _initial(moment: Moment, planning: Planning | None) -> dict[str, Any]:
    subject = MomentSubject.objects.filter(moment=moment).order_by("id").first()
    text = MomentText.objects.filter(moment=moment).order_by("id").first()
    values: dict[str, Any] = {
        name: getattr(moment, name) for name in ("version", "kind", "occurred_at", "ends_at", "is_all_day")
    }
    values |= {name: getattr(subject, name, "") for name in ("title", "location")}
    values |= {name: getattr(text, name, "") for name in ("text", "purpose")}
    if planning is not None:
        values["remind"] = "" if planning.remind_before is None else str(planning.remind_before)
        if planning.series is not None:
            values |= repeat_initial(planning.series.rule, planning.slot) | {"scope": "one"}
    return values


@require_POST
def appointment_cancel(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Call an appointment off: only this one, those that follow too, or all."""
    allow(request, "delete")
    moment = found_moment(moment_id)
    scope = scope_of(request.POST.get("scope", ""))
    text = request.POST.get("version", "")
    try:
        based_on = int(text) if text.isdecimal() and len(text) < 10 else 0
        done = actions.cancel_series(actor=request.seat, moment=moment, based_on=based_on, scope=scope)
    except EditConflict:
        words = _("Somebody changed this just before you. Look at it again, then call it off.")
        return go(request, reverse("moments:appointment", args=[moment_id]), words)
    return go(request, guests_to_tell(moment_id) or _agenda_on(moment.occurred_at), _("Cancelled."), done.id)
