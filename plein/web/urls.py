# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of Plein's own pages."""

from django.urls import path

from plein.web.style import style

app_name = "web"
urlpatterns = [path("style/", style, name="style")]
