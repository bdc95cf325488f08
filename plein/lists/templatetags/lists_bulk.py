# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts in the bar that appears with the first ticked row: `{% load lists_bulk %}`."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context

from plein.lists.bulk.acts import Act, acts_of
from plein.trust.permissions import may

register = template.Library()
#: So many buttons stand in the bar; when there are more acts, the last one is "More".
IN_THE_BAR = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """The acts one reader may choose from."""

    first: list[Act]
    more: list[Act]


@register.simple_tag(takes_context=True)
def bulk_acts(context: Context, kind: str) -> Bar:
    """What the reader may do with many of this kind."""
    seat: Any = context["request"].seat
    allowed = [act for act in acts_of(kind) if may(seat, act.permission)]
    shown = IN_THE_BAR if len(allowed) <= IN_THE_BAR else IN_THE_BAR - 1
    return Bar(allowed[:shown], allowed[shown:])
