# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.opinions import views

app_name = "opinions"
urlpatterns = [
    path("settings/opinions/", views.opinions, name="opinions"),
    path("settings/opinions/try/", views.attempt, name="attempt"),
    path("settings/opinions/remove/", views.remove, name="remove"),
]
