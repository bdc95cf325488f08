# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages of acts on many rows share: how they answer, and where they lead."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from plein.lists.kinds import kind_of
from plein.trust.seats import Entrance


class Request(HttpRequest):
    """A request as these views see it: from somebody with a seat."""

    seat: Entrance
    htmx: HtmxDetails


def page(
    request: Request, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or one part of it when only that was asked for."""
    response = render(request, f"{template}#{part}" if part and request.htmx else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


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
