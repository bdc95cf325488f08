# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages of address books share: whose they are, how they answer."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from plein.channels.connectors.contacts.tables import NotATable
from plein.core.toasts import toast_later
from plein.imports.actions import CannotBring
from plein.imports.carrying import sentence_of
from plein.imports.models import ContactImport
from plein.metadata.refusals import Refused
from plein.trust.answers import Request
from plein.trust.circles import UnknownCircle
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, seat_of


def allowed(request: HttpRequest) -> Entrance:
    """The seat of somebody who may bring things in."""
    actor = seat_of(request)
    permit(actor, "import")
    return actor


def found_import(book_id: UUID) -> ContactImport:
    """An import the reader may see; for everything else there is nothing at that address."""
    planned: ContactImport | None = ContactImport.objects.filter(id=book_id).first()
    if planned is None:
        raise Http404
    return planned


def permit_owner(actor: Entrance, planned: ContactImport) -> None:
    """Let whoever began it act on it, and whoever leads."""
    if planned.seat_id != actor.seat_id:
        permit(actor, "undo_others")


def to(planned: ContactImport, query: str = "") -> HttpResponseRedirect:
    """Lead to the page of an import."""
    return HttpResponseRedirect(reverse("imports:import", args=[planned.id]) + query)


def do(request: Request, planned: ContactImport, act: Callable[[], object], *, query: str = "") -> HttpResponseBase:
    """Do something with an import and show it; what is refused leaves no trace but the sentence why."""
    try:
        with transaction.atomic():
            act()
    except (CannotBring, Refused) as refusal:
        toast_later(request, str(refusal))
    except (NotATable, OSError, UnknownCircle) as trouble:
        toast_later(request, sentence_of(trouble))
    return to(planned, query)
