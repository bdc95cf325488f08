# SPDX-License-Identifier: AGPL-3.0-or-later
"""The protocol by which a browser sends a large file in pieces."""

import errno
import re
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.channels.actions import plan_import
from plein.channels.models import Upload
from plein.channels.uploads import RefusedUpload, WrongPlace, begin_upload, drop_upload, file_of, take_piece
from plein.trust.seats import Entrance, seat_of

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})\Z")


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin a file, or say where one goes on."""
    actor = seat_of(request)
    size = request.POST.get("size", "")
    if not size.isdecimal() or len(size) > 18 or not request.POST.get("name"):
        return _refuse(_("Choose a file first."))
    try:
        upload = begin_upload(actor=actor, name=request.POST["name"], size=int(size))
    except RefusedUpload as error:
        return _refuse(str(error))
    url = reverse("moments:import_upload", args=[upload.id])
    if request.POST.get("files", "1") != "1":
        url += "?several=1"
    return JsonResponse({"id": str(upload.id), "offset": upload.received, "url": url})


@require_http_methods(["PUT", "DELETE"])
def piece(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Take the next piece; the last one begins the import."""
    actor = seat_of(request)
    if request.method == "DELETE":
        drop_upload(actor=actor, upload_id=upload_id)
        return HttpResponse(status=204)
    found = _RANGE.match(request.headers.get("Content-Range", ""))
    if found is None:
        return _refuse(_("This piece does not say where it belongs."))
    try:
        upload = take_piece(actor=actor, upload_id=upload_id, start=int(found[1]), data=request.body)
    except WrongPlace as place:
        return JsonResponse({"offset": place.offset}, status=409)
    except Upload.DoesNotExist as error:
        raise Http404 from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _refuse(_("The disk of the server has no room for this file."))
        return _refuse(_("The server could not keep this piece: %(reason)s.") % {"reason": error.strerror or ""})
    answer: dict[str, object] = {"offset": upload.received}
    if upload.received == upload.size:
        answer["location"] = _begin(actor, upload, several="several" in request.GET)
    return JsonResponse(answer)


def _begin(actor: Entrance, upload: Upload, *, several: bool) -> str:
    planned = plan_import(actor=actor, path=file_of(upload), name=upload.name, is_upload=True, source="")
    upload.delete()
    return reverse("moments:import_list") if several else reverse("moments:import", args=[planned.id])


def _refuse(sentence: str) -> JsonResponse:
    return JsonResponse({"message": sentence}, status=422)
