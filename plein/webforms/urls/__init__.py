# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses for administrators; those for visitors are in `door`, which is no part of these."""

from django.urls import path

from plein.webforms.views import settings

app_name = "webforms"
urlpatterns = [
    path("settings/forms/", settings.form_list, name="forms"),
    path("settings/forms/new/", settings.form_new, name="form_new"),
    path("settings/forms/<uuid:form_id>/", settings.form_change, name="form"),
    path("settings/forms/<uuid:form_id>/rest/", settings.form_rest, name="form_rest"),
    path("settings/forms/<uuid:form_id>/remove/", settings.form_remove, name="form_remove"),
]
