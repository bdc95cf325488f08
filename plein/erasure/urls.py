# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.erasure.views import erasing

app_name = "erasure"
urlpatterns = [
    path("relations/<uuid:relation_id>/erase/", erasing.erase, name="erase"),
]
