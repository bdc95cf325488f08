# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where people's own pages are: on a host of their own, or under /my/ on ours."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

UNDER = "/my/"


def own_host() -> str:
    """The host, with its port, that shows nothing but people's own pages; none when there is no such host."""
    return urlsplit(settings.PLEIN_MY_PAGE_URL).netloc.lower()


def root() -> str:
    """Where the addresses of the pages begin, which is also as far as their cookie goes."""
    return "/" if own_host() else UNDER


def is_own_page(request: HttpRequest) -> bool:
    """Whether a request is for somebody's own page; on the host of these pages everything is."""
    if host := own_host():
        return request.get_host().lower() == host
    return request.path_info.startswith(UNDER) or request.path_info == UNDER.rstrip("/")


def whole_address(path: str) -> str:
    """A path below the root as somebody opens it from a letter: never with a host that a visitor named."""
    base = settings.PLEIN_MY_PAGE_URL if own_host() else settings.PLEIN_URL
    return base.rstrip("/") + root() + path
