# SPDX-License-Identifier: AGPL-3.0-or-later
"""One of the lists: who brought us whom."""

from typing import Any

from plein.core.audit import audit_look
from plein.network.forms.looking import ListForm
from plein.network.queries.advice import bringers
from plein.network.views.paging import SIZE, here, pages
from plein.trust.answers import Request

BROUGHT = "brought"


def brought_list(request: Request, form: ListForm) -> dict[str, Any]:
    """Who referred others to us, those who brought most first."""
    del request
    offset = form.offset(SIZE)
    count, found = bringers(limit=SIZE, offset=offset)
    audit_look("relation", [one.who for one in found], how="list")
    return {"lines": found, "count": count, **pages(here(list=BROUGHT), offset, is_more=offset + SIZE < count)}
