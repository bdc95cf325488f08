# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of notifications."""

from django.urls import path

from plein.notifications.views import colleagues

app_name = "notifications"
urlpatterns = [
    path("notifications/colleagues/", colleagues.suggest, name="colleagues"),
]
