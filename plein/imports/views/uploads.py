# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a browser sends an address book, in pieces."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from plein.channels.connectors.contacts.tables import NotATable
from plein.channels.models import Upload
from plein.channels.receiving import begin_file, take_file
from plein.channels.uploads import drop_upload
from plein.core.toasts import toast_later
from plein.imports.choosing import plan_upload
from plein.trust.seats import Entrance


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin a file, or say where one goes on."""
    return begin_file(request, lambda upload: reverse("imports:upload", args=[upload]))


@require_http_methods(["PUT", "DELETE"])
def piece(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Take the next piece; the last one leads to the choices, or back when it is no address book."""

    def plan(actor: Entrance, upload: Upload) -> str:
        try:
            with transaction.atomic():
                return reverse("imports:import", args=[plan_upload(actor, upload).id])
        except NotATable as trouble:
            drop_upload(actor=actor, upload_id=upload.id)
            toast_later(request, str(trouble))
            return reverse("imports:list")

    return take_file(request, upload_id, plan)
