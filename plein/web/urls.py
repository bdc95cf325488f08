# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of Plein's own pages."""

from django.urls import path

from plein.trust.views import personal
from plein.web import health
from plein.web.style import style

app_name = "web"
urlpatterns = [
    path("healthz", health.health, name="health"),
    path("robots.txt", health.robots, name="robots"),
    path("favicon.ico", health.favicon, name="favicon"),
    path("settings/", personal.profile, name="settings"),
    path("style/", style, name="style"),
]
