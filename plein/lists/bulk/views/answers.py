# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages of acts on many rows share: how they answer, and where they lead."""

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from plein.lists.kinds import kind_of
from plein.trust.answers import Request


def go(request: Request, address: str) -> HttpResponse:
    """Lead to another page, also from a dialog."""
    if request.htmx:
        response = HttpResponse()
        response.headers["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def is_ours(address: str) -> bool:
    """Whether an address lies in this Plein."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def list_behind(request: Request, kind: str) -> str:
    """The list from which the rows were chosen."""
    address = request.POST.get("next", "") or request.GET.get("next", "")
    return address if is_ours(address) else kind_of(kind).pages.all()
