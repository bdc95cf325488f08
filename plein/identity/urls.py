# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.identity.views import thresholds

app_name = "identity"
urlpatterns = [
    path("settings/matching/", thresholds.matching, name="matching"),
]
