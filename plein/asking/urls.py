# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.asking.views import answering, asking

app_name = "asking"
urlpatterns = [
    path("introductions/", asking.request_list, name="list"),
    path("introductions/new/", asking.ask, name="ask"),
    path("introductions/<uuid:turn_id>/", answering.turn, name="turn"),
    path("introductions/requests/<uuid:introduction_id>/", asking.one_request, name="request"),
    path("introductions/requests/<uuid:introduction_id>/withdraw/", asking.withdraw, name="withdraw"),
    path("introductions/about/<uuid:relation_id>/again/", answering.allow_again, name="again"),
    path("settings/introduction-requests/", answering.settings, name="settings"),
]
