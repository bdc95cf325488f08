# SPDX-License-Identifier: AGPL-3.0-or-later
"""From how many bits on one is sure: what was said of pairs, as a picture and as its table, and the choice."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.identity import actions
from plein.identity.actions import CannotDecide
from plein.identity.queries.duplicates import Rightness, rightness, sure_from
from plein.trust.answers import Request, allow, go, page
from plein.trust.permissions import may

#: The picture: its size, and where its lines are.
WIDTH, HEIGHT, EDGE = 520, 200, 30


@require_http_methods(["GET", "HEAD", "POST"])
def sureness(request: Request) -> HttpResponse:
    """Look at how right one would have been, and choose."""
    if request.method != "POST":
        return _shown(request)
    allow(request, "manage")
    typed = request.POST.get("bits", "").strip().replace(",", ".")
    try:
        bits = float(typed) if len(typed) < 8 else -1.0
    except ValueError:
        bits = -1.0
    try:
        done = actions.be_sure_from(actor=request.seat, bits=bits)
    except CannotDecide as refusal:
        return _shown(request, str(refusal), typed, 422)
    return go(
        request,
        reverse("identity:sureness"),
        _("From %(bits)s bits on they count as sure.") % {"bits": f"{bits:g}"},
        done.id,
    )


def _shown(request: Request, problem: str = "", typed: str = "", status: int = 200) -> HttpResponse:
    found, at = rightness(), sure_from()
    context: dict[str, Any] = {
        "steps": found,
        "sure": at,
        "typed": typed or f"{at:g}",
        "problem": problem,
        "picture": _picture(found, at) if len(found) > 1 else None,
        "may_choose": may(request.seat, "manage"),
        "reviewed": found[0].pairs if found else 0,
    }
    return page(request, "identity/sureness.html", context, status=status)


def _picture(found: Sequence[Rightness], at: float) -> dict[str, Any]:
    """Two lines over the bits: how right, and how much of it is found."""
    low, high = found[0].bits, found[-1].bits

    def across(bits: float) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (bits - low) / max(high - low, 1), 1)

    def line(value: Callable[[Rightness], float]) -> str:
        return " ".join(f"{across(one.bits)},{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value(one):.1f}" for one in found)

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": EDGE,
        "right": WIDTH - EDGE,
        "top": EDGE,
        "bottom": HEIGHT - EDGE,
        "precision": line(lambda one: one.precision),
        "recall": line(lambda one: one.recall),
        "at": across(min(max(at, low), high)),
        "low": f"{low:g}",
        "high": f"{high:g}",
    }
