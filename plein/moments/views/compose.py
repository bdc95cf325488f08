# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.toasts import toast_later, toast_now
from plein.metadata.forms import CustomFieldsForm
from plein.metadata.queries import Catalog, catalog
from plein.metadata.refusals import WrongValues
from plein.moments import actions
from plein.moments.forms import DRAFTED, MomentForm, chosen_ids, reminder_of, uploaded, warn_of_missed
from plein.moments.models import Moment, ToDo
from plein.moments.queries import people_to_choose
from plein.moments.refusals import OutOfSight
from plein.moments.views.answers import address_of, found_relation
from plein.moments.views.composing import composer_context, draft_key, timeline_context
from plein.moments.views.values import composer_fields, fill_in
from plein.moments.vocabulary import Direction, MomentKind, Reach
from plein.relations.models import Relation
from plein.trust.answers import Request, act, allow, page
from plein.trust.audience import audience_sent
from plein.trust.circles import UnknownCircle


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: Request, relation_id: UUID) -> HttpResponseBase:
    """Record what happened with a relation, plan it, or put it on a list."""
    relation = found_relation(relation_id)
    allow(request)
    if request.method != "POST":
        form = MomentForm(initial={"kind": request.GET.get("kind", "note")})
        context = composer_context(request.seat, relation, form, is_noting=bool(request.GET.get("noting")))
        context |= composer_fields(catalog())
        return page(request, "moments/compose.html", context, part="composer")
    form, known = MomentForm(request.POST), catalog()
    own = composer_fields(known, request.POST)
    if (
        form.is_valid()
        and (form.mode == "todo" or own["custom_form"].is_valid())
        and not _missed(request, relation, form)
        and (operation_id := _recorded(request, relation, form, own["custom_form"], known))
    ):
        return _after(request, relation, form, operation_id, known)
    context = composer_context(request.seat, relation, form) | {"chosen": chosen_ids(request.POST)} | own
    return page(request, "moments/compose.html", context, part="composer", status=422)


def _missed(request: Request, relation: Relation, form: MomentForm) -> bool:
    """Whether the text names a colleague who would not see it, and the writer does not know that yet."""
    values = form.cleaned_data
    circles = [relation.circle_id] if form.mode == "todo" else []
    chosen = chosen_ids(request.POST, "mention")
    try:
        names = actions.who_would_miss(values["text"], chosen, audience=values["circle"], circles=circles)
    except UnknownCircle:
        return False
    return warn_of_missed(form, names, request.POST.get("missed", ""))


def _recorded(
    request: Request, relation: Relation, form: MomentForm, own: CustomFieldsForm, known: Catalog
) -> UUID | None:
    """Do what the form asks; a refusal ends up beside its field, and nothing is written."""
    try:
        with transaction.atomic(), act(_verb(form)) as done:
            made = _write(request, relation, form)
            if isinstance(made, Moment):
                fill_in(request, made, own, known)
            actions.discard_draft(actor=request.seat, key=draft_key(relation.id))
            return done.id
    except WrongValues as wrong:
        own.refuse(wrong)
    except OutOfSight:
        form.add_error(None, _("This was sent before. To record it again, send it once more."))
    except actions.FileTooLarge as refusal:
        form.add_error(None, str(refusal))
    except UnknownCircle:
        form.add_error("circle", _("Choose one of the circles you are in."))
    except ValueError:
        form.add_error(None, _("Somebody you named cannot be found. Choose them again."))
    return None


def _verb(form: MomentForm) -> str:
    return {"todo": "create_todo", "appointment": "plan_appointment"}.get(form.mode, "record_moment")


def _write(request: Request, relation: Relation, form: MomentForm) -> Moment | ToDo:
    values = form.cleaned_data
    if form.mode == "todo":
        title, _break, note = str(values["text"]).strip().partition("\n")
        return actions.create_todo(
            actor=request.seat,
            title=title,
            note=note.strip(),
            due_on=values["due_on"],
            due_at=values["due_at"],
            relation_id=relation.id,
            means_needed=values["means_needed"],
            assignee_id=values["assignee"],
            repeat=values["rule"],
            repeats_after=values["repeats_after"],
            circle=values["circle"],
            **reminder_of(values),
            mentions=chosen_ids(request.POST, "mention"),
            todo_id=made_here(request),
        )
    files = [actions.IncomingFile(file.name or "", file.size or 0, file) for file in uploaded(request.FILES)]
    direction = values["direction"] or Direction.OUTBOUND
    parts = actions.parts_with(relation.id, MomentKind(form.moment_kind), direction, chosen_ids(request.POST))
    shared = {name: values[name] for name in ("subject", "location", "text", "purpose", "circle", "ends_at")}
    shared["mentions"] = chosen_ids(request.POST, "mention")
    if form.mode == "appointment":
        return actions.plan_appointment(
            actor=request.seat,
            kind=form.moment_kind,
            occurred_at=values["occurred_at"],
            participants=parts,
            files=files,
            is_all_day=values["is_all_day"],
            plan=actions.Plan(reminder_of(values)["remind_before"], values["rule"]),
            **shared,
        )
    return actions.record_moment(
        actor=request.seat, kind=form.moment_kind, participants=parts, files=files, moment_id=made_here(request),
        **shared, **_more(form, values),
    )  # fmt: skip


def made_here(request: Request) -> UUID | None:
    """The id that the page made for what it sends, so that sending it twice records it once."""
    ids = chosen_ids(request.POST, "moment_id")
    return ids[0] if ids else None


def _more(form: MomentForm, values: dict[str, Any]) -> dict[str, Any]:
    follow_up = actions.FollowUp(values["due_on"], values["due_at"]) if values["make_todo"] else None
    return {
        "direction": values["direction"] or Direction.OUTBOUND,
        "reach": Reach.MANY if form.moment_kind == MomentKind.POST else Reach.ONE,
        "occurred_at": values["occurred_at"],
        "outcome": values["outcome"],
        "follow_up": values["follow_up"],
        "means_needed": values["means_needed"],
        "to_do": follow_up,
    }


def _after(
    request: Request, relation: Relation, form: MomentForm, operation_id: UUID, known: Catalog
) -> HttpResponseBase:
    words = {"todo": _("On your list."), "appointment": _("Planned."), "note": _("Note added.")}.get(
        form.mode, _("Recorded.")
    )
    if not request.htmx:
        toast_later(request, words, operation_id)
        return HttpResponseRedirect(address_of(relation.id))
    fresh = MomentForm(initial={"kind": form.mode})
    here = (request.htmx.current_url_abs_path or "").partition("?")[0]
    context = composer_context(request.seat, relation, fresh) | timeline_context(relation, here=here)
    context |= composer_fields(known)
    return toast_now(page(request, "moments/compose.html", context, part="recorded"), words, operation_id)


@require_POST
def draft(request: Request, relation_id: UUID) -> HttpResponse:
    """Keep what somebody is writing about a relation."""
    relation = found_relation(relation_id)
    allow(request)
    content: dict[str, Any] = {
        name: value for name, value in request.POST.items() if name in DRAFTED and name != "with"
    }
    content["circle"] = audience_sent(request.POST, "circle") or ""
    content["with"] = [str(one) for one in chosen_ids(request.POST)]
    actions.save_draft(actor=request.seat, key=draft_key(relation.id), content=content)
    return HttpResponse(status=204)


@require_safe
def people(request: Request, relation_id: UUID) -> HttpResponse:
    """Who else may have taken part: colleagues, people of the organization, or whoever one looks for."""
    relation = found_relation(relation_id)
    choices = people_to_choose(relation, chosen=chosen_ids(request.GET), query=request.GET.get("who", "")[:200])
    context = {"choices": choices, "relation": relation, "who": request.GET.get("who", "")}
    return page(request, "moments/people.html", context, part="choices")
