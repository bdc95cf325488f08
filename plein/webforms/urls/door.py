# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses for visitors, below where these begin (`plein/webforms/places.py`)."""

from django.urls import path

from plein.webforms.views import door

urlpatterns = [
    path("<str:key>/", door.form),
    path("<str:key>/sent/", door.sent),
    path("<str:key>/confirm/<str:secret>/", door.confirm),
]
