# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a request comes from a device that may come in: over a line nobody listens to, with a password of its own."""

import base64
import binascii
from ipaddress import ip_address
from uuid import uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plein.dav.actions.keys import find_key
from plein.dav.models import DeviceKey
from plein.trust.addresses import remote_address
from plein.trust.rates import COUNTED, seconds_to_wait

METHODS = "OPTIONS, GET, HEAD, PROPFIND, REPORT, PUT, DELETE, PROPPATCH"
REQUESTS_A_MINUTE, WRONG_A_MINUTE = 3000, 20
LONGEST_SECRET = 100


def refused(request: HttpRequest) -> HttpResponse | None:
    """A password in the clear is refused before anybody looks at it."""
    if request.method == "OPTIONS":
        return HttpResponse(headers={"Allow": METHODS})
    if not request.is_secure() and not _is_near(request):
        return HttpResponse(_("Only over https: your password would travel in the clear."), status=403)
    return None


def _is_near(request: HttpRequest) -> bool:
    try:
        return ip_address(remote_address(request)).is_loopback
    except ValueError:
        return False


def device_of(request: HttpRequest) -> DeviceKey | HttpResponse:
    """The device whose password came along, counted."""
    email, secret = _basic(request)
    address = remote_address(request)
    found = find_key(secret, kind="device", email=email, address=address) if secret else None
    wait = 0
    if found is not None:
        wait = seconds_to_wait(found.id, most=REQUESTS_A_MINUTE)
    elif secret:
        wait = seconds_to_wait(uuid5(COUNTED, f"wrong device\n{address}"), most=WRONG_A_MINUTE)
    if wait:
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    if found is None:
        words = _("Sign in with your e-mail address and an app password, which you make in Plein, under Settings.")
        return HttpResponse(words, status=401, headers={"WWW-Authenticate": 'Basic realm="Plein", charset="UTF-8"'})
    return found


def _basic(request: HttpRequest) -> tuple[str, str]:
    kind, _space, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic" or len(value) > 1000:
        return "", ""
    try:
        email, _colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return email, secret if len(secret) <= LONGEST_SECRET else ""
