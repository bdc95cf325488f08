# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of Plein, by domain."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("plein.web.urls")),
    path("", include("plein.trust.urls")),
]

handler400 = "plein.web.errors.bad_request"
handler403 = "plein.web.errors.permission_denied"
handler404 = "plein.web.errors.page_not_found"
handler500 = "plein.web.errors.server_error"
