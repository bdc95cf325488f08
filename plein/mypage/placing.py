# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody asked on their own page is seen by whoever sees them, and goes where they go."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plein.mypage.models import PageRequest
from plein.relations.models import Relation
from plein.trust.placed import Along, Placed


def _requests(relation: Relation) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = PageRequest.objects.filter(subject__relation_id=relation.id)
    return found


def _people(request: Any) -> list[Relation]:
    return list(Relation.objects.filter(id=request.subject.relation_id))


def _sides(request: Any) -> list[str]:
    return [one.name for one in _people(request)]


REQUESTS = Placed(
    key="requests",
    thing=_("request"),
    model=PageRequest,
    name_of=lambda request: str(request.get_kind_display()),
    page=lambda request: reverse("mypage:request", args=[request.id]),
    follows=_("What somebody asks is seen by whoever sees them. Move the person to change that."),
    sides=_sides,
    named=_people,
)
PLACED = (REQUESTS,)
OF_RELATION = (Along(_("What they asked on their own page"), _requests, "about"),)
