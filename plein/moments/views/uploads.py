# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a browser sends mail and archives, in pieces."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from plein.channels.actions import plan_import
from plein.channels.models import Upload
from plein.channels.receiving import begin_file, take_file
from plein.channels.uploads import file_of
from plein.trust.seats import Entrance


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin a file, or say where one goes on."""
    several = "" if request.POST.get("files", "1") == "1" else "?several=1"
    return begin_file(request, lambda upload: reverse("moments:import_upload", args=[upload]) + several)


@require_http_methods(["PUT", "DELETE"])
def piece(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Take the next piece; the last one begins the import."""

    def begin(actor: Entrance, upload: Upload) -> str:
        planned = plan_import(actor=actor, path=file_of(upload), name=upload.name, is_upload=True, source="")
        upload.delete()
        return (
            reverse("moments:import_list") if "several" in request.GET else reverse("moments:import", args=[planned.id])
        )

    return take_file(request, upload_id, begin)
