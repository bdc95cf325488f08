# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to who brought us whom."""

from decimal import Decimal

from django.http import HttpRequest
from pydantic import BaseModel

from plein.core.audit import audit_look
from plein.network.api.door import SomebodyOut, router, somebody_out
from plein.network.api.standing import LIMIT, OFFSET
from plein.network.queries.advice import bringers


class BringerOut(BaseModel):
    """Somebody who referred others to us: how many, how many became customers, and their worth in euros."""

    who: SomebodyOut
    referred: int
    became_customers: int
    value: Decimal


class BringersOut(BaseModel):
    """Who referred others to us, those who brought most first; of all of them the count."""

    count: int
    rows: list[BringerOut]


@router.get("/network/lists/brought", response=BringersOut, summary="List who brings us customers")
def read_brought(request: HttpRequest, limit: LIMIT = 50, offset: OFFSET = 0) -> BringersOut:
    """As far as one sees the referrals; what came to nothing is worth nothing."""
    del request
    count, found = bringers(limit=limit, offset=offset)
    audit_look("relation", [one.who for one in found], how="list")
    rows = [
        BringerOut(who=somebody_out(one.who), referred=one.count, became_customers=one.customers, value=one.value)
        for one in found
    ]
    return BringersOut(count=count, rows=rows)
