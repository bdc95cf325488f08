# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which columns a list shows and in which order, how it is sorted and grouped."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.lists.conditions import BadFilter
from plein.lists.operators import FieldType
from plein.lists.query import View
from plein.lists.sentences import inside
from plein.lists.views.answers import Asked, asked_for, found_kind
from plein.lists.views.lists import refused
from plein.trust.answers import Request, go, page

TIMES = (FieldType.DATE, FieldType.TIME)


@dataclass(frozen=True, slots=True)
class Line:
    """One field that can be a column."""

    key: str
    label: str
    is_on: bool


@require_safe
def columns(request: Request, key: str) -> HttpResponse:
    """The form; with `act=show` the list it describes."""
    kind = found_kind(key)
    try:
        asked = asked_for(request, kind)
    except BadFilter as trouble:
        return refused(request, kind, str(trouble))
    act = request.GET.get("act", "")
    if act == "show":
        return go(request, asked.address(**_tidied(asked)))
    moved = _moved(asked, act)
    context = {
        "kind": kind,
        "lines": lines(moved.view),
        "sorts": sorts(moved.view),
        "groups": groups(moved.view),
        "sort": moved.query.sort or kind.sort,
        "group": moved.query.group,
        "kept": moved.kept("columns", "sort", "group"),
        "here": reverse("lists:columns", args=[key]),
        "back_url": asked.address(),
        "usual_url": asked.address(columns=(), sort="", group=""),
    }
    return page(request, "lists/columns.html", context, part="form")


def _tidied(asked: Asked) -> dict[str, Any]:
    """What is as usual is left out of the address."""
    kind, query = asked.kind, asked.query
    return {
        "columns": () if query.columns == kind.columns else query.columns,
        "sort": "" if query.sort == kind.sort else query.sort,
    }


def _moved(asked: Asked, act: str) -> Asked:
    """Without scripts a button moves one column up or down."""
    way, _colon, key = act.partition(":")
    order = list(asked.query.columns or asked.kind.columns)
    if way not in ("up", "down") or key not in order:
        return asked
    place = order.index(key)
    target = max(0, place - 1) if way == "up" else min(len(order) - 1, place + 1)
    order.insert(target, order.pop(place))
    query = replace(asked.query, columns=tuple(order))
    return replace(asked, view=replace(asked.view, query=query, columns=_columns(asked.view, order)))


def _columns(view: View, order: list[str]) -> Any:
    return (view.columns[0], *(view.fields[key] for key in order if key in view.fields))


def lines(view: View) -> list[Line]:
    """The columns that are shown, in order, and behind them those that could be, by name."""
    shown = view.columns[1:]
    rest = [
        one for one in view.fields.values()
        if one.is_column and one.key != view.kind.name_field and one not in shown and not one.is_retired
    ]  # fmt: skip
    return [
        *(Line(one.key, str(one.label), True) for one in shown),
        *sorted((Line(one.key, str(one.label), False) for one in rest), key=lambda line: line.label),
    ]


def sorts(view: View) -> list[tuple[str, str]]:
    """The orders one can choose, for who has no heads to click."""
    found = []
    for one in view.fields.values():
        if one.sort is None:
            continue
        name = {"field": inside(str(one.label))}
        if one.type in TIMES:
            words = (_("%(field)s, oldest first") % name, _("%(field)s, newest first") % name)
        else:
            words = (_("by %(field)s") % name, _("by %(field)s, the other way round") % name)
        found += [(one.key, words[0]), (f"-{one.key}", words[1])]
    return found


def groups(view: View) -> list[tuple[str, str]]:
    """The fields a list can be grouped by."""
    able = [one for one in view.fields.values() if one.sort is not None and one.heading is not None]
    return [("", _("not grouped")), *((one.key, _("by %(field)s") % {"field": inside(str(one.label))}) for one in able)]
