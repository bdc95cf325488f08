# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of all fields in their groups, in order, with how much they are used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.toasts import toast_later, toast_now
from plein.metadata import actions
from plein.metadata.actions.fields import STEPS
from plein.metadata.models import Field, FieldGroup
from plein.metadata.queries.usage import CAP, UNUSED_DAYS, Usage, usage_of
from plein.metadata.refusals import Refused
from plein.metadata.vocabulary import FieldKind, FieldType
from plein.trust.circles import everyone
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, seat_of
from plein.trust.views.frame import settings_page

TEMPLATE = "metadata/fields.html"
#: So long a field may stay empty before it is pointed out.
NEW_DAYS = 7


@dataclass(frozen=True)
class Line:
    """One field in the list."""

    field: Field
    usage: Usage | None
    is_first: bool
    is_last: bool

    @property
    def type(self) -> str:
        return str(FieldType(self.field.type).label)

    @property
    def kinds(self) -> str:
        return ", ".join(str(FieldKind(kind).label) for kind in self.field.kinds)

    @property
    def filled(self) -> str:
        """For how many it is filled in, in words."""
        if self.usage is None:
            return ""
        if not self.usage.count:
            return _("never filled in")
        number = f"{CAP:,}+" if self.usage.is_capped else str(self.usage.count)
        return ngettext("filled in for %(number)s", "filled in for %(number)s", self.usage.count) % {"number": number}

    @property
    def warning(self) -> str:
        """Why it may be retired; nothing while it is used, or so new that it had no chance."""
        is_new = self.field.created_at > now() - timedelta(days=NEW_DAYS)
        if self.usage is None or not self.usage.is_unused or self.field.is_retired or is_new:
            return ""
        if not self.usage.count:
            return _("Nobody uses this")
        return _("Not filled in for %(days)s days") % {"days": UNUSED_DAYS}


@dataclass(frozen=True)
class GroupLine:
    """One group in the list, with its fields in use."""

    group: FieldGroup
    is_confidential: bool
    lines: list[Line]
    retired: list[Line]
    is_first: bool
    is_last: bool


def actor_of(request: HttpRequest) -> Entrance:
    """Whoever may manage here; everybody else is refused."""
    actor = seat_of(request)
    permit(actor, "manage")
    return actor


def _lines(fields: Sequence[Field], usage: dict[UUID, Usage] | None) -> list[Line]:
    last = len(fields) - 1
    return [
        Line(one, None if usage is None else usage.get(one.id, Usage()), place == 0, place == last)
        for place, one in enumerate(fields)
    ]


def group_lines(*, with_usage: bool) -> list[GroupLine]:
    """Every group the reader may see with its fields: two queries, three with how much they are used."""
    groups = list(FieldGroup.objects.order_by("position", "id"))
    fields = list(Field.objects.order_by("position", "id"))
    usage = usage_of(fields) if with_usage else None
    open_circle = everyone()
    found = []
    for place, group in enumerate(groups):
        own = [one for one in fields if one.group_id == group.id]
        found.append(
            GroupLine(
                group=group,
                is_confidential=group.circle_id != open_circle,
                lines=_lines([one for one in own if not one.is_retired], usage),
                retired=_lines([one for one in own if one.is_retired], usage),
                is_first=place == 0,
                is_last=place == len(groups) - 1,
            )
        )
    return found


@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """All fields; with `usage` also how much each of them is filled in."""
    actor_of(request)
    return answer(request, with_usage=bool(request.GET.get("usage")))


def answer(request: HttpRequest, *, with_usage: bool = True, refusal: str = "", status: int = 200) -> HttpResponse:
    """The list, or only its part when htmx asks for it."""
    lines = group_lines(with_usage=with_usage)
    context: dict[str, Any] = {
        "groups": lines,
        "with_usage": with_usage,
        "refusal": refusal,
        "unused": [line for one in lines for line in one.lines if line.warning],
        "has_retired": any(one.retired for one in lines),
    }
    htmx = getattr(request, "htmx", False)
    response = (
        render(request, f"{TEMPLATE}#list", context, status=status)
        if htmx
        else settings_page(request, TEMPLATE, context, status)
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def done(request: HttpRequest, text: str, operation: Operation | None) -> HttpResponse:
    """After an act on the list: the list as it is now and a sentence, or the page."""
    operation_id = operation.id if operation else None
    if getattr(request, "htmx", False):
        return toast_now(answer(request), text, operation_id)
    toast_later(request, text, operation_id)
    return HttpResponseRedirect(reverse("metadata:fields"))


def _place(request: HttpRequest, ids: list[UUID], moved: UUID) -> int:
    """Where something is to go: a place, or one step up or down."""
    text = request.POST.get("to", "")
    if text.isascii() and text.isdigit() and len(text) < 5:
        return int(text)
    present = ids.index(moved)
    return present + STEPS.get(request.POST.get("step", ""), 0)


@require_POST
def field_move(request: HttpRequest, field_id: UUID) -> HttpResponse:
    """Put a field in another place of its group, or in another group."""
    actor = actor_of(request)
    field = get_object_or_404(Field.objects.select_related("group"), id=field_id)
    group = None
    if request.POST.get("group"):
        group = next((one for one in FieldGroup.objects.all() if str(one.id) == request.POST["group"]), None)
    in_use = Field.objects.filter(group=group or field.group, retired_at__isnull=True).order_by("position", "id")
    ids = list(in_use.values_list("id", flat=True))
    try:
        to = _place(request, ids, field.id) if field.id in ids else int(request.POST.get("to") or 0)
        moved = actions.move_field(actor=actor, field=field, to=to, group=group)
    except (Refused, ValueError) as refusal:
        words = str(refusal) if isinstance(refusal, Refused) else _("Choose a place in the list.")
        return answer(request, refusal=words, status=422)
    return done(request, _("%(name)s has another place.") % {"name": field.label}, moved)


@require_POST
def group_move(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Put a group in another place."""
    actor = actor_of(request)
    group = get_object_or_404(FieldGroup.objects, id=group_id)
    ids = list(FieldGroup.objects.order_by("position", "id").values_list("id", flat=True))
    moved = actions.move_group(actor=actor, group=group, to=_place(request, ids, group.id))
    return done(request, _("%(name)s has another place.") % {"name": group.name}, moved)


@require_POST
def field_retire(request: HttpRequest, field_id: UUID) -> HttpResponse:
    """Take a field out of use."""
    actor = actor_of(request)
    field = get_object_or_404(Field.objects, id=field_id)
    retired = actions.retire_field(actor=actor, field=field)
    return done(request, _("%(name)s is retired. Its values stay.") % {"name": field.label}, retired)


@require_POST
def field_back(request: HttpRequest, field_id: UUID) -> HttpResponse:
    """Take a retired field into use again."""
    actor = actor_of(request)
    field = get_object_or_404(Field.objects, id=field_id)
    back = actions.bring_field_back(actor=actor, field=field)
    return done(request, _("%(name)s is in use again.") % {"name": field.label}, back)


@require_POST
def group_remove(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Take an empty group away."""
    actor = actor_of(request)
    group = get_object_or_404(FieldGroup.objects, id=group_id)
    try:
        removed = actions.remove_group(actor=actor, group=group)
    except Refused as refusal:
        return answer(request, refusal=str(refusal), status=422)
    return done(request, _("%(name)s is gone.") % {"name": group.name}, removed)
