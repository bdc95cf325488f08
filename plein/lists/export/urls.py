# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import URLPattern, URLResolver, path

from plein.lists.export.views import export

urlpatterns: list[URLPattern | URLResolver] = [path("export/<slug:kind>/", export, name="export")]
