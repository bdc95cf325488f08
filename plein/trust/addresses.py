# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a request comes from, and where it may be sent next."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

#: A path of our own: one slash, then nothing that a browser would read as another host or throw away.
OWN_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x20\x7f-\xa0\u2000-\u206f\u3000\ufeff]{0,2000}\Z")
HOME = "/"
LONGEST_ADDRESS = 64


def safe_next(wanted: str | None) -> str:
    """The path to go to after signing in when it is ours, or else the first page."""
    if not wanted or not OWN_PATH.match(wanted) or not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return HOME
    path = wanted.partition("?")[0]
    return HOME if path.startswith(("/sign-in/", "/sign-out/")) or "//" in path else wanted


def remote_address(request: HttpRequest) -> str:
    """Where the request came from; from a proxy that is named as ours, what that proxy says, nearest first."""
    return remote_address_of(str(request.META.get("REMOTE_ADDR", "")), request.headers.get("X-Forwarded-For", ""))


def remote_address_of(near: str, forwarded: str) -> str:
    """The same, by who is at the other end of the line and what the header of proxies says."""
    if not (settings.IS_SECURE and _is_ours(near)):
        return near
    said = [part.strip() for part in forwarded.split(",")]
    for address in reversed(said):
        if not address:
            break
        near = address
        if not _is_ours(address):
            break
    return near[:LONGEST_ADDRESS]


def _is_ours(address: str) -> bool:
    try:
        return any(ip_address(address) in network for network in settings.PLEIN_PROXIES)
    except ValueError:
        return False


def own_referer(request: HttpRequest) -> str:
    """The page of ours that somebody came from, as a path; nothing when it was none."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host():
        return ""
    found = safe_next(parts.path + (f"?{parts.query}" if parts.query else ""))
    return "" if found == HOME else found
