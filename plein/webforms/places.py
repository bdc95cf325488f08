# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where visitors open forms: under /f/, before the session of colleagues, which is never asked."""

from django.conf import settings
from django.http import HttpRequest

UNDER = "/f/"


def is_form(request: HttpRequest) -> bool:
    """Whether a request is for a form."""
    return request.path_info.startswith(UNDER)


def whole_address(path: str) -> str:
    """A path below that as somebody opens it from a letter or a website: never with a host that a visitor named."""
    return settings.PLEIN_URL.rstrip("/") + UNDER + path


def address_of(key: str) -> str:
    """The whole address of a form."""
    return whole_address(f"{key}/")


def snippet_of(key: str, title: str) -> str:
    """What somebody pastes into a page of theirs: a frame with the form, which needs no script."""
    words = title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    look = "border:0;width:100%;max-width:640px;height:760px"
    return f'<iframe src="{address_of(key)}" title="{words}" style="{look}" loading="lazy"></iframe>'
