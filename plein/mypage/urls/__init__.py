# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses for colleagues; those of people's own pages are in `own`, which is no part of these."""

from django.urls import path

from plein.mypage.views import settings

app_name = "mypage"
urlpatterns = [
    path("settings/my-page/", settings.own_pages, name="settings"),
    path("settings/requests/", settings.request_list, name="requests"),
    path("settings/requests/<uuid:request_id>/", settings.one_request, name="request"),
    path("relations/<uuid:relation_id>/my-page/", settings.send, name="send"),
]
