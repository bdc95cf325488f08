# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way in for devices: who asks, what they ask, and the answer, in one transaction as the seat of a colleague."""

from collections.abc import Callable
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from plein.core.audit import arriving_with, audit_apart
from plein.core.operations import EditConflict
from plein.dav.actions.telling import Forgotten
from plein.dav.entering import METHODS, device_of, refused
from plein.dav.lines import BadText
from plein.dav.models import DeviceKey
from plein.dav.places import ROOT, Place, path_of_entry, place_at
from plein.dav.properties import ALL, LARGEST_OBJECT, MEDIA, Asking, answer_for, children_of, entry_of, shelf_of
from plein.dav.refusals import NotTaken
from plein.dav.reports import Unsupported, report
from plein.dav.shelves import CARD, Entry
from plein.dav.xml import CAL, DAV, BadXml, Element, document, element, error, read, response, tag
from plein.dav.xml import CARD as CARDS
from plein.trust.actions import is_vouched_for
from plein.trust.permissions import permit
from plein.trust.seats import NoSeat, entered
from plein.trust.zones import zone_of

CLASSES = "1, 3, access-control, addressbook, calendar-access, sync-collection"
XML = "application/xml; charset=utf-8"
WRITING = ("PUT", "DELETE")


@csrf_exempt
def found(request: HttpRequest) -> HttpResponse:
    """Where a device is sent that knows nothing but the name of the machine (RFC 6764)."""
    del request
    return HttpResponse(status=301, headers={"Location": ROOT})


@csrf_exempt
def door(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer a device: its password stands in each request, and a session opens nothing here."""
    del rest
    answer = refused(request)
    if answer is None:
        device = device_of(request)
        answer = device if isinstance(device, HttpResponse) else _as_owner(request, device)
    answer.headers["DAV"] = CLASSES
    return answer


def _as_owner(request: HttpRequest, device: DeviceKey) -> HttpResponse:
    user = device.user
    try:
        with (
            translation.override(user.language or "en"),
            timezone.override(zone_of(user)),
            arriving_with(device.id),
            entered(user, device.into_workspace, door="dav") as seat,
        ):
            if seat.owes_proof and not is_vouched_for(user):
                return HttpResponse(_("Set up a second step in Plein first."), status=403)
            own = replace(seat, scope="write" if device.may_write else "read", is_proven=False)
            answer = _answered(request, Asking(own, device))
            if answer.status_code >= 400:
                transaction.set_rollback(True)
            return answer
    except NoSeat:
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="Plein", charset="UTF-8"'})
    except PermissionDenied:
        with arriving_with(device.id):
            audit_apart("refused", workspace=device.into_workspace, user=user.id, door="dav", page="dav")
        return HttpResponse(error(DAV, "need-privileges"), status=403, content_type=XML)


def _answered(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The answer, or the standard's word for why there is none."""
    method = HANDLERS.get(request.method or "")
    if method is None:
        return HttpResponse(status=405, headers={"Allow": METHODS})
    if request.method in WRITING:
        permit(asking.seat, "write")
    place = place_at(request.path_info, asking.seat, asking.device)
    if place is None:
        return HttpResponse(status=404)
    try:
        return method(request, asking, place)
    except BadXml:
        return HttpResponse(status=400)
    except Forgotten:
        return HttpResponse(error(DAV, "valid-sync-token"), status=403, content_type=XML)
    except Unsupported:
        return HttpResponse(error(DAV, "supported-report"), status=403, content_type=XML)
    except EditConflict:
        return HttpResponse(status=412)
    except BadText as trouble:
        return _not_taken(place, str(trouble), "")
    except NotTaken as trouble:
        return _not_taken(place, str(trouble), trouble.condition)


def _not_taken(place: Place, words: str, condition: str) -> HttpResponse:
    is_card = place.shelf is not None and place.shelf.kind == CARD
    condition = condition or ("valid-address-data" if is_card else "valid-calendar-data")
    return HttpResponse(error(CARDS if is_card else CAL, condition, words), status=403, content_type=XML)


def _propfind(request: HttpRequest, asking: Asking, place: Place) -> HttpResponse:
    if place.kind == "entry" and place.entry is None:
        return HttpResponse(status=404)
    root = read(request.body)
    prop = root.find(tag(DAV, "prop")) if root is not None else None
    names = [one.tag for one in prop] if prop is not None else list(ALL)
    places = [place]
    if request.headers.get("Depth", "1") != "0":
        places += children_of(asking, place)
    shown = [one.entry for one in places if one.entry is not None]
    if shown:
        shelf_of(places[-1]).look(shown)
    is_asked = prop is not None
    return _multistatus([_properties(asking, one, names, is_asked=is_asked) for one in places])


def _properties(asking: Asking, place: Place, names: list[str], *, is_asked: bool) -> Element:
    found, missing = [], []
    for name in names:
        made = answer_for(asking, place, name)
        if made is not None:
            found.append(made)
        elif is_asked:
            missing.append(Element(name))
    return response(place.path, found, missing)


def _proppatch(request: HttpRequest, asking: Asking, place: Place) -> HttpResponse:
    """How a collection is called and coloured is each device's own business."""
    del asking
    root = read(request.body)
    if root is None:
        raise BadXml("empty")
    names = [Element(one.tag) for prop in root.iter(tag(DAV, "prop")) for one in prop]
    return _multistatus([response(place.path, (), names, 403)])


def _multistatus(responses: list[Element]) -> HttpResponse:
    return HttpResponse(document(element(DAV, "multistatus", *responses)), status=207, content_type=XML)


def _report(request: HttpRequest, asking: Asking, place: Place) -> HttpResponse:
    root = read(request.body)
    if root is None:
        raise BadXml("empty")
    if place.kind != "shelf":
        raise Unsupported
    return HttpResponse(document(report(asking, place, root)), status=207, content_type=XML)


def _get(request: HttpRequest, asking: Asking, place: Place) -> HttpResponse:
    if place.kind != "entry":
        return HttpResponse(_("This is where telephones and calendars read. People look in Plein itself."), status=200)
    if place.entry is None:
        return HttpResponse(status=404)
    entry, shelf = entry_of(place), shelf_of(place)
    if entry.etag in _etags(request, "If-None-Match"):
        return HttpResponse(status=304, headers={"ETag": f'"{entry.etag}"'})
    shelf.look([entry], how="page")
    version = "4.0" if "version=4.0" in request.headers.get("Accept", "").replace('"', "") else ""
    return HttpResponse(
        entry.write(version),
        content_type=f"{MEDIA[shelf.kind]}; charset=utf-8",
        headers={"ETag": f'"{entry.etag}"'},
    )


def _etags(request: HttpRequest, header: str) -> set[str]:
    said = request.headers.get(header, "")
    return {one.strip().removeprefix("W/").strip('"') for one in said.split(",") if one.strip()}


def _is_stale(request: HttpRequest, entry: Entry | None) -> bool:
    """Whether a device bases its change on something that is no longer so."""
    wanted, unwanted = _etags(request, "If-Match"), _etags(request, "If-None-Match")
    if wanted and (entry is None or ("*" not in wanted and entry.etag not in wanted)):
        return True
    return bool(unwanted) and entry is not None and ("*" in unwanted or entry.etag in unwanted)


def _put(request: HttpRequest, asking: Asking, place: Place) -> HttpResponse:
    del asking
    if place.kind != "entry":
        return HttpResponse(status=405, headers={"Allow": METHODS})
    if int(request.headers.get("Content-Length") or 0) > LARGEST_OBJECT:
        return _not_taken(place, _("That is too big."), "max-resource-size")
    if _is_stale(request, place.entry):
        return HttpResponse(status=412)
    try:
        text = request.body.decode()
    except UnicodeDecodeError as trouble:
        raise BadText("It is not UTF-8.") from trouble
    saved = shelf_of(place).put(place.name, text, place.entry)
    headers = {"ETag": f'"{saved.etag}"'} if saved.name == place.name else {}
    headers["Location"] = path_of_entry(shelf_of(place).key, saved.name)
    return HttpResponse(status=204 if place.entry else 201, headers=headers)


def _delete(request: HttpRequest, asking: Asking, place: Place) -> HttpResponse:
    if place.kind != "entry":
        raise PermissionDenied("delete")
    if place.entry is None:
        return HttpResponse(status=404)
    if _is_stale(request, place.entry):
        return HttpResponse(status=412)
    permit(asking.seat, "delete")
    shelf_of(place).remove(place.entry)
    return HttpResponse(status=204)


type Handler = Callable[[HttpRequest, Asking, Place], HttpResponse]

HANDLERS: dict[str, Handler] = {
    "GET": _get,
    "HEAD": _get,
    "PROPFIND": _propfind,
    "PROPPATCH": _proppatch,
    "REPORT": _report,
    "PUT": _put,
    "DELETE": _delete,
}
