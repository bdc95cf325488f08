# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import URLPattern

app_name = "notifications"
urlpatterns: list[URLPattern] = []
