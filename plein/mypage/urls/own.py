# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of people's own pages, below where these begin (`plein/mypage/places.py`)."""

from django.urls import path

from plein.mypage.views import introducing, own

urlpatterns = [
    path("", own.page),
    path("ask/", own.ask),
    path("open/<slug:secret>/", own.open_page),
    path("decide/", own.decide),
    path("request/", own.ask_for),
    path("download/<slug:form>/", own.download),
    path("leave/", own.leave),
    path("introduction/<slug:secret>/", introducing.introduction),
]
