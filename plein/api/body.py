# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading what a program sent, without letting it cost more than it may."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.parser import Parser
from pydantic_core import from_json

from plein.api.errors import Told, Unreadable

#: The most that a body of JSON may weigh. What is longer is refused before it is read.
LARGEST_BODY = 4 * 1024 * 1024
FILES = "multipart/form-data"
PIECES = "application/octet-stream"


def read_within_bounds(request: HttpRequest) -> None:
    """Read the body, and never further than it may go; raises Told, at once when the request admits that it is longer.

    Files and pieces of files are read by what handles them, which has bounds of its own.
    """
    if request.content_type in (FILES, PIECES):
        return
    length = request.META.get("CONTENT_LENGTH") or ""
    if length and (not length.isdecimal() or int(length[:18]) > LARGEST_BODY):
        raise Told("too_big")
    data = request.read(LARGEST_BODY + 1)
    if len(data) > LARGEST_BODY:
        raise Told("too_big")
    # Django itself trusts the length that a request admits; this is where it looks for what was read already.
    request._body = data


class CarefulParser(Parser):
    """JSON within bounds; and an empty parameter is one that was not given."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body as JSON; one that nests too deep costs no memory, it is refused where it begins to."""
        try:
            return cast(dict[str, Any], from_json(request.body, allow_inf_nan=False))
        except ValueError as trouble:
            if "recursion" in str(trouble):
                raise Unreadable(_("This JSON is nested deeper than 200 levels.")) from trouble
            raise Unreadable(_("This is not JSON: %(why)s.") % {"why": trouble}) from trouble

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The parameters that say something."""
        found = super().parse_querydict(data, list_fields, request)
        return {name: value for name, value in found.items() if value != ""}
