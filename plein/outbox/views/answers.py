# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all pages of this domain share."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from plein.core.toasts import toast_later
from plein.outbox.models import Mail
from plein.outbox.queries import mail_of
from plein.trust.permissions import Verb, may
from plein.trust.seats import Entrance


class Request(HttpRequest):
    """A request as these views see it: from somebody with a seat."""

    seat: Entrance
    htmx: HtmxDetails


def page(
    request: Request, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or one part of it when only that was asked for."""
    name = f"{template}#{part}" if part and request.htmx else template
    response = render(request, name, {"can_write": request.seat.can_write, **context}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def allow(request: Request, verb: Verb = "write") -> None:
    """Refuse a form to somebody who may not send it."""
    if not may(request.seat, verb):
        raise PermissionDenied(verb)


def found_mail(mail_id: UUID) -> Mail:
    """A mail the reader may see; for everything else there is nothing at that address."""
    mail = mail_of(mail_id)
    if mail is None:
        raise Http404
    return mail


def uuid_or_none(text: Any) -> UUID | None:
    """An id, or nothing for what is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def go(request: Request, address: str, text: str, operation_id: UUID | None = None) -> HttpResponse:
    """After an act that leads to another page: go there, and say what was done."""
    toast_later(request, text, operation_id)
    if request.htmx:
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)
