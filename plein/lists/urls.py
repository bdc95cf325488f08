# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import URLPattern, URLResolver, path

from plein.lists.bulk.urls import urlpatterns as bulk
from plein.lists.export.urls import urlpatterns as export
from plein.lists.views import builder, cells, columns, peek, saved

app_name = "lists"
urlpatterns: list[URLPattern | URLResolver] = [
    *bulk,
    *export,
    path("lists/<slug:key>/", saved.all_views, name="kind"),
    path("lists/<slug:key>/filter/", builder.build, name="filter"),
    path("lists/<slug:key>/columns/", columns.columns, name="columns"),
    path("lists/<slug:key>/views/new/", saved.save, name="save"),
    path("lists/<slug:key>/<uuid:record_id>/peek/", peek.peek, name="peek"),
    path("lists/<slug:key>/<uuid:record_id>/beside/", peek.beside, name="beside"),
    path("lists/<slug:key>/<uuid:record_id>/cell/<str:name>/", cells.cell, name="cell"),
    path("views/<uuid:view_id>/", saved.change, name="view"),
    path("views/<uuid:view_id>/keep/", saved.keep, name="keep"),
    path("views/<uuid:view_id>/pin/", saved.pin, name="pin"),
    path("views/<uuid:view_id>/delete/", saved.delete, name="delete"),
]
