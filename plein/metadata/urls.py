# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.metadata.views import editing, setup

app_name = "metadata"
urlpatterns = [
    path("settings/fields/", setup.fields, name="fields"),
    path("settings/fields/new/", editing.field_new, name="field_new"),
    path("settings/fields/<uuid:field_id>/", editing.field_change, name="field_change"),
    path("settings/fields/<uuid:field_id>/move/", setup.field_move, name="field_move"),
    path("settings/fields/<uuid:field_id>/retire/", setup.field_retire, name="field_retire"),
    path("settings/fields/<uuid:field_id>/back/", setup.field_back, name="field_back"),
    path("settings/fields/groups/new/", editing.group_new, name="group_new"),
    path("settings/fields/groups/<uuid:group_id>/", editing.group_change, name="group_change"),
    path("settings/fields/groups/<uuid:group_id>/move/", setup.group_move, name="group_move"),
    path("settings/fields/groups/<uuid:group_id>/remove/", setup.group_remove, name="group_remove"),
]
