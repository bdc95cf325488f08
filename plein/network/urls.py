# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.network.views import introducing

app_name = "network"
urlpatterns = [
    path("network/", introducing.introductions_page, name="introductions"),
]
