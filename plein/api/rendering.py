# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what an operation found to bytes: the whole of it, or only the fields that were asked for."""

import json
from typing import Any, get_args

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import BaseModel

from plein.core.paging import NotUnderstood

JSON = "application/json"
FIELDS = "fields"
MOST_FIELDS = 100
type Wanted = dict[str, "Wanted"]


def wanted_fields(request: HttpRequest) -> Wanted:
    """The names in `fields`, dotted ones inside the others; none means all."""
    text = request.GET.get(FIELDS, "")
    names = [name for name in text.split(",") if name]
    if len(names) > MOST_FIELDS:
        raise NotUnderstood(FIELDS, _("These are more than %(most)s fields.") % {"most": MOST_FIELDS})
    tree: Wanted = {}
    for name in names:
        branch = tree
        for part in name.split(".", 3):
            branch = branch.setdefault(part, {})
    return tree


def rendered(request: HttpRequest, result: Any) -> HttpResponseBase:
    """An answer, whatever an operation returned; nothing is an answer without a body."""
    status = 200
    if isinstance(result, Status):
        status, result = result.status_code, result.value
    if isinstance(result, HttpResponseBase):
        return result
    if result is None:
        response = HttpResponse(status=204)
        del response.headers["Content-Type"]
        return response
    tree = wanted_fields(request) if request.method == "GET" else {}
    if not tree:
        return HttpResponse(result.__pydantic_serializer__.to_json(result), status=status, content_type=JSON)
    _refuse_unknown(type(result), tree)
    whole = result.model_dump(mode="json")
    chosen = whole | {"items": _picked(whole["items"], tree)} if _item_of(type(result)) else _picked(whole, tree)
    return HttpResponse(json.dumps(chosen, ensure_ascii=False), status=status, content_type=JSON)


def _item_of(model: type[BaseModel]) -> type[BaseModel] | None:
    """What a list holds; None for what is no list."""
    items = model.model_fields.get("items")
    found = get_args(items.annotation)[0] if items and "next" in model.model_fields else None
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _refuse_unknown(model: type[BaseModel], tree: Wanted) -> None:
    known = (_item_of(model) or model).model_fields
    for name in tree:
        if name not in known:
            words = _("There is no field %(name)s; there are: %(names)s.")
            raise NotUnderstood(FIELDS, words % {"name": name[:60], "names": ", ".join(known)})


def _picked(value: Any, tree: Wanted) -> Any:
    if isinstance(value, list):
        return [_picked(one, tree) for one in value]
    if not isinstance(value, dict) or not tree:
        return value
    return {name: _picked(value[name], below) for name, below in tree.items() if name in value}
