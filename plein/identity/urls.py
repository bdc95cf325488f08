# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.identity.views import deciding, duplicates, sureness, thresholds

app_name = "identity"
urlpatterns = [
    path("duplicates/", duplicates.duplicate_list, name="duplicates"),
    path("duplicates/compare/", duplicates.compare, name="compare"),
    path("duplicates/run/", duplicates.run, name="run"),
    path("duplicates/stop/", duplicates.stop, name="stop"),
    path("duplicates/merge/", duplicates.merge_chosen, name="merge_chosen"),
    path("duplicates/part/<uuid:together>/", duplicates.part, name="part"),
    path("duplicates/sureness/", sureness.sureness, name="sureness"),
    path("duplicates/<uuid:pair_id>/", deciding.duplicate, name="duplicate"),
    path("duplicates/<uuid:pair_id>/same/", deciding.same, name="same"),
    path("duplicates/<uuid:pair_id>/apart/", deciding.apart, name="apart"),
    path("duplicates/<uuid:pair_id>/later/", deciding.later, name="later"),
    path("settings/matching/", thresholds.matching, name="matching"),
]
