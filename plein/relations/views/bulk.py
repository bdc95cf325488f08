# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts on the rows chosen in a list."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plein.core.toasts import toast_later
from plein.relations import actions
from plein.relations.actions.bulk import BulkResult
from plein.relations.queries import owner_choices, tag_choices
from plein.relations.refusals import Refused
from plein.relations.views.answers import Request, allow, page


def chosen_ids(request: Request) -> list[UUID]:
    """The ids the form sent; what is no id is nobody."""
    ids = []
    for text in request.POST.getlist("ids"):
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids


def list_behind(request: Request) -> str:
    """The list from which the rows were chosen."""
    address = request.POST.get("next", "")
    safe = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if safe else reverse("relations:person_list")


def finish(request: Request, done: Callable[[], tuple[BulkResult, str]]) -> HttpResponse:
    """Do it, say what was done, and go back to the list."""
    try:
        result, words = done()
        toast_later(request, words, result.operation_id)
    except Refused as refusal:
        toast_later(request, str(refusal))
    target = list_behind(request)
    if request.htmx:
        response = HttpResponse()
        response.headers["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_tag(request: Request) -> HttpResponse:
    """Ask for a tag, then file the chosen relations under it."""
    allow(request)
    if request.method != "POST":
        context = {"names": tag_choices(), "next_url": request.htmx.current_url_abs_path or ""}
        return page(request, "relations/bulk_forms.html", context, part="tag")
    name = request.POST.get("name", "")

    def tag() -> tuple[BulkResult, str]:
        result = actions.tag_relations(actor=request.seat, ids=chosen_ids(request), name=name)
        words = ngettext("%(count)s relation tagged %(tag)s.", "%(count)s relations tagged %(tag)s.", result.count)
        if not result.count:
            words = _("They were tagged %(tag)s already.")
        return result, words % {"count": result.count, "tag": name}

    return finish(request, tag)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_assign(request: Request) -> HttpResponse:
    """Ask for an owner, then give the chosen relations to them."""
    allow(request)
    owners = owner_choices()
    if request.method != "POST":
        context = {"owners": owners, "next_url": request.htmx.current_url_abs_path or ""}
        return page(request, "relations/bulk_forms.html", context, part="assign")
    wanted = request.POST.get("owner", "")

    def assign() -> tuple[BulkResult, str]:
        names = dict(owners)
        if wanted and wanted not in names:
            raise Refused(_("Choose an owner who has a seat here."))
        owner_id = UUID(wanted) if wanted else None
        result = actions.assign_relations(actor=request.seat, ids=chosen_ids(request), owner_id=owner_id)
        name = names.get(wanted, _("nobody"))
        words = ngettext(
            "%(count)s relation given to %(name)s.", "%(count)s relations given to %(name)s.", result.count
        )
        return result, words % {"count": result.count, "name": name}

    return finish(request, assign)


@require_http_methods(["POST"])
def bulk_delete(request: Request) -> HttpResponse:
    """Move the chosen relations to the recycle bin."""
    allow(request, "delete")

    def delete() -> tuple[BulkResult, str]:
        result = actions.delete_relations(actor=request.seat, ids=chosen_ids(request))
        words = ngettext(
            "%(count)s relation moved to the recycle bin.",
            "%(count)s relations moved to the recycle bin.",
            result.count,
        )
        return result, words % {"count": result.count}

    return finish(request, delete)
