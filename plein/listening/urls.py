# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.listening.views import channels, dialogue, newcomers, overview, searches

app_name = "listening"
urlpatterns = [
    path("listening/", overview.overview, name="overview"),
    path("listening/channels/", channels.used, name="channels"),
    path("listening/dialogue/", dialogue.measured, name="dialogue"),
    path("listening/interesting/", newcomers.interesting, name="interesting"),
    path("listening/minutes/", overview.minutes, name="minutes"),
    path("listening/new/", searches.new, name="new"),
    path("listening/heard/<uuid:moment_id>/", overview.do, name="act"),
    path("listening/<uuid:search_id>/", searches.search, name="search"),
    path("listening/<uuid:search_id>/change/", searches.change, name="change"),
    path("listening/<uuid:search_id>/remove/", searches.remove, name="remove"),
]
