# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plein.lists.models import SavedView
from plein.trust.placed import Placed

VIEWS = Placed(
    key="views",
    thing=_("view"),
    model=SavedView,
    name_of=lambda view: view.name,
    page=lambda view: reverse("lists:kind", args=[view.kind]),
    follows=_("Who sees a view is chosen where its name is."),
)
PLACED = (VIEWS,)
