# SPDX-License-Identifier: AGPL-3.0-or-later
"""The protocol by which a browser sends a large file in pieces: `web/upload.js` is its other end."""

import errno
import re
from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from plein.channels.models import Upload
from plein.channels.uploads import RefusedUpload, WrongPlace, begin_upload, drop_upload, take_piece
from plein.trust.seats import Entrance, seat_of

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})\Z")
#: What is done with a file that is whole; gives the address of the page about it.
type Whole = Callable[[Entrance, Upload], str]


def begin_file(request: HttpRequest, address: Callable[[UUID], str]) -> HttpResponse:
    """Begin a file, or say where one goes on; its pieces go to the address of its id."""
    actor = seat_of(request)
    size = request.POST.get("size", "")
    if not size.isdecimal() or len(size) > 18 or not request.POST.get("name"):
        return refuse(_("Choose a file first."))
    try:
        upload = begin_upload(actor=actor, name=request.POST["name"], size=int(size))
    except RefusedUpload as error:
        return refuse(str(error))
    return JsonResponse({"id": str(upload.id), "offset": upload.received, "url": address(upload.id)})


def take_file(request: HttpRequest, upload_id: UUID, whole: Whole) -> HttpResponse:
    """Take the next piece, and after the last one do what is done with the file; or forget it."""
    actor = seat_of(request)
    if request.method == "DELETE":
        drop_upload(actor=actor, upload_id=upload_id)
        return HttpResponse(status=204)
    found = _RANGE.match(request.headers.get("Content-Range", ""))
    if found is None:
        return refuse(_("This piece does not say where it belongs."))
    try:
        upload = take_piece(actor=actor, upload_id=upload_id, start=int(found[1]), data=request.body)
    except WrongPlace as place:
        return JsonResponse({"offset": place.offset}, status=409)
    except Upload.DoesNotExist as error:
        raise Http404 from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return refuse(_("The disk of the server has no room for this file."))
        return refuse(_("The server could not keep this piece: %(reason)s.") % {"reason": error.strerror or ""})
    answer: dict[str, object] = {"offset": upload.received}
    if upload.received == upload.size:
        answer["location"] = whole(actor, upload)
    return JsonResponse(answer)


def refuse(sentence: str) -> JsonResponse:
    """Say why a file is not taken."""
    return JsonResponse({"message": sentence}, status=422)
