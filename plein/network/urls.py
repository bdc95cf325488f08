# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.network.views import (
    around,
    both,
    connections,
    introducing,
    knowing,
    lists,
    measuring,
    standing,
    tie_types,
    whole,
)

app_name = "network"
urlpatterns = [
    path("network/", introducing.introductions_page, name="introductions"),
    path("network/around/<uuid:relation_id>/", around.around_page, name="around"),
    path("network/standing/<uuid:relation_id>/", standing.standing_page, name="standing"),
    path("network/lists/", lists.lists_page, name="lists"),
    path("network/lists/<uuid:relation_id>/best/", lists.best_aside, name="best_aside"),
    path("import/connections/", connections.connections, name="connections"),
    path("network/whole/", whole.whole_page, name="whole"),
    path("network/mutual/", both.both_page, name="both"),
    path("relations/<uuid:relation_id>/introductions/", knowing.knowing, name="knowing"),
    path("settings/ties/<uuid:type_id>/effects/", tie_types.tie_type_effects, name="tie_type_effects"),
    path("settings/strength/", measuring.strength, name="strength"),
]
