# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of notifications."""

from django.urls import path

from plein.notifications import api
from plein.notifications.views import colleagues, pages, settings, stream

app_name = "notifications"
urlpatterns = [
    path("notifications/", pages.notification_list, name="list"),
    path("notifications/read/", pages.read_all, name="read_all"),
    path("notifications/unread/<int:microseconds>/", pages.unread, name="unread"),
    path("notifications/stream", stream.stream, name="stream"),
    path("api/v1/notifications/stream", api.stream, name="api_stream"),
    path("notifications/colleagues/", colleagues.suggest, name="colleagues"),
    path("notifications/<uuid:line>/read/", pages.read, name="read"),
    path("notifications/<uuid:line>/words/", pages.words, name="words"),
    path("settings/notifications/", settings.settings, name="settings"),
    path("settings/notifications/key/", settings.device_key, name="device_key"),
    path("settings/notifications/devices/", settings.device_add, name="device_add"),
    path("settings/notifications/devices/<uuid:device_id>/forget/", settings.device_forget, name="device_forget"),
]
