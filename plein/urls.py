# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
